//go:build unix

package clock

import (
	"os"
	"runtime"
	"syscall"
	"time"
)

// CPU is the processor time that the process has used, user and system.
func CPU() time.Duration { return used(syscall.RUSAGE_SELF) }

// All is CPU with that of the programs that the process has run to their end.
func All() time.Duration { return CPU() + used(syscall.RUSAGE_CHILDREN) }

// Megabytes is the largest memory of a program that ended.
func Megabytes(ended *os.ProcessState) float64 {
	r, ok := ended.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin": // there in bytes
		return float64(r.Maxrss) / 1024 / 1024
	}
	return float64(r.Maxrss) / 1024
}

func used(who int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
