check {
  name = "t"
  http = "http://me:pw@127.0.0.1/"
  interval = "10s"
}
