package analysis

import (
	"encoding/json"
	"fmt"
	"math"

	"windfall/model"
	"windfall/model/plan"
)

// SummaryFormat is the version of the layout of summary.json. It goes up when
// a field changes its meaning or goes away; new fields do not move it.
const SummaryFormat = 1

// ruinOutcome is 1 in a replication that went out of business, else 0.
const ruinOutcome = "out_of_business"

// Run is what a summary says about the run that it sums up.
type Run struct {
	Scenario     string `json:"scenario"`
	Title        string `json:"title"`
	Version      string `json:"version"`
	Digest       string `json:"digest"`
	Seed         uint64 `json:"seed"`
	Replications int    `json:"replications"`
	Start        string `json:"start"`
	Weeks        int    `json:"weeks"`
	Inputs       int    `json:"uncertain_inputs"`
}

// Said is what stands first in an answer for people.
type Said struct {
	Finding string `json:"answer,omitempty"`
	Do      string `json:"what_to_do,omitempty"`
	Sure    string `json:"how_sure,omitempty"`
}

// Summary is a run in numbers, each with its Monte Carlo error.
type Summary struct {
	Format int `json:"format"`
	Said       // by who writes for people
	Run
	QuantileType int         `json:"quantile_type"`
	ErrorsFrom   string      `json:"errors_from"`
	Headlines    []string    `json:"headlines"`
	Ruin         *Ruin       `json:"out_of_business"`
	Goals        []GoalLine  `json:"goals"`
	Warnings     []string    `json:"warnings"`
	Outcomes     []Outcome   `json:"outcomes"`
	Slices       []SliceLine `json:"slices"`
	Variance     *Variance   `json:"variance"`
	Baseline     *Baseline   `json:"baseline,omitempty"` // nil: the run is held against no other plan
}

// Ruin is the chance to go out of business within a horizon.
type Ruin struct {
	HorizonWeeks int      `json:"horizon_weeks"`
	Replications int      `json:"replications_out_of_business"`
	Chance       Estimate `json:"chance"`
	// Weeks are quantiles of the week of it, over the replications that go out of business; nil: none does.
	Weeks *Quantiles `json:"weeks,omitempty"`
}

// Outcome is one outcome over replications. Estimate is the headline: the
// mean, the chance, or the quotient of totals; the quantiles are those of the
// replications in which the outcome is not missing.
type Outcome struct {
	Name         string   `json:"name"`
	Unit         string   `json:"unit"`
	Direction    string   `json:"direction"`
	Statistic    string   `json:"statistic"`
	Estimate     Estimate `json:"estimate"`
	MissingShare float64  `json:"missing_share"`
	// of replications beyond all numbers; they count in the quantiles
	NeverShare float64   `json:"never_share,omitempty"`
	Quantiles  Quantiles `json:"quantiles"`
	// Survivors is set for what holds at the end (model.HoldsAtEnd) when a replication went out of
	// business: the same over the replications that did not.
	Survivors *Survivors `json:"survivors,omitempty"`
}

// Quantiles are five quantiles with their intervals.
type Quantiles struct {
	P5  Estimate `json:"p5"`
	P25 Estimate `json:"p25"`
	P50 Estimate `json:"p50"`
	P75 Estimate `json:"p75"`
	P95 Estimate `json:"p95"`
}

// Survivors is an outcome over the replications that stayed in business.
type Survivors struct {
	Estimate  Estimate  `json:"estimate"`
	Quantiles Quantiles `json:"quantiles"`
}

// Verdict says whether a goal is reached, as far as the replications can tell.
type Verdict string

// The three verdicts: a goal is undecided while the 95% interval of its metric
// straddles the bound.
const (
	Met       Verdict = "met"
	Missed    Verdict = "missed"
	Undecided Verdict = "undecided"
)

// GoalLine is a goal and whether it is reached.
type GoalLine struct {
	Name         string   `json:"name"`
	Expect       string   `json:"expect"`
	Verdict      Verdict  `json:"verdict"`
	Estimate     Estimate `json:"estimate"`
	MissingShare float64  `json:"missing_share"`     // of the outcomes in it
	Unknown      int      `json:"unknown,omitempty"` // runs in which the metric has no number, met nor missed
	Reason       string   `json:"reason,omitempty"`  // why more replications would not decide it
}

// SliceLine is one number of one slice: a mean over replications, or a ratio
// of totals.
type SliceLine struct {
	Dimension    string   `json:"dimension"`
	Name         string   `json:"name"`
	Column       string   `json:"column"`
	Unit         string   `json:"unit"`
	Statistic    string   `json:"statistic"`
	Estimate     Estimate `json:"estimate"`
	MissingShare float64  `json:"missing_share"`
}

// Study is all that a summary is made of.
type Study struct {
	Run
	Sample
	Goals     []GoalLine         // judged on the sample
	Warnings  []string           // found before the run
	TeamLoads map[string]float64 // mean busy share of each team over the run
	Slices    []SliceLine
	Inputs    []string
	Input     func(i int) ([]float64, error)
}

// Summarize makes the summary of a run.
func Summarize(s *Study) (*Summary, error) {
	sum := &Summary{
		Format: SummaryFormat, Run: s.Run, QuantileType: QuantileType, ErrorsFrom: "replications",
		Goals: []GoalLine{}, Slices: s.Slices, Outcomes: []Outcome{}, Headlines: []string{},
	}
	if size := s.Ties.Group(s.N); size > 1 {
		sum.ErrorsFrom = fmt.Sprintf("hypercubes of %d replications", size)
	}
	alive, ruined, err := survivors(&s.Sample)
	if err != nil {
		return nil, err
	}
	for i, c := range s.Columns {
		o, err := summarizeOutcome(&s.Sample, i, alive, ruined > 0)
		if err != nil {
			return nil, err
		}
		if c.Name == ruinOutcome {
			sum.Ruin = &Ruin{HorizonWeeks: s.Weeks, Replications: ruined, Chance: o.Estimate}
			if sum.Ruin.Weeks, err = weeksOfRuin(&s.Sample, ruined); err != nil {
				return nil, err
			}
		}
		sum.Outcomes = append(sum.Outcomes, o)
	}
	for _, name := range model.Headlines() {
		// Retention is per year or over the run, and a run has one of them.
		if i := columnIndex(s.Columns, name); i >= 0 && (s.Columns[i].Over != "" || sum.Outcomes[i].MissingShare < 1) {
			sum.Headlines = append(sum.Headlines, name)
		}
	}
	sum.Goals = append(sum.Goals, s.Goals...)
	if sum.Variance, err = splitVariance(s, sum.Headlines); err != nil {
		return nil, err
	}
	sum.Warnings, err = warnings(s)
	return sum, err
}

// survivors tells which replications stayed in business, and how many did not.
func survivors(s *Sample) (alive []bool, ruined int, err error) {
	if columnIndex(s.Columns, ruinOutcome) < 0 {
		return nil, 0, nil
	}
	values, err := s.Values(ruinOutcome)
	if err != nil {
		return nil, 0, err
	}
	alive = make([]bool, len(values))
	for i, x := range values {
		alive[i] = x == 0
		if x == 1 {
			ruined++
		}
	}
	return alive, ruined, nil
}

// weeksOfRuin are the quantiles of the week of ruin over the replications that have one; nil: none has.
func weeksOfRuin(s *Sample, ruined int) (*Quantiles, error) {
	i := columnIndex(s.Columns, "week_of_ruin")
	if ruined == 0 || i < 0 {
		return nil, nil
	}
	values, err := s.Outcome(i)
	if err != nil {
		return nil, err
	}
	weeks := make([]float64, 0, ruined)
	for _, x := range values {
		if !math.IsInf(x, 0) {
			weeks = append(weeks, x)
		}
	}
	q := quantilesOf(&s.Columns[i], weeks)
	return &q, nil
}

func summarizeOutcome(s *Sample, i int, alive []bool, anyRuined bool) (Outcome, error) {
	c := s.Columns[i]
	values, err := s.Outcome(i)
	if err != nil {
		return Outcome{}, err
	}
	headline, err := s.headline(c, values)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Name: c.Name, Unit: c.Unit, Direction: c.Direction.String(), Statistic: Statistic(c), Estimate: headline}
	o.Quantiles, o.MissingShare, o.NeverShare = quantilesOf(&c, values), MissingShare(values), NeverShare(values)
	if anyRuined && model.HoldsAtEnd(c.Name) {
		living := make([]float64, len(values))
		for k, x := range values {
			living[k] = math.NaN()
			if alive[k] {
				living[k] = x
			}
		}
		o.Survivors = &Survivors{Estimate: MeanOf(&c, living, s.Ties), Quantiles: quantilesOf(&c, living)}
	}
	return o, nil
}

// quantilesOf gives the quantiles of the values that are not missing.
func quantilesOf(c *plan.Column, values []float64) Quantiles {
	sorted := sortedPresent(values)
	at := func(p float64) Estimate { return quantileOf(c, sorted, p) }
	return Quantiles{P5: at(0.05), P25: at(0.25), P50: at(0.50), P75: at(0.75), P95: at(0.95)}
}

// quantileOf is the quantile of an outcome, with the reason if it is no number.
func quantileOf(c *plan.Column, sorted []float64, p float64) Estimate {
	e := QuantileEstimate(sorted, p)
	e.Reason = c.Reason(e.Value)
	return e
}

// MissingShare is the share of values that are missing; of none it is 0.
func MissingShare(values []float64) float64 { return shareOf(values, math.IsNaN) }

// NeverShare is the share of values that lie beyond all numbers; of none it is 0.
func NeverShare(values []float64) float64 {
	return shareOf(values, func(x float64) bool { return x == plan.Never })
}

func shareOf(values []float64, is func(float64) bool) float64 {
	k := 0
	for _, x := range values {
		if is(x) {
			k++
		}
	}
	return float64(k) / float64(max(len(values), 1))
}

// Outcome finds an outcome of the summary by name; nil if there is none.
func (s *Summary) Outcome(name string) *Outcome {
	for i := range s.Outcomes {
		if s.Outcomes[i].Name == name {
			return &s.Outcomes[i]
		}
	}
	return nil
}

// Table gives the outcomes of the summary table, in its order.
func (s *Summary) Table() []*Outcome {
	var rows []*Outcome
	for _, name := range s.Headlines {
		rows = append(rows, s.Outcome(name))
	}
	return rows
}

// Encode writes the summary as JSON; the same summary gives the same bytes.
func (s *Summary) Encode() ([]byte, error) {
	text, err := json.MarshalIndent(s, "", "  ")
	return append(text, '\n'), err
}

// DecodeSummary reads what Encode wrote.
func DecodeSummary(text []byte) (*Summary, error) {
	s := new(Summary)
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("not a summary: %w", err)
	}
	if s.Format != SummaryFormat {
		return nil, fmt.Errorf("a summary of format %d; this program reads format %d", s.Format, SummaryFormat)
	}
	return s, nil
}
