service {
  name = "web"
  port = 70000
}
