service {
  name = "web"
  weights { passing = 0 warning = -1 }
}
