//go:build !linux

package main

import (
	"os"
	"syscall"
	"testing"
)

func newPIDs() *syscall.SysProcAttr { return nil }

func hold(*testing.T, *os.Process) (goOn func()) { return func() {} }
