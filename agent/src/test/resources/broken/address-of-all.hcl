service {
  name = "web"
  address = "0.0.0.0"
  port = 80
}
