service {
  name = "web"
  address = file("/etc/hostname")
}
