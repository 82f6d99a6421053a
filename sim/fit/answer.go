package fit

import (
	"math"
	"slices"

	"windfall/scenarios/company"
	"windfall/sim/fit/learned"
)

const mostLearned, mostPartly = 0.5, 0.9

// verdictOf says how much was learned.
func verdictOf(ratio float64) learned.Verdict {
	switch {
	case ratio <= mostLearned:
		return learned.Learned
	case ratio <= mostPartly:
		return learned.Partly
	}
	return learned.Unmoved
}

// estimates fills the answer with what is known of the unknowns.
func (f *fitting) estimates() {
	a := f.answer
	for i, u := range f.ask.Unknowns {
		e := learned.Estimate{Unknown: u, Ratio: snap(f.posterior.sd(i))}
		e.Mean, e.SD = u.Prior.Mean+float64(u.Prior.SD*snap(f.posterior.mean[i])), float64(u.Prior.SD*e.Ratio)
		e.Low, e.High = e.Mean-float64(learned.Reach90*e.SD), e.Mean+float64(learned.Reach90*e.SD)
		e.Verdict = verdictOf(e.Ratio)
		a.Unknowns = append(a.Unknowns, e)
		if e.Verdict == learned.Unmoved {
			of := ""
			if len(u.Of) == 1 {
				of = u.Of[0]
			}
			a.Cannot = append(a.Cannot, learned.Unlearned{Unknown: u.Name, Why: f.why(&u), Of: of})
		}
	}
	errors := f.uncertain(f.emulator, f.list, f.data, a.Misses)
	for s, e := range f.emulator.at(f.posterior.mean) {
		a.Summaries = append(a.Summaries, learned.Summary{Name: f.list[s].name, Seen: f.y[s], Expected: e,
			SD: math.Sqrt(errors.At(s, s))})
	}
	for d := range draws {
		a.Draws = append(a.Draws, f.x(f.draw(f.posterior, "draws", d, 1)))
	}
	fill(a, f.numbers)
}

// fill gives the numbers of the plan in each draw.
func fill(a *learned.Answer, numbers []number) {
	for i := range numbers {
		a.Keys = append(a.Keys, numbers[i].key)
	}
	for _, x := range a.Draws {
		row := make([]float64, len(numbers))
		for i := range numbers {
			row[i] = numbers[i].value(x)
		}
		a.Values = append(a.Values, row)
	}
}

// why says why little was learned of an unknown.
func (f *fitting) why(u *learned.Unknown) learned.Why {
	h := f.ask.History
	varies := func(medium bool, names []string) bool {
		for i := range h.Channels {
			x := &h.Channels[i]
			meant := medium || len(names) == 0 || slices.Contains(names, x.Name)
			if x.Medium == medium && meant && variation(x.Spend) > moved {
				return true
			}
		}
		return false
	}
	has := func(outcome company.Outcome) bool {
		series := f.layout.find(learned.Series{Outcome: outcome})
		return series >= 0 && series < f.layout.observed
	}
	missing := false
	switch u.Kind {
	case learned.Saturation, learned.CarryOver, learned.Capture:
		if !varies(false, u.Of) {
			return learned.ConstantSpend
		}
	case learned.Halo, learned.Salience, learned.Equity:
		if !varies(true, nil) {
			return learned.ConstantSpend
		}
	case learned.Response, learned.Price:
		return learned.OneNumber
	case learned.Cycle:
		return learned.OneNumber
	case learned.Win:
		missing = len(h.Teams) == 0 && len(f.plan.Teams) > 1 || !has(company.Won)
	case learned.Churn, learned.ChurnShape, learned.Frailty:
		missing = !has(company.Churned) && !has(company.Customers)
	case learned.Seats:
		missing = !has(company.Revenue) || !has(company.Customers)
	case learned.Level, learned.Demand, learned.Real:
		for _, name := range u.Of {
			x := h.Channel(name)
			missing = missing || x == nil || outcomeOf(x) == nil || u.Kind == learned.Real && !seenReal(x)
			if x != nil && x.Spend != nil && u.Kind == learned.Level {
				if spent, _ := company.Sum(x.Spend); spent == 0 {
					return learned.NoSpend
				}
			}
		}
	}
	if missing {
		return learned.NoColumn
	}
	if slices.Contains([]learned.Kind{learned.Win, learned.Churn, learned.ChurnShape, learned.Frailty, learned.Seats},
		u.Kind) {
		return learned.TooShort
	}
	return learned.TooFew
}

// quantile is that of a sorted list, between its members on a straight line.
func quantile(sorted []float64, q float64) float64 {
	at := float64(q * float64(len(sorted)-1))
	i := min(int(at), len(sorted)-2)
	if i < 0 {
		return sorted[0]
	}
	return sorted[i] + float64((sorted[i+1]-sorted[i])*(at-float64(i)))
}

// sortedOf is a list in order.
func sortedOf(list []float64) []float64 {
	out := slices.Clone(list)
	slices.Sort(out)
	return out
}

// mean and spread of a list.
func meanAndSD(list []float64) (mean, sd float64) {
	for _, x := range list {
		mean += x / float64(len(list))
	}
	for _, x := range list {
		sd += float64((x - mean) * (x - mean))
	}
	return mean, math.Sqrt(sd / float64(max(1, len(list)-1)))
}
