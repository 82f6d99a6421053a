package clock

import (
	"syscall"
	"unsafe"
)

// Thread is the processor time of the calling thread in nanoseconds.
func Thread() float64 {
	const clockThreadCPU = 3
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockThreadCPU, uintptr(unsafe.Pointer(&t)), 0)
	return float64(t.Nano())
}
