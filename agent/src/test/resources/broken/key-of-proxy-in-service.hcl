service {
  name = "web"
  upstreams { destination_name = "db" local_bind_port = 1 }
}
