//go:build !linux

// Package thread reads the CPU time of the calling thread.
package thread

import "time"

var start = time.Now()

// CPU is the time since the start in nanoseconds, where a thread has no clock of its own.
func CPU() float64 { return float64(time.Since(start).Nanoseconds()) }
