//go:build unix

package scenarios

import "syscall"

// mkfifo makes a pipe with a name, where there are such.
func mkfifo(path string) bool { return syscall.Mkfifo(path, 0o666) == nil }
