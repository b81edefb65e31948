check {
  name = "t"
  socket_path = "/run/x.sock"
  interval = "10s"
}
