check {
  name = "t"
  http = "127.0.0.1:8080/health"
  interval = "10s"
}
