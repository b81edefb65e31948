service {
  name = "web"
  port = 0660
}
