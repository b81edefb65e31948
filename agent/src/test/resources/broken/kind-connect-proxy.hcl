service {
  name = "web-proxy"
  kind = "connect-proxy"
  port = 21000
  proxy { destination_service_name = "web" }
}
