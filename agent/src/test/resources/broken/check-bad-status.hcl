check {
  name = "t"
  ttl = "10s"
  status = "passed"
}
