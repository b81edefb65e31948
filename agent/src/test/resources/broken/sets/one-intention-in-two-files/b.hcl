intention "shop" "DB" { action = "deny" }
