service {
  name = "web"
  meta {
    a = "1"
    a = "2"
  }
}
