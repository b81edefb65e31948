service "web" "v1" {}
