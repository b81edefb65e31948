check {
  name = "web-ttl"
  service_id = "web"
  ttl = "10s"
}
