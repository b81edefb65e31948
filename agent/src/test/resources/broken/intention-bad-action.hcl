intention {
  source = "shop"
  destination = "db"
  action = "alow"
}
