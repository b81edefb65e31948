service {
  name = "web"
  token = "secret-of-somebody"
}
