service {
  name = "my_web"
}
