service {
  name = "web"
  tags = ["a",
  port = 80
}
