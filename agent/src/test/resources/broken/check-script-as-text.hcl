check {
  name = "t"
  script = "df -h | grep full"
  interval = "10s"
}
