check {
  name = "t"
  h2ping = "127.0.0.1:443"
  interval = "10s"
}
