service {
  name = "shop"
  connect { sidecar_service { proxy { upstreams {
    destination_name = "db"
    local_bind_port = 9000
    local_bind_socket_path = "/run/db.sock"
  } } } }
}
