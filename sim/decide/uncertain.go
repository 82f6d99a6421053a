package decide

import (
	"strings"

	"windfall/model"
	"windfall/model/plan"
)

// Uncertain is a plan with the inputs that are not known.
type Uncertain struct {
	Plan     *plan.Plan
	Prepared *model.Prepared
	Inputs   []Input
}

// An Input is one that is not known, and what it counts in.
type Input struct {
	plan.Input
	Unit  string // that of its key, without the time: USD, share; empty: it has no key
	Money bool
}

// CertainError is of a plan without uncertain inputs.
type CertainError struct{ Plan string }

// Error implements error.
func (e *CertainError) Error() string { return e.Plan + " has no uncertain inputs to look into" }

// UncertainOf gives the inputs of a plan that are not known. Where there are none the error
// is a *CertainError.
func UncertainOf(plan *plan.Plan) (*Uncertain, error) {
	prepared, err := model.Prepare(plan)
	if err != nil {
		return nil, err
	}
	u := &Uncertain{Plan: plan, Prepared: prepared}
	for _, in := range prepared.Plan().UncertainInputs() {
		x := Input{Input: in}
		if in.Key != "" {
			if _, param, err := plan.Numbers(in.Key); err == nil {
				x.Unit, _, _ = strings.Cut(param.Unit, " ")
				x.Money = param.Money
			}
		}
		u.Inputs = append(u.Inputs, x)
	}
	if len(u.Inputs) == 0 {
		return nil, &CertainError{plan.Name}
	}
	return u, nil
}

// InputsOf counts the inputs of plans that are not known, those of the plan that has most: where there are none,
// an interval shows random variation only.
func InputsOf(plans ...*plan.Plan) (most int, err error) {
	for _, p := range plans {
		prepared, err := model.Prepare(p)
		if err != nil {
			return 0, err
		}
		most = max(most, len(prepared.Plan().UncertainInputs()))
	}
	return most, nil
}
