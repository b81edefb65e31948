check {
  name = "t"
  args = []
  interval = "10s"
}
