service {
  name = "web"
  connect {}
}
