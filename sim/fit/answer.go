package fit

import (
	"math"
	"slices"

	"windfall/model/rng"
	"windfall/scenarios/company"
)

// Answer is what a history says of a plan.
type Answer struct {
	Unknowns []Estimate
	// Draws are joint draws from what is known now: draw x unknown, in the order of Unknowns. Keys are the keys of the
	// plan that they move, and Values those of each draw: draw x key.
	Draws  [][]float64
	Keys   []string
	Values [][]float64

	Summaries []Summary // what was fitted
	Bands     []Band    // the history beside runs of draws, series by series
	Forecast  []Forecast
	BackTest  *BackTest // nil: not asked, or the history is too short
	Cannot    []Unlearned

	Runs   int     // of the engine, those that were kept among them
	Extra  int     // rounds beside the three of the smoother
	Misses float64 // variance of what the emulator misses against that of chance
	Moved  float64 // by how many standard deviations a mean moved at last, at most
}

// Summary is one of the numbers that were fitted: what the history has, what is expected at the posterior's mean, and
// how far chance (and the model error) moves it.
type Summary struct {
	Name               string
	Seen, Expected, SD float64
}

// Verdict is how much a history says of an unknown.
type Verdict string

// The verdicts, by the standard deviation of the posterior over that of the prior.
const (
	Learned Verdict = "learned" // at most 0.5
	Partly  Verdict = "partly"  // at most 0.9
	Unmoved Verdict = "prior"   // more: it is what was put in
)

const mostLearned, mostPartly = 0.5, 0.9

// Estimate is what is known of an unknown: a normal distribution of its value.
type Estimate struct {
	Unknown
	Mean, SD  float64
	Low, High float64 // 90% interval
	Ratio     float64 // of the standard deviation to that of the prior
	Verdict   Verdict
}

// Factor is a value as people say it: what the numbers (or the odds) are multiplied by.
func Factor(x float64) float64 { return rng.Exp(x) }

// verdictOf says how much was learned.
func verdictOf(ratio float64) Verdict {
	switch {
	case ratio <= mostLearned:
		return Learned
	case ratio <= mostPartly:
		return Partly
	}
	return Unmoved
}

// Unlearned is an unknown of which the history says little, and why.
type Unlearned struct {
	Unknown string
	Why     Why
	Of      string // the channel or team; "": all
}

// Why is why a history says nothing of an unknown; each has an experiment that would.
type Why string

// The reasons, and what would teach it.
const (
	// ConstantSpend: the spend hardly varied. Vary it by 40% up and down, each channel at times of its own.
	ConstantSpend Why = "constant spend"
	// NoSpend: nothing was spent. Spend something.
	NoSpend Why = "no spend"
	// TooFew: the spend varied, and there were too few leads to see it. Vary it more, or for longer, or test it in
	// regions.
	TooFew Why = "too few"
	// NoColumn: a column that shows it is missing. Keep it: customers won by team, customers lost, revenue.
	NoColumn Why = "no column"
	// OneNumber: it acts on what is counted together with another unknown. A test in which it alone changes tells them
	// apart.
	OneNumber Why = "one number"
)

// estimates fills the answer with what is known of the unknowns.
func (f *fitting) estimates() {
	a := f.answer
	for i, u := range f.ask.Unknowns {
		e := Estimate{Unknown: u, Ratio: snap(f.posterior.sd(i))}
		e.Mean, e.SD = u.Prior.Mean+float64(u.Prior.SD*snap(f.posterior.mean[i])), float64(u.Prior.SD*e.Ratio)
		e.Low, e.High = e.Mean-float64(z95*e.SD), e.Mean+float64(z95*e.SD)
		e.Verdict = verdictOf(e.Ratio)
		a.Unknowns = append(a.Unknowns, e)
		if e.Verdict == Unmoved {
			of := ""
			if len(u.Of) == 1 {
				of = u.Of[0]
			}
			a.Cannot = append(a.Cannot, Unlearned{u.Name, f.why(&u), of})
		}
	}
	errors := f.uncertain(f.emulator, f.list, f.data, a.Misses)
	for s, e := range f.emulator.at(f.posterior.mean) {
		a.Summaries = append(a.Summaries, Summary{f.list[s].name, f.y[s], e, math.Sqrt(errors.At(s, s))})
	}
	for d := range draws {
		a.Draws = append(a.Draws, f.x(f.draw(f.posterior, "draws", d, 1)))
	}
	a.fill(f.numbers)
}

// fill gives the numbers of the plan in each draw.
func (a *Answer) fill(numbers []number) {
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
func (f *fitting) why(u *Unknown) Why {
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
		series := f.layout.find(Series{Outcome: outcome})
		return series >= 0 && series < f.layout.observed
	}
	missing := false
	switch u.Kind {
	case Saturation, CarryOver, Capture:
		if !varies(false, u.Of) {
			return ConstantSpend
		}
	case Halo, Salience, Equity:
		if !varies(true, nil) {
			return ConstantSpend
		}
	case Response, Price:
		return OneNumber
	case Cycle:
		return OneNumber
	case Win:
		missing = len(h.Teams) == 0 && len(f.plan.Teams) > 1 || !has(company.Won)
	case Churn, ChurnShape:
		missing = !has(company.Churned) && !has(company.Customers)
	case Seats:
		missing = !has(company.Revenue) || !has(company.Customers)
	case Level, Demand, Real:
		for _, name := range u.Of {
			x := h.Channel(name)
			missing = missing || x == nil || outcomeOf(x) == nil || u.Kind == Real && !seenReal(x)
			if x != nil && x.Spend != nil && u.Kind == Level {
				if spent, _ := company.Sum(x.Spend); spent == 0 {
					return NoSpend
				}
			}
		}
	}
	if missing {
		return NoColumn
	}
	return TooFew
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
