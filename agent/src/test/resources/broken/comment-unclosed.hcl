service {
  name = "web" /* here
}
