package main

import (
	"math"
)

// sizeable is the smallest effect, as a share of what there would have been, that a method is blamed for missing: that
// of the published study of geo experiments.
const sizeable = 0.075

// Score is how well a method does over panels of one world or of several.
type Score struct {
	Panels, Nulls, Effects, Sizeable int     // on which it applies: all, without effect, with one, with a sizeable one
	Bias, Square                     float64 // sums of the miss of the panel's own effect, and of its square
	Covered, Expected                int     // intervals that hold the panel's own effect, and the expected one
	FalseWins, WrongSign, Missed     int
}

// score judges a method in a world.
func (r *Result) score(method string) (s Score) {
	truth, relative := float64(r.Truth.Paused["signups"].Value), r.Truth.Relative()
	for i := range r.Panels {
		p := &r.Panels[i]
		f, applies := p.Found[method]
		if !applies {
			continue
		}
		e, own := estimateOf(f), float64(p.Realised)
		s.Panels++
		miss := e.Total - own
		s.Bias += miss
		s.Square += float64(miss * miss)
		if e.Covers(own) {
			s.Covered++
		}
		if e.Covers(truth) {
			s.Expected++
		}
		if r.Null() {
			s.Nulls++
			if e.Wins() {
				s.FalseWins++
			}
			continue
		}
		s.Effects++
		if e.Wins() && e.Total*truth < 0 {
			s.WrongSign++
		}
		if math.Abs(relative) >= sizeable {
			s.Sizeable++
			if e.Covers(0) {
				s.Missed++
			}
		}
	}
	return s
}

// add adds the panels of another world.
func (s *Score) add(t Score) {
	s.Panels, s.Nulls = s.Panels+t.Panels, s.Nulls+t.Nulls
	s.Effects, s.Sizeable = s.Effects+t.Effects, s.Sizeable+t.Sizeable
	s.Bias, s.Square = s.Bias+t.Bias, s.Square+t.Square
	s.Covered, s.Expected = s.Covered+t.Covered, s.Expected+t.Expected
	s.FalseWins, s.WrongSign, s.Missed = s.FalseWins+t.FalseWins, s.WrongSign+t.WrongSign, s.Missed+t.Missed
}

func (s *Score) bias() float64 { return s.Bias / float64(s.Panels) }
func (s *Score) rmse() float64 { return math.Sqrt(s.Square / float64(s.Panels)) }
