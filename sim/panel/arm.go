package panel

import (
	"fmt"
	"math"
	"slices"

	"windfall/model"
	"windfall/model/plan"
)

// An Arm is one of the two parts into which a channel that holds firms out divides the market by chance. Firms are the
// same whether they are held out or not: so a plan without a holdout has the arms of one with it.
type Arm struct {
	Channel string
	Share   float64 // of firms that are held out
	Held    bool    // these, else all others
	// Since is the first week of the run (from 1) that counts: of a firm that does the same several times the first time
	// from then on does.
	Since int
}

// String says which firms they are.
func (a Arm) String() string {
	if a.Held {
		return fmt.Sprintf("firms held out of %s (%g)", a.Channel, a.Share)
	}
	return fmt.Sprintf("firms not held out of %s (%g)", a.Channel, a.Share)
}

// OfArm is the measure of the firms of an arm that did something, by what they did, in a week of the run (from 1).
func OfArm(column string, a Arm, week int) Measure {
	return Measure{Column: column, Arm: a, From: week, To: week}
}

// armIn is In of a count of an arm.
func (m Measure) armIn(s *plan.Schema) (plan.Column, error) {
	i := slices.IndexFunc(s.Weekly, func(c plan.Column) bool { return c.Name == m.Column })
	switch {
	case i < 0 || !slices.Contains(Regional(), m.Column):
		return plan.Column{}, &UnknownError{m.Column + " is not counted firm by firm", plan.Nearest(m.Column, Regional())}
	case m.From < 1 || m.To > s.Weeks || m.From > m.To:
		return plan.Column{}, fmt.Errorf("weeks %d..%d are not in the run of %d weeks", m.From, m.To, s.Weeks)
	}
	return s.Weekly[i], nil
}

// counted is what is counted of an arm, over all weeks.
type counted struct {
	column string
	Arm
}

// armReader reads how many firms of an arm did something in some weeks.
func (m Measure) armReader(p *plan.Plan) func(*Seen) float64 {
	weeks := int(p.Run.Weeks)
	return func(x *Seen) (sum float64) {
		for _, n := range x.armCounts(counted{m.Column, m.Arm}, weeks)[m.From-1 : m.To] {
			sum += n
		}
		return sum
	}
}

// armCounts are the firms of an arm that did something first in each week.
func (x *Seen) armCounts(of counted, weeks int) []float64 {
	if x.arms == nil {
		x.arms = map[counted][]float64{}
	}
	if counts := x.arms[of]; counts != nil {
		return counts
	}
	both := [2]counted{of, of}
	both[0].Held, both[1].Held = false, true
	for _, arm := range both {
		x.arms[arm] = make([]float64, weeks)
	}
	did := map[uint64]bool{}
	add := func(id uint64, at float64) {
		week := int(math.Floor(at))
		if week < of.Since-1 || week >= weeks || did[id] {
			return
		}
		did[id] = true
		arm := 0
		if model.HeldOut(id, of.Channel, of.Share) {
			arm = 1
		}
		x.arms[both[arm]][week]++
	}
	for i := range x.Trace.Leads {
		if l := &x.Trace.Leads[i]; of.column == "leads" || of.column == "signups" && l.Signup {
			add(l.ID, l.Raised)
		}
	}
	for i := range x.Trace.Customers {
		if c := &x.Trace.Customers[i]; of.column == "won" && !c.Opening {
			add(c.ID, c.Won)
		}
	}
	return x.arms[of]
}
