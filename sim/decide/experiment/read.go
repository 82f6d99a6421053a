package experiment

import (
	"math"
	"slices"

	"windfall/model/rng"
	"windfall/sim/estimate"
	"windfall/sim/panel"
)

// reading is what an analyst makes of one test, run by run, beside the truth of the paired world.
type reading struct {
	total, low, high []float64
	truth            []float64 // what the test changed in the regions and weeks that count
	// found says whether the interval leaves out 0, holds whether it holds the truth, wrong whether it lies on the other
	// side of 0 than the mean truth: 1 or 0.
	found, holds, wrong []float64
	// alarm is found of the test that changes nothing: regions and weeks are chosen, and the spend stays as it is.
	alarm   []float64
	idle    []float64 // the estimates of that
	reason  string    // why the estimator says nothing, if it does not
	reasons int       // runs in which it does
}

// estimator reads panels of a design.
type estimator struct {
	*checked
	*panel.Panel
	regions []string // one, without a name, where all are added up; or the two arms of a holdout by firms
}

func (c *checked) on(p *panel.Panel) estimator {
	x := estimator{c, p, []string{""}}
	switch {
	case c.firms > 0:
		x.regions = []string{"held out", "others"}
	case c.byRegion():
		x.regions = c.Plan.Dimension("region")
	}
	return x
}

// method is what the counts of a test are read with.
func (c *checked) method(t *test) estimate.Method {
	named := func(name string) estimate.Method {
		return estimate.Methods[slices.IndexFunc(estimate.Methods, func(m estimate.Method) bool { return m.Name == name })]
	}
	switch {
	case c.firms > 0:
		return estimate.Method{Name: "proportions", Title: "firms held out beside the others",
			Promises: "approximately, if each firm decides for itself",
			Estimate: func(p estimate.Panel) estimate.Estimate {
				of, n := armsOf(p), c.counts()
				return estimate.Proportions(of[0], of[1], n[0], n[1])
			}}
	case c.Kind == Dark:
		return named("series")
	case c.Kind == Pulse:
		off := c.off(t.weeks, c.last(t.weeks))
		return estimate.Method{Name: "schedule", Title: "regression on the schedule", Promises: "approximately, if " +
			"errors around a straight trend and one season run on from week to week (AR(1)), and a week that is off " +
			"does nothing to the next",
			Estimate: func(p estimate.Panel) estimate.Estimate { return estimate.Schedule(p, off) }}
	case estimate.Decides(c.mask(t.treated)):
		return named("differences")
	}
	return estimate.Method{Name: "beside", Title: "treated beside other regions, week by week", Estimate: estimate.Beside,
		Promises: "approximately, if regions go up and down together except for errors that run on from " +
			"week to week"}
}

// armsOf are the firms that did it in the weeks that count: of those held out, and of the others.
func armsOf(p estimate.Panel) (of [2]float64) {
	for arm := range of {
		for w := p.From; w < p.Until; w++ {
			of[arm] += p.Outcome[arm][w]
		}
	}
	return of
}

// mask says which regions are treated, or which firms; where all are added up that one is.
func (c *checked) mask(treated []string) (out []bool) {
	switch {
	case c.firms > 0:
		return []bool{true, false}
	case !c.byRegion():
		return []bool{true}
	}
	for _, r := range c.Plan.Dimension("region") {
		out = append(out, slices.Contains(treated, r))
	}
	return out
}

// columns are the counts of a setting by region and week, each by run, up to a week.
func (x estimator) columns(setting string, until int) [][][]float64 {
	out := make([][][]float64, len(x.regions))
	for w := 1; w <= until; w++ {
		for r, m := range x.week(w) {
			out[r] = append(out[r], x.Values(panel.Leaf{Setting: setting, Measure: m}))
		}
	}
	return out
}

// sight is what the analyst sees in a run.
func (x estimator) sight(columns [][][]float64, t *test, treated []bool, run int) estimate.Panel {
	p := estimate.Panel{Treated: treated, From: x.first - 1, To: x.first - 1 + t.weeks, Until: x.last(t.weeks)}
	for _, weeks := range columns {
		row := make([]float64, p.Until)
		for w := range row {
			row[w] = weeks[w][run]
		}
		p.Outcome = append(p.Outcome, row)
	}
	return p
}

// read reads a test in every run of a panel.
func (x estimator) read(t *test) *reading {
	out, method, treated, until := &reading{}, x.method(t), x.mask(t.treated), x.last(t.weeks)
	with, without := x.columns(t.name(), until), x.columns(basis, until)
	for run := range x.Replications {
		seen := x.sight(with, t, treated, run)
		idle := x.sight(without, t, treated, run)
		out.truth = append(out.truth, changeOf(seen, idle))
		e := rounded(method.Estimate(seen))
		out.add(e)
		idle.Treated = x.assigned(method, treated, run)
		e = rounded(method.Estimate(idle))
		out.idle, out.alarm = append(out.idle, e.Total), append(out.alarm, oneIf(e, e.Wins()))
	}
	side := 0.0
	for _, v := range out.truth {
		side += v
	}
	for run := range out.total {
		e := estimate.Estimate{Total: out.total[run], Low: out.low[run], High: out.high[run],
			Applicable: !math.IsNaN(out.total[run])}
		out.holds = append(out.holds, oneIf(e, e.Covers(out.truth[run])))
		out.wrong = append(out.wrong, oneIf(e, side > 0 && e.High < 0 || side < 0 && e.Low > 0))
	}
	return out
}

// assigned are the regions that are called treated in a test that changes nothing. A method whose test is by chance
// assignment promises its size over all that might have been drawn: so they are drawn anew in each run, unless they
// were named.
func (x estimator) assigned(method estimate.Method, treated []bool, run int) []bool {
	if method.Name != "differences" || len(x.Regions) > 0 {
		return treated
	}
	key := rng.Root(uint64(x.Plan.Run.Seed), run).Child(rng.Label("regions of a test that changes nothing"))
	order := slices.Clone(x.regions)
	slices.SortFunc(order, func(a, b string) int {
		if key.Child(rng.Label(a)) < key.Child(rng.Label(b)) {
			return -1
		}
		return 1
	})
	n := 0
	for _, yes := range treated {
		if yes {
			n++
		}
	}
	return x.mask(order[:n])
}

func (r *reading) add(e estimate.Estimate) {
	r.total, r.low, r.high = append(r.total, e.Total), append(r.low, e.Low), append(r.high, e.High)
	r.found = append(r.found, oneIf(e, e.Wins()))
	if !e.Applicable {
		r.reason = e.Reason
		r.reasons++
	}
}

// oneIf is 1 if something is so of an estimate, 0 if it is not, and missing where there is no estimate.
func oneIf(e estimate.Estimate, yes bool) float64 {
	switch {
	case !e.Applicable:
		return math.NaN()
	case yes:
		return 1
	}
	return 0
}

// changeOf is what two paired panels differ by, in the treated regions and the weeks that count.
func changeOf(with, without estimate.Panel) (sum float64) {
	for r, yes := range with.Treated {
		for w := with.From; yes && w < with.Until; w++ {
			sum += with.Outcome[r][w] - without.Outcome[r][w]
		}
	}
	return sum
}

// rounded cuts an estimate to ten digits: what linear algebra leaves beyond differs between processors.
func rounded(e estimate.Estimate) estimate.Estimate {
	for _, x := range []*float64{&e.Total, &e.Low, &e.High} {
		*x = cut(*x)
	}
	return e
}

func cut(x float64) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	scale := math.Pow(10, 9-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}
