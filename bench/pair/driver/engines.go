//go:build pair

package main

import (
	"windfall/model"
	oldmodel "windfall/old/model"
	oldscenarios "windfall/old/scenarios"
	"windfall/scenarios"
)

// engine is one of the two that are compared.
type engine struct {
	replicate func(seed uint64, r int)
	outcomes  func() []float64 // of the last replication
	names     []string
	onStage   func(func(stage int))
}

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

// oldEngine is newEngine of the old packages.
func oldEngine(name string, sets []string) (*engine, error) {
	plan, err := oldscenarios.Load(name, oldscenarios.Set(sets...))
	if err != nil {
		return nil, err
	}
	prepared, err := oldmodel.Prepare(plan)
	if err != nil {
		return nil, err
	}
	state, record := prepared.NewState(), prepared.Schema().NewRecord()
	e := &engine{
		replicate: func(seed uint64, r int) { state.Replicate(seed, r, record) },
		outcomes:  func() []float64 { return record.Outcomes },
		onStage:   func(f func(int)) { oldmodel.OnStage = func(s oldmodel.Stage) { f(int(s)) } },
	}
	for _, c := range prepared.Schema().Outcomes {
		e.names = append(e.names, c.Name)
	}
	return e, nil
}
