service "web" {
  connect "x" {
    sidecar_service {}
  }
}
