service {
  name = "web"
  check { ttl = "10s" service_id = "db" }
}
