// Package learned is what a fit says, as data: unknowns with their priors and what is known of them, bands, forecasts
// and scores. Who only reads an answer needs neither the engine nor files.
package learned

import (
	"math"

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
	BackTest  *BackTest // nil: not asked, or the history is too short for it
	Cannot    []Unlearned

	Runs   int     // of the engine, those that were kept among them
	Beside int     // those of them beside the history: bands and forecasts are theirs
	Extra  int     // rounds beside the three of the smoother
	Misses float64 // variance of what the emulator misses against that of chance
	// Off are summaries that no values of the unknowns come near to: they are taken to be off by what they are, and teach
	// next to nothing. Misfit is what all errors were multiplied by, since no values make the history; 1: some do.
	Off    []string
	Misfit float64
	Missed []Missed // series whose forecast was widened by what the plan missed of them
	Moved  float64  // by how many standard deviations a mean moved at last, at most
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

// Estimate is what is known of an unknown: a normal distribution of its value.
type Estimate struct {
	Unknown
	Mean, SD  float64
	Low, High float64 // 90% interval
	Ratio     float64 // of the standard deviation to that of the prior
	Verdict   Verdict
}

// Reach90 is the normal quantile of 0.95: the reach of a 90% interval, in standard deviations.
const Reach90 = 1.6448536269514722

// AtEdge says that the middle of what is known now lies at an end of the 90% interval of what was assumed, within a
// tenth of the way there, or beyond it: the history and the assumption disagree.
func (e *Estimate) AtEdge() bool {
	return math.Abs(e.Mean-e.Prior.Mean) > float64(0.9*Reach90*e.Prior.SD)
}

// Factor is a value as people say it: what the numbers (or the odds) are multiplied by.
func Factor(x float64) float64 { return rng.Exp(x) }

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
	// TooShort: it is no matter of spend, and shows with time.
	TooShort Why = "too short"
	// NoColumn: a column that shows it is missing. Keep it: customers won by team, customers lost, revenue.
	NoColumn Why = "no column"
	// OneNumber: it acts on what is counted together with another unknown. A test in which it alone changes tells them
	// apart.
	OneNumber Why = "one number"
)

// Band is a series of the history beside runs of draws from the posterior: 95% intervals.
type Band struct {
	Series
	Seen              []float64 // NaN: not known
	Low, Median, High []float64
	Outside, Known    int // periods outside of the interval; periods with a number
}

// Missed is a series that lay farther from runs over the history than what they leave open: its predictions are wider
// by that.
type Missed struct {
	Series
	SD    float64 // of the logarithm of a period
	Stays float64 // part of what is missed in a period that is missed in the next
}

// Forecast is an outcome in the weeks after the history.
type Forecast struct {
	Outcome           company.Outcome // Won, or CAC
	Weeks             int
	Low, Median, High float64 // 90% interval
	Draws             []float64
	// Width is that of the interval over the median, Floor what chance alone leaves of it where customers are counted:
	// that of a Poisson count.
	Width, Floor float64
}

// CAC is the fully loaded cost of winning a customer.
const CAC company.Outcome = "cac"

// Outside is the share of the periods of all series that lie outside of their bands; NaN: there are none.
func (a *Answer) Outside() float64 {
	var outside, known float64
	for i := range a.Bands {
		outside += float64(a.Bands[i].Outside)
		known += float64(a.Bands[i].Known)
	}
	return outside / known
}

// BackTest predicts the last periods of a history, or what was held back, from the time before.
type BackTest struct {
	Periods int // that are predicted
	Scores  []Score
	Missed  []Missed // before them: by which the predictions are widened
	Cover   float64  // share of the numbers of all series inside their 90% intervals
}

// Score is how well a series was predicted: mean continuous ranked probability scores, in the units of the series; less
// is better. LastYear is what the same time a year before says, Smoothing simple exponential smoothing; each with the
// spread of its own errors in the time before. NaN: the history is too short for it.
type Score struct {
	Series
	Inside, Known            int // periods inside the 90% interval of the plan; periods with a number
	Fit, LastYear, Smoothing float64
}

// Cover is the share of periods inside the 90% interval.
func (s *Score) Cover() float64 { return float64(s.Inside) / float64(s.Known) }

// Naive says that a naive forecast was better, and which.
func (s *Score) Naive() (better string) {
	best := s.Fit
	for _, n := range []struct {
		name  string
		score float64
	}{{"last year", s.LastYear}, {"smoothing", s.Smoothing}} {
		if n.score < best {
			best, better = n.score, n.name
		}
	}
	return better
}

// Series is one column of a history: what a company counts, period by period.
type Series struct {
	Outcome company.Outcome
	Channel string // of a channel, or ""
	Team    string // of a team, or ""
}

// Name is outcome.NAME, or the outcome.
func (s Series) Name() string {
	if of := s.Channel + s.Team; of != "" {
		return string(s.Outcome) + "." + of
	}
	return string(s.Outcome)
}

// Fit is the answer to the folder of a company.
type Fit struct {
	*Answer
	Name, Currency string // of the company; the code of what it counts in
	History        *company.History
	Seed           uint64
	Share          float64  // of the firms that were simulated
	Notes          []string // what of the folder the plan does not have
	Plan           string   // where it is written
}
