service "web" {
  name = "shop"
}
