service {
  name = "web"
  user = "www:data"
}
