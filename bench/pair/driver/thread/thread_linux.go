// Package thread reads the CPU time of the calling thread.
package thread

import (
	"syscall"
	"unsafe"
)

// CPU is the processor time of the calling thread in nanoseconds.
func CPU() float64 {
	const clockThreadCPU = 3
	var t syscall.Timespec
	syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockThreadCPU, uintptr(unsafe.Pointer(&t)), 0)
	return float64(t.Nano())
}
