# A service that only calls others: no port, no socket of its own. Who may open shop-demo.sock is the shop.
service "shop" {
  connect {
    sidecar_service {
      proxy {
        upstreams = [{
          destination_name       = "demo"
          local_bind_socket_path = "/tmp/culvert-demo/shop-demo.sock"
          local_bind_socket_mode = "0660"
        }]
      }
    }
  }
}
