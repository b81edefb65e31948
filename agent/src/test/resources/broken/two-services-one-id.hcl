service { name = "web" }
service { name = "web" port = 81 }
