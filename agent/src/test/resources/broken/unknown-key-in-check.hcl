service {
  name = "web"
  check {
    id = "web-ping"
    tcp = "127.0.0.1:80"
    intervall = "5s"
    interval = "5s"
  }
}
