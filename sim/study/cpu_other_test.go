//go:build !unix

package study

// cpuSeconds needs a system that says what a process has spent: lessons are recorded on one.
func cpuSeconds() float64 {
	panic("lessons are recorded on Linux or macOS: elsewhere their CPU time is not known")
}
