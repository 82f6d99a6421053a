package decide

import (
	"fmt"
	"slices"

	"windfall/sim/panel"
)

// Rounds is how a design goes on until it says enough: some replications of all its settings, then as many more, up to
// those of the design. Settings that have said enough can be left out of the rounds that follow.
type Rounds struct {
	Size int // replications of a round, whole blocks
	// Left gives the settings that are to go on, at one of so many looks; none: what is there answers the question. It
	// follows from the panel alone. Where some are left out, those that go on are the Further of the next panels, and are
	// not made fewer again.
	Left func(p *panel.Panel, looks int) ([]string, error)
}

// UntilAll is Left of a design whose settings all go on until it is enough.
func UntilAll(d *Design,
	enough func(p *panel.Panel, looks int) (bool, error)) func(*panel.Panel, int) ([]string, error) {
	return func(p *panel.Panel, looks int) (left []string, err error) {
		if is, err := enough(p, looks); err != nil || is {
			return nil, err
		}
		for _, s := range d.Settings {
			left = append(left, s.Name)
		}
		return left, nil
	}
}

// only is a design of some of its settings.
func (d *Design) only(settings []string) *Design {
	out := *d
	out.Settings = slices.DeleteFunc(slices.Clone(d.Settings), func(s Setting) bool {
		return !slices.Contains(settings, s.Name)
	})
	out.Measures = slices.DeleteFunc(slices.Clone(d.Measures), func(l panel.Leaf) bool {
		return !slices.Contains(settings, l.Setting)
	})
	return &out
}

// further is the name of the part that goes on with some settings.
const further = "further"

// InRounds is the sequence of a design that has Rounds.
type InRounds struct {
	design *Design
	some   *Design // that go on; nil: all do
	panel  *panel.Panel
	rounds int // that were given out
	done   int // replications of the rounds before some went on alone
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
		if goesOn, err := s.look(panels[0]); err != nil || !goesOn {
			return nil, err
		}
	}
	s.rounds++
	if s.some == nil {
		d := *s.design
		d.Replications = s.merged()
		return []Part{{Design: &d}}, nil
	}
	d := *s.some
	d.Replications = s.merged()
	return []Part{{Name: further, Design: &d}}, nil
}

// look takes the panel of a round and says whether another follows.
func (s *InRounds) look(p *panel.Panel) (goesOn bool, err error) {
	if s.some == nil {
		s.panel = p
	} else {
		whole := *s.panel
		whole.Further = p
		s.panel = &whole
	}
	if s.merged() == s.design.Replications {
		return false, nil
	}
	looks := (s.design.Replications - 1) / s.design.Rounds.Size // the last round is not looked at
	left, err := s.design.Rounds.Left(s.panel, looks)
	if err != nil || len(left) == 0 {
		return false, err
	}
	if s.some == nil && len(left) < len(s.design.Settings) {
		s.some, s.done = s.design.only(left), len(s.design.Settings)*s.merged()
	}
	return true, nil
}

// merged is the number of replications with those of the last round.
func (s *InRounds) merged() int { return min(s.rounds*s.design.Rounds.Size, s.design.Replications) }

// Progress implements Sequence.
func (s *InRounds) Progress() (done, total int) {
	if s.some != nil {
		return s.done, s.done + len(s.some.Settings)*s.merged()
	}
	return 0, len(s.design.Settings) * s.merged()
}

// Panel is what the question is answered by, once it can be.
func (s *InRounds) Panel() *panel.Panel { return s.panel }
