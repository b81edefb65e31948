check {
  name = "t"
  docker_container_id = "f00"
  shell = "/bin/sh"
  args = ["x"]
  interval = "10s"
}
