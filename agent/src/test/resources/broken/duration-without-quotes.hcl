check {
  name = "disk"
  args = ["df"]
  interval = 10s
}
