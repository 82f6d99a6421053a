//go:build !linux

package clock

import "time"

var start = time.Now()

// Thread is the time since the start in nanoseconds, where a thread has no clock of its own.
func Thread() float64 { return float64(time.Since(start).Nanoseconds()) }
