package sim

import "windfall/model"

// Replicator runs replications one after the other, reusing its memory. Each
// goroutine has one of its own.
type Replicator interface {
	Replicate(seed uint64, replication int, rec *model.Record)
	// ReplicateNested simulates one draw of the uncertain inputs under one of
	// several lucks.
	ReplicateNested(seed uint64, draw, luck int, rec *model.Record)
	// ReplicateAt simulates a replication whose uncertain inputs are given on the
	// scale of probabilities; luck addresses all else.
	ReplicateAt(seed uint64, luck int, inputs []float64, rec *model.Record)
}

// Engine is a plan made ready to run.
type Engine struct {
	Schema   *model.Schema
	Warnings []string // what the plan makes doubtful before it is run
	NewState func() Replicator
}

// Prepare makes the engine of package model.
func Prepare(p *model.Plan) (*Engine, error) {
	prepared, err := model.Prepare(p)
	if err != nil {
		return nil, err
	}
	return &Engine{
		Schema:   prepared.Schema(),
		Warnings: prepared.Warnings(),
		NewState: func() Replicator { return prepared.NewState() },
	}, nil
}
