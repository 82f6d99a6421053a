package panel

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/sim/analysis"
)

// Measure is a number of one replication.
type Measure struct {
	Column string // of outcomes, weekly numbers or slices

	// Weeks From to To of a weekly number (from 1), added up. Both 0: not weekly.
	From, To int
	// A row of the slices, such as channel and paid-search. Empty: no slice. Of a weekly number a region: see Regional.
	Dimension, Name string
	// Raised hands by their path of touches, of all weeks or of some.
	Path Path
	// Customers with which a rule of attribution credits the channel Name.
	Rule string `json:",omitempty"`
	// Firms by what becomes of them in this setting and in another one: see Pair.
	Against string `json:",omitempty"`
	Label   Label  `json:",omitempty"`
	// Firms that a channel holds out, or all others, of some weeks: see Arm.
	Arm Arm `json:",omitzero"`
}

// String writes a measure as expressions write it, without its setting.
func (m Measure) String() string {
	switch {
	case m.Rule != "":
		return fmt.Sprintf("%s, %s by %s", m.Column, m.Name, m.Rule)
	case m.Against != "":
		return fmt.Sprintf("%s, %s against %s", m.Column, m.Label, m.Against)
	case m.Path.Asked && m.From > 0:
		return fmt.Sprintf("%s, %s, weeks %s", m.Column, m.Path, spanText([2]int{m.From, m.To}))
	case m.Path.Asked:
		return m.Column + ", " + m.Path.String()
	case m.Arm.Channel != "":
		return fmt.Sprintf("%s, %s, weeks %s", m.Column, m.Arm, spanText([2]int{m.From, m.To}))
	case m.isRegional():
		return fmt.Sprintf("%s, %s %s, weeks %s", m.Column, m.Dimension, m.Name, spanText([2]int{m.From, m.To}))
	case m.From == m.To && m.From > 0:
		return fmt.Sprintf("%s, week %d", m.Column, m.From)
	case m.From > 0:
		return fmt.Sprintf("%s, weeks %d..%d", m.Column, m.From, m.To)
	case m.Dimension != "":
		return fmt.Sprintf("%s, %s %s", m.Column, m.Dimension, m.Name)
	}
	return m.Column
}

// ruinColumn is the one measure that is 0 or 1 in each replication: its mean is a
// chance.
const ruinColumn = "out_of_business"

// Chance says whether the measure is 0 or 1 in each replication.
func (m Measure) Chance() bool { return m.Column == ruinColumn }

// ruin says whether the measure is out_of_business(SETTING, week N): 1 if the
// vendor went out of business in week N or before, no column of its own.
func (m Measure) ruin() bool { return m.Column == ruinColumn && m.From > 0 && m.From == m.To }

// In finds the column of a measure among those of a plan.
func (m Measure) In(s *plan.Schema) (plan.Column, error) {
	list, what := Columns(s), "outcome"
	if m.Path.Asked && m.Column != "leads" {
		return plan.Column{}, fmt.Errorf("paths of touches are counted for leads, not for %s", m.Column)
	}
	if (m.Rule != "" || m.Against != "") && m.Column != "won" {
		return plan.Column{}, fmt.Errorf("firms are followed to customers won, not to %s", m.Column)
	}
	switch {
	case m.Rule != "":
		if _, known := analysis.AttributionNamed(m.Rule); !known || m.row(s) < 0 {
			return plan.Column{}, fmt.Errorf("there is no rule %s for %s %s", m.Rule, m.Dimension, m.Name)
		}
	case m.Arm.Channel != "":
		return m.armIn(s)
	case m.isRegional():
		return m.regionalIn(s)
	case m.From > 0:
		list, what = s.Weekly, "weekly number"
		if m.To > s.Weeks || m.From > m.To {
			return plan.Column{}, fmt.Errorf("weeks %d..%d are not in the run of %d weeks", m.From, m.To, s.Weeks)
		}
	case m.Dimension != "":
		list, what = s.Slice, "number of slices"
		if m.row(s) < 0 {
			return plan.Column{}, m.unknownSlice(s)
		}
	}
	if m.ruin() {
		list = []plan.Column{{Name: m.Column}}
	}
	for _, c := range list {
		if c.Name == m.Column {
			return c, nil
		}
	}
	return plan.Column{}, &UnknownError{fmt.Sprintf("%s is no %s", m.Column, what), plan.NearestColumn(m.Column, list)}
}

// UnknownError is a name that a plan does not have.
type UnknownError struct {
	Problem string
	Near    string // the nearest name that it has, or empty
}

// Error implements error.
func (e *UnknownError) Error() string {
	return e.Problem + plan.DidYouMean(e.Near)
}

func (m Measure) row(s *plan.Schema) int {
	for i, r := range s.SliceRows {
		if r.Dimension == m.Dimension && r.Name == m.Name {
			return i
		}
	}
	return -1
}

// unknownSlice says which slices a plan has instead.
func (m Measure) unknownSlice(s *plan.Schema) error {
	var rows, dimensions []string
	for _, r := range s.SliceRows {
		if r.Dimension == m.Dimension {
			rows = append(rows, r.Name)
		}
		if !slices.Contains(dimensions, r.Dimension) {
			dimensions = append(dimensions, r.Dimension)
		}
	}
	problem := fmt.Sprintf("there is no %s %s; known: ", m.Dimension, m.Name)
	if rows == nil {
		return &UnknownError{problem + strings.Join(dimensions, ", "), plan.Nearest(m.Dimension, dimensions)}
	}
	return &UnknownError{problem + strings.Join(rows, ", "), plan.Nearest(m.Name, rows)}
}

// Reader gives a function that reads a measure, no ratio, from what a replication shows.
func (m Measure) Reader(p *plan.Plan, s *plan.Schema) (func(*Seen) float64, error) {
	if _, err := m.In(s); err != nil {
		return nil, err
	}
	if m.Path.Asked {
		count := m.count(p)
		return func(x *Seen) float64 { return count(x.Trace) }, nil
	}
	at := func(list []plan.Column) int {
		return slices.IndexFunc(list, func(c plan.Column) bool { return c.Name == m.Column })
	}
	switch {
	case m.Rule != "":
		c := slices.Index(p.Dimension("channel"), m.Name)
		return func(x *Seen) float64 { return x.credit(m.Rule, len(p.Channels))[c] }, nil
	case m.Against != "":
		return func(x *Seen) float64 { return x.count(m.Against, m.Label) }, nil
	case m.ruin():
		m.Column = "week_of_ruin"
		i := at(s.Outcomes)
		return func(x *Seen) float64 {
			if x.Record.Outcomes[i] <= float64(m.To) { // missing: it lives
				return 1
			}
			return 0
		}, nil
	case m.Arm.Channel != "":
		return m.armReader(p), nil
	case m.isRegional():
		return m.regionalReader(p), nil
	case m.From > 0:
		i, n := at(s.Weekly), len(s.Weekly)
		return func(x *Seen) float64 {
			var sum float64
			for w := m.From - 1; w < m.To; w++ {
				sum += x.Record.Weekly[w*n+i]
			}
			return sum
		}, nil
	case m.Dimension != "":
		i := m.row(s)*len(s.Slice) + at(s.Slice)
		return func(x *Seen) float64 { return x.Record.Slices[i] }, nil
	}
	if m.Column == BusinessValue {
		value := businessValue(p, s)
		return func(x *Seen) float64 { return value(x.Record) }, nil
	}
	i := at(s.Outcomes)
	return func(x *Seen) float64 { return x.Record.Outcomes[i] }, nil
}
