// Package edit makes plans from a plan: moved by levers, under a shock, with a pause.
//
// It stands on a loaded plan, so it imports package scenarios (which reads and ships the
// shocks too) and is never imported by it. Overrides, --set KEY=VALUE, are no part of it:
// they are laid over the tree of the files before there is a plan (scenarios/override.go).
package edit

import (
	"fmt"

	"windfall/model/plan"
)

// An Error is of a part of what was asked for that cannot be had: levers, bounds or
// by-quarter, what or regions.
type Error struct {
	Part, Value, Wrong string
	Near               string // the known name that is nearest, if one is near
}

// Error implements error.
func (e *Error) Error() string {
	text := e.Part
	if e.Value != "" {
		text += " " + e.Value
	}
	return text + ": " + e.Wrong + plan.DidYouMean(e.Near)
}

// wrong is an Error without a known name that is near.
func wrong(part, value, format string, args ...any) *Error {
	return &Error{Part: part, Value: value, Wrong: fmt.Sprintf(format, args...)}
}

// unknown is an Error about a name that is none of those that are known.
func unknown(part, name, text string, known []string) *Error {
	return &Error{Part: part, Value: name, Wrong: text, Near: plan.Nearest(name, known)}
}
