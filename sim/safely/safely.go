// Package safely makes an error of a panic, so that a bug in one goroutine ends the
// command as any failure does: with what is done kept, and its exit code.
package safely

import (
	"fmt"
	"runtime/debug"

	"golang.org/x/sync/errgroup"
)

// Panic is a bug that showed itself.
type Panic struct {
	Value any
	Stack []byte
}

// Error implements error.
func (p *Panic) Error() string { return fmt.Sprintf("internal error: %v", p.Value) }

// Do runs a function; a panic of it is its error.
func Do(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &Panic{v, debug.Stack()}
		}
	}()
	return f()
}

// Go runs a function in a goroutine of a group.
func Go(group *errgroup.Group, f func() error) { group.Go(func() error { return Do(f) }) }
