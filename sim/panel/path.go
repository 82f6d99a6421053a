package panel

import (
	"fmt"
	"strings"

	"windfall/model"
	"windfall/model/plan"
)

// Path picks raised hands by the touches that led to them. Ranges are
// inclusive; 0 as the last number of a range: no end.
type Path struct {
	Asked    bool
	Touches  [2]int  // number of touches
	Channels [2]int  // number of distinct channels among them
	Unpaid   bool    // no touch by a channel that has a budget
	Within   float64 // at most so many weeks after the trigger; 0: at any time
}

// String writes a path as expressions write it.
func (p Path) String() string {
	var parts []string
	for _, x := range []struct {
		name string
		span [2]int
	}{{"touches", p.Touches}, {"channels", p.Channels}} {
		if x.span[0] > 0 {
			parts = append(parts, x.name+" "+spanText(x.span))
		}
	}
	if p.Unpaid {
		parts = append(parts, "unpaid")
	}
	if p.Within > 0 {
		parts = append(parts, fmt.Sprintf("within %v weeks", p.Within))
	}
	return "path " + strings.Join(parts, ", ")
}

func spanText(s [2]int) string {
	switch s[1] {
	case 0:
		return fmt.Sprintf("%d..", s[0])
	case s[0]:
		return fmt.Sprint(s[0])
	}
	return fmt.Sprintf("%d..%d", s[0], s[1])
}

// count gives a function that counts the raised hands of a replication that
// took the path.
func (m Measure) count(p *plan.Plan) func(*model.Trace) float64 {
	paid := make([]bool, len(p.Channels))
	for i, c := range p.Channels {
		paid[i] = c.Driver == "budget"
	}
	in := func(n int, s [2]int) bool { return n >= s[0] && (s[1] == 0 || n <= s[1]) }
	return func(t *model.Trace) float64 {
		n := 0.0
	leads:
		for i := range t.Leads {
			l := &t.Leads[i]
			if m.From > 0 && (l.Raised < float64(m.From-1) || l.Raised >= float64(m.To)) {
				continue
			}
			if !in(l.Touches, m.Path.Touches) || !in(l.Channels, m.Path.Channels) ||
				m.Path.Within > 0 && l.Raised-l.Trigger > m.Path.Within {
				continue
			}
			if m.Path.Unpaid {
				for _, c := range l.Path {
					if paid[c.Channel] {
						continue leads
					}
				}
			}
			n++
		}
		return n
	}
}
