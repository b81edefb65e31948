service {
  name = "web"
  port = 99999999999999999999
}
