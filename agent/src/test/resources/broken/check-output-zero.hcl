check {
  name = "t"
  ttl = "10s"
  output_max_size = 0
}
