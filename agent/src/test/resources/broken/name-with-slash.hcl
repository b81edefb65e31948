service {
  name = "web/1"
}
