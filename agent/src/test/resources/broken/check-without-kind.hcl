service {
  name = "web"
  check { interval = "5s" }
}
