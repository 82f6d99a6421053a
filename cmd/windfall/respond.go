package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots/page"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// respondFlags are the flags of respond.
type respondFlags struct {
	decideFlags
	vary     []string
	outcomes []string
}

// Defaults of respond: replications of each point, and the points of a channel.
const respondReplications = 200

// fewPoints is the number of replications of a point below which values at the
// margin are doubtful.
const fewPoints = 50

var respondPoints = []float64{0, 0.5, 0.75, 1, 1.5, 2, 3}

func (p *program) respondCommand() *cobra.Command {
	var flags respondFlags
	cmd := &cobra.Command{
		Use:   "respond SCENARIO",
		Short: "Where does the next dollar go? Response to one key, two, or every channel",
		Long: `Run a scenario at several values of one key (a curve) or two (a surface), all
with the same random numbers, and show what each step brings: in all, and at the
margin between neighbouring points.

Without --vary: every budget channel at 0, 0.5, 0.75, 1, 1.5, 2 and 3 times its
plan, ranked by what the next dollar on it brings in lifetime margin. Lifetime
margin is after the dollar itself: above 0 the dollar earns more than it costs.

FROM..TO:POINTS includes both ends. x0..x3:7 multiplies what the plan has, dated
schedules included; media=x0.5..x2:4 moves all budget channels together.

The default without --vary takes about 4 minutes on two cores for metro. Twice
the replications make every interval 1.4 times narrower and take twice as long.`,
		Example: `  windfall respond metro
  windfall respond metro --vary 'channels.paid-search.weekly_budget=x0..x3:7'
  windfall respond metro --vary media=x0.5..x2:4 --vary 'media.*.weekly_budget=x0.5..x2:3' --outcome won`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.respond(args[0], &flags) },
	}
	flags.register(cmd, "respond", "replications of each point (default: 200)")
	cmd.Flags().StringArrayVar(&flags.vary, "vary", nil, "`KEY=FROM..TO:POINTS`, once or twice")
	cmd.Flags().StringArrayVar(&flags.outcomes, "outcome", nil, "the `OUTCOME` to show (repeatable; default: --metric)")
	return cmd
}

// axis is one key that is varied.
type variedKey struct {
	Text     string    `json:"key"` // as typed
	keys     []string  // of the scenario
	Multiply bool      `json:"multiply"`
	Values   []float64 `json:"values"`
}

// dollars says whether the key is a budget, so that values are per dollar.
func (v *variedKey) dollars() bool { return strings.Contains(v.keys[0], ".weekly_budget") }

func (v *variedKey) at(i int) (sets []string) {
	x := strconv.FormatFloat(v.Values[i], 'g', -1, 64)
	for _, k := range v.keys {
		switch {
		case v.Multiply && v.Values[i] == 1: // the plan itself
		case v.Multiply:
			sets = append(sets, k+"*="+x)
		default:
			sets = append(sets, k+"="+x)
		}
	}
	return sets
}

func (v *variedKey) name(i int) string {
	x := strconv.FormatFloat(v.Values[i], 'g', 6, 64)
	if v.Multiply {
		return "x" + x
	}
	return x
}

// parseVary reads KEY=FROM..TO:POINTS.
func parseVary(text string, plan *model.Plan) (v variedKey, err error) {
	bad := func() (variedKey, error) {
		return v, usagef("--vary %s: KEY=FROM..TO:POINTS is needed, such as channels.display.weekly_budget=x0..x3:7", text)
	}
	key, rest, ok := strings.Cut(text, "=")
	ends, points, ok2 := strings.Cut(rest, ":")
	from, to, ok3 := strings.Cut(ends, "..")
	if !ok || !ok2 || !ok3 {
		return bad()
	}
	if strings.HasPrefix(key, "run.") {
		return v, usagef("--vary %s: all points are runs of the same length and random numbers", text)
	}
	v.Text, v.keys = key, []string{key}
	if strings.HasPrefix(from, "x") != strings.HasPrefix(to, "x") {
		return bad()
	}
	v.Multiply = strings.HasPrefix(from, "x")
	a, err1 := strconv.ParseFloat(strings.TrimPrefix(from, "x"), 64)
	b, err2 := strconv.ParseFloat(strings.TrimPrefix(to, "x"), 64)
	n, err3 := strconv.Atoi(points)
	if err1 != nil || err2 != nil || err3 != nil {
		return bad()
	}
	if n < 2 || n > 200 || !(a < b) {
		return v, usagef("--vary %s: 2 to 200 points between two ends, the lower one first, are needed", text)
	}
	for i := range n {
		v.Values = append(v.Values, a+(b-a)*float64(i)/float64(n-1))
	}
	if key == "media" {
		v.keys = nil
		for _, c := range plan.Channels {
			if c.Enabled && c.Driver == "budget" {
				v.keys = append(v.keys, "channels."+c.Name+".weekly_budget")
			}
		}
		if !v.Multiply {
			return v, usagef("--vary %s: media is moved by factors, such as media=x0.5..x2:4", text)
		}
	}
	return v, v.moves(plan)
}

func (p *program) respond(name string, flags *respondFlags) error {
	base, err := p.open(name, flags.sets()...)
	if err != nil {
		return err
	}
	plan := base.Plan
	if len(flags.outcomes) == 0 {
		flags.outcomes = []string{flags.metric}
	}
	columns := panel.Columns(model.NewSchema(plan))
	var metrics []*metric.Metric
	for _, o := range flags.outcomes {
		m, err := metricNamed("--outcome", o, columns)
		if err != nil {
			return err
		}
		metrics = append(metrics, m)
	}
	if len(flags.vary) > 2 {
		return usagef("--vary: one key gives a curve and two a surface; %d are too many", len(flags.vary))
	}
	if len(metrics) > 1 && len(flags.vary) != 1 {
		return usagef("--outcome %s: several outcomes are shown along one key alone", flags.outcomes[1])
	}
	answer := &response{inMoney: moneyOf(plan), name: name, flags: flags, metrics: metrics, Scenario: plan.Name,
		Outcomes: flags.outcomes, Replications: firstOf(flags.replications.value(), respondReplications),
		Seed: uint64(plan.Run.Seed), Weeks: int(plan.Run.Weeks)}
	design := sim.Design{Replications: answer.Replications, Seed: answer.Seed, Version: version}
	var notes []string
	add := func(setting string, sets ...string) error {
		s, err := p.open(name, append(flags.sets(), sets...)...)
		var problems scenarios.Problems
		if errors.As(err, &problems) { // the plan itself is open: it is the point
			for i := range problems {
				problems[i].File = strings.Replace(problems[i].File, "--set", "--vary", 1)
			}
		}
		if err != nil {
			return err
		}
		if _, err := model.Prepare(s.Plan); err != nil {
			return scenarios.Problems{{File: s.Files[0], Message: err.Error()}}
		}
		note, err := beside(decide.SameStart(decide.Setting{Name: "the plan", Plan: plan},
			decide.Setting{Name: strings.Join(sets, ", "), Plan: s.Plan}), flags.otherOpening)
		if err != nil {
			return err
		}
		if note != "" && len(notes) == 0 {
			notes = append(notes, note)
		}
		design.Settings = append(design.Settings, sim.Setting{Name: setting, Plan: s.Plan, Digest: scenarios.Digest(s.Plan)})
		for _, m := range metrics {
			design.Measures = append(design.Measures, m.Leaves(setting)...)
		}
		for _, c := range responseKept {
			design.Measures = append(design.Measures, panel.Leaf{Setting: setting, Measure: panel.Measure{Column: c}})
		}
		return nil
	}
	if err := add("plan"); err != nil {
		return err
	}
	typed := len(p.overrides)
	var build func(*panel.Panel) error
	switch len(flags.vary) {
	case 0:
		build, err = answer.channels(plan, add)
	case 1:
		build, err = answer.curve(plan, flags.vary[0], add)
	default:
		build, err = answer.surface(plan, flags.vary, add)
	}
	if err != nil {
		return err
	}
	for i := typed; i < len(p.overrides); i++ { // what --vary overrides
		p.overrides[i].File, p.overrides[i].Value = "--vary", ""
	}
	p.overrides = append(p.overrides[:typed], slices.Compact(p.overrides[typed:])...)
	if len(flags.vary) == 0 {
		for _, c := range plan.Channels {
			design.Measures = append(design.Measures, panel.Leaf{Setting: "plan", Measure: channelSpend(c.Name)})
		}
	}
	d := p.decision(&flags.decideFlags, "respond", plan, &design, strings.Join(flags.outcomes, " "))
	d.notes = notes
	numbers, err := d.run(&design)
	if err != nil {
		return err
	}
	if err := build(numbers); err != nil {
		return err
	}
	var pictures []page.Picture
	if len(flags.vary) == 0 {
		if pictures, err = responsePictures(numbers, plan, answer); err != nil {
			return err
		}
	}
	return d.tell(answer, append(answer.drawn(), pictures...))
}

// responseKept are the outcomes that are kept of every point besides the
// metrics: what pictures and costs need.
var responseKept = []string{"won", "acquisition_cost", "media_spend", "media_and_brand", "lifetime_media", "ltv_total"}

// dollarsOf is the spend on which a metric's value of a dollar is based: lifetime_margin counts what the
// pipeline is charged after the run too.
func dollarsOf(m *metric.Metric) string {
	if m.Column.Name == "lifetime_margin" {
		return "lifetime_media"
	}
	return "media_and_brand"
}

// channelSpend is what a channel's budget spends in a run.
func channelSpend(channel string) panel.Measure {
	return panel.Measure{Column: "media", Dimension: "channel", Name: channel}
}

// kept are the statistics of a setting: the metric, and what is kept besides.
func (r *response) kept(p *panel.Panel, m *metric.Metric, setting string, more ...string) ([]panel.Statistic, error) {
	s, err := m.Of(p, setting)
	out := []panel.Statistic{s}
	for _, c := range more {
		out = append(out, p.Mean(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: c}}))
	}
	return out, err
}

// points fills the curve of one metric over settings.
func (r *response) points(p *panel.Panel, c *curve, m *metric.Metric, settings, names []string, xs []float64,
	perDollar bool) error {
	c.format = words.FormatOf(m.Column.Name, m.Column.Unit)
	statistics := make([][]panel.Statistic, len(settings)) // metric, spend, spend that the metric counts
	for i, s := range settings {
		var err error
		if statistics[i], err = r.kept(p, m, s, "media_and_brand", dollarsOf(m)); err != nil {
			return err
		}
	}
	for i := range settings {
		pt := curvePoint{X: xs[i], Name: names[i], Value: p.Estimate(statistics[i][0]), Spend: p.Estimate(statistics[i][1])}
		slope := func(from int) *analysis.Estimate {
			e := p.Combine(func(v []float64) float64 {
				if perDollar {
					return (v[0] - v[3]) / (v[2] - v[5])
				}
				return (v[0] - v[3]) / (xs[i] - xs[from])
			}, append(slices.Clone(statistics[i]), statistics[from]...)...)
			return &e
		}
		if i > 0 {
			pt.Average, pt.Marginal = slope(0), slope(i-1)
			step := p.Difference(statistics[i-1][0], statistics[i][0])
			before := c.Points[i-1].Value.Error
			if x := (float64(before*before) +
				float64(pt.Value.Error*pt.Value.Error)) / float64(step.Error*step.Error); !math.IsNaN(x) && !math.IsInf(x, 0) {
				pt.Saved = &x
			}
		}
		c.Points = append(c.Points, pt)
	}
	return nil
}

// curve plans the response to one key.
func (r *response) curve(plan *model.Plan, text string, add func(string, ...string) error) (func(*panel.Panel) error,
	error) {
	v, err := parseVary(text, plan)
	if err != nil {
		return nil, err
	}
	r.Axes = []variedKey{v}
	var settings, names []string
	for i := range v.Values {
		s := fmt.Sprintf("point %d", i+1)
		if err := add(s, v.at(i)...); err != nil {
			return nil, err
		}
		settings, names = append(settings, s), append(names, v.name(i))
	}
	return func(p *panel.Panel) error {
		for _, m := range r.metrics {
			c := curve{Name: v.Text, Outcome: m.Text}
			if err := r.points(p, &c, m, settings, names, v.Values, v.dollars()); err != nil {
				return err
			}
			r.Curves = append(r.Curves, c)
		}
		c, m := &r.Curves[0], r.metrics[0]
		list := make([]pointOf, len(settings))
		for i, x := range c.Points {
			list[i] = pointOf{v.Text + " = " + x.Name, settings[i], x.Value}
		}
		way := "highest"
		if m.Column.Direction == model.Less {
			way = "lowest"
		}
		r.Answer, err = r.best(p, m, way, list)
		return err
	}, nil
}

// pointOf is a point among others: what it is called, its setting and the metric.
type pointOf struct {
	name, setting string
	value         analysis.Estimate
}

// best names the best of points, and says if another may be as good. Nothing is
// claimed of points that are all alike or have no number.
func (r *response) best(p *panel.Panel, m *metric.Metric, way string, points []pointOf) (string, error) {
	f, horizon := words.FormatOf(m.Column.Name, m.Column.Unit), words.Counted(r.Weeks, "week")
	sorted := slices.Clone(points)
	slices.SortStableFunc(sorted, func(a, b pointOf) int { return analysis.Order(a.value, b.value, m.Column.Direction) })
	best := sorted[0]
	if !best.value.Known() {
		what := "no value"
		if best.value.Never() {
			what = "no number"
		}
		return fmt.Sprintf("%s has %s at any point: %s (%s, %s a point).", m.Text, what, best.value.Reason, horizon,
			r.each()), nil
	}
	first, err := m.Of(p, best.setting)
	if err != nil {
		return "", err
	}
	tail, alike := "", 1
	for _, x := range sorted[1:] {
		if !x.value.Known() {
			break
		}
		other, err := m.Of(p, x.setting)
		if err != nil {
			return "", err
		}
		d := p.Difference(first, other)
		if d.Value == 0 && (d.Error == 0 || d.Needs > 0) {
			alike++
		}
		if tail == "" && !(d.Low > 0 || d.High < 0) {
			tail = fmt.Sprintf("; not separable from %s", x.name)
		}
	}
	if alike == len(points) {
		return fmt.Sprintf("%s is the same at every point: %s in %s (%s a point).", m.Text, page.With(f, best.value).Text,
			horizon, r.each()), nil
	}
	return fmt.Sprintf("%s is %s at %s: %s in %s (95%% interval, %s a point%s).", m.Text, way, best.name,
		page.With(f, best.value).Text, horizon, r.each(), tail), nil
}

// moves refuses multiples of a key that is 0 throughout: times nothing is nothing.
func (v *variedKey) moves(plan *model.Plan) error {
	if !v.Multiply {
		return nil
	}
	zero := map[*float64]bool{}
	for _, key := range v.keys {
		numbers, _, err := plan.Numbers(key)
		if err != nil {
			return nil // said where the key is set
		}
		for _, x := range numbers {
			if *x != 0 {
				return nil
			}
			zero[x] = true
		}
	}
	set := func(key string) bool {
		numbers, _, _ := plan.Numbers(key)
		return slices.ContainsFunc(numbers, func(x *float64) bool { return zero[x] })
	}
	for _, s := range plan.Schedules {
		if set(s.Key) {
			return nil
		}
	}
	for _, c := range plan.Changes {
		if slices.ContainsFunc(c.Effects, func(e model.Effect) bool { return e.Sets() && set(e.Key) }) {
			return nil
		}
	}
	last := len(v.Values) - 1
	what := "0"
	if v.dollars() {
		what = "a budget of 0"
	}
	return usagef("--vary %s: %s to %s of %s are the same plan; give values: --vary %s=0..500:%d", v.Text, v.name(0),
		v.name(last), what, v.keys[0], last+1)
}

// surface plans the response to two keys.
func (r *response) surface(plan *model.Plan, texts []string,
	add func(string, ...string) error) (func(*panel.Panel) error, error) {
	for _, t := range texts {
		v, err := parseVary(t, plan)
		if err != nil {
			return nil, err
		}
		r.Axes = append(r.Axes, v)
	}
	a, b := &r.Axes[0], &r.Axes[1]
	name := func(i, k int) string { return fmt.Sprintf("point %d-%d", i+1, k+1) }
	for i := range a.Values {
		for k := range b.Values {
			if err := add(name(i, k), append(a.at(i), b.at(k)...)...); err != nil {
				return nil, err
			}
		}
	}
	return func(p *panel.Panel) error {
		m := r.metrics[0]
		at := make([][][]panel.Statistic, len(a.Values))
		var list []pointOf
		for i := range a.Values {
			for k := range b.Values {
				s, err := r.kept(p, m, name(i, k), dollarsOf(m))
				if err != nil {
					return err
				}
				at[i] = append(at[i], s)
				c := cell{X: a.Values[i], Y: b.Values[k], Value: p.Estimate(s[0])}
				slope := func(axis *variedKey, from []panel.Statistic, step float64) *analysis.Estimate {
					e := p.Combine(func(v []float64) float64 {
						if axis.dollars() {
							return (v[0] - v[2]) / (v[1] - v[3])
						}
						return (v[0] - v[2]) / step
					}, append(slices.Clone(s), from...)...)
					return &e
				}
				if i > 0 {
					c.Down = slope(a, at[i-1][k], a.Values[i]-a.Values[i-1])
				}
				if k > 0 {
					c.Across = slope(b, at[i][k-1], b.Values[k]-b.Values[k-1])
				}
				r.Surface = append(r.Surface, c)
				list = append(list, pointOf{fmt.Sprintf("%s = %s and %s = %s", a.Text, a.name(i), b.Text, b.name(k)), name(i, k),
					c.Value})
			}
		}
		var err error
		r.Answer, err = r.best(p, m, "best", list)
		return err
	}, nil
}

// channels plans the response to the budget of every channel.
func (r *response) channels(plan *model.Plan, add func(string, ...string) error) (func(*panel.Panel) error, error) {
	setting := func(channel string, x float64) string {
		if x == 1 {
			return "plan"
		}
		return fmt.Sprintf("%s x%v", channel, x)
	}
	var list, names []string
	for _, x := range respondPoints {
		names = append(names, fmt.Sprintf("x%v", x))
	}
	for _, c := range plan.Channels {
		if !c.Enabled || c.Driver != "budget" {
			continue
		}
		for _, x := range respondPoints {
			if x == 1 {
				continue
			}
			if err := add(setting(c.Name, x), fmt.Sprintf("channels.%s.weekly_budget*=%v", c.Name, x)); err != nil {
				return nil, err
			}
		}
		list = append(list, c.Name)
	}
	if len(list) == 0 {
		return nil, usagef("%s has no channel with a budget: --vary names a key", plan.Name)
	}
	return func(p *panel.Panel) error {
		m := r.metrics[0]
		for _, channel := range list {
			var settings []string
			for _, x := range respondPoints {
				settings = append(settings, setting(channel, x))
			}
			c := curve{Name: channel, Outcome: m.Text}
			if err := r.points(p, &c, m, settings, names, respondPoints, true); err != nil {
				return err
			}
			r.Curves = append(r.Curves, c)
			x, err := r.rank(p, m, channel, setting)
			if err != nil {
				return err
			}
			r.Ranked = append(r.Ranked, x)
		}
		// What is not spent in the plan cannot be multiplied.
		r.Ranked = slices.DeleteFunc(r.Ranked, func(x ranked) bool {
			if x.Spend == 0 {
				r.idle = append(r.idle, x.Channel)
			}
			return x.Spend == 0
		})
		if len(r.Ranked) == 0 {
			return usagef("%s spends nothing on any channel: --vary names a key, with values of its own", plan.Name)
		}
		var err error
		r.Answer, err = r.nextDollar(p, m, setting)
		return err
	}, nil
}

// nextDollar ranks the channels, from the one that helps most, which of costs is the lowest, and says where the next
// dollar goes and where one is taken away.
func (r *response) nextDollar(p *panel.Panel, m *metric.Metric, setting func(string, float64) string) (string, error) {
	better := func(a, b analysis.Estimate) int { return analysis.Order(a, b, m.Column.Direction) }
	slices.SortStableFunc(r.Ranked, func(a, b ranked) int { return better(a.Next, b.Next) })
	top := r.Ranked[0]
	if !top.Next.Known() {
		return fmt.Sprintf("What the next %s brings of %s is not known on any channel: %s (%s, %s a point).",
			r.Currency.One(), m.Text, cmp.Or(r.Curves[0].Points[0].Value.Reason, "there is no number"),
			words.Counted(r.Weeks, "week"), r.each()), nil
	}
	next := fmt.Sprintf("The next %s goes to %s, where it brings %s of %s within %s (%s)", r.Currency.One(),
		top.Channel, r.amount(top.Next.Value), m.Text, words.Counted(r.Weeks, "week"), words.Interval(r.amount, top.Next))
	unsure := ""
	for _, x := range r.Ranked[1:] {
		if !x.Next.Known() {
			break
		}
		lead, err := r.lead(p, m, setting, top.Channel, x.Channel)
		if err != nil {
			return "", err
		}
		if r.Lead == nil {
			r.Lead = &lead
		}
		if !(lead.Low > 0 || lead.High < 0) {
			r.Lead, unsure = &lead, "; not separable from "+x.Channel
			break
		}
	}
	// It is not taken from where it goes.
	others := slices.DeleteFunc(slices.Clone(r.Ranked[1:]), func(x ranked) bool { return !x.Last.Known() })
	if len(others) == 0 {
		return fmt.Sprintf("%s (95%% intervals, %s a point%s).", next, r.each(), unsure), nil
	}
	least := slices.MaxFunc(others, func(a, b ranked) int { return better(a.Last, b.Last) })
	switch {
	case !analysis.Apart(least.Last, top.Next):
		unsure += "; what is given and what is taken may be worth the same: their intervals overlap"
	case better(least.Last, top.Next) < 0:
		unsure += "; to move one would lose by it"
	}
	return fmt.Sprintf("%s; the one to take away is on %s, where the last one brought %s (95%% intervals, %s a point%s).",
		next, least.Channel, words.Ends(r.amount, least.Last), r.each(), unsure), nil
}

// lead is what the next dollar brings on one channel over another, in pairs.
func (r *response) lead(p *panel.Panel, m *metric.Metric, setting func(string, float64) string, a,
	b string) (analysis.Estimate, error) {
	var list []panel.Statistic
	for _, s := range []string{setting(a, 1), setting(a, 1.5), setting(b, 1.5)} {
		kept, err := r.kept(p, m, s, dollarsOf(m))
		if err != nil {
			return analysis.Estimate{}, err
		}
		list = append(list, kept...)
	}
	return p.Combine(func(v []float64) float64 { return (v[2]-v[0])/(v[3]-v[1]) - (v[4]-v[0])/(v[5]-v[1]) }, list...), nil
}

// rank works out what the dollars around a channel's plan bring.
func (r *response) rank(p *panel.Panel, m *metric.Metric, channel string,
	setting func(string, float64) string) (x ranked, err error) {
	at := func(level float64) []panel.Statistic {
		s, failed := r.kept(p, m, setting(channel, level), "media_spend", "won", dollarsOf(m))
		if failed != nil {
			err = failed
		}
		return s
	}
	perDollar := func(from, to []panel.Statistic) analysis.Estimate {
		return p.Combine(func(v []float64) float64 { return (v[2] - v[0]) / (v[3] - v[1]) }, from[0], from[3], to[0], to[3])
	}
	less := func(v []float64) float64 { return v[0] - v[1] }
	plan, more, fewer, none := at(1), at(1.5), at(0.75), at(0)
	if err != nil {
		return x, err
	}
	return ranked{Channel: channel, Next: perDollar(plan, more), Last: perDollar(fewer, plan),
		Spend: analysis.Number(p.Combine(less, plan[1], none[1]).Value), Won: p.Combine(less, plan[2], none[2]),
		CAC: p.Combine(func(v []float64) float64 { return (v[0] - v[1]) / (v[2] - v[3]) }, plan[1], none[1], plan[2],
			none[2])}, nil
}
