# Nobody may connect until an intention says so. They count on servers, and on an agent started with --dev.
intention "shop" "demo" { action = "allow"  description = "the shop calls the demo" }

# Everybody may call the demo: every service, and every process of every host of the mesh. That is right for trying things
# out on a laptop. Anywhere else, name who may: a service, or "host/NODE" for what runs on one host.
intention "*" "demo" { action = "allow" }
