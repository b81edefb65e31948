service = "web"
