service {
  name = "web"
  tagged_addresses {
    lan_ipv6 { address = "10.0.0.7" port = 80 }
  }
}
