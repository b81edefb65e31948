service {
  name = "web"
  tags = ["a" "b"]
}
