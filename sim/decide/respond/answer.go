package respond

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"windfall/model"
	"windfall/model/currency"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Answer is how outcomes respond: along one key (Curves), over two (Surface), or to the
// budget of every channel (Ranked, with a curve each).
type Answer struct {
	Currency     string   `json:"currency"`
	Scenario     string   `json:"scenario"`
	Outcomes     []string `json:"outcomes"`
	Replications int      `json:"replications"`
	Seed         uint64   `json:"seed"`
	Weeks        int      `json:"weeks"`
	Axes         []*Axis  `json:"axes,omitempty"`
	Curves       []Curve  `json:"curves"`
	Ranked       []Ranked `json:"ranked,omitempty"` // the first gets the next dollar
	// Lead is what the next dollar brings on the first channel over the next that it is
	// not told from, else over the second.
	Lead    *analysis.Estimate `json:"lead_of_the_first,omitempty"`
	Surface []Cell             `json:"surface,omitempty"`
	// RunFurther are the channels whose next dollar was looked at in more replications than the points have, since they
	// were not told from the first by those.
	RunFurther          []string `json:"channels_run_further,omitempty"`
	FurtherReplications int      `json:"replications_run_further,omitempty"`

	Metrics []*metric.Metric `json:"-"` // of Outcomes
	// Verdict says whether one point or channel is seen to be the best.
	Verdict decide.Verdict `json:"-"`
	// Best is the best point, Rival one that it is not told from; nil of channels.
	Best, Rival *Point `json:"-"`
	// RivalChannel is one from which the first is not told; empty: none.
	RivalChannel string           `json:"-"`
	Take         *Take            `json:"-"` // where a dollar is taken away; nil: there is no other channel
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

	Column model.Column `json:"-"` // of the outcome
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

// Ranked is a channel by what its next dollar brings.
type Ranked struct {
	Channel string            `json:"channel"`
	Next    analysis.Estimate `json:"next_dollar"` // from 1x to 1.5x
	Last    analysis.Estimate `json:"last_dollar"` // from 0.75x to 1x
	Spend   analysis.Number   `json:"media"`
	Won     analysis.Estimate `json:"customers_added"` // against 0x
	CAC     analysis.Estimate `json:"media_a_customer_added"`
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

// Take is the channel whose last dollar brings least, the first aside.
type Take struct {
	Channel string
	Last    analysis.Estimate
	Alike   bool // what is given and what is taken may be worth the same
	Loses   bool // to move one would lose by it
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
	c, err := a.check()
	if err != nil {
		return nil, err
	}
	if err := c.design().Kept(p); err != nil {
		return nil, err
	}
	run := c.Plan.Run
	out := &Answer{Currency: currency.Of(run.Currency).Code, Scenario: c.Plan.Name, Outcomes: c.Outcomes,
		Replications: p.Replications, Seed: uint64(run.Seed), Weeks: int(run.Weeks), Axes: c.axes, Metrics: c.metrics}
	if p.Replications < Few {
		out.Warnings = append(out.Warnings, decide.FewRuns{Has: p.Replications, Enough: Replications, Of: "replication",
			For: "for values at the margin", Part: "replications"})
	}
	x := responses{Panel: p, checked: c, Answer: out}
	switch len(c.axes) {
	case 0:
		return out, x.answerChannels()
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
		if x.Rival == nil && !(d.Low > 0 || d.High < 0) {
			x.Rival, x.Verdict = other, decide.Verdict{Kind: decide.TooCloseToCall, Why: d.Short()}
		}
	}
	if alike == len(points) {
		x.Verdict, x.Rival = decide.Verdict{Kind: decide.No, Why: "it is the same at every point"}, nil
	}
	return nil
}

// answerChannels ranks the channels.
func (x responses) answerChannels() error {
	var idle []string // what is not spent in the plan cannot be multiplied
	for _, channel := range x.channels {
		row := along{name: channel, values: Levels, dollars: true}
		for _, l := range Levels {
			row.settings, row.names = append(row.settings, level(channel, l)), append(row.names, fmt.Sprintf("x%v", l))
		}
		c, err := x.curve(x.first(), row)
		if err != nil {
			return err
		}
		x.Curves = append(x.Curves, c)
		r, err := x.rank(channel)
		switch {
		case err != nil:
			return err
		case r.Spend == 0:
			idle = append(idle, channel)
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
	x.respond()
	if err := x.nextDollar(); err != nil {
		return err
	}
	key := budgetKey(x.Ranked[0].Channel)
	x.Next = []decide.Step{{Question: "compare", Changes: []string{key + "*=1.5"}},
		{Question: "respond", Vary: &decide.Varied{Key: key, Times: true, Low: 0, High: 3, Values: 13}}}
	return nil
}

// rank works out what the dollars around a channel's plan bring.
func (x responses) rank(channel string) (Ranked, error) {
	var of [2][]panel.Statistic // metric, media, customers
	for i, l := range []float64{1, 0} {
		var err error
		if of[i], err = x.kept(x.first(), level(channel, l), "media_spend", "won"); err != nil {
			return Ranked{}, err
		}
	}
	next, err := x.perDollar(basis, level(channel, 1.5))
	if err != nil {
		return Ranked{}, err
	}
	last, err := x.perDollar(level(channel, 0.75), basis)
	if err != nil {
		return Ranked{}, err
	}
	less := func(v []float64) float64 { return v[0] - v[1] }
	plan, none := of[0], of[1]
	return Ranked{Channel: channel, Next: next, Last: last,
		Spend: analysis.Number(x.Combine(less, plan[1], none[1]).Value), Won: x.Combine(less, plan[2], none[2]),
		CAC: x.Combine(func(v []float64) float64 { return (v[0] - v[1]) / (v[2] - v[3]) }, plan[1], none[1], plan[2],
			none[2])}, nil
}

// perDollar is what a dollar brings between two settings.
func (x responses) perDollar(from, to string) (analysis.Estimate, error) {
	x = x.on(from, to)
	var list []panel.Statistic
	for _, s := range []string{from, to} {
		kept, err := x.kept(x.first(), s, dollarsOf(x.first()))
		if err != nil {
			return analysis.Estimate{}, err
		}
		list = append(list, kept...)
	}
	return x.Combine(func(v []float64) float64 { return (v[2] - v[0]) / (v[3] - v[1]) }, list...), nil
}

// nextDollar sorts the channels from the one that helps most, which of costs is the lowest,
// and finds where the next dollar goes and where one is taken away.
func (x responses) nextDollar() error {
	better := func(a, b analysis.Estimate) int { return analysis.Order(a, b, x.first().Column.Direction) }
	slices.SortStableFunc(x.Ranked, func(a, b Ranked) int { // those that are told from the first come after the others
		return cmp.Or(behind(x.settled(a.Channel))-behind(x.settled(b.Channel)), better(a.Next, b.Next))
	})
	if x.Further != nil {
		x.FurtherReplications = x.Further.Replications
		for _, r := range x.Ranked {
			if !x.settled(r.Channel) {
				x.RunFurther = append(x.RunFurther, r.Channel)
			}
		}
	}
	top := x.Ranked[0]
	if !top.Next.Known() {
		x.Verdict = decide.Verdict{Kind: decide.NotApplicable,
			Why: cmp.Or(x.Curves[0].Points[0].Value.Reason, "there is no number")}
		return nil
	}
	x.Verdict = decide.Verdict{Kind: decide.Yes}
	for _, r := range x.Ranked[1:] {
		if !r.Next.Known() || x.settled(r.Channel) && x.Lead != nil {
			break
		}
		lead, err := x.lead(top.Channel, r.Channel)
		if err != nil {
			return err
		}
		if x.Lead == nil {
			x.Lead = &lead
		}
		if !(lead.Low > 0 || lead.High < 0) {
			x.Lead, x.RivalChannel = &lead, r.Channel
			x.Verdict = decide.Verdict{Kind: decide.TooCloseToCall, Why: lead.Short()}
			break
		}
	}
	// It is not taken from where it goes.
	others := slices.DeleteFunc(slices.Clone(x.Ranked[1:]), func(r Ranked) bool { return !r.Last.Known() })
	if len(others) > 0 {
		least := slices.MaxFunc(others, func(a, b Ranked) int { return better(a.Last, b.Last) })
		alike := !analysis.Apart(least.Last, top.Next)
		x.Take = &Take{least.Channel, least.Last, alike, !alike && better(least.Last, top.Next) < 0}
	}
	return nil
}

// behind sorts what is true after what is not.
func behind(is bool) int {
	if is {
		return 1
	}
	return 0
}

// lead is what the next dollar brings on one channel over another, in pairs.
func (x responses) lead(a, b string) (analysis.Estimate, error) {
	settings := []string{basis, level(a, 1.5), level(b, 1.5)}
	x = x.on(settings...)
	var list []panel.Statistic
	for _, s := range settings {
		kept, err := x.kept(x.first(), s, dollarsOf(x.first()))
		if err != nil {
			return analysis.Estimate{}, err
		}
		list = append(list, kept...)
	}
	return x.Combine(func(v []float64) float64 { return (v[2]-v[0])/(v[3]-v[1]) - (v[4]-v[0])/(v[5]-v[1]) }, list...), nil
}

// respond sets what each channel wins against what is spent on it. What more spend wins
// anywhere in the company counts, and all that it costs.
func (x responses) respond() {
	x.Worth = analysis.Ratio(x.values(basis, "ltv_total"), x.values(basis, "won"), 1, x.Ties).Value
	for _, channel := range x.channels {
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
