package why

import (
	"cmp"
	"math"
	"slices"

	"windfall/model"
	"windfall/sim/analysis"
	"windfall/sim/decide"
)

// Flows are the weekly numbers of which cash is made, with their signs.
var Flows = map[string]float64{"collections": 1, "financing": 1, "refunds": -1, "cost_of_revenue": -1, "media": -1,
	"brand": -1, "pay": -1, "commission": -1, "onboarding": -1, "fees": -1, "fixed_cost": -1}

// Causes are the weekly numbers among which it is looked for what set a replication apart: those of cash, and what
// stands behind them.
var Causes = []string{"collections", "refunds", "cost_of_revenue", "media", "brand", "pay", "commission", "onboarding",
	"fees", "fixed_cost", "financing", "journeys", "touches", "leads", "signups", "won", "churned", "customer_deaths",
	"recession"}

// leastDrawn is the number of replications from which on it is told what a drawn input brought.
const leastDrawn = 20

// Cause is what set a replication apart, up to the last week that is told: a number that was drawn for it, a line of
// cash, or what stands behind those.
type Cause struct {
	analysis.Cause
	Input bool `json:"drawn_input,omitempty"`
	// Dollars are what it did to cash, against the mean of all; none of what stands behind. Of an input it is what
	// cash of all replications moves with it.
	Dollars *float64 `json:"did_to_cash,omitempty"`
}

// Line is a line of cash up to the last week that is told, below 0 what was paid.
type Line struct {
	Name string          `json:"name"`
	Sum  analysis.Number `json:"sum"`
}

// end finds the last week that is told: that of ruin, else that of the run.
func (a *Answer) end(r *Run) error {
	a.Until = r.Schema.Weeks
	ruined, err := r.Kept.Outcome("out_of_business")
	if err != nil || a.Replication >= len(ruined) {
		return err
	}
	failing := 0
	for _, x := range ruined {
		if x == 1 {
			failing++
		}
	}
	a.Failing = float64(failing) / float64(len(ruined))
	weeks, err := r.Kept.Outcome("week_of_ruin")
	if err != nil {
		return err
	}
	if w := weeks[a.Replication]; ruined[a.Replication] == 1 && w >= 1 && w <= float64(a.Until) {
		a.Ruined = int(w)
		a.Until = a.Ruined
	}
	for i := range ruined {
		if i == a.Replication || ruined[i] != 1 || !(weeks[i] < float64(a.Until)) {
			a.beside = append(a.beside, i)
		}
	}
	if len(a.beside) < 2 { // it outlives all others, so they are what there is
		a.beside = nil
	}
	a.Beside = len(a.those(ruined))
	return nil
}

// those are numbers by replication of those beside which this one is set: a company that is out of business pays and
// earns nothing any more, and that would pass for a difference of this one. This one is there with its own place.
func (a *Answer) those(all []float64) []float64 {
	if a.beside == nil {
		return all
	}
	out := make([]float64, len(a.beside))
	for i, r := range a.beside {
		out[i] = all[r]
	}
	return out
}

// place is that of this replication among those.
func (a *Answer) place() int {
	if a.beside == nil {
		return a.Replication
	}
	return slices.Index(a.beside, a.Replication)
}

// part finds where the replication leaves the others, and why.
func (a *Answer) part(r *Run) error {
	all, err := r.Kept.Weekly("cash")
	if err != nil {
		return err
	}
	var told [][]float64
	for w := range min(a.Until, all.Weeks()) {
		told = append(told, all.Week(w))
	}
	if len(told) == 0 {
		return nil
	}
	cash := told[len(told)-1]
	a.Parted = analysis.PartingOf(analysis.PathsByWeek(told), a.Replication)
	a.Gap = analysis.Number(cash[a.Replication] - mean(analysis.Present(a.those(cash))))
	if err := a.lines(r); err != nil {
		return err
	}
	if a.Parted.Week > 0 || a.Ruined > 0 {
		return a.drawn(r, cash)
	}
	a.Causes = nil
	return nil
}

// lines gives the lines of cash, and what else differs from the mean of all, the most dollars first.
func (a *Answer) lines(r *Run) error {
	var all []analysis.Paths
	for _, name := range Causes {
		paths, err := r.Kept.Weekly(name)
		if err != nil {
			return err
		}
		var weeks [][]float64
		for w := range a.Until {
			weeks = append(weeks, a.those(paths.Week(w)))
		}
		all = append(all, analysis.PathsByWeek(weeks))
		if sign, ok := Flows[name]; ok {
			sum := 0.0
			for w := range a.Until {
				sum += float64(sign * paths.Week(w)[a.Replication])
			}
			a.Lines = append(a.Lines, Line{name, analysis.Number(sum)})
		}
	}
	slices.SortStableFunc(a.Lines, func(x, y Line) int { return cmp.Compare(x.Sum, y.Sum) })
	for _, c := range analysis.CausesOf(Causes, all, a.place(), a.Until) {
		cause := Cause{Cause: c}
		if sign, ok := Flows[c.Name]; ok {
			dollars := sign * (c.Sum - c.Mean)
			cause.Dollars = &dollars
		}
		a.Causes = append(a.Causes, cause)
	}
	a.sort()
	return nil
}

// sort puts drawn inputs first, then lines of cash, each by dollars, those that explain the gap first; then the rest
// as it was.
func (a *Answer) sort() {
	side := 1.0
	if a.Gap < 0 {
		side = -1
	}
	class := func(c Cause) int {
		switch {
		case c.Input:
			return 0
		case c.Dollars != nil:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(a.Causes, func(x, y Cause) int {
		if by := cmp.Compare(class(x), class(y)); by != 0 || x.Dollars == nil {
			return by
		}
		return cmp.Compare(side**y.Dollars, side**x.Dollars)
	})
}

// drawn adds the inputs that were drawn, with what cash of all replications moves with each.
func (a *Answer) drawn(r *Run, cash []float64) error {
	prepared, err := model.Prepare(r.Plan)
	if err != nil || len(prepared.Plan().UncertainInputs()) == 0 || len(cash) < leastDrawn {
		return err
	}
	uncertain, err := decide.UncertainOf(r.Plan)
	if err != nil {
		return err
	}
	draws := prepared.Plan().InputDraws(r.Seed, len(cash))
	for i, in := range uncertain.Inputs {
		var values, with []float64
		for k, u := range draws {
			if !math.IsNaN(cash[k]) {
				values, with = append(values, in.Dist.Quantile(u[i])), append(with, cash[k])
			}
		}
		slope, seen := slopeOf(values, with)
		if !seen {
			continue
		}
		x, m := in.Dist.Quantile(draws[a.Replication][i]), mean(values)
		dollars := slope * (x - m)
		a.Inputs = append(a.Inputs, in)
		a.Causes = append(a.Causes, Cause{Input: true, Dollars: &dollars,
			Cause: analysis.Cause{Name: in.Name, Sum: x, Mean: m, Score: (x - m) / deviation(values)}})
	}
	a.sort()
	return nil
}

// slopeOf is the slope of y over x, and whether it is seen: beyond twice its error where there is none.
func slopeOf(x, y []float64) (slope float64, seen bool) {
	mx, my := mean(x), mean(y)
	var xx, xy, yy float64
	for i := range x {
		xx += float64((x[i] - mx) * (x[i] - mx))
		xy += float64((x[i] - mx) * (y[i] - my))
		yy += float64((y[i] - my) * (y[i] - my))
	}
	if !(xx > 0) || !(yy > 0) {
		return 0, false
	}
	r := xy / math.Sqrt(xx*yy)
	return xy / xx, math.Abs(r) > 2/math.Sqrt(float64(len(x)))
}

func mean(list []float64) float64 {
	sum := 0.0
	for _, x := range list {
		sum += x
	}
	return sum / float64(len(list))
}

// deviation is the standard deviation of numbers.
func deviation(list []float64) float64 {
	m, sum := mean(list), 0.0
	for _, x := range list {
		sum += float64((x - m) * (x - m))
	}
	return math.Sqrt(sum / float64(len(list)-1))
}
