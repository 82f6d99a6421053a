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
	Factors  []Input // what is drawn independently, but for correlations: inputs, and tables of draws as a whole
}

// An Input is one that is not known, and what it counts in.
type Input struct {
	plan.Input
	Unit  string // that of its key, without the time: USD, share; empty: it has no key
	Money bool
}

// Table says that it is a table of draws as a whole, which has no value of its own.
func (in Input) Table() bool { return in.Draws != "" && in.Key == "" }

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
		u.Inputs = append(u.Inputs, inputOf(plan, in))
	}
	for _, f := range prepared.Plan().Factors() {
		u.Factors = append(u.Factors, inputOf(plan, f.Input))
	}
	if len(u.Inputs) == 0 {
		return nil, &CertainError{plan.Name}
	}
	return u, nil
}

// inputOf is an input with what it counts in.
func inputOf(p *plan.Plan, in plan.Input) Input {
	x := Input{Input: in}
	if in.Key != "" {
		if _, param, err := p.Numbers(in.Key); err == nil {
			x.Unit, _, _ = strings.Cut(param.Unit, " ")
			x.Money = param.Money
		}
	}
	return x
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
