service {
  name = "web"
  connect { sidecar_service { proxy { local_service_address = "10.0.0.1" } } }
}
