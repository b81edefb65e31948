service {
  name = "web"
  enable_tag_override = "true"
}
