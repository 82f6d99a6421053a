package clock

import (
	"syscall/js"
	"time"
)

// CPU is the processor time that the process has used, user and system, as Node tells it.
func CPU() time.Duration {
	used := js.Global().Get("process").Call("cpuUsage")
	return time.Duration(used.Get("user").Int()+used.Get("system").Int()) * time.Microsecond
}
