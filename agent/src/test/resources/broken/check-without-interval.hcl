service {
  name = "web"
  check { tcp = "127.0.0.1:80" }
}
