# A service that listens on a UNIX socket only. With --dev the agent runs it itself;
# otherwise start it with: culvert demo-service --socket /tmp/culvert-demo/demo.sock
service {
  name        = "demo"
  port        = 8080                            # of its address in the mesh: demo.mesh:8080
  socket_path = "/tmp/culvert-demo/demo.sock"   # where it really listens

  check {
    name        = "demo answers"
    http        = "http://demo/health"
    socket_path = "/tmp/culvert-demo/demo.sock" # asked over the same socket
    interval    = "2s"
  }

  connect { sidecar_service {} }                # part of the mesh
}
