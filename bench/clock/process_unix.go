//go:build unix

package clock

import (
	"syscall"
	"time"
)

// CPU is the processor time that the process has used, user and system.
func CPU() time.Duration { return used(syscall.RUSAGE_SELF) }

// All is CPU with that of the programs that the process has run to their end.
func All() time.Duration { return CPU() + used(syscall.RUSAGE_CHILDREN) }

func used(who int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
