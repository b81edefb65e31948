service {
  name = "web"
  tags = "primary"
}
