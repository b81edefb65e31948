service {
  name = web
  prot = 80
  check {
    intervall = "5s"
    tcp = "localhost"
  }
}
service {
  tags = "a"
}
