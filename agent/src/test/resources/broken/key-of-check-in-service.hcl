service {
  name = "web"
  interval = "5s"
}
