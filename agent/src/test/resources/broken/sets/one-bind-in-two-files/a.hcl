service { name = "a" connect { sidecar_service { proxy { upstreams { destination_name = "db" local_bind_socket_path = "/run/db.sock" } } } } }
