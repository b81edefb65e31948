intention {
  source = "shop"
  destination = "db"
}
