intention "shop" {
  destination = "db"
  action = "allow"
}
