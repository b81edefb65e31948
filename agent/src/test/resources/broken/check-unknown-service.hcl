check {
  name = "t"
  ttl = "10s"
  service_id = "web"
}
