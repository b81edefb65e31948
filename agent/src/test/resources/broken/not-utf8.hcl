service {
  name = "café"
}
