package main

import (
	"strings"

	"windfall/model"
	"windfall/plots/words"
	"windfall/scenarios"
)

// uncertainPlan is a plan whose uncertain inputs a command looks into.
type uncertainPlan struct {
	plan     *model.Plan
	prepared *model.Prepared
	inputs   []model.Input
}

// prepared opens a plan.
func (p *program) prepared(name string, sets ...string) (*uncertainPlan, error) {
	s, err := p.open(name, sets...)
	if err != nil {
		return nil, err
	}
	prepared, err := model.Prepare(s.Plan)
	if err != nil {
		return nil, scenarios.Problems{{File: s.Files[0], Message: err.Error()}}
	}
	return &uncertainPlan{s.Plan, prepared, prepared.Inputs()}, nil
}

// certain is the complaint about a plan without uncertain inputs.
func certain(name string) error {
	return usagef("%s has no uncertain inputs to look into; write one as a 90%% interval, such as --set "+
		"'customers.weibull_shape=\"0.7 to 0.95\"', or take metro-uncertain", name)
}

// value writes the value of an input at a probability.
func (u *uncertainPlan) value(input int, at float64) string {
	return u.number(input, u.inputs[input].Dist.Quantile(at))
}

// number writes a value of an input.
func (u *uncertainPlan) number(input int, x float64) string {
	f := words.Plain
	if in := u.inputs[input]; in.Key != "" {
		if _, param, err := u.plan.Numbers(in.Key); err == nil {
			unit, _, _ := strings.Cut(param.Unit, " ")
			switch {
			case param.Money:
				f = moneyOf(u.plan).Currency.Money()
			case unit == "share" || unit == "chance":
				f = words.Percent
			}
		}
	}
	return f.Text(x)
}
