package respond

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Answer is how outcomes respond: along one key (Curves), over two (Surface), or to the
// budget of every channel and brand medium (Ranked, with a curve each), or to an amount
// more on each of those and each team (Ranked).
type Answer struct {
	Currency     string   `json:"currency"`
	Scenario     string   `json:"scenario"`
	Outcomes     []string `json:"outcomes"`
	Replications int      `json:"replications"`
	Seed         uint64   `json:"seed"`
	Weeks        int      `json:"weeks"`
	Inputs       int      `json:"uncertain_inputs"`
	Amount       float64  `json:"amount,omitempty"`
	Axes         []*Axis  `json:"axes,omitempty"`
	Curves       []Curve  `json:"curves"`
	Ranked       []Ranked `json:"ranked,omitempty"` // the first gets the next dollar
	// Lead is what the next dollar brings on the first channel over the next that it is
	// not told from, else over the second.
	Lead    *analysis.Estimate `json:"lead_of_the_first,omitempty"`
	Surface []Cell             `json:"surface,omitempty"`
	// BreakEven is what a dollar has to bring of the first outcome to come back: 0 where that counts the dollar as a
	// cost, else 1; nil where it is no money that a dollar could come back as.
	BreakEven *float64 `json:"break_even,omitempty"`
	// RunFurther are the places whose next dollar was looked at in more replications than the points have, since they
	// were not told from the first by those.
	RunFurther          []string `json:"channels_run_further,omitempty"`
	FurtherReplications int      `json:"replications_run_further,omitempty"`
	// Fails says that the company goes out of business in every run of the plan.
	Fails bool `json:"fails_always,omitempty"`
	// Ruin is the chance of the plan to go out of business, RuinThere that with the amount where it goes.
	Ruin      analysis.Estimate `json:"-"`
	RuinThere analysis.Estimate `json:"-"`

	Metrics []*metric.Metric `json:"-"` // of Outcomes
	// Verdict says whether one point or place is seen to be the best. Of places No is nowhere: no dollar is seen to
	// come back, and each is seen to be lost, or nothing changes whatever is spent.
	Verdict decide.Verdict `json:"-"`
	// Goes is the place where the next dollar goes, the least bad one where it goes nowhere; nil: none has a number.
	Goes *Ranked `json:"-"`
	// Pays says that the next dollar there is seen to come back; Flat that no point, or dollar, is seen to differ.
	Pays, Flat bool `json:"-"`
	// FarPrice says that the best point has a price further from the plan's than the record of what customers do
	// reaches.
	FarPrice bool `json:"-"`
	// Tied are the points that the best is not told from.
	Tied int `json:"-"`
	// Best is the best point, Rival one that it is not told from; nil of channels.
	Best, Rival *Point `json:"-"`
	// RivalChannel is one from which Goes is not told; empty: none.
	RivalChannel string           `json:"-"`
	Take         *Take            `json:"-"` // where a dollar is taken away; nil: there is no place for it
	Responses    []Response       `json:"-"` // of channels on which the plan spends
	Worth        float64          `json:"-"` // lifetime value of a customer
	Warnings     []decide.Warning `json:"-"`
	Next         []decide.Step    `json:"-"`
}

// Point is one by its place on the axes.
type Point struct {
	Place []int
	Value analysis.Estimate // of the first outcome
}

// Curve is the response of one outcome.
type Curve struct {
	Name    string       `json:"name"` // of the key, or of the channel
	Outcome string       `json:"outcome"`
	Points  []CurvePoint `json:"points"`

	Column plan.Column `json:"-"` // of the outcome
}

// CurvePoint is one value of the key. Average and Marginal are per dollar of media and
// brand where that moves, else per unit of the key: against the first point, and against
// the point before. Saved is the variance of the step of unpaired points over that of
// paired ones.
type CurvePoint struct {
	X        float64            `json:"x"`
	Name     string             `json:"name"`
	Value    analysis.Estimate  `json:"value"`
	Spend    analysis.Estimate  `json:"media_and_brand"`
	Average  *analysis.Estimate `json:"average,omitempty"`
	Marginal *analysis.Estimate `json:"marginal,omitempty"`
	Saved    *float64           `json:"variance_reduction,omitempty"`
}

// Ranked is a place by what its next dollar brings. Of an amount Last, Won and CAC are not asked.
type Ranked struct {
	Channel string             `json:"channel"`
	Kind    string             `json:"kind"`                      // Channel, Brand or Team
	Next    analysis.Estimate  `json:"next_dollar"`               // from 1x to 1.5x, or of the amount
	Last    *analysis.Estimate `json:"last_dollar,omitempty"`     // from 0.75x to 1x
	Spend   analysis.Number    `json:"media"`                     // of an amount that of the plan
	Won     *analysis.Estimate `json:"customers_added,omitempty"` // against 0x
	CAC     *analysis.Estimate `json:"media_a_customer_added,omitempty"`
	// Costs is what the amount came to: what was spent of it, or the pay of whole people.
	Costs  *analysis.Estimate `json:"costs,omitempty"`
	Change string             `json:"change,omitempty"` // of the plan, KEY=VALUE, that spends it

	key string
}

// Cell is a point of a surface; Down and Across are the marginal values against the
// neighbours before it, as in a curve.
type Cell struct {
	X      float64            `json:"x"`
	Y      float64            `json:"y"`
	Value  analysis.Estimate  `json:"value"`
	Down   *analysis.Estimate `json:"marginal_down,omitempty"`
	Across *analysis.Estimate `json:"marginal_across,omitempty"`
}

// Take is the place whose last dollar brings least, that where the next one goes aside.
type Take struct {
	Channel string
	Last    analysis.Estimate
	Cut     bool // the last dollar there is seen to be lost, so it is saved by a cut
	Alike   bool // what is given and what is taken may be worth the same
	Loses   bool // to move one would lose by it
	// Rivals are the other places whose last dollar is lost and not told from the one here.
	Rivals []string
}

// Response is what a channel wins at each of Levels, in all channels, and what the next
// customer costs from each to the one above.
type Response struct {
	Channel  string
	Spend    []float64 // a week
	Won      []analysis.Estimate
	Marginal []analysis.Estimate
	Now      float64 // spend of the plan, a week
}

// Answer is what a panel of the design says. The error is one of Design, that the panel
// is of another design, or a *NoBudgetError where nothing is spent.
func (a Ask) Answer(p *panel.Panel) (*Answer, error) {
	c, err := decide.Given(a.check, p)
	if err != nil {
		return nil, err
	}
	run := c.Plan.Run
	out := &Answer{Currency: currency.Of(run.Currency).Code, Scenario: c.Plan.Name, Outcomes: c.Outcomes,
		Replications: p.Replications, Seed: uint64(run.Seed), Weeks: int(run.Weeks), Axes: c.axes, Metrics: c.metrics,
		Amount: c.Amount, BreakEven: breakEven(c.metrics[0])}
	if out.Inputs, err = decide.InputsOf(c.Plan); err != nil {
		return nil, err
	}
	if p.Replications < Few {
		out.Warnings = append(out.Warnings, decide.FewRuns{Has: p.Replications, Enough: Replications, Of: "run",
			For: "for values at the margin", Part: "replications"})
	}
	x := responses{Panel: p, checked: c, Answer: out}
	out.Fails, out.Ruin = decide.FailsAlways(p, basis), decide.RuinOf(p, basis)
	switch len(c.axes) {
	case 0:
		return out, x.answerPlaces()
	case 1:
		err = x.answerCurve()
	default:
		err = x.answerSurface()
	}
	out.Next = []decide.Step{{Question: "respond"}}
	return out, err
}

// responses fills an answer with numbers of a panel.
type responses struct {
	*panel.Panel
	*checked
	*Answer
}

// first is the outcome that decides.
func (x responses) first() *metric.Metric { return x.metrics[0] }

// kept are the statistics of a setting: the metric, and what is kept besides.
func (x responses) kept(m *metric.Metric, setting string, more ...string) ([]panel.Statistic, error) {
	s, err := m.Of(x.Panel, setting)
	out := []panel.Statistic{s}
	for _, column := range more {
		out = append(out, x.Mean(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}}))
	}
	return out, err
}

// along is a row of settings over which a curve runs.
type along struct {
	name            string
	settings, names []string
	values          []float64
	dollars         bool // values are per dollar
}

// curve is the response of one metric over settings.
func (x responses) curve(m *metric.Metric, row along) (Curve, error) {
	out := Curve{Name: row.name, Outcome: m.Text, Column: m.Column}
	statistics := make([][]panel.Statistic, len(row.settings)) // metric, spend, spend that the metric counts
	for i, s := range row.settings {
		var err error
		if statistics[i], err = x.kept(m, s, "media_and_brand", dollarsOf(m)); err != nil {
			return out, err
		}
	}
	for i := range row.settings {
		pt := CurvePoint{X: row.values[i], Name: row.names[i], Value: x.Estimate(statistics[i][0]),
			Spend: x.Estimate(statistics[i][1])}
		slope := func(from int) *analysis.Estimate {
			e := x.Combine(func(v []float64) float64 {
				if row.dollars {
					return (v[0] - v[3]) / (v[2] - v[5])
				}
				return (v[0] - v[3]) / (row.values[i] - row.values[from])
			}, append(slices.Clone(statistics[i]), statistics[from]...)...)
			return &e
		}
		if i > 0 {
			pt.Average, pt.Marginal = slope(0), slope(i-1)
			step := x.Difference(statistics[i-1][0], statistics[i][0])
			if r := decide.Reduction(out.Points[i-1].Value, pt.Value, step); !math.IsNaN(r) && !math.IsInf(r, 0) {
				pt.Saved = &r
			}
		}
		out.Points = append(out.Points, pt)
	}
	return out, nil
}

// answerCurve follows the outcomes along one key.
func (x responses) answerCurve() error {
	axis := x.axes[0]
	row := along{name: axis.Key, values: axis.Values, dollars: axis.Dollars()}
	for i := range axis.Values {
		row.settings, row.names = append(row.settings, at(i)), append(row.names, axis.Name(i))
	}
	for _, m := range x.metrics {
		c, err := x.curve(m, row)
		if err != nil {
			return err
		}
		x.Curves = append(x.Curves, c)
	}
	var points []Point
	for i, pt := range x.Curves[0].Points {
		points = append(points, Point{[]int{i}, pt.Value})
	}
	return x.conclude(points)
}

// answerSurface sets the first outcome over two keys.
func (x responses) answerSurface() error {
	m, a, b := x.first(), x.axes[0], x.axes[1]
	all := make([][][]panel.Statistic, len(a.Values))
	var points []Point
	for i := range a.Values {
		for k := range b.Values {
			s, err := x.kept(m, at(i, k), dollarsOf(m))
			if err != nil {
				return err
			}
			all[i] = append(all[i], s)
			c := Cell{X: a.Values[i], Y: b.Values[k], Value: x.Estimate(s[0])}
			if i > 0 {
				c.Down = x.slope(a, i, all[i-1][k], s)
			}
			if k > 0 {
				c.Across = x.slope(b, k, all[i][k-1], s)
			}
			x.Surface = append(x.Surface, c)
			points = append(points, Point{[]int{i, k}, c.Value})
		}
	}
	return x.conclude(points)
}

// slope is the marginal value along an axis, from the value before the one at i.
func (x responses) slope(axis *Axis, i int, from, to []panel.Statistic) *analysis.Estimate {
	step := axis.Values[i] - axis.Values[i-1]
	e := x.Combine(func(v []float64) float64 {
		if axis.Dollars() {
			return (v[0] - v[2]) / (v[1] - v[3])
		}
		return (v[0] - v[2]) / step
	}, append(slices.Clone(to), from...)...)
	return &e
}

// conclude finds the best of points, and one that may be as good. Nothing is claimed of
// points that are all alike or have no number.
func (x responses) conclude(points []Point) error {
	m := x.first()
	sorted := slices.Clone(points)
	slices.SortStableFunc(sorted, func(a, b Point) int { return analysis.Order(a.Value, b.Value, m.Column.Direction) })
	x.Best = &sorted[0]
	if !x.Best.Value.Known() {
		x.Verdict = decide.Verdict{Kind: decide.NotApplicable, Why: x.Best.Value.Reason}
		return nil
	}
	first, err := m.Of(x.Panel, at(x.Best.Place...))
	if err != nil {
		return err
	}
	x.Verdict = decide.Verdict{Kind: decide.Yes}
	for i, k := range x.Best.Place {
		x.FarPrice = x.FarPrice || x.axes[i].farPrice(x.Plan, k)
	}
	alike := 1
	for i := range sorted[1:] {
		other := &sorted[1+i]
		if !other.Value.Known() {
			break
		}
		s, err := m.Of(x.Panel, at(other.Place...))
		if err != nil {
			return err
		}
		d := x.Difference(first, s)
		if d.Value == 0 && (d.Error == 0 || d.Needs > 0) {
			alike++
		}
		if d.Low > 0 || d.High < 0 {
			continue
		}
		if x.Tied++; x.Rival == nil {
			x.Rival, x.Verdict = other, decide.Verdict{Kind: decide.TooCloseToCall, Why: d.Short()}
		}
	}
	x.Flat = x.Tied == len(points)-1
	if alike == len(points) {
		x.Verdict, x.Rival = decide.Verdict{Kind: decide.No, Why: "it is the same at every point"}, nil
	}
	return nil
}

// answerPlaces ranks the places where a dollar may go.
func (x responses) answerPlaces() error {
	var idle []string // what is not spent in the plan cannot be multiplied
	for _, at := range x.places {
		var r Ranked
		var err error
		if x.Amount > 0 {
			r, err = x.added(at)
		} else {
			r, err = x.multiplied(at)
		}
		switch {
		case err != nil:
			return err
		case r.Spend == 0 && x.Amount == 0:
			idle = append(idle, at.name)
		default:
			x.Ranked = append(x.Ranked, r)
		}
	}
	if len(x.Ranked) == 0 {
		return &NoBudgetError{Plan: x.Plan.Name, Idle: true}
	}
	if len(idle) > 0 {
		x.Warnings = append(x.Warnings, decide.NothingSpent{Channels: idle})
	}
	if x.Amount == 0 {
		x.respond()
	}
	if err := x.nextDollar(); err != nil {
		return err
	}
	x.steps()
	if x.Fails {
		x.Next = []decide.Step{{Question: "run"}}
	}
	return nil
}

// steps are what one may ask next: the plan that spends as the answer says, beside the plan.
func (x responses) steps() {
	top := x.Ranked[0]
	if x.Goes != nil {
		top = *x.Goes
	}
	change := top.key + "*=1.5"
	switch {
	case x.Amount > 0:
		x.Next = []decide.Step{{Question: "compare", Changes: []string{top.Change}}, {Question: "respond"}}
		return
	case x.Verdict.Kind == decide.No && x.Take != nil && x.Take.Cut:
		i := slices.IndexFunc(x.Ranked, func(r Ranked) bool { return r.Channel == x.Take.Channel })
		top = x.Ranked[i]
		change = top.key + "*=0.5"
	}
	x.Next = []decide.Step{{Question: "compare", Changes: []string{change}},
		{Question: "respond", Vary: &decide.Varied{Key: top.key, Times: true, Low: 0, High: 3, Values: 13}}}
}

// multiplied follows a place over multiples of its budget.
func (x responses) multiplied(at place) (Ranked, error) {
	row := along{name: at.name, values: Levels, dollars: true}
	for _, l := range Levels {
		row.settings, row.names = append(row.settings, level(at.name, l)), append(row.names, fmt.Sprintf("x%v", l))
	}
	c, err := x.curve(x.first(), row)
	if err != nil {
		return Ranked{}, err
	}
	x.Curves = append(x.Curves, c)
	return x.rank(at)
}

// brings is what the dollars between two settings bring of the metric: with the amount, those that it costs.
func (x responses) brings(from, to string, costs float64) (analysis.Estimate, error) {
	x = x.on(from, to)
	var list []panel.Statistic
	for _, s := range []string{from, to} {
		kept, err := x.kept(x.first(), s, dollarsOf(x.first()))
		if err != nil {
			return analysis.Estimate{}, err
		}
		list = append(list, kept...)
	}
	list = append(list, x.lived(to))
	return x.Combine(func(v []float64) float64 { return (v[2] - v[0]) / per(v[3]-v[1], costs, v[4]) }, list...), nil
}

// per is what costs come to: those that are known, as far as the company lives to pay them, else those that are seen.
func per(seen, costs, lived float64) float64 {
	if costs > 0 {
		return costs * lived
	}
	return seen
}

// lived is the share of the weeks that the company is in business: it pays nobody after.
func (x responses) lived(setting string) panel.Statistic {
	weeks := x.values(setting, weekOfRuin)
	out := make([]float64, x.Panel.Replications)
	for i := range out {
		out[i] = 1
		if i < len(weeks) && weeks[i] >= 1 {
			out[i] = min(1, weeks[i]/float64(x.Weeks))
		}
	}
	return panel.MeanOf(&plan.Column{Name: weekOfRuin}, out, func(float64) string { return "" })
}

// added works out what the amount brings in a place.
func (x responses) added(at place) (Ranked, error) {
	r := Ranked{Channel: at.name, Kind: at.kind, Spend: analysis.Number(at.spend), Change: at.change, key: at.key}
	var err error
	if r.Next, err = x.brings(basis, at.more(), at.costs); err != nil {
		return r, err
	}
	both := x.on(basis, at.more())
	costs := both.Difference(both.mean(basis, dollarsOf(x.first())), both.mean(at.more(), dollarsOf(x.first())))
	if at.costs > 0 {
		if costs = both.Estimate(both.lived(at.more())).Times(at.costs); costs.Value == at.costs {
			costs = analysis.Estimate{Value: at.costs, Low: at.costs, High: at.costs, N: costs.N}
		}
	}
	r.Costs = &costs
	return r, nil
}

// mean is that of a column in a setting.
func (x responses) mean(setting, column string) panel.Statistic {
	return x.Mean(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}})
}

// rank works out what the dollars around a place's plan bring.
func (x responses) rank(at place) (r Ranked, err error) {
	r = Ranked{Channel: at.name, Kind: at.kind, key: at.key}
	if r.Next, err = x.brings(basis, level(at.name, 1.5), 0); err != nil {
		return r, err
	}
	last, err := x.brings(level(at.name, 0.75), basis, 0)
	if err != nil {
		return r, err
	}
	less := func(v []float64) float64 { return v[0] - v[1] }
	none := level(at.name, 0)
	spend := []panel.Statistic{x.mean(basis, "media_and_brand"), x.mean(none, "media_and_brand")}
	won := []panel.Statistic{x.mean(basis, "won"), x.mean(none, "won")}
	added := x.Combine(less, won...)
	cost := x.Combine(func(v []float64) float64 { return (v[0] - v[1]) / (v[2] - v[3]) }, append(spend, won...)...)
	r.Spend = analysis.Number(x.Combine(less, spend...).Value)
	r.Last, r.Won, r.CAC = &last, &added, &cost
	return r, nil
}

// nextDollar sorts the places from the one that helps most, which of costs is the lowest,
// and finds where the next dollar goes and where one is taken away.
func (x responses) nextDollar() error {
	better := func(a, b analysis.Estimate) int { return analysis.Order(a, b, x.first().Column.Direction) }
	slices.SortStableFunc(x.Ranked, func(a, b Ranked) int { // those that were told from the first come after the others
		return cmp.Or(behind(x.settled(a.Channel))-behind(x.settled(b.Channel)), better(a.Next, b.Next))
	})
	x.ranFurthest()
	if !x.Ranked[0].Next.Known() {
		x.Verdict = decide.Verdict{Kind: decide.NotApplicable,
			Why: cmp.Or(x.missing(), "there is no number")}
		return nil
	}
	x.goes()
	for _, r := range x.Ranked {
		if r.Channel == x.Goes.Channel {
			continue
		}
		if !r.Next.Known() || x.settled(r.Channel) && x.Lead != nil {
			break
		}
		lead, err := x.lead(x.Goes.Channel, r.Channel)
		if err != nil {
			return err
		}
		if x.Lead == nil {
			x.Lead = &lead
		}
		if !(lead.Low > 0 || lead.High < 0 || x.settled(r.Channel)) {
			x.Lead, x.RivalChannel = &lead, r.Channel
			if x.Verdict.Kind == decide.Yes {
				x.Verdict = decide.Verdict{Kind: decide.TooCloseToCall, Why: lead.Short()}
			}
			break
		}
	}
	if x.Amount > 0 {
		x.RuinThere = decide.RuinOf(x.Panel, x.step(x.placed(x.Goes.Channel)))
	}
	x.takes(better)
	return nil
}

// behind sorts what is true after what is not.
func behind(is bool) int {
	if is {
		return 1
	}
	return 0
}

// ranFurthest says which places were looked at in more replications than the points have.
func (x responses) ranFurthest() {
	if x.Further == nil {
		return
	}
	x.FurtherReplications = x.Further.Replications
	for _, r := range x.Ranked {
		if !x.settled(r.Channel) {
			x.RunFurther = append(x.RunFurther, r.Channel)
		}
	}
}

// missing is why the metric has no number in the plan.
func (x responses) missing() string {
	if len(x.Curves) > 0 {
		return x.Curves[0].Points[0].Value.Reason
	}
	return x.Ranked[0].Next.Reason
}

// goes finds the place where the next dollar goes: of those where it is seen to come back the one that brings most,
// else the one that brings most. The verdict is yes where it comes back, no where it is lost everywhere or changes
// nothing.
func (x responses) goes() {
	known, lost, still := 0, 0, 0
	for i := range x.Ranked {
		r := &x.Ranked[i]
		if !r.Next.Known() {
			break
		}
		known++
		if x.pays(r.Next) && x.Goes == nil && !x.settled(r.Channel) {
			x.Goes, x.Pays = r, true
		}
		if x.lost(r.Next) {
			lost++
		}
		if !(r.Next.Low > 0 || r.Next.High < 0) {
			still++
		}
	}
	x.Flat = still == known
	switch {
	case x.Pays:
		x.Verdict = decide.Verdict{Kind: decide.Yes}
		return
	case lost == known, x.BreakEven == nil && x.Flat && x.Answer.Replications >= Few:
		x.Verdict = decide.Verdict{Kind: decide.No}
	default:
		x.Verdict = decide.Verdict{Kind: decide.TooCloseToCall, Why: x.Ranked[0].Next.Short()}
	}
	x.Goes = &x.Ranked[0]
}

// pays says whether a dollar is seen to come back, or where it cannot, to change the metric for the better.
func (x responses) pays(e analysis.Estimate) bool {
	switch {
	case e.Needs > 0:
		return false
	case x.BreakEven != nil:
		return e.Low > *x.BreakEven
	case x.first().Column.Direction == plan.Less:
		return e.High < 0
	}
	return e.Low > 0
}

// takes finds the place whose last dollar brings least. It is not taken from where the next one goes, if that is seen
// to come back.
func (x responses) takes(better func(a, b analysis.Estimate) int) {
	others := slices.DeleteFunc(slices.Clone(x.Ranked), func(r Ranked) bool {
		return r.Last == nil || !r.Last.Known() || x.Pays && r.Channel == x.Goes.Channel
	})
	if len(others) == 0 {
		return
	}
	least := slices.MaxFunc(others, func(a, b Ranked) int { return better(*a.Last, *b.Last) })
	alike := !analysis.Apart(*least.Last, x.Goes.Next)
	x.Take = &Take{Channel: least.Channel, Last: *least.Last, Alike: alike,
		Loses: !alike && better(*least.Last, x.Goes.Next) < 0}
	x.Take.Cut = x.lost(*least.Last)
	for _, r := range others {
		if x.Take.Cut && r.Channel != least.Channel && x.lost(*r.Last) && !analysis.Apart(*least.Last, *r.Last) {
			x.Take.Rivals = append(x.Take.Rivals, r.Channel)
		}
	}
}

// lost says whether a dollar is seen to be lost.
func (x responses) lost(e analysis.Estimate) bool {
	return x.BreakEven != nil && e.High < *x.BreakEven && e.Needs == 0
}

// lead is what the next dollar brings in one place over another, in pairs.
func (x responses) lead(a, b string) (analysis.Estimate, error) {
	one, other := x.placed(a), x.placed(b)
	settings := []string{basis, x.step(one), x.step(other)}
	x = x.on(settings...)
	var list []panel.Statistic
	for _, s := range settings {
		kept, err := x.kept(x.first(), s, dollarsOf(x.first()))
		if err != nil {
			return analysis.Estimate{}, err
		}
		list = append(list, kept...)
	}
	list = append(list, x.lived(x.step(one)), x.lived(x.step(other)))
	return x.Combine(func(v []float64) float64 {
		return (v[2]-v[0])/per(v[3]-v[1], one.costs, v[6]) - (v[4]-v[0])/per(v[5]-v[1], other.costs, v[7])
	}, list...), nil
}

// respond sets what each channel wins against what is spent on it. What more spend wins
// anywhere in the company counts, and all that it costs.
func (x responses) respond() {
	x.Worth = analysis.Ratio(x.values(basis, "ltv_total"), x.values(basis, "won"), 1, x.Ties).Value
	for _, at := range x.places {
		if at.kind != Channel {
			continue
		}
		channel := at.name
		spent := analysis.Mean(x.Values(panel.Leaf{Setting: basis, Measure: channelSpend(channel)}), x.Ties).Value /
			float64(x.Weeks)
		if !(spent > 0) {
			continue
		}
		r := Response{Channel: channel, Now: spent}
		var won, cost []float64
		for i, l := range Levels {
			s := level(channel, l)
			more, dearer := x.values(s, "won"), x.values(s, "acquisition_cost")
			r.Spend = append(r.Spend, l*spent)
			r.Won = append(r.Won, analysis.Mean(over(more, float64(x.Weeks)), x.Ties))
			if i > 0 {
				r.Marginal = append(r.Marginal, analysis.Ratio(decide.Less(dearer, cost), decide.Less(more, won), 1, x.Ties))
			}
			won, cost = more, dearer
		}
		x.Responses = append(x.Responses, r)
	}
}

// values are an outcome of a setting by replication.
func (x responses) values(setting, column string) []float64 {
	return x.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}})
}

// over divides numbers.
func over(list []float64, by float64) []float64 {
	out := make([]float64, len(list))
	for i, v := range list {
		out[i] = v / by
	}
	return out
}
