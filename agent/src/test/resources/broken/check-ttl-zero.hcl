check {
  name = "t"
  ttl = "0s"
}
