service {
  name = "gw"
  kind = "mesh-gateway"
  port = 8443
}
