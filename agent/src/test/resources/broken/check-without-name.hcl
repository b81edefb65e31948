check {
  ttl = "10s"
}
