datacenter = "dc1"
service { name = "web" }
