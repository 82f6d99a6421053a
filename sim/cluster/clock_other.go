//go:build !unix

package cluster

import "time"

// spent is the time of this process so far.
func spent() time.Duration { return time.Since(started) }
