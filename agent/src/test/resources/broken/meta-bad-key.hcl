service {
  name = "web"
  meta { "a b" = "1" }
}
