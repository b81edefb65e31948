check {
  name = "disk"
  notes = <<EOF
  text
