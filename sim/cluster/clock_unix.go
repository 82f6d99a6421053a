//go:build unix

package cluster

import (
	"syscall"
	"time"
)

// spent is the processor time of this process so far: what other work on a machine for logins takes does not count.
func spent() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return time.Since(started)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
