service {
  name = "web"
  connect { sidecar_service { proxy { destination_service_name = "db" } } }
}
