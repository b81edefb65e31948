service {
  name = "web"
  connect { native = true }
}
