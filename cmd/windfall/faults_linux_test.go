package main

import (
	"os"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// newPIDs gives a process numbers of its own, so that it is number 1.
func newPIDs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID} }

// hold stops a process until goOn, so that it is at work however slow this one is.
func hold(t *testing.T, p *os.Process) (goOn func()) {
	t.Helper()
	require.NoError(t, p.Signal(syscall.SIGSTOP))
	return func() { require.NoError(t, p.Signal(syscall.SIGCONT)) }
}
