check {
  name = "t"
  tcp = "localhost"
  interval = "10s"
}
