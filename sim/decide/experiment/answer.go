package experiment

import (
	"math"
	"slices"
	"strings"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Answer is what a planned test would show, and what it comes to.
type Answer struct {
	Currency      string          `json:"currency"`
	Scenario      string          `json:"scenario"`
	Kind          Kind            `json:"design"`
	On            string          `json:"on"`
	EffectOn      string          `json:"effect_on"`
	Spend         analysis.Number `json:"spend"`                    // multiple of the plan's
	Firms         analysis.Number `json:"firms_held_out,omitempty"` // share
	Every         int             `json:"every,omitempty"`
	Wait          int             `json:"wait"`
	Replications  int             `json:"replications"`
	Seed          uint64          `json:"seed"`
	Weeks         int             `json:"weeks"`
	Inputs        int             `json:"uncertain_inputs"`
	Planned       Test            `json:"planned"`
	Tests         []Test          `json:"tests"` // from the smallest
	Search        Search          `json:"smallest"`
	Worth         Worth           `json:"worth"`
	decide.Ruined                 // without a test
	// Nothing says that no run differs with the planned test: nothing is spent on what it switches.
	Nothing bool `json:"nothing_to_test,omitempty"`

	// Verdict says whether the planned test is worth its power: yes, no, or too close to call.
	Verdict  decide.Verdict   `json:"-"`
	Warnings []decide.Warning `json:"-"`
	Next     []decide.Step    `json:"-"`
}

// Test is one that was run in all worlds.
type Test struct {
	Weeks        int      `json:"weeks"`
	Treated      []string `json:"treated,omitempty"` // regions; none: everywhere
	Starts       string   `json:"starts"`
	Ends         string   `json:"ends"`      // last day; of a holdout the last day that counts
	Answered     string   `json:"answer_on"` // first day on which all that counts is there
	Replications int      `json:"replications"`
	Method       string   `json:"method"`
	Title        string   `json:"method_title"`
	Promises     string   `json:"size_is_5_percent"` // when its test has the size that it states

	Power    analysis.Estimate `json:"power"` // share of runs whose 95% interval leaves out 0
	Formula  analysis.Number   `json:"power_by_normal_formula"`
	Size     analysis.Estimate `json:"size"` // the same where nothing is changed
	Wrong    analysis.Estimate `json:"wrong_sign"`
	Coverage analysis.Estimate `json:"coverage"` // share of runs whose interval holds the truth
	Effect   analysis.Estimate `json:"effect"`   // the truth
	Found    analysis.Estimate `json:"estimate"`
	Bias     analysis.Estimate `json:"bias"`          // of the estimate against the truth of the same run
	Spread   analysis.Number   `json:"spread"`        // standard deviation of the estimate's error
	Half     analysis.Number   `json:"half_interval"` // half of the interval: the median of runs
	Control  analysis.Estimate `json:"without_test"`  // what is counted in the same regions and weeks without a test

	// Of a holdout by firms: how many of either did it, as shares, with the test.
	Rates *Rates `json:"rates,omitempty"`

	Won     analysis.Estimate `json:"won"`     // change
	Signups analysis.Estimate `json:"signups"` // change
	Lost    analysis.Estimate `json:"lifetime_value_lost"`
	Saved   analysis.Estimate `json:"not_spent"`
	Cost    analysis.Estimate `json:"cost"` // lifetime margin lost, after what is not spent

	Verdict decide.Verdict `json:"-"`
	// Deceives says that it finds effects that are not there far more often than it states.
	Deceives bool `json:"too_many_false_alarms"`
}

// Rates are the shares of firms that did what the test looks at: of those held out, of the others, and the difference.
type Rates struct {
	HeldFirms  analysis.Number   `json:"firms_held_out"`
	OtherFirms analysis.Number   `json:"other_firms"`
	Held       analysis.Estimate `json:"held_out"`
	Others     analysis.Estimate `json:"others"`
	Difference analysis.Estimate `json:"difference"`
	Half       analysis.Number   `json:"half_interval"` // of the difference in one run: the median of runs
}

// Search is the smallest test that reaches 80%.
type Search struct {
	From int         `json:"shortest_tried"`
	To   int         `json:"longest_tried"`
	Kind decide.Kind `json:"verdict"` // no: none in the range does
	Test *Test       `json:"test,omitempty"`
	// Closer are smaller tests of which it is too close to call.
	Closer []Test `json:"too_close_to_call,omitempty"`
}

// Worth is what it is worth to run the planned test: the decision to keep the spend, or to spend for good from the
// answer on what the test spends.
type Worth struct {
	// Reason says why there is nothing to learn; empty: there is.
	Reason  string            `json:"reason,omitempty"`
	Draws   int               `json:"draws,omitempty"`
	Change  analysis.Estimate `json:"change_for_good"` // in lifetime margin, as things are known
	Learned analysis.Estimate `json:"value_of_answer"`
	Changes analysis.Estimate `json:"changes_decision"`
	Net     analysis.Estimate `json:"net"` // less what the test costs
	Verdict decide.Verdict    `json:"-"`
}

// tolerated is the share of false alarms above which an interval of 95% deceives: twice what it states.
const tolerated = 2 * Nominal

// Answer is what a panel of the design says. The error is a *decide.Problem, or that the panel is of another design.
func (a Ask) Answer(p *panel.Panel) (*Answer, error) {
	c, err := decide.Given(a.check, p)
	if err != nil {
		return nil, err
	}
	run := c.Plan.Run
	out := &Answer{Currency: currency.Of(run.Currency).Code, Scenario: c.Plan.Name, Kind: c.Kind, On: c.On,
		EffectOn: c.EffectOn, Spend: analysis.Number(c.Spend), Wait: c.Wait, Replications: p.Replications,
		Seed: uint64(run.Seed), Weeks: int(run.Weeks), Next: c.next()}
	if out.Firms = analysis.Number(c.firms); c.Kind == Pulse {
		out.Every = c.Every
	}
	if out.Inputs, err = decide.InputsOf(c.base); err != nil {
		return nil, err
	}
	out.Ruined = decide.RuinedOf(p, basis)
	var planned *reading
	for i := range c.tests {
		t := &c.tests[i]
		x := c.on(panelOf(p, t.name()))
		r := x.read(t)
		found := x.test(t, r)
		out.Tests = append(out.Tests, found)
		if i == c.planned {
			planned, out.Planned, out.Verdict, out.Replications = r, found, found.Verdict, found.Replications
			out.Nothing = x.nothing(t, r)
		}
	}
	out.search()
	if err := c.on(panelOf(p, c.tests[c.planned].name())).worth(planned, out); err != nil {
		return nil, err
	}
	if out.Replications < Few {
		out.Warnings = append(out.Warnings, decide.FewRuns{Has: out.Replications, Enough: Replications, Of: "run",
			For: "for a power", Part: "replications"})
	}
	return out, nil
}

// test says what was seen of one.
func (x estimator) test(t *test, r *reading) Test {
	method := x.method(t)
	chance := func(v []float64) analysis.Estimate { return analysis.ChanceAlike(v, x.Ties.SeedsPerDraw) }
	mean := func(v []float64) analysis.Estimate { return analysis.Mean(v, x.Ties) }
	ends := x.From + plan.Date(7*t.weeks) - 1
	out := Test{Weeks: t.weeks, Treated: t.treated, Starts: x.From.String(), Ends: ends.String(),
		Answered: x.answered(t.weeks).String(), Replications: x.Replications, Method: method.Name, Title: method.Title,
		Promises: method.Promises,
		Power:    chance(r.found), Size: chance(r.alarm), Wrong: chance(r.wrong), Coverage: chance(r.holds),
		Effect: mean(r.truth), Found: mean(r.total), Bias: mean(decide.Less(r.total, r.truth)),
		Spread: analysis.Number(spread(decide.Less(r.total, r.truth))), Half: analysis.Number(halfOf(r)),
		Won: x.change(t, "won"), Signups: x.change(t, "signups"), Cost: x.change(t, "lifetime_margin").Minus(),
		Lost:  x.change(t, "ltv_total", "pipeline_margin", "carry_over_margin").Minus(),
		Saved: x.change(t, "acquisition_cost").Minus(), Control: mean(x.control(t))}
	out.Rates = x.rates(t, r)
	out.Formula = analysis.Number(normalPower(out.Effect.Value, spread(r.idle)))
	out.Deceives = out.Size.Low > tolerated
	out.Verdict = powered(out.Power, r.reason)
	if x.nothing(t, r) {
		out.Verdict = decide.Verdict{Kind: decide.NotApplicable, Why: "nothing is spent on it in those weeks"}
	}
	if out.Deceives && out.Verdict.Kind != decide.NotApplicable {
		out.Verdict = decide.Verdict{Kind: decide.No, Why: "it finds what is not there far more often than it states"}
	}
	return out
}

// rates are those of a holdout by firms.
func (x estimator) rates(t *test, r *reading) *Rates {
	if x.firms == 0 {
		return nil
	}
	n := x.counts()
	columns, treated := x.columns(t.name(), x.last(t.weeks)), x.mask(t.treated)
	var of [2][]float64
	for run := range x.Replications {
		counts := armsOf(x.sight(columns, t, treated, run))
		for arm := range of {
			of[arm] = append(of[arm], counts[arm]/n[arm])
		}
	}
	mean := func(v []float64) analysis.Estimate { return analysis.Mean(v, x.Ties) }
	return &Rates{HeldFirms: analysis.Number(n[0]), OtherFirms: analysis.Number(n[1]), Held: mean(of[0]),
		Others: mean(of[1]), Difference: mean(decide.Less(of[0], of[1])), Half: analysis.Number(halfOf(r) / n[0])}
}

// control is what is counted without a test where and when it is looked at.
func (x estimator) control(t *test) []float64 {
	columns, treated := x.columns(basis, x.last(t.weeks)), x.mask(t.treated)
	out := make([]float64, x.Replications)
	for run := range out {
		p := x.sight(columns, t, treated, run)
		for r, yes := range treated {
			for w := p.From; yes && w < p.Until; w++ {
				out[run] += p.Outcome[r][w]
			}
		}
	}
	return out
}

// powered says on which side of 80% a power lies.
func powered(power analysis.Estimate, reason string) decide.Verdict {
	switch {
	case !power.Known():
		return decide.Verdict{Kind: decide.NotApplicable, Why: strings.TrimPrefix(reason, "not applicable: ")}
	case power.N < leastRuns:
		return decide.Verdict{Kind: decide.TooCloseToCall}
	case power.Low >= Power:
		return decide.Verdict{Kind: decide.Yes}
	case power.High < Power:
		return decide.Verdict{Kind: decide.No}
	}
	return decide.Verdict{Kind: decide.TooCloseToCall}
}

// normalPower is the chance that a normal estimate of an effect with a standard deviation lies 1.96 of them from 0.
func normalPower(effect, sd float64) float64 {
	if math.IsNaN(effect) || !(sd > 0) {
		return math.NaN()
	}
	far := math.Abs(effect) / sd
	return rng.NormalCDF(far-analysis.Reach95) + rng.NormalCDF(-far-analysis.Reach95)
}

// spread is the standard deviation of numbers, missing ones left out.
func spread(values []float64) float64 {
	e := analysis.Mean(values, analysis.Ties{})
	return e.Error * math.Sqrt(float64(e.N))
}

// halfOf is the median of half of the intervals.
func halfOf(r *reading) float64 {
	half := decide.Less(r.high, r.low)
	for i := range half {
		half[i] /= 2
	}
	return analysis.NewPercentile(half, 0.5).Of(nil)
}

// change is the mean change of the sum of some numbers of the run.
func (x estimator) change(t *test, columns ...string) analysis.Estimate {
	d := make([]float64, x.Replications)
	for _, column := range columns {
		with, without := x.whole(t.name(), column), x.whole(basis, column)
		for i := range d {
			d[i] += with[i] - without[i]
		}
	}
	return analysis.Mean(d, x.Ties)
}

// nothing says whether a test changes nothing, what is spent among it, in any run.
func (x estimator) nothing(t *test, r *reading) bool {
	if slices.ContainsFunc(r.truth, func(v float64) bool { return v != 0 }) {
		return false
	}
	for _, column := range wholeRun {
		if !slices.Equal(x.whole(t.name(), column), x.whole(basis, column)) { // what is not known is not equal
			return false
		}
	}
	return true
}

func (x estimator) whole(setting, column string) []float64 {
	return x.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}})
}

// search looks for the smallest test that reaches 80% and does not deceive.
func (a *Answer) search() {
	first, last := a.Tests[0], a.Tests[len(a.Tests)-1]
	a.Search = Search{From: first.Weeks, To: last.Weeks, Kind: decide.No}
	applies := false
	for i := range a.Tests {
		t := &a.Tests[i]
		applies = applies || t.Verdict.Kind != decide.NotApplicable
		switch t.Verdict.Kind {
		case decide.Yes:
			a.Search.Test, a.Search.Kind = t, decide.Yes
			return
		case decide.TooCloseToCall:
			a.Search.Closer = append(a.Search.Closer, *t)
			a.Search.Kind = decide.TooCloseToCall
		}
	}
	if !applies {
		a.Search.Kind = decide.NotApplicable
	}
}

// worth says what it is worth to run the planned test. What it shows is seen in the first run of each draw of the
// inputs, what the decision brings in the second, so that chance does not make the one tell of the other.
func (x estimator) worth(r *reading, a *Answer) error {
	none := analysis.Missing(0, "nothing to learn")
	a.Worth = Worth{Change: none, Learned: none, Changes: none, Net: none}
	w := &a.Worth
	switch {
	case !x.uncertain:
		w.Reason = "no input is uncertain"
	case x.after == nil && x.answered(x.Weeks) >= x.Plan.Run.Start+plan.Date(7*int(x.Plan.Run.Weeks)):
		w.Reason = "the answer comes when the run is over"
	case x.after == nil:
		on := x.On
		if on == "brand" {
			on = "the brand"
		}
		w.Reason = "no input that moves " + on + " is uncertain"
	case a.Planned.Verdict.Kind == decide.NotApplicable:
		w.Reason = "the estimator says nothing"
	}
	if w.Verdict = (decide.Verdict{Kind: decide.NotApplicable, Why: w.Reason}); w.Reason != "" {
		return nil
	}
	with, without := x.whole(changed, "lifetime_margin"), x.whole(basis, "lifetime_margin")
	var shown, brings []float64
	for draw := range x.Replications / seedsPerDraw {
		e, d := r.total[draw*seedsPerDraw], with[draw*seedsPerDraw+1]-without[draw*seedsPerDraw+1]
		if !math.IsNaN(e) && !math.IsNaN(d) {
			shown, brings = append(shown, e), append(brings, d)
		}
	}
	known := analysis.InformationOf(brings, scored(shown))
	w.Draws, w.Change = known.Draws, known.Difference
	if len(known.Inputs) == 0 {
		w.Verdict = decide.Verdict{Kind: decide.TooCloseToCall, Why: "too few draws to learn from"}
		return nil
	}
	w.Learned, w.Changes = known.Inputs[0].Value, known.Inputs[0].Changes
	w.Net = less(w.Learned, a.Planned.Cost)
	w.Verdict = decide.Gains(w.Net)
	return nil
}

// scored puts numbers on the scale of probabilities, as draws of an input: what a decision brings goes with what a test
// shows, so its own scale is kept, up to five standard deviations.
func scored(values []float64) [][]float64 {
	e := analysis.Mean(values, analysis.Ties{})
	sd := spread(values)
	out := make([][]float64, len(values))
	for i, v := range values {
		z := 0.0
		if sd > 0 {
			z = max(-5, min(5, (v-e.Value)/sd))
		}
		out[i] = []float64{rng.NormalCDF(z)}
	}
	return out
}

// less is a - b of estimates that are taken as independent of each other.
func less(a, b analysis.Estimate) analysis.Estimate {
	if !a.Known() || !b.Known() {
		return analysis.NoDifference(b, a)
	}
	reach := math.Hypot(a.HalfWidth(), b.HalfWidth())
	value := a.Value - b.Value
	return analysis.Estimate{Value: value, Error: math.Hypot(a.Error, b.Error), Low: value - reach, High: value + reach,
		N: min(a.N, b.N), Needs: max(a.Needs, b.Needs)}
}

// next are what one may ask then.
func (c *checked) next() []decide.Step {
	return []decide.Step{{Question: "truth"}, decide.Respond(c.base)}
}
