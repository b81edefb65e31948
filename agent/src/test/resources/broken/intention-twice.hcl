intention "shop" "db" { action = "allow" }
intention "Shop" "db" { action = "deny" }
