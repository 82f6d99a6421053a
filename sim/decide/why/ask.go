// Package why asks what happened in one replication of a run, and why: when it parted from
// the others, and what stood beside that.
//
// It has another way to its data than the questions that are asked of plans. Nothing is
// designed: of the others it reads what the run has kept ([Kept]), and the one replication
// is run again ([Ask.Replay]), since no run keeps the touches of its journeys. An answer of
// made-up numbers needs neither.
package why

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
)

// Journeys are those that are told by default. With fewer than Few replications their
// middle half says little.
const (
	Journeys = 3
	Few      = 40
)

// LowestCash is the outcome by which a replication is chosen unless one is named.
const LowestCash = "cash_trough"

// A Choice is the way in which a replication is chosen: by its number, or by an outcome.
type Choice string

// The choices.
const (
	Numbered Choice = "replication"
	Worst    Choice = "worst"
	Median   Choice = "median"
	Best     Choice = "best"
)

// Kept is what a run has kept of its replications.
type Kept interface {
	Replications() int
	Outcome(name string) ([]float64, error)
	Weekly(name string) (analysis.Paths, error)
	WeeklyBands(name string) ([]analysis.Band, error)
	Record(replication int) (*plan.Record, error)
}

// Run is a run that is asked about.
type Run struct {
	Name string // of its folder
	Plan *plan.Plan
	Seed uint64
	// Schema is that of its records.
	Schema *plan.Schema
	Kept   Kept
}

// Ask is a question about a replication of a run.
type Ask struct {
	Run *Run
	// Choose says which: Replication, or one by an Outcome; empty: the worst by the lowest
	// cash.
	Choose      Choice
	Replication int
	Outcome     string
	Journeys    int // 0: Journeys
	// Against is a run of another plan, in which the first difference is looked for; nil:
	// none is. OtherOpening allows one that starts from another state.
	Against      *Run
	OtherOpening bool
}

// MissingError is of an outcome that no replication has.
type MissingError struct{ Outcome string }

// Error implements error.
func (e *MissingError) Error() string { return e.Outcome + " is missing in every run" }

// SeedError is of two runs of different seeds, which share no chance.
type SeedError struct {
	A, B         string // names of the runs
	SeedA, SeedB uint64
}

// Error implements error.
func (e *SeedError) Error() string {
	return fmt.Sprintf("%s has seed %d and %s seed %d: only runs of one seed can be compared", e.A, e.SeedA, e.B, e.SeedB)
}

// ShortError is of a run that lacks a replication.
type ShortError struct {
	Run         string
	Replication int
}

// Error implements error.
func (e *ShortError) Error() string {
	return fmt.Sprintf("%s has no run %d", e.Run, e.Replication)
}

// ChangedError is of a run that kept other numbers of a replication than running it gives.
type ChangedError struct {
	Run         string
	Replication int
}

// Error implements error.
func (e *ChangedError) Error() string {
	return fmt.Sprintf("run %d of %s cannot be replayed to the same bytes: the folder was changed",
		e.Replication, e.Run)
}

// checked is an ask that can be answered.
type checked struct {
	Ask
	k      int         // the replication
	column plan.Column // by which it was chosen
	value  float64     // of it
	alike  bool        // all runs have that value
}

// check finds what is wrong with an ask, and the replication that it is about.
func (a Ask) check() (*checked, error) {
	c := &checked{Ask: a}
	c.Journeys = cmp.Or(a.Journeys, Journeys)
	if c.Choose == "" {
		c.Choose = Worst
	}
	if err := c.choose(); err != nil {
		return nil, err
	}
	there := a.Against
	if there == nil {
		return c, nil
	}
	if a.Run.Seed != there.Seed {
		return nil, &SeedError{a.Run.Name, there.Name, a.Run.Seed, there.Seed}
	}
	err := decide.SameStart(decide.Setting{Name: a.Run.Name, Plan: a.Run.Plan},
		decide.Setting{Name: there.Name, Plan: there.Plan})
	if other := new(decide.OpeningError); err != nil && !(errors.As(err, &other) && a.OtherOpening) {
		return nil, err
	}
	if c.k >= there.Kept.Replications() {
		return nil, &ShortError{there.Name, c.k}
	}
	return c, nil
}

// choose finds the replication.
func (c *checked) choose() error {
	n := c.Run.Kept.Replications()
	if c.Choose == Numbered {
		if c.k = c.Replication; c.k < 0 || c.k >= n {
			p := decide.Wrong(string(Numbered), fmt.Sprint(c.k), "there are runs 0 to %d", n-1)
			p.Low, p.High = "0", fmt.Sprint(n-1)
			return p
		}
		return nil
	}
	name := cmp.Or(c.Outcome, LowestCash)
	for _, column := range c.Run.Schema.Outcomes {
		if column.Name == name {
			c.column = column
		}
	}
	if c.column.Name == "" {
		return decide.UnknownOutcome(string(c.Choose), name, model.NewSchema(c.Run.Plan).Outcomes)
	}
	if c.column.Direction == plan.Neither && c.Choose != Median {
		return decide.Wrong(string(c.Choose), name, "neither way of it is better")
	}
	values, err := c.Run.Kept.Outcome(name)
	if err != nil {
		return err
	}
	order := fromTheWorst(values, c.column.Direction)
	if len(order) == 0 {
		return &MissingError{name}
	}
	switch c.Choose {
	case Best:
		c.k = order[len(order)-1]
	case Median:
		c.k = order[len(order)/2]
	default:
		c.k = order[0]
	}
	c.value = values[c.k]
	c.alike = len(order) == n && n > 1 && values[order[0]] == values[order[n-1]]
	return nil
}

// fromTheWorst lists the replications that have a value, from the worst to the best.
func fromTheWorst(values []float64, better plan.Direction) (order []int) {
	for i, v := range values {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if better == plan.Less {
			a, b = b, a
		}
		return cmp.Compare(values[a], values[b])
	})
	return order
}

// Replayed is a replication that was run again.
type Replayed struct {
	Record *plan.Record
	Trace  *model.Trace
}

// Replay runs the replication again, also that of the run against which it is set (else
// there is nil). The error is a *decide.Problem, a *MissingError, a *SeedError, a
// *ShortError, a *ChangedError, or a *decide.IncomparableError or *decide.OpeningError.
func (a Ask) Replay() (here, there *Replayed, err error) {
	c, err := a.check()
	if err != nil {
		return nil, nil, err
	}
	if here, err = a.Run.replay(c.k); err != nil || a.Against == nil {
		return here, nil, err
	}
	there, err = a.Against.replay(c.k)
	return here, there, err
}

// replay runs a replication again and holds it against what was kept of it.
func (r *Run) replay(k int) (*Replayed, error) {
	prepared, err := model.Prepare(r.Plan)
	if err != nil {
		return nil, err
	}
	state, rec := prepared.NewState(), prepared.Schema().NewRecord()
	trace := &model.Trace{Only: model.Leads | model.PathsOfLeads}
	state.Observer = trace
	state.Replicate(r.Seed, k, rec)
	was, err := r.Kept.Record(k)
	if err != nil {
		return nil, err
	}
	if !slices.EqualFunc(rec.Outcomes, was.Outcomes, same) || !slices.EqualFunc(rec.Weekly, was.Weekly, same) {
		return nil, &ChangedError{r.Name, k}
	}
	return &Replayed{rec, trace}, nil
}

// same says whether two numbers are equal to the last bit, or both missing.
func same(x, y float64) bool {
	return math.Float64bits(x) == math.Float64bits(y) || math.IsNaN(x) && math.IsNaN(y)
}
