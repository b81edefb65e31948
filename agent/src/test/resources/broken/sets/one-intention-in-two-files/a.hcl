intention "shop" "db" { action = "allow" }
