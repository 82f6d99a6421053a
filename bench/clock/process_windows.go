package clock

import (
	"os"
	"syscall"
	"time"
)

// CPU is the processor time that the process has used, user and system.
func CPU() time.Duration {
	process, err := syscall.GetCurrentProcess()
	if err != nil {
		return 0
	}
	var created, exited, kernel, user syscall.Filetime
	if err := syscall.GetProcessTimes(process, &created, &exited, &kernel, &user); err != nil {
		return 0
	}
	// A Filetime counts steps of 100 ns; Nanoseconds is no length of time but a date.
	length := func(t syscall.Filetime) time.Duration {
		return time.Duration(int64(t.HighDateTime)<<32|int64(t.LowDateTime)) * 100
	}
	return length(kernel) + length(user)
}

// All is CPU: Windows does not add up the programs that a process has run.
func All() time.Duration { return CPU() }

// Megabytes is 0: Windows does not tell the memory of a program that ended.
func Megabytes(*os.ProcessState) float64 { return 0 }
