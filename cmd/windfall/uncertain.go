package main

import (
	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// prepared opens a plan that can be run.
func (p *program) prepared(name string, sets ...string) (*plan.Plan, error) {
	s, err := p.open(name, sets...)
	if err != nil {
		return nil, err
	}
	if _, err := model.Prepare(s.Plan); err != nil {
		return nil, scenarios.Problems{{File: s.Files[0], Message: err.Error()}}
	}
	return s.Plan, nil
}

// certain is the complaint about a plan without uncertain inputs.
func certain(name string) error {
	return usagef("%s has no uncertain inputs to look into; write one as a 90%% interval, such as --set "+
		"'customers.weibull_shape=\"0.7 to 0.95\"', or take metro-uncertain", name)
}
