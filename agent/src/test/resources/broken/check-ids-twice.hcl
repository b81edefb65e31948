service {
  name = "web"
  check { id = "ping" ttl = "10s" }
}
check { name = "ping" ttl = "20s" }
