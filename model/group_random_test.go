package model

import (
	"cmp"
	"flag"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"windfall/model/plan"
)

// randomSettings are a random plan and others made of it as the commands make them: dated changes on top of it from a
// random date on, some of them from the first day, and overrides that leave the opening plan as it is.
func randomSettings(rt *rapid.T) []*plan.Plan {
	base := randomPlan(rt)
	keys := []string{"channels.*.weekly_budget", "media.*.weekly_budget", "channels.*.max_touches_per_week",
		"channels.*.reach.size", "channels.*.region_spend", "channels.*.region_spend.east",
		"channels.*.holdout",
		"channels.*.response", "triggers.*.urgency", "triggers.office.rate_per_year",
		"teams.*.people", "teams.*.win_rate", "products.*.price",
		"customers.churn_multiplier", "journey.lock_in_years", "journey.touches_needed", "population.growth_per_year",
		"brand.awareness_max", "finance.fixed_cost_per_week", "rivals.strength",
		"channels.*.real", "channels.*.organic",
		"customers.seat_growth_per_year", "products.*.cost_to_serve_per_month"}
	plans := []*plan.Plan{base}
	first := base.Run.Start + plan.Date(rapid.IntRange(0, 40).Draw(rt, "the first date"))
	for i := range rapid.IntRange(1, 3).Draw(rt, "settings") {
		from := rapid.SampledFrom([]plan.Date{base.Run.Start, first, first, first + 3}).Draw(rt, "date")
		c := base.Final("setting", from, 0)
		if rapid.Bool().Draw(rt, "ends") {
			c.Until = from + plan.Date(rapid.IntRange(1, 30).Draw(rt, "length"))
		}
		for range rapid.IntRange(1, 2).Draw(rt, "effects") {
			e := plan.Effect{Key: rapid.SampledFrom(keys).Draw(rt, "key"), Multiply: true, Input: -1}
			e.Value = rapid.SampledFrom([]float64{0, 0.5, 1, 2, 10}).Draw(rt, "multiple")
			switch e.Key {
			case "channels.*.max_touches_per_week": // every touch costs memory
				e.Value = min(e.Value, 2)
			case "channels.*.holdout":
				e.Multiply, e.Value = false, min(e.Value, 1)
			case "population.growth_per_year":
				e.Multiply, e.Value = false, 0.3
			}
			c.Effects = append(c.Effects, e)
		}
		p := base.With(c)
		if rapid.IntRange(0, 3).Draw(rt, "written in") == 0 {
			opening := base.Clone()
			opening.Changes, opening.Shocks = nil, nil
			p = base.Clone()
			p.OpeningPlan = opening
			for _, e := range c.Effects {
				refs, param, err := p.Numbers(e.Key)
				require.NoError(rt, err)
				for _, x := range refs {
					*x = min(max(*x*e.Value, param.Low), param.High)
				}
			}
		}
		p.Name = fmt.Sprint("setting ", i)
		plans = append(plans, p)
	}
	return plans
}

// Plans that are run together have the records that they have alone, whatever they share.
func TestRandomGroups(t *testing.T) {
	plans, seed := 24, "3"
	if heavy {
		plans, seed = 400, "0"
	}
	options := map[string]string{"rapid.checks": fmt.Sprint(plans), "rapid.seed": seed, "rapid.nofailfile": "true"}
	for name, value := range options {
		was := flag.Lookup(name).Value.String()
		require.NoError(t, flag.Set(name, value))
		defer func() { require.NoError(t, flag.Set(name, was)) }()
	}
	made, shared, later, apart, seen, taken := 0, 0, 0, 0, 0, 0 // go test -short makes fewer
	rapid.Check(t, func(rt *rapid.T) {
		var all []*Prepared
		var records []*plan.Record
		for _, p := range randomSettings(rt) {
			pr, err := Prepare(p)
			if err != nil {
				rt.Skip(err)
			}
			all, records = append(all, pr), append(records, pr.Schema().NewRecord())
		}
		made++
		g := NewGroup(all)
		for range all {
			g.Observers = append(g.Observers, &watcher{})
		}
		for i := range all[1:] {
			switch until := g.SharedUntil(1 + i); {
			case until > 0:
				later++
			case until == 0:
				shared++
			default:
				apart++
			}
		}
		days := NewFirstDays(func() bool { return true })
		for r := range 3 {
			replicate := func(s *State, rec *plan.Record) { s.Replicate(7, r, rec) }
			given := slices.Repeat([]float64{0.3}, len(all[0].Plan().UncertainInputs()))
			switch r {
			case 0:
				g.Replicate(7, r, records)
			case 1:
				replicate = func(s *State, rec *plan.Record) { s.ReplicateNested(7, 1, 2, rec) }
				g.ReplicateNested(7, 1, 2, records)
			case 2:
				replicate = func(s *State, rec *plan.Record) { s.ReplicateAt(7, r, given, rec) }
				g.ReplicateAt(7, r, slices.Repeat([][]float64{given}, len(all)), records)
			}
			for i, pr := range all {
				s, want := pr.NewState(), pr.Schema().NewRecord()
				alone := &watcher{}
				s.Observer = alone
				replicate(s, want)
				which := fmt.Sprintf("plan %d of replication %d, shared until step %d", i, r, g.SharedUntil(i))
				require.Empty(rt, differences(pr.Schema(), want, records[i]), which)
				require.Equal(rt, want.Replication, records[i].Replication)
				together := g.Observers[i].(*watcher)
				require.True(rt, sameTrace(&alone.Trace, &together.Trace), "histories of "+which)
				require.Equal(rt, alone.touches(), together.touches(), "touches of "+which)
				require.Equal(rt, alone.weeks, together.weeks, "weeks of "+which)
				seen += len(alone.Made)
				// Plans that are run one after the other run on from the first day of the first.
				one, rec := NewGroup([]*Prepared{pr}), pr.Schema().NewRecord()
				one.FirstDays = days
				switch r {
				case 0:
					one.Replicate(7, r, []*plan.Record{rec})
				case 1:
					one.ReplicateNested(7, 1, 2, []*plan.Record{rec})
				case 2: // nothing is kept of inputs that are given
					one.ReplicateAt(7, r, [][]float64{given}, []*plan.Record{rec})
				}
				require.Empty(rt, differences(pr.Schema(), want, rec), "from a first day that is kept: "+which)
				if one.members[0].served == served {
					taken++
				}
			}
			require.Len(rt, days.kept, min(r+1, 2))
		}
	})
	t.Log("shared from the opening state on, later, not at all:", shared, later, apart)
	require.GreaterOrEqual(t, made, plans/5)
	require.Greater(t, shared, made/2)
	require.Greater(t, seen, made*100)
	require.Greater(t, later, made/8)
	require.Greater(t, taken, 3*made)
}

// differences names the first numbers of two records that are not equal to the bit.
func differences(s *plan.Schema, want, got *plan.Record) (out []string) {
	see := func(columns []plan.Column, x, y []float64) {
		for i := range x {
			if c := columns[i%len(columns)].Name; math.Float64bits(x[i]) != math.Float64bits(y[i]) && len(out) < 5 {
				out = append(out, fmt.Sprintf("%s, row %d: %v is %v", c, i/len(columns), x[i], y[i]))
			}
		}
	}
	see(s.Outcomes, want.Outcomes, got.Outcomes)
	see(s.Weekly, want.Weekly, got.Weekly)
	see(s.Months, want.Months, got.Months)
	see(s.Slice, want.Slices, got.Slices)
	see([]plan.Column{{Name: "inputs"}}, want.Inputs, got.Inputs)
	return out
}

// sameTrace says whether two traces have the same histories.
func sameTrace(a, b *Trace) bool {
	return slices.EqualFunc(a.Leads, b.Leads, func(x, y Lead) bool { return reflect.DeepEqual(x, y) }) &&
		slices.Equal(a.Contacts, b.Contacts) &&
		slices.EqualFunc(a.Customers, b.Customers, func(x, y Win) bool { return reflect.DeepEqual(x, y) })
}

// watcher keeps all that can be told of a run.
type watcher struct {
	Trace
	weeks []string
}

func (x *watcher) Asks() Events { return Leads | Contacts | Wins | PathsOfLeads | Touches | Weeks }

func (x *watcher) Begin() {
	x.Trace.Begin()
	x.weeks = x.weeks[:0]
}

func (x *watcher) Week(k *Week) {
	own := *k
	own.Plan = nil
	x.weeks = append(x.weeks, fmt.Sprintf("%+v", own))
}

// touches are those that were told, in an order that does not depend on who was followed first.
func (x *watcher) touches() []TouchMade {
	out := append([]TouchMade{}, x.Made...)
	slices.SortStableFunc(out, func(a, b TouchMade) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.At, b.At)) })
	return out
}
