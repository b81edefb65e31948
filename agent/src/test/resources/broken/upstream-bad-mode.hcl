service {
  name = "shop"
  connect { sidecar_service { proxy { upstreams {
    destination_name = "db"
    local_bind_socket_path = "/run/db.sock"
    local_bind_socket_mode = "rw-rw----"
  } } } }
}
