package why

import (
	"math"
	"slices"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
)

// Answer is what happened in a replication.
type Answer struct {
	Folder      string           `json:"folder"`
	Replication int              `json:"replication"`
	Parted      analysis.Parting `json:"parted"`
	Ruined      int              `json:"failed_in_week,omitempty"` // 0: it did not
	Until       int              `json:"until_week"`               // of what is told: nothing after ruin
	Gap         analysis.Number  `json:"cash_against_the_mean"`    // at the end of that week
	Causes      []Cause          `json:"causes"`
	Lines       []Line           `json:"cash_lines"`
	Weeks       []Week           `json:"weeks"`
	Journeys    []Journey        `json:"journeys"`

	Plan     *plan.Plan     `json:"-"`
	Scenario string         `json:"-"`
	Currency string         `json:"-"`
	Seed     uint64         `json:"-"`
	Of       int            `json:"-"` // replications of the run
	Choose   Choice         `json:"-"` // how it was chosen
	Chosen   plan.Column    `json:"-"` // by which outcome; none: by its number
	Value    float64        `json:"-"` // of that outcome
	Alike    bool           `json:"-"` // all runs, of which there are several, have that value
	Open     int            `json:"-"` // uncertain inputs of the plan
	Failing  float64        `json:"-"` // share of all replications that go out of business
	Beside   int            `json:"-"` // replications whose mean is told: those in business until the last week
	Inputs   []decide.Input `json:"-"` // of causes that are inputs, by their names
	Columns  []plan.Column  `json:"-"` // weekly numbers
	// Verdict says whether cash parted from that of the others.
	Verdict decide.Verdict  `json:"-"`
	Economy []Turn          `json:"-"`
	Shocks  []Shock         `json:"-"`
	Bands   []analysis.Band `json:"-"` // of cash of all replications, week by week
	// Against is the first difference from a run of another plan; nil: none was asked for.
	Against  *Difference      `json:"-"`
	Warnings []decide.Warning `json:"-"`
	Next     []decide.Step    `json:"-"`

	beside []int // the replications counted in Beside; nil: all
}

// Week is a week or several: cash, customers, revenue and brand at its end, the rest
// summed.
type Week struct {
	Week    int             `json:"week"`
	Cash    analysis.Number `json:"cash"`
	Signups analysis.Number `json:"signups"`
	Won     analysis.Number `json:"won"`
	Lost    analysis.Number `json:"lost"`
	Live    analysis.Number `json:"live_customers"`
	MRR     analysis.Number `json:"mrr"`
	Brand   analysis.Number `json:"salience"`
}

// Journey is one with its touches. Weeks are those since the first day.
type Journey struct {
	Trigger string   `json:"trigger"`
	Firm    string   `json:"firm"`
	Opened  float64  `json:"opened_week"`
	Raised  float64  `json:"raised_week"`
	Touches int      `json:"touches"`
	Path    []string `json:"path"`
}

// Turn is a week, from 1, in which the economy turns.
type Turn struct {
	Week      int
	Recession bool // into one, else out of it
}

// Shock is one that happened, with its first and last day.
type Shock struct {
	Name        string
	First, Last plan.Date
}

// Answer is what the replication tells, of this run and of the one against which it is
// set: what Replay gave, or numbers made up. The error is one of Replay.
func (a Ask) Answer(here, there *Replayed) (*Answer, error) {
	c, err := a.check()
	if err != nil {
		return nil, err
	}
	r := a.Run
	open, err := decide.InputsOf(r.Plan)
	if err != nil {
		return nil, err
	}
	out := &Answer{Folder: r.Name, Plan: r.Plan, Open: open,
		Replication: c.k, Scenario: r.Plan.Name, Currency: r.Schema.Currency(), Seed: r.Seed,
		Of: r.Kept.Replications(), Choose: c.Choose, Chosen: c.column, Value: c.value, Alike: c.alike,
		Columns: r.Schema.Weekly}
	if err := out.end(r); err != nil {
		return nil, err
	}
	if err := out.part(r); err != nil {
		return nil, err
	}
	if out.Bands, err = r.Kept.WeeklyBands("cash"); err != nil {
		return nil, err
	}
	out.Bands = out.Bands[:out.Until]
	out.tell(weekly{r.Schema, here.Record})
	last := r.Plan.Run.Start + plan.Date(7*out.Until)
	for _, h := range plan.NewTimeline(r.Plan).Happened(r.Seed, c.k) {
		if h.From < last {
			out.Shocks = append(out.Shocks, Shock{h.Name, h.From, h.Until - 1})
		}
	}
	out.Journeys = journeys(r.Plan, here.Trace, c.Journeys, float64(out.Until))
	if there != nil {
		out.Against = differenceOf(r, here, a.Against, there)
	}
	out.Verdict = out.verdict()
	if out.Of < Few {
		out.Warnings = append(out.Warnings, decide.FewRuns{Has: out.Of, Enough: Few, Of: "run",
			For: "for their middle half", Part: "replications"})
	}
	other := Best
	if c.Choose != Worst {
		other = Worst
	}
	out.Next = []decide.Step{{Question: "why", Choose: string(other)}, {Question: "report"}}
	return out, nil
}

// weekly gives the weekly numbers of a replication by name.
type weekly struct {
	schema *plan.Schema
	record *plan.Record
}

// at is a number of a week, from 0; missing if there is none of that name.
func (x weekly) at(week int, name string) float64 {
	i := slices.IndexFunc(x.schema.Weekly, func(c plan.Column) bool { return c.Name == name })
	if i < 0 {
		return math.NaN()
	}
	return x.record.Weekly[week*len(x.schema.Weekly)+i]
}

// tell fills the weeks and the economy.
func (a *Answer) tell(x weekly) {
	before := 0.0
	for w := range a.Until {
		recession := x.at(w, "recession")
		switch {
		case recession > 0 && before == 0:
			a.Economy = append(a.Economy, Turn{w + 1, true})
		case recession == 0 && before > 0:
			a.Economy = append(a.Economy, Turn{w + 1, false})
		}
		before = recession
		number := func(name string) analysis.Number { return analysis.Number(x.at(w, name)) }
		a.Weeks = append(a.Weeks, Week{Week: w + 1, Cash: number("cash"), Live: number("live_customers"),
			MRR: number("mrr"), Brand: number("salience"), Signups: number("signups"), Won: number("won"),
			Lost: number("churned") + number("customer_deaths")})
	}
}

// journeys are those with the most channels that raised their hand before the end of what is told.
func journeys(plan *plan.Plan, trace *model.Trace, most int, until float64) (out []Journey) {
	cells := model.CellNames(plan)
	long := slices.DeleteFunc(slices.Clone(trace.Leads), func(l model.Lead) bool {
		return !l.Real || l.Raised > until
	})
	slices.SortStableFunc(long, func(a, b model.Lead) int { return b.Channels - a.Channels })
	for _, l := range long[:min(most, len(long))] {
		out = append(out, Journey{Trigger: plan.Triggers[l.Kind].Name, Firm: cells[l.Cell], Opened: l.Trigger,
			Raised: l.Raised, Touches: l.Touches, Path: channels(plan, l.Path)})
	}
	return out
}

// channels names those of a path of touches.
func channels(plan *plan.Plan, path []model.Touch) (out []string) {
	for _, t := range path {
		out = append(out, plan.Channels[t.Channel].Name)
	}
	return out
}

// verdict says whether the replication parted from the others.
func (a *Answer) verdict() decide.Verdict {
	switch {
	case a.Parted.Week > 0:
		return decide.Verdict{Kind: decide.Yes}
	case a.Of < 2:
		return decide.Verdict{Kind: decide.NotApplicable, Why: "there is no other run to compare with"}
	case math.IsNaN(float64(a.Weeks[len(a.Weeks)-1].Cash)):
		return decide.Verdict{Kind: decide.NotApplicable, Why: "cash is missing at the end"}
	}
	return decide.Verdict{Kind: decide.No}
}

// Spans sums the weeks up, at least four each, so that there are at most so many.
func (a *Answer) Spans(most int) (out []Week) {
	every := max(4, (len(a.Weeks)+most-1)/most)
	for i, w := range a.Weeks {
		if i%every == 0 {
			out = append(out, Week{})
		}
		m := &out[len(out)-1]
		w.Signups, w.Won, w.Lost = w.Signups+m.Signups, w.Won+m.Won, w.Lost+m.Lost
		*m = w
	}
	return out
}
