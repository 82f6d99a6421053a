package main

import (
	"math"
	"runtime"

	"windfall/bench/clock"
	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// hash is the time of one call of rng.Mix now, in nanoseconds.
func hash() float64 {
	x := make([]float64, 21)
	for i := range x {
		x[i] = clock.Hash()
	}
	return median(x)
}

// subject is a plan whose replications are measured.
type subject struct {
	plan     *plan.Plan
	schema   *plan.Schema
	state    *model.State
	record   *plan.Record
	outcomes []float64 // sums over the replications that were timed
	n        int
}

func newSubject(p *plan.Plan) (*subject, error) {
	prepared, err := model.Prepare(p)
	if err != nil {
		return nil, err
	}
	s := &subject{plan: p, schema: prepared.Schema(), state: prepared.NewState(), record: prepared.Schema().NewRecord()}
	s.outcomes = make([]float64, len(s.schema.Outcomes))
	return s, nil
}

// replicate gives the processor time of some replications, in milliseconds each. The goroutine must be
// locked to its thread.
func (s *subject) replicate(from, n int) float64 {
	var total float64
	for r := range n {
		begin := clock.Thread()
		s.state.Replicate(1, from+r, s.record)
		total += clock.Thread() - begin
		for i, x := range s.record.Outcomes {
			s.outcomes[i] += x
		}
	}
	s.n += n
	return total / 1e6 / float64(n)
}

// warmUp runs the replications that make the memory which later ones use again.
func (s *subject) warmUp() {
	for r := range first {
		s.state.Replicate(1, r, s.record)
	}
	runtime.GC()
}

// first is the number of replications that are not timed.
const first = 2

// outcome gives the mean of a named outcome.
func (s *subject) outcome(name string) float64 {
	for i, c := range s.schema.Outcomes {
		if c.Name == name {
			return s.outcomes[i] / float64(s.n)
		}
	}
	return math.NaN()
}

// sample is what replications of one plan cost.
type sample struct {
	*subject
	ms     float64 // processor time of a replication, the median over rounds
	hashes float64 // the same in millions of hashes, each round by those beside it
}

// cost measures replications of a plan on one goroutine, in rounds.
func (b *bench) cost(p *plan.Plan, replications int) (*sample, error) {
	subject, err := newSubject(p)
	if err != nil {
		return nil, err
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	subject.warmUp()
	var times, hashes []float64
	before := hash()
	for round := range b.rounds {
		ms := subject.replicate(first+round*replications, replications)
		after := hash()
		times, hashes = append(times, ms), append(hashes, ms/(before+after)*2)
		before = after
	}
	return &sample{subject, median(times), median(hashes)}, nil
}

// fullSize is the replication of the shipped national vendor.
func (b *bench) fullSize() (*sample, error) {
	if b.nationwide != nil {
		return b.nationwide, nil
	}
	p, err := scenarios.Load("phone-system")
	if err == nil {
		b.nationwide, err = b.cost(p, 1)
	}
	return b.nationwide, err
}
