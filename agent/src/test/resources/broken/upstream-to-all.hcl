service {
  name = "shop"
  connect { sidecar_service { proxy { upstreams { destination_name = "*" local_bind_port = 9000 } } } }
}
