check {
  name = "t"
  alias_node = "db-1"
  interval = "10s"
}
