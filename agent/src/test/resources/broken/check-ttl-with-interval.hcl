check {
  name = "t"
  ttl = "30s"
  interval = "10s"
}
