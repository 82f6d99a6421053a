package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"

	"windfall/sim"
	"windfall/sim/metric"
)

// The exit codes of every command.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2 // wrong usage or bad input; nothing was written
	exitGoalMissed  = 3
	exitInterrupted = 130
	exitClosed      = 141 // 128 and SIGPIPE, as shells see it: standard output was closed, all else is done
)

// exitCode is the only place that turns what happened into an exit code.
func exitCode(err error) int {
	var (
		bad         interface{ BadInput() } // any error of which nothing was written
		unmet       *unmetError
		interrupted *sim.Interrupted
		stopped     *stoppedError
		part        *sim.PartError
		next        *sim.NextRound
	)
	switch {
	case err == nil, errors.As(err, &part), errors.As(err, &next):
		return exitDone
	case errors.As(err, &unmet):
		return exitGoalMissed
	case errors.As(err, &interrupted), errors.As(err, &stopped), errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.Is(err, syscall.EPIPE):
		return exitClosed
	case errors.As(err, &bad):
		return exitUsage
	}
	return exitFailed
}

// usageError is a command line that cannot be followed. Help, if it is there, is the command whose page helps.
type usageError struct {
	problem string
	help    string
}

// Error implements error.
func (e *usageError) Error() string {
	if e.help == "" {
		return e.problem
	}
	return fmt.Sprintf("%s\nSee: %s --help", e.problem, e.help)
}

// BadInput marks it.
func (e *usageError) BadInput() {}

func usagef(format string, args ...any) error {
	return &usageError{problem: fmt.Sprintf(format, args...)}
}

// misread says what is wrong with the text of a flag, and shows where in it.
func misread(flag string, err error) error {
	var e *metric.Error
	if errors.As(err, &e) {
		return usagef("%s: %s\n%s", flag, e.Message(), e.Caret())
	}
	return usagef("%s: %v", flag, err)
}

// stoppedError ends a command that was interrupted; it says what is kept and how to get the rest.
type stoppedError struct{ text string }

// Error implements error.
func (e *stoppedError) Error() string { return e.text }

// unmetError ends a command whose results are there, and goals or expectations are not met.
type unmetError struct{ text string }

// Error implements error.
func (e *unmetError) Error() string { return e.text }
