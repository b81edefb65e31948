intention {
  source = "shop-*"
  destination = "host/db-1"
  action = "allow"
}
