service {
  name = "web"
  socket_path = "run/web.sock"
}
