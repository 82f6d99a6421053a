package scenarios

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

func unreached(s *sense) (out []finding) {
	for i := range s.p.Channels {
		c := &s.p.Channels[i]
		if !c.Enabled {
			continue
		}
		var last, why string
		if s.never(func(q *plan.Plan) bool {
			last, why = deaf(q, &q.Channels[i])
			return why == ""
		}) {
			out = append(out, finding{"channels." + plan.JoinKey(c.Name) + "." + last, c.Name + " (" + why + ")"})
		}
	}
	return out
}

// deaf says by which key a channel can win no lead, and why; empty: it can.
func deaf(p *plan.Plan, c *plan.Channel) (key, why string) {
	visible := func(t plan.Trigger) bool { return t.Enabled && t.Visible > 0 && slices.Contains(c.Targets, t.Name) }
	switch {
	case c.MaxTouchesPerWeek == 0:
		return "max_touches_per_week", "max_touches_per_week is 0"
	case c.Response == 0:
		return "response", "response is 0"
	case len(c.Targets) > 0 && !slices.ContainsFunc(p.Triggers, visible):
		return "targets", "no trigger kind that it targets is enabled and visible"
	case !reachesAny(p, c, func(int, int) bool { return true }):
		return "reach", "its reach is 0 for every firm"
	case !slices.ContainsFunc(p.Products, func(x plan.Product) bool { return x.Enabled }):
		return "", "" // nobody sells anything, which is another warning
	case !reachesAny(p, c, func(size, industry int) bool { return soldThrough(p, c, size, industry) }):
		return "reach", "no product is sold to the firms that it reaches"
	}
	return "", ""
}

// reachesAny says whether a channel reaches firms of some kind.
func reachesAny(p *plan.Plan, c *plan.Channel, of func(size, industry int) bool) bool {
	some := func(xs []float64) bool { return slices.ContainsFunc(xs, func(x float64) bool { return x > 0 }) }
	for s := range p.Population.Sizes {
		for i := range p.Population.Industries {
			if c.Reach.Size[s] > 0 && c.Reach.Industry[i] > 0 && some(c.Reach.Region) && of(s, i) {
				return true
			}
		}
	}
	return false
}

// soldThrough says whether a product is sold through a channel to the firms of a size and an industry.
func soldThrough(p *plan.Plan, c *plan.Channel, size, industry int) bool {
	return slices.ContainsFunc(p.Products, func(x plan.Product) bool {
		return x.Enabled && holds(x.Channels, c.Name) && holds(x.Sizes, p.Population.Sizes[size].Name) &&
			holds(x.Industries, p.Population.Industries[industry].Name)
	})
}

// unfunded lists channels without money on any day. One that the opening plan pays for is cut on purpose.
func unfunded(s *sense) (out []finding) {
	for i := range s.p.Channels {
		c := &s.p.Channels[i]
		if share, _ := s.p.OrganicShare(c); !c.Enabled || c.Driver != "budget" || share > 0 || c.InitialAdstock > 0 ||
			s.fundedBefore(c.Name) {
			continue
		}
		var most float64
		for _, t := range s.lines {
			for step := range t.Steps() {
				spend, _ := t.ChannelSpend(step, i)
				most = max(most, spend)
			}
		}
		if most == 0 {
			out = append(out, finding{budgetOf(c.Name), c.Name})
		}
	}
	return out
}

func (s *sense) fundedBefore(channel string) bool {
	o := s.p.OpeningPlan
	return o != nil && slices.ContainsFunc(o.Channels, func(c plan.Channel) bool {
		return c.Name == channel && c.Enabled && c.WeeklyBudget > 0
	})
}

// lostSearches lists channels that capture and say nothing of what the paid link does not take.
func lostSearches(s *sense) (out []finding) {
	for i := range s.p.Channels {
		c := &s.p.Channels[i]
		key := "channels." + plan.JoinKey(c.Name)
		if c.Enabled && c.Captures != "" && c.FallsBackTo == "" && s.b.places[key+".organic"] == nil {
			out = append(out, finding{key + ".captures", c.Name})
		}
	}
	return out
}

// unheard lists brand media where nothing in the plan follows the brand.
func unheard(s *sense) (out []finding) {
	heard := func(q *plan.Plan) bool {
		return slices.ContainsFunc(q.Channels, func(c plan.Channel) bool {
			return q.Acts(&c) && (c.Halo > 0 || c.Driver == "brand" || c.ForAware())
		})
	}
	for i := range s.p.Media {
		m := &s.p.Media[i]
		spends := func(q *plan.Plan) bool {
			b := &q.Media[i].WeeklyBudget
			return b.Total > 0 || slices.ContainsFunc(b.Parts, func(x float64) bool { return x > 0 })
		}
		moves := func(q *plan.Plan) bool { return heard(q) && q.Media[i].ToSalience+q.Media[i].ToEquity > 0 }
		if m.Enabled && len(s.p.Channels) > 0 && !s.never(spends) && s.never(moves) {
			out = append(out, finding{"media." + plan.JoinKey(m.Name) + ".weekly_budget", m.Name})
		}
	}
	return out
}

// teams lists the teams that are switched on and for which something holds, at a key.
func (s *sense) teams(key string, is func(team int, t *plan.Team) (name string, ok bool)) (out []finding) {
	for i := range s.p.Teams {
		t := &s.p.Teams[i]
		if !t.Enabled {
			continue
		}
		if name, ok := is(i, t); ok {
			out = append(out, finding{"teams." + plan.JoinKey(t.Name) + "." + key, name})
		}
	}
	return out
}

func unansweredTeams(s *sense) []finding {
	return s.teams("never_answered", func(i int, t *plan.Team) (string, bool) {
		return t.Name, t.Kind == "people" && s.never(func(q *plan.Plan) bool { return q.Teams[i].NeverAnswered < 1 })
	})
}

func winless(s *sense) []finding {
	return s.teams("win_rate", func(i int, t *plan.Team) (string, bool) {
		return t.Name + " (win_rate is 0 in every class that it serves)", s.never(func(q *plan.Plan) bool {
			for c, size := range q.Dimension("size") {
				if holds(t.Sizes, size) && q.Teams[i].WinRate[c] > 0 {
					return true
				}
			}
			return false
		})
	})
}

// overload is how much more than a team can handle must come in its quietest quarter: the mean field is sampled.
const overload = 1.05

func overloaded(s *sense) (out []finding) {
	for i, demand := range s.outline().Demand {
		t := &s.p.Teams[i]
		key := "teams." + plan.JoinKey(t.Name)
		if t.Enabled && demand > overload && math.IsNaN(t.HireWhenLoadAbove) && !s.drawn(key) {
			out = append(out, finding{s.latest(key+".people", key+".opportunities_per_week"),
				fmt.Sprintf("%s (even in its quietest quarter %s times the work that it can do comes in)", t.Name,
					rough(demand))})
		}
	}
	return out
}

// idleTeams lists teams of people that no lead can come to: no channel that reaches a class that they serve and that is
// sold to is theirs, by name or by share.
func idleTeams(s *sense) []finding {
	return s.teams("people", func(i int, t *plan.Team) (string, bool) {
		return t.Name, t.Kind == "people" && !s.never(func(q *plan.Plan) bool { return q.Teams[i].People > 0 }) &&
			s.never(func(q *plan.Plan) bool { return hasLeads(q, &q.Teams[i]) }) && !s.never(sells)
	})
}

// sells says whether somebody is sold to at all: else no team has leads, which is another warning.
func sells(p *plan.Plan) bool {
	return slices.ContainsFunc(p.Channels, func(c plan.Channel) bool { return p.Acts(&c) }) &&
		slices.ContainsFunc(p.Products, func(x plan.Product) bool { return x.Enabled })
}

// hasLeads says whether leads may come to a team.
func hasLeads(p *plan.Plan, t *plan.Team) bool {
	for i := range p.Channels {
		c := &p.Channels[i]
		for s, size := range p.Dimension("size") {
			listed := slices.ContainsFunc(p.Teams, func(x plan.Team) bool {
				return x.Enabled && holds(x.Sizes, size) && slices.Contains(x.Channels, c.Name)
			})
			mine := slices.Contains(t.Channels, c.Name) || len(t.Channels) == 0 && !listed && t.Share[s] > 0
			if mine && holds(t.Sizes, size) && receives(p, c, s) {
				return true
			}
		}
	}
	return false
}

// idleKeys lists what the file that was asked for sets and that can do nothing in the plan. What the file itself
// switches off may keep its numbers, but for a hazard of rivals, which nobody needs to write there. In a study another
// setting may switch it on.
func idleKeys(s *sense) (out []finding) {
	b := s.b
	if b.root.kid("resolved") != nil || b.root.kid("study") != nil {
		return nil
	}
	for _, f := range s.p.AllFields() {
		n := b.places[f.Key]
		if n == nil || n.file != b.main || isDefault(f) || s.warnedOf(f.Key) {
			continue
		}
		why := idle(s.p, f.Key)
		segs, _ := plan.SplitKey(f.Key)
		own := len(segs) > 1 && b.layer(f.Key) <= b.layer(plan.JoinKey(segs[:2]...)+".enabled")
		if own && strings.HasSuffix(why, switchedOff) && f.Param.Pattern != "triggers.*.rival_per_week" {
			continue
		}
		if why != "" {
			out = append(out, finding{f.Key, f.Key + " (" + why + ")"})
		}
	}
	return out
}

// warnedOf says whether the loader has warned of a key already.
func (s *sense) warnedOf(key string) bool {
	return slices.ContainsFunc(s.before, func(p Problem) bool { return p.Key == key })
}
