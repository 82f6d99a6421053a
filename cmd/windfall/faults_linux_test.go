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

// A folder that the system does not make is named, and what is to be done.
func TestAFolderThatCannotBeMade(t *testing.T) {
	for _, args := range [][]string{{"run", "testdata/small.toml", "--replications", "1"}, {"compare", "testdata/small.toml", "--set", "channels.email.weekly_budget*=2"},
		{"export", "testdata/small.toml", "--weeks", "1"}} {
		code, _, problem := exits(append(args, "--out", "/proc/x")...)
		require.Equal(t, exitUsage, code, args)
		require.Contains(t, problem, "cannot be made there (no such file or directory): choose another --out", args)
	}
}
