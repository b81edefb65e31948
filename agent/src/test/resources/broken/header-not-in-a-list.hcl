check {
  name = "h"
  http = "http://127.0.0.1/"
  interval = "5s"
  header { Host = "web" }
}
