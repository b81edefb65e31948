service {
  name = "web"
  port = 80
  Port = 81
}
