check {
  name = "t"
  tcp = "127.0.0.1:80"
  method = "POST"
  interval = "10s"
}
