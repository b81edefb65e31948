intention {
  source = "shop"
  destination = "db"
  permissions = [{ action = "allow" }]
}
