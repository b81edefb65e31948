service { name = "web" port = 80 }
