service {
  name = "shop"
  connect { sidecar_service { proxy { upstreams {
    destination_name = "db"
    destination_type = "prepared_query"
    datacenter = "dc2"
    local_bind_port = 9000
  } } } }
}
