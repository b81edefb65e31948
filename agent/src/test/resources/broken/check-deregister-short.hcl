service {
  name = "web"
  check {
    ttl = "10s"
    deregister_critical_service_after = "10s"
  }
}
