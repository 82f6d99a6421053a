package cluster

import (
	"context"
	"errors"
	"time"

	"windfall/sim"
	"windfall/sim/answer"
	"windfall/sim/decide"
	"windfall/sim/panel"
	"windfall/sim/store"
)

// A Gauge takes the designs of a command in place of their run.
type Gauge struct {
	designs []*sim.Design // of the first round
	rounds  bool
}

// ErrGauged ends a command whose designs were taken.
var ErrGauged = errors.New("the design is known")

// Run takes a run with tables.
func (g *Gauge) Run(d *sim.Design) error {
	g.designs, g.rounds = append(g.designs, d), d.Round() > 0
	return ErrGauged
}

// Sequence takes the first round of a question.
func (g *Gauge) Sequence(s decide.Sequence) error {
	parts, err := s.Next([]*panel.Panel(nil))
	if err != nil {
		return err
	}
	for _, p := range parts {
		g.designs = append(g.designs, answer.Simulated(p.Design))
	}
	if _, once := s.(*answer.Once); !once {
		g.rounds = true
	}
	return ErrGauged
}

// A Size is how much there is to run, of a command that goes in rounds in the first.
type Size struct {
	Replications int     `json:"replications"` // over all settings
	Blocks       int     `json:"blocks"`       // so many tasks have something to do
	Seconds      float64 `json:"seconds"`      // of one processor, for a replication
	Timed        int     `json:"timed"`        // replications that were run to know it; 0: it was given
	Rounds       bool    `json:"rounds"`
}

// started is when this process began.
var started = time.Now()

// leastTimed is how long replications are run, at least, to know what one costs.
const leastTimed = time.Second

// Size measures what was taken; seconds is what a replication costs if that is known, 0 if not.
func (g *Gauge) Size(ctx context.Context, seconds float64) (s Size, err error) {
	s.Rounds, s.Seconds = g.rounds, seconds
	for _, d := range g.designs {
		n, of := length(d), len(d.Settings)
		if len(d.Measures) > 0 {
			of = d.Total() / n
		}
		s.Replications, s.Blocks = s.Replications+of*n, s.Blocks+store.BlocksOf(n)
	}
	if s.Replications == 0 {
		return s, problem("the command runs nothing that could be shared out")
	}
	if seconds == 0 {
		s.Seconds, s.Timed, err = cost(ctx, g.designs[0])
	}
	return s, err
}

// length is how often each setting of a design is run, in the first round where it goes in rounds.
func length(d *sim.Design) int {
	switch {
	case d.Round() > 0:
		return d.Round()
	case d.Replications > 0:
		return d.Replications
	}
	return int(d.Settings[0].Plan.Run.Replications)
}

// cost runs more and more replications of a design until they take long enough to say what one costs on one processor.
func cost(ctx context.Context, of *sim.Design) (seconds float64, timed int, err error) {
	d := *of
	most, step := length(of), max(1, of.SeedsPerDraw)
	d.Workers, d.Progress, d.Summed, d.Out, d.Resume, d.Precision, d.Most = 1, nil, nil, "", false, sim.Precision{}, 0
	d.ToVerdict = false
	for n := step; ; n *= 4 {
		d.Replications = min(n, most)
		begun := spent()
		if len(d.Measures) == 0 {
			_, err = sim.Run(ctx, d)
			timed = len(d.Settings) * d.Replications
		} else {
			_, err = sim.Measure(ctx, d)
			timed = d.Total()
		}
		if err != nil {
			return 0, 0, err
		}
		took := spent() - begun
		if took >= leastTimed || d.Replications == most {
			return took.Seconds() / float64(timed), timed, nil
		}
	}
}
