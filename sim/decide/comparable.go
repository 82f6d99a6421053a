package decide

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/scenarios"
)

// IncomparableError is of two plans of another market, calendar or currency: what
// differs between them is not what a plan decides.
type IncomparableError struct {
	A, B           string // names of the plans
	Key            string
	ValueA, ValueB string // of the key; of run.currency, codes
}

// Error implements error.
func (e *IncomparableError) Error() string {
	if e.Key == "run.currency" {
		return fmt.Sprintf("%s and %s cannot be compared: one counts in %s and the other in %s, and nothing is converted",
			e.A, e.B, e.ValueA, e.ValueB)
	}
	return fmt.Sprintf("%s and %s cannot be compared: %s is %s in one and %s in the other", e.A, e.B, e.Key, e.ValueA,
		e.ValueB)
}

// OpeningError is of two plans that start from different states, so that part of what
// differs is where they start. One may ask all the same.
type OpeningError struct {
	A, B           string // names of the plans
	Key            string // of their opening plans
	ValueA, ValueB string
}

// Error implements error.
func (e *OpeningError) Error() string {
	return fmt.Sprintf("%s and %s start from different states: in their opening plans %s is %s and %s", e.A, e.B, e.Key,
		e.ValueA, e.ValueB)
}

// market are the keys that two plans must share to be set side by side.
func market(key string) bool {
	switch key {
	case "run.start", "run.weeks", "run.step", "opening.burn_in_weeks":
		return true
	}
	return strings.HasPrefix(key, "population.")
}

// Comparable says why two plans cannot be set side by side: an *IncomparableError, or an
// *OpeningError, which may be allowed.
func Comparable(a, b Setting) error {
	for _, d := range scenarios.Diff(a.Plan, b.Plan) {
		if market(d.Key) {
			return &IncomparableError{a.Name, b.Name, d.Key, set(d.A), set(d.B)}
		}
	}
	return SameStart(a, b)
}

// SameStart is Comparable for plans that are known to be of one market.
func SameStart(a, b Setting) error {
	code := func(p *plan.Plan) string { return currency.Of(p.Run.Currency).Code }
	if x, y := code(a.Plan), code(b.Plan); x != y {
		return &IncomparableError{a.Name, b.Name, "run.currency", x, y}
	}
	if d, differs := scenarios.OpeningDifference(a.Plan, b.Plan); differs {
		return &OpeningError{a.Name, b.Name, d.Key, set(d.A), set(d.B)}
	}
	return nil
}

// Paired says why a plan cannot be held against its baseline.
func Paired(p, baseline *plan.Plan) error {
	return Comparable(Setting{Name: p.Name, Plan: p}, Setting{Name: baseline.Name, Plan: baseline})
}

// Openings are the plans that start from another state than the first. The error is an
// *IncomparableError.
func Openings(plans []Setting) (out []*OpeningError, err error) {
	for _, p := range plans[1:] {
		var other *OpeningError
		switch err := Comparable(plans[0], p); {
		case errors.As(err, &other):
			out = append(out, other)
		case err != nil:
			return nil, err
		}
	}
	return out, nil
}

// set is the value of a key as a scenario writes it.
func set(text string) string { return cmp.Or(text, "not set") }
