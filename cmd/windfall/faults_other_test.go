//go:build !linux

package main

import "syscall"

func newPIDs() *syscall.SysProcAttr { return nil }
