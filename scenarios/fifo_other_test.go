//go:build !unix

package scenarios

func mkfifo(string) bool { return false }
