service {
  name = "web"
  connect { sidecar_service { id = "x" port = 21000 } }
}
