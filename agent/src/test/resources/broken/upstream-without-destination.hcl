service {
  name = "shop"
  connect { sidecar_service { proxy { upstreams { local_bind_port = 9000 } } } }
}
