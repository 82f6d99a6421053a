package fit

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/scenarios/company"
	"windfall/sim/export"
	"windfall/sim/fit/learned"
)

// small is a twentieth of metro, with a history of 6 months in which the spend of two channels varies.
func small(t *testing.T) (*plan.Plan, *company.History) {
	p, err := scenarios.Load("metro")
	require.NoError(t, err)
	q := Smaller(p, 0.05)
	q.Opening.BurnInWeeks = 8
	h := &company.History{Monthly: true}
	for m := range 6 {
		h.Periods = append(h.Periods, company.Period{From: plan.NewDate(2013, 1+m, 1), To: plan.NewDate(2013, 2+m, 1)})
	}
	for _, name := range []string{"paid-search", "partners", "email"} {
		x := company.ChannelHistory{Name: name}
		for m, period := range h.Periods {
			factor := 1.0
			if name != "email" {
				factor = 0.5 + 0.3*float64(m%3)
			}
			i := channelAt(q, name)
			x.Spend = append(x.Spend, q.Channels[i].WeeklyBudget*factor*period.Weeks())
		}
		h.Channels = append(h.Channels, x)
	}
	return q, h
}

func channelAt(p *plan.Plan, name string) int {
	for i := range p.Channels {
		if p.Channels[i].Name == name {
			return i
		}
	}
	return -1
}

// all kinds of unknowns, each on all that it can act on, but for those of one channel.
func allKinds() (out []learned.Unknown) {
	for _, k := range []learned.Kind{learned.Level, learned.Demand, learned.Response, learned.Saturation, learned.Capture, learned.CarryOver, learned.Halo, learned.Salience, learned.Equity, learned.Win, learned.Cycle,
		learned.Churn, learned.ChurnShape, learned.Frailty, learned.Seats, learned.Price, learned.Real, learned.Total} {
		out = append(out, learned.Unknown{Name: string(k), Kind: k, Prior: learned.Prior{SD: 0.5}})
	}
	return out
}

// bound is a plan of a history with the numbers that unknowns move.
func bound(t *testing.T, unknowns []learned.Unknown) (*plan.Plan, []number, *export.Panel) {
	p, h := small(t)
	require.NoError(t, checkUnknowns(p, unknowns))
	q, err := History(p, h, nil)
	require.NoError(t, err)
	at, err := export.Observe(q, 0)
	require.NoError(t, err)
	numbers, err := bind(q, unknowns, at)
	require.NoError(t, err)
	return q, numbers, at
}

// A number that is known by date is no unknown: which of its values would it be?
func TestANumberByDateIsNoUnknown(t *testing.T) {
	price := []learned.Unknown{{Name: "price", Kind: learned.Price, Prior: learned.Prior{SD: 0.5}}}
	p, _, at := bound(t, price)
	key := "products." + p.Products[0].Name + ".price"
	p.Schedules = append(p.Schedules, plan.Schedule{Key: key, Entries: []plan.ScheduleEntry{{From: p.Run.Start + 70, Value: 80, Input: -1}}})
	_, err := bind(p, price, at)
	require.ErrorContains(t, err, key+": it is known by date, so that it is no unknown")
}

// given is a plan with the numbers at values of the unknowns.
func given(t *testing.T, p *plan.Plan, numbers []number, x []float64) *plan.Plan {
	q := p.Clone()
	for i := range numbers {
		refs, _, err := q.Numbers(numbers[i].key)
		require.NoError(t, err)
		require.Len(t, refs, 1, numbers[i].key)
		*refs[0] = numbers[i].value(x)
	}
	return q
}

// At 0 the plan stands as it is, and each kind moves some number.
func TestUnknownsMoveNumbers(t *testing.T) {
	unknowns := allKinds()
	p, numbers, _ := bound(t, unknowns)
	zero := make([]float64, len(unknowns))
	seen := map[string]bool{}
	for i := range numbers {
		n := &numbers[i]
		require.False(t, seen[n.key], n.key)
		seen[n.key] = true
		require.InDelta(t, n.base, n.value(zero), 1e-12*n.base, n.key)
		require.InDelta(t, 0.5, n.at(zero), 1e-12, n.key)
	}
	for u := range unknowns {
		x := make([]float64, len(unknowns))
		x[u] = 0.3
		moved := 0
		for i := range numbers {
			if numbers[i].value(x) != numbers[i].base {
				moved++
			}
		}
		require.Positive(t, moved, unknowns[u].Name)
	}
	require.NotNil(t, p)
}

// However levels share it, all channels bring together what the total says: customers won of the plan as it stands times
// e^total. A channel whose level is not asked stays.
func TestLevelsShareTheTotal(t *testing.T) {
	unknowns := []learned.Unknown{{Name: "a", Kind: learned.Level, Of: []string{"paid-search"}, Prior: learned.Prior{SD: 1}},
		{Name: "b", Kind: learned.Level, Of: []string{"partners"}, Prior: learned.Prior{SD: 1}},
		{Name: "c", Kind: learned.Demand, Of: []string{"inbound"}, Prior: learned.Prior{SD: 1}},
		{Name: "total", Kind: learned.Total, Prior: learned.Prior{SD: 1}}}
	p, numbers, at := bound(t, unknowns)
	require.Len(t, numbers, 3)
	won := map[string]float64{}
	for _, name := range []string{"paid-search", "partners", "inbound"} {
		for _, column := range at.WonBy[channelAt(p, name)] {
			for _, n := range column {
				won[name] += n
			}
		}
	}
	for _, x := range [][]float64{{0, 0, 0, 0}, {2, -1, 0.5, 0}, {-3, 1, 2, 0.7}} {
		var before, after float64
		for i := range numbers {
			path, err := plan.SplitKey(numbers[i].key)
			require.NoError(t, err)
			before += won[path[1]]
			after += won[path[1]] * numbers[i].value(x) / numbers[i].base
		}
		require.Positive(t, before)
		require.InEpsilon(t, before*math.Exp(x[3]), after, 1e-9, "%v", x)
	}
	x := []float64{1, 0, 0, 0.3}
	path, err := plan.SplitKey(numbers[1].key)
	require.NoError(t, err)
	require.Equal(t, "paid-search", path[1])
	require.InEpsilon(t, numbers[1].base/numbers[0].base*math.E, numbers[1].value(x)/numbers[0].value(x), 1e-9, "shares are those of the levels")
}

// A prepared plan that takes numbers on the scale of probabilities gives what a plan with those numbers gives.
func TestInputsAreTheNumbers(t *testing.T) {
	unknowns := allKinds()
	p, numbers, _ := bound(t, unknowns)
	x := []float64{0.2, -0.3, 0.1, 0.4, -0.2, 0.3, 0.5, 0.2, -0.4, 0.6, 0.1, -0.5, 0.1, -0.3, 0.2, -0.05, 0.3, 0.1}
	r := &runner{numbers: numbers, seed: 4}
	require.NoError(t, r.prepare(p, nil))
	in := make([]float64, len(r.order))
	for i, n := range r.order {
		in[i] = numbers[n].at(x)
	}
	got := r.prepared[0].Schema().NewRecord()
	r.prepared[0].NewState().ReplicateAt(4, 7, in, got)

	plain, err := model.Prepare(given(t, p, numbers, x))
	require.NoError(t, err)
	want := plain.Schema().NewRecord()
	plain.NewState().Replicate(4, 7, want)
	same := 0
	for i := range want.Weekly {
		if math.Abs(want.Weekly[i]-got.Weekly[i]) <= 1e-9*math.Abs(want.Weekly[i]) || want.Weekly[i] != want.Weekly[i] {
			same++
		}
	}
	require.Equal(t, len(want.Weekly), same)
}

// What is not identified is apart from what is: the touch rate in the history is that of its level, whatever the
// saturation, and the response lifted by brand that of its response, whatever the halo.
func TestUnknownsAreOrthogonal(t *testing.T) {
	unknowns := []learned.Unknown{{Name: "level", Kind: learned.Level, Prior: learned.Prior{SD: 1}},
		{Name: "saturation", Kind: learned.Saturation, Prior: learned.Prior{SD: 1}}, {Name: "halo", Kind: learned.Halo, Prior: learned.Prior{SD: 1}}}
	p, numbers, at := bound(t, unknowns)
	for _, x := range [][]float64{{0, 0.8, 0}, {0, -1.2, 0.5}, {0, 0.3, -1}} {
		after, err := export.Observe(given(t, p, numbers, x), 0)
		require.NoError(t, err)
		for _, name := range []string{"paid-search", "partners", "email", "direct-mail"} {
			c := channelAt(p, name)
			touches, before := 0.0, 0.0
			lifted, lift := 0.0, 0.0
			for week := range at.Weeks {
				before += at.Rate[c][0][week]
				touches += after.Rate[c][0][week]
				lift += at.Curves[c][week].Response * at.Lift[c][0][week]
				lifted += after.Curves[c][week].Response * after.Lift[c][0][week]
			}
			if p.Channels[c].Captures == "" {
				require.InEpsilon(t, before, touches, 0.01, "%s %v", name, x)
			}
			require.InEpsilon(t, lift, lifted, 0.04, "%s %v", name, x)
		}
	}
}

// Direct mail has targets: what its half-saturation is for those whom it addresses is in the run, not in the plan.
func TestTargetsCountInTheCurve(t *testing.T) {
	p, _, at := bound(t, allKinds())
	c := channelAt(p, "direct-mail")
	require.NotEqual(t, p.Channels[c].HalfSaturation, at.HalfSaturation[c][0])
	b := &binder{p: p, at: at}
	k := b.far(c)
	require.InEpsilon(t, at.HalfSaturation[c][3]/at.Adstock[c][3], k.far[3], 1e-9)
	require.Equal(t, 1.0, (*curve)(nil).compensation(2))
	require.InDelta(t, k.mean(0)/k.mean(0.7), k.compensation(0.7), 1e-12)
}

// The plan of a history spends what it says, lives, and neither cuts nor hires.
func TestPlanOfAHistory(t *testing.T) {
	p, h := small(t)
	h.Channels[0].Spend[2] = math.NaN() // as the month before
	q, err := History(p, h, map[string][]float64{"inside": {1, 1, 2, 2, 2, 1}})
	require.NoError(t, err)
	require.Equal(t, h.From(), q.Run.Start)
	require.Equal(t, 26.0, q.Run.Weeks)
	at, err := export.Observe(q, 0)
	require.NoError(t, err)
	l := everything(q, h)
	c := channelAt(q, "paid-search")
	weeks := make([]float64, at.Weeks)
	for _, column := range at.Spend[c] {
		for week, x := range column {
			weeks[week] += x
		}
	}
	got := l.sums(weeks)
	for i, x := range h.Channels[0].Spend {
		if i == 2 {
			x = h.Channels[0].Spend[1] / h.Periods[1].Weeks() * h.Periods[2].Weeks()
		}
		require.InEpsilon(t, x, got[i], 0.1, "period %d: weeks that two months share are spread", i)
	}
	people := at.Of("people.inside")
	require.Equal(t, 1.0, people[0])
	require.Equal(t, 2.0, people[12])
	require.Empty(t, q.CashRules)
	require.Positive(t, at.Of("cash")[at.Weeks-1])
	for _, z := range q.Customers.Retained12Months {
		require.True(t, math.IsNaN(z), "churn is base_hazard")
	}
}

// Weeks become months by days, levels by the ends of weeks.
func TestWeeksBecomePeriods(t *testing.T) {
	start := plan.NewDate(2013, 1, 1)
	l := &layout{start: start, weeks: 3, periods: []company.Period{{From: start, To: start + 10},
		{From: start + 10, To: start + 21}}}
	require.InDeltaSlice(t, []float64{7 + 3.0/7*14, 4.0/7*14 + 21}, l.sums([]float64{7, 14, 21}), 1e-12)
	require.InDeltaSlice(t, []float64{20 + 3.0/7*10, 60}, l.ends([]float64{20, 30, 60}, 10), 1e-12)
	l.periods = []company.Period{{From: start, To: start + 3}}
	require.InDeltaSlice(t, []float64{10 + 3.0/7*10}, l.ends([]float64{20, 30, 60}, 10), 1e-12)
}

// A part of the market is that part of every count.
func TestSmallerMarkets(t *testing.T) {
	p, err := scenarios.Load("metro", scenarios.Set("run.weeks=52"))
	require.NoError(t, err)
	p.OpeningPlan, p.Finance.OpeningCash, p.CashRules = nil, 1e9, nil
	q := Smaller(p, 0.25)
	sum := func(p *plan.Plan, column string) (n float64) {
		r, err := export.NewRunner(p)
		require.NoError(t, err)
		for k := range 6 {
			for _, x := range r.Run(1, k)[0].Of(column) {
				n += x
			}
		}
		return n
	}
	for _, column := range []string{"leads", "won", "churned"} {
		whole, part := sum(p, column), sum(q, column)
		require.InDelta(t, 1, part*4/whole, 4*math.Sqrt(4/whole+1/whole)+0.02, column)
	}
}

func TestWhatCannotBeFitted(t *testing.T) {
	p, h := small(t)
	ask := func(change func(a *Ask)) error {
		a := &Ask{Plan: p, History: h, Unknowns: []learned.Unknown{{Name: "a", Kind: learned.Level, Prior: learned.Prior{SD: 1}}}}
		h.Won = []float64{1, 2, 3, 4, 5, 6}
		change(a)
		_, err := a.begin()
		return err
	}
	require.NoError(t, ask(func(*Ask) {}))
	for want, change := range map[string]func(a *Ask){
		"nothing to learn": func(a *Ask) { a.Unknowns = nil },
		"no kind":          func(a *Ask) { a.Unknowns[0].Kind = "mood" },
		"must be above 0":  func(a *Ask) { a.Unknowns[0].Prior.SD = 0 },
		"did you mean":     func(a *Ask) { a.Unknowns[0].Of = []string{"paid-serch"} },
		"is of the whole plan": func(a *Ask) {
			a.Unknowns[0] = learned.Unknown{Name: "a", Kind: learned.Churn, Of: []string{"x"}, Prior: learned.Prior{SD: 1}}
		},
		"a name of its own":     func(a *Ask) { a.Unknowns = append(a.Unknowns, a.Unknowns[0]) },
		"at least 2 are needed": func(a *Ask) { a.History = &company.History{Periods: h.Periods[:1]} },
		"nothing to learn from": func(a *Ask) { a.History = &company.History{Periods: h.Periods} },
		"a part of the firms":   func(a *Ask) { a.Share = 1.5 },
		"between 0 and 1":       func(a *Ask) { a.Errors = &ModelError{Market: -1} },
		"must be below high": func(a *Ask) {
			a.Evidence = []company.Evidence{{Name: "x", Channels: []string{"email"}, Factor: 2, From: h.From(), Until: h.To(),
				Outcome: company.Won, Low: 2, High: 1}}
		},
		"does not lie in the history": func(a *Ask) {
			a.Evidence = []company.Evidence{{Name: "x", Channels: []string{"email"}, Factor: 2, From: h.From() - 1, Until: h.To(),
				Outcome: company.Won, Low: 1, High: 2}}
		},
		"no channel or medium": func(a *Ask) {
			a.Evidence = []company.Evidence{{Name: "x", Channels: []string{"mail"}, Factor: 2, From: h.From(), Until: h.To(),
				Outcome: company.Won, Low: 1, High: 2}}
		},
	} {
		require.ErrorContains(t, ask(change), want)
	}
}
