package main

import "syscall"

// newPIDs gives a process numbers of its own, so that it is number 1.
func newPIDs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID} }
