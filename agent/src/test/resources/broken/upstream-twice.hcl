service {
  name = "shop"
  connect { sidecar_service { proxy { upstreams = [
    { destination_name = "db", local_bind_port = 9000 },
    { destination_name = "DB", local_bind_port = 9001 },
  ] } } }
}
