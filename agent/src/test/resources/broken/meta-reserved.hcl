service {
  name = "web"
  meta { consul-x = "1" }
}
