//go:build pair

package main

import (
	"windfall/model"
	"windfall/scenarios"
)

// newEngine makes the engine of this working tree. Package pair writes oldEngine beside it: the same
// function with the packages of the old engine.
func newEngine(name string, sets []string) (*engine, error) {
	plan, err := scenarios.Load(name, scenarios.Set(sets...))
	if err != nil {
		return nil, err
	}
	prepared, err := model.Prepare(plan)
	if err != nil {
		return nil, err
	}
	state, record := prepared.NewState(), prepared.Schema().NewRecord()
	e := &engine{
		replicate: func(seed uint64, r int) { state.Replicate(seed, r, record) },
		outcomes:  func() []float64 { return record.Outcomes },
		onStage:   func(f func(int)) { model.OnStage = func(s model.Stage) { f(int(s)) } },
	}
	for _, c := range prepared.Schema().Outcomes {
		e.names = append(e.names, c.Name)
	}
	return e, nil
}
