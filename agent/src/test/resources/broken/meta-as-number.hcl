service {
  name = "web"
  meta { version = 3 }
}
