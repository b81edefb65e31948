check {
  id = "disk"
  ttl = "10s"
}
