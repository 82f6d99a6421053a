package decide

import (
	"fmt"

	"windfall/sim/panel"
)

// Rounds is how a design goes on until it says enough: some replications of all its settings, then as many more, up to
// those of the design.
type Rounds struct {
	Size int // replications of a round, whole blocks
	// Enough says whether what is there answers the question, at one of so many looks. It follows from the panel alone.
	Enough func(p *panel.Panel, looks int) (bool, error)
}

// InRounds is the sequence of a design that has Rounds.
type InRounds struct {
	design *Design
	panel  *panel.Panel
	rounds int // that were given out
}

var _ Sequence = (*InRounds)(nil)

// NewInRounds begins the sequence.
func NewInRounds(d *Design) *InRounds { return &InRounds{design: d} }

// Next implements Sequence.
func (s *InRounds) Next(panels []*panel.Panel) ([]Part, error) {
	if s.rounds > 0 {
		if len(panels) != 1 {
			return nil, fmt.Errorf("%d panels were given for one design", len(panels))
		}
		if s.panel = panels[0]; s.sofar() == s.design.Replications {
			return nil, nil
		}
		looks := (s.design.Replications - 1) / s.design.Rounds.Size // the last round is not looked at
		if enough, err := s.design.Rounds.Enough(s.panel, looks); err != nil || enough {
			return nil, err
		}
	}
	s.rounds++
	d := *s.design
	d.Replications = s.sofar()
	return []Part{{Design: &d}}, nil
}

// sofar is the number of replications with those of the last round.
func (s *InRounds) sofar() int { return min(s.rounds*s.design.Rounds.Size, s.design.Replications) }

// Progress implements Sequence.
func (s *InRounds) Progress() (done, total int) {
	n := len(s.design.Settings)
	return 0, n * s.sofar()
}

// Panel is what the question is answered by, once it can be.
func (s *InRounds) Panel() *panel.Panel { return s.panel }
