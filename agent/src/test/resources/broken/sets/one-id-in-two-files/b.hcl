service {
  name = "web"
  port = 81
}
