service {
  name = "web"
  proxy { local_service_port = 80 }
}
