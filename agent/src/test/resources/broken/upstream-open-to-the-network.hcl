service {
  name = "shop"
  connect { sidecar_service { proxy { upstreams {
    destination_name = "db"
    local_bind_address = "0.0.0.0"
    local_bind_port = 9000
  } } } }
}
