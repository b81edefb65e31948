service {
  name = "web"
  check { alias_service = "db" }
}
