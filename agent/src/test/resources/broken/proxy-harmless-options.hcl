service {
  name = "web"
  port = 80
  connect { sidecar_service { proxy {
    config { protocol = "http" }
    expose { checks = true }
    mesh_gateway { mode = "local" }
  } } }
}
