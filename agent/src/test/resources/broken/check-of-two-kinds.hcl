service {
  name = "web"
  check {
    tcp = "127.0.0.1:80"
    http = "http://127.0.0.1/"
    interval = "5s"
  }
}
