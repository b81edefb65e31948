service {
  name = "shop"
  connect { sidecar_service { proxy { upstreams { destination_name = "db" } } } }
}
