package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/paired"
)

// respondFlags are the flags of respond.
type respondFlags struct {
	decideFlags
	vary     []string
	outcomes []string
}

// Defaults of respond: replications of each point, and the points of a channel.
const respondReplications = 200

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

Twice the replications make every interval 1.4 times narrower.`,
		Example: `  windfall respond metro
  windfall respond metro --vary 'channels.paid-search.weekly_budget=x0..x3:7'
  windfall respond metro --vary media=x0.5..x2:4 --vary 'brand.salience_half_life_weeks=0.5..4:3' --outcome won`,
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
	return v, nil
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
	for _, o := range flags.outcomes {
		if _, err := outcomeNamed(plan, o); err != nil {
			return err
		}
	}
	if len(flags.vary) > 2 {
		return usagef("--vary: one key gives a curve and two a surface; %d are too many", len(flags.vary))
	}
	answer := &response{Scenario: plan.Name, Outcomes: flags.outcomes, Replications: firstOf(flags.replications.value(), respondReplications), Seed: uint64(plan.Run.Seed), Weeks: int(plan.Run.Weeks)}
	design := paired.Design{Replications: answer.Replications, Seed: answer.Seed, Version: version}
	add := func(setting string, sets ...string) error {
		s, err := p.open(name, append(flags.sets(), sets...)...)
		if err != nil {
			return err
		}
		if _, err := model.Prepare(s.Plan); err != nil {
			return scenarios.Problems{{File: s.Files[0], Message: err.Error()}}
		}
		design.Settings = append(design.Settings, paired.Setting{Name: setting, Plan: s.Plan, Digest: scenarios.Digest(s.Plan)})
		return nil
	}
	if err := add("plan"); err != nil {
		return err
	}
	var build func(*paired.Panel) error
	switch len(flags.vary) {
	case 0:
		build, err = answer.channels(plan, add, &design)
	case 1:
		build, err = answer.curve(plan, flags.vary[0], add, &design)
	default:
		build, err = answer.surface(plan, flags.vary, add, &design)
	}
	if err != nil {
		return err
	}
	if len(flags.vary) == 0 {
		design.Measures = append(design.Measures, responseMeasures(plan, design.Settings)...)
	}
	d := p.decision(&flags.decideFlags, "respond", plan.Name, &design)
	panel, err := d.run(&design)
	if err != nil {
		return err
	}
	if err := build(panel); err != nil {
		return err
	}
	if len(flags.vary) == 0 {
		pictures, err := responsePictures(panel, plan, answer)
		if err == nil {
			err = d.hang(pictures)
		}
		if err != nil {
			return err
		}
	}
	return d.tell(answer, func(t *teller) { t.response(answer, flags.all) }, answer.warnings())
}

// channelSpend is what a channel's budget spends in a run.
func channelSpend(channel string) paired.Measure {
	return paired.Measure{Column: "media", Dimension: "channel", Name: channel}
}

// responseMeasures lists what the pictures of all channels need.
func responseMeasures(plan *model.Plan, settings []paired.Setting) (out []paired.Leaf) {
	for _, s := range settings {
		for _, c := range []string{"won", "acquisition_cost"} {
			out = append(out, paired.Leaf{Setting: s.Name, Measure: paired.Measure{Column: c}})
		}
	}
	for _, c := range plan.Channels {
		out = append(out, paired.Leaf{Setting: "plan", Measure: channelSpend(c.Name)})
	}
	return append(out, paired.Leaf{Setting: "plan", Measure: paired.Measure{Column: "ltv_total"}})
}

// responsePictures draws the response of every channel and what its next
// customer costs.
func responsePictures(panel *paired.Panel, plan *model.Plan, r *response) (out []gallery.Hung, err error) {
	source := plots.Source{Scenario: plan.Name, Replications: r.Replications, Seed: r.Seed}
	of := func(m paired.Measure) []float64 { return panel.Values(paired.Leaf{Setting: "plan", Measure: m}) }
	worth := analysis.Ratio(of(paired.Measure{Column: "ltv_total"}), of(paired.Measure{Column: "won"}), 1, panel.Group).Value
	for _, c := range plan.Channels {
		spent := analysis.Mean(of(channelSpend(c.Name)), panel.Group).Value / float64(r.Weeks)
		if !c.Enabled || c.Driver != "budget" || !(spent > 0) {
			continue
		}
		var levels []gallery.Level
		for _, x := range respondPoints {
			s := "plan"
			if x != 1 {
				s = fmt.Sprintf("%s x%v", c.Name, x)
			}
			levels = append(levels, gallery.Level{Setting: s, Spend: x * spent})
		}
		x, err := gallery.ResponseOf(panel, source, c.Name, r.Weeks, levels, worth, spent)
		if err != nil {
			return nil, err
		}
		out = append(out, gallery.Hung{Name: "response-" + c.Name, Drawing: x})
	}
	return out, nil
}

// response is what respond writes and prints as JSON.
type response struct {
	Scenario     string      `json:"scenario"`
	Outcomes     []string    `json:"outcomes"`
	Replications int         `json:"replications"`
	Seed         uint64      `json:"seed"`
	Weeks        int         `json:"weeks"`
	Answer       string      `json:"answer"`
	Axes         []variedKey `json:"axes,omitempty"`
	Curves       []curve     `json:"curves"`
	Ranked       []ranked    `json:"ranked,omitempty"`
	Surface      []cell      `json:"surface,omitempty"`
}

// curve is the response of one outcome.
type curve struct {
	Name    string       `json:"name"`
	Outcome string       `json:"outcome"`
	Points  []curvePoint `json:"points"`
}

// curvePoint is one value of the key. Average and Marginal are per dollar of
// media and brand where that moves, else per unit of the key: against the first
// point, and against the point before.
type curvePoint struct {
	X        float64            `json:"x"`
	Name     string             `json:"name"`
	Value    analysis.Estimate  `json:"value"`
	Spend    analysis.Estimate  `json:"media_and_brand"`
	Average  *analysis.Estimate `json:"average,omitempty"`
	Marginal *analysis.Estimate `json:"marginal,omitempty"`
}

// ranked is a channel by what its next dollar brings.
type ranked struct {
	Channel string            `json:"channel"`
	Next    analysis.Estimate `json:"next_dollar"` // from 1x to 1.5x
	Last    analysis.Estimate `json:"last_dollar"` // from 0.75x to 1x
	Spend   float64           `json:"media"`
	Won     analysis.Estimate `json:"customers_added"` // against 0x
	CAC     analysis.Estimate `json:"media_a_customer_added"`
}

type cell struct {
	X, Y  float64
	Value analysis.Estimate
}

// measure ties an expression to the settings and adds what it needs.
func measure(d *paired.Design, text string) (*paired.Expression, error) {
	e, err := paired.ParseExpression(text)
	if err == nil {
		err = paired.Resolve(d.Settings, e)
	}
	if err != nil {
		return nil, err
	}
	d.Measures = append(d.Measures, e.Leaves()...)
	return e, nil
}

// points builds the curve of one outcome over settings.
func points(d *paired.Design, c *curve, settings, names []string, xs []float64, perDollar bool) (func(*paired.Panel), error) {
	type triple struct{ value, spend, average, marginal *paired.Expression }
	list := make([]triple, len(settings))
	o := c.Outcome
	for i, s := range settings {
		var err error
		must := func(text string) *paired.Expression {
			e, failed := measure(d, text)
			if failed != nil && err == nil {
				err = failed
			}
			return e
		}
		list[i].value, list[i].spend = must(o+"("+s+")"), must("media_and_brand("+s+")")
		ratio := func(from int) *paired.Expression {
			over := fmt.Sprintf("(%s(%s) - %s(%s))", o, s, o, settings[from])
			if perDollar {
				return must(fmt.Sprintf("%s / (media_and_brand(%s) - media_and_brand(%s))", over, s, settings[from]))
			}
			return must(fmt.Sprintf("%s / %s", over, strconv.FormatFloat(xs[i]-xs[from], 'f', -1, 64)))
		}
		if i > 0 {
			list[i].average, list[i].marginal = ratio(0), ratio(i-1)
		}
		if err != nil {
			return nil, err
		}
	}
	return func(p *paired.Panel) {
		for i, x := range list {
			pt := curvePoint{X: xs[i], Name: names[i], Value: x.value.Estimate(p), Spend: x.spend.Estimate(p)}
			if x.average != nil {
				a, m := x.average.Estimate(p), x.marginal.Estimate(p)
				pt.Average, pt.Marginal = &a, &m
			}
			c.Points = append(c.Points, pt)
		}
	}, nil
}

// curve plans the response to one key.
func (r *response) curve(plan *model.Plan, text string, add func(string, ...string) error, d *paired.Design) (func(*paired.Panel) error, error) {
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
	perDollar := strings.HasSuffix(v.keys[0], "weekly_budget")
	var fill []func(*paired.Panel)
	for _, o := range r.Outcomes {
		c := &curve{Name: v.Text, Outcome: o}
		f, err := points(d, c, settings, names, v.Values, perDollar)
		if err != nil {
			return nil, err
		}
		fill = append(fill, func(p *paired.Panel) { f(p); r.Curves = append(r.Curves, *c) })
	}
	return func(p *paired.Panel) error {
		for _, f := range fill {
			f(p)
		}
		c := &r.Curves[0]
		best := slices.MaxFunc(c.Points, func(a, b curvePoint) int { return cmp.Compare(a.Value.Value, b.Value.Value) })
		column, _ := outcomeNamed(plan, c.Outcome)
		way := "highest"
		if column.Direction == model.Less {
			way = "lowest"
			best = slices.MinFunc(c.Points, func(a, b curvePoint) int { return cmp.Compare(a.Value.Value, b.Value.Value) })
		}
		f := formatOf(c.Outcome, column.Unit)
		value, reach := f.WithError(best.Value.Value, best.Value.HalfWidth())
		r.Answer = fmt.Sprintf("%s is %s at %s = %s: %s ± %s in %s (95%% interval, %s a point).", c.Outcome, way, v.Text, best.Name, value, reach, counted(r.Weeks, "week"), counted(r.Replications, "replication"))
		return nil
	}, nil
}

// surface plans the response to two keys.
func (r *response) surface(plan *model.Plan, texts []string, add func(string, ...string) error, d *paired.Design) (func(*paired.Panel) error, error) {
	for _, t := range texts {
		v, err := parseVary(t, plan)
		if err != nil {
			return nil, err
		}
		r.Axes = append(r.Axes, v)
	}
	a, b := &r.Axes[0], &r.Axes[1]
	var cells []*paired.Expression
	for i := range a.Values {
		for k := range b.Values {
			s := fmt.Sprintf("point %d-%d", i+1, k+1)
			if err := add(s, append(a.at(i), b.at(k)...)...); err != nil {
				return nil, err
			}
			e, err := measure(d, r.Outcomes[0]+"("+s+")")
			if err != nil {
				return nil, err
			}
			cells = append(cells, e)
		}
	}
	return func(p *paired.Panel) error {
		column, _ := outcomeNamed(plan, r.Outcomes[0])
		best := 0
		for n, e := range cells {
			i, k := n/len(b.Values), n%len(b.Values)
			r.Surface = append(r.Surface, cell{a.Values[i], b.Values[k], e.Estimate(p)})
			better := r.Surface[n].Value.Value > r.Surface[best].Value.Value
			if column.Direction == model.Less {
				better = r.Surface[n].Value.Value < r.Surface[best].Value.Value
			}
			if better {
				best = n
			}
		}
		f := formatOf(r.Outcomes[0], column.Unit)
		value, reach := f.WithError(r.Surface[best].Value.Value, r.Surface[best].Value.HalfWidth())
		r.Answer = fmt.Sprintf("%s is best at %s = %s and %s = %s: %s ± %s in %s (95%% interval, %s a point).", r.Outcomes[0], a.Text, a.name(best/len(b.Values)), b.Text, b.name(best%len(b.Values)),
			value, reach, counted(r.Weeks, "week"), counted(r.Replications, "replication"))
		return nil
	}, nil
}

// channels plans the response to the budget of every channel.
func (r *response) channels(plan *model.Plan, add func(string, ...string) error, d *paired.Design) (func(*paired.Panel) error, error) {
	type lines struct {
		channel         string
		next, last      *paired.Expression
		won, cac, spend *paired.Expression
		fill            func(*paired.Panel)
		curve           *curve
	}
	var list []lines
	metric := r.Outcomes[0]
	for _, c := range plan.Channels {
		if !c.Enabled || c.Driver != "budget" {
			continue
		}
		var settings, names []string
		for _, x := range respondPoints {
			s := "plan"
			if x != 1 {
				s = fmt.Sprintf("%s x%v", c.Name, x)
				if err := add(s, fmt.Sprintf("channels.%s.weekly_budget*=%v", c.Name, x)); err != nil {
					return nil, err
				}
			}
			settings, names = append(settings, s), append(names, fmt.Sprintf("x%v", x))
		}
		l := lines{channel: c.Name, curve: &curve{Name: c.Name, Outcome: metric}}
		var err error
		if l.fill, err = points(d, l.curve, settings, names, respondPoints, true); err != nil {
			return nil, err
		}
		for _, e := range []struct {
			into *(*paired.Expression)
			text string
		}{
			{&l.next, fmt.Sprintf("(%[1]s(%[2]s x1.5) - %[1]s(plan)) / (media_spend(%[2]s x1.5) - media_spend(plan))", metric, c.Name)},
			{&l.last, fmt.Sprintf("(%[1]s(plan) - %[1]s(%[2]s x0.75)) / (media_spend(plan) - media_spend(%[2]s x0.75))", metric, c.Name)},
			{&l.won, fmt.Sprintf("won(plan) - won(%s x0)", c.Name)},
			{&l.spend, fmt.Sprintf("media_spend(plan) - media_spend(%s x0)", c.Name)},
			{&l.cac, fmt.Sprintf("(media_spend(plan) - media_spend(%[1]s x0)) / (won(plan) - won(%[1]s x0))", c.Name)},
		} {
			if *e.into, err = measure(d, e.text); err != nil {
				return nil, err
			}
		}
		list = append(list, l)
	}
	if len(list) == 0 {
		return nil, usagef("%s has no channel with a budget: --vary names a key", plan.Name)
	}
	return func(p *paired.Panel) error {
		for _, l := range list {
			l.fill(p)
			r.Curves = append(r.Curves, *l.curve)
			r.Ranked = append(r.Ranked, ranked{l.channel, l.next.Estimate(p), l.last.Estimate(p), l.spend.Estimate(p).Value, l.won.Estimate(p), l.cac.Estimate(p)})
		}
		slices.SortStableFunc(r.Ranked, func(a, b ranked) int { return cmp.Compare(b.Next.Value, a.Next.Value) })
		top := r.Ranked[0]
		least := slices.MinFunc(r.Ranked, func(a, b ranked) int { return cmp.Compare(a.Last.Value, b.Last.Value) })
		separable := ""
		if least.Last.High >= top.Next.Low {
			separable = "; their intervals overlap"
		}
		r.Answer = fmt.Sprintf("The next dollar goes to %s, where it brings %s of %s (%s to %s); the one to take away is on %s, where the last one brought %s (%s to %s), %s a point%s.",
			top.Channel, dollar(top.Next.Value), metric, dollar(top.Next.Low), dollar(top.Next.High), least.Channel, dollar(least.Last.Value), dollar(least.Last.Low), dollar(least.Last.High), counted(r.Replications, "replication"), separable)
		return nil
	}, nil
}

// dollar writes an amount near a dollar.
func dollar(x float64) string {
	sign := ""
	if x < 0 {
		sign, x = "-", -x
	}
	return sign + "$" + strconv.FormatFloat(x, 'f', 2, 64)
}

func (r *response) sentences() []string { return []string{r.Answer} }

func (r *response) next() (out []string) {
	if len(r.Ranked) > 0 {
		return []string{shellLine([]string{"windfall", "compare", r.Scenario, "--set", "channels." + r.Ranked[0].Channel + ".weekly_budget*=1.5"}),
			shellLine([]string{"windfall", "respond", r.Scenario, "--vary", "channels." + r.Ranked[0].Channel + ".weekly_budget=x0..x3:13"})}
	}
	return nil
}

func (r *response) warnings() (out []string) {
	if r.Replications < 50 {
		out = append(out, fmt.Sprintf("%s a point are few for values at the margin; --replications %d would do", counted(r.Replications, "replication"), respondReplications))
	}
	return out
}

// response tells how outcomes respond.
func (t *teller) response(r *response, all bool) {
	with := func(f plots.Format, e analysis.Estimate) string {
		value, reach := f.WithError(e.Value, e.HalfWidth())
		return value + " ± " + reach
	}
	interval := func(e analysis.Estimate) string { return dollar(e.Low) + " to " + dollar(e.High) }
	switch {
	case len(r.Ranked) > 0:
		w := t.table(table.Row{"channel", r.Outcomes[0] + " of the next dollar", "95% interval", "of the last dollar", "95% interval", "media", "customers added", "media a customer added"}, 2, 4, 6, 7, 8)
		for i, x := range r.Ranked {
			if !all && i == mostRows {
				break
			}
			cac := "none added"
			if x.Won.Low > 0 {
				cac = with(plots.Money, x.CAC)
			}
			w.AppendRow(table.Row{x.Channel, dollar(x.Next.Value), interval(x.Next), dollar(x.Last.Value), interval(x.Last), plots.Money.Text(x.Spend), with(plots.Plain, x.Won), cac})
		}
		t.print("%s\n", w.Render())
		if len(r.Ranked) > mostRows && !all {
			t.print("All %d channels: --all\n", len(r.Ranked))
		}
		t.print("The next dollar: from 1 to 1.5 times the plan; the last one: from 0.75 times.\n\n")
	case len(r.Surface) > 0:
		a, b := &r.Axes[0], &r.Axes[1]
		head := table.Row{r.Outcomes[0] + ": " + a.Text + " down, " + b.Text + " across"}
		var numbers []int
		for k := range b.Values {
			head, numbers = append(head, b.name(k)), append(numbers, k+2)
		}
		w := t.table(head, numbers...)
		f := formatOf(r.Outcomes[0], unitOf(r.Outcomes[0]))
		for i := range a.Values {
			row := table.Row{a.name(i)}
			for k := range b.Values {
				row = append(row, with(f, r.Surface[i*len(b.Values)+k].Value))
			}
			w.AppendRow(row)
		}
		t.print("%s\n\n", w.Render())
	default:
		for _, c := range r.Curves {
			per := "per unit of the key"
			if len(c.Points) > 0 && strings.HasSuffix(r.Axes[0].keys[0], "weekly_budget") {
				per = "per dollar"
			}
			f := formatOf(c.Outcome, unitOf(c.Outcome))
			w := t.table(table.Row{c.Name, c.Outcome, "media and brand", "average " + per, "marginal " + per, "95% interval"}, 2, 3, 4, 5)
			for _, x := range c.Points {
				average, marginal, between := "", "", ""
				if x.Average != nil && !math.IsNaN(x.Average.Value) {
					average, marginal = short(x.Average.Value), short(x.Marginal.Value)
					between = short(x.Marginal.Low) + " to " + short(x.Marginal.High)
				}
				w.AppendRow(table.Row{x.Name, with(f, x.Value), plots.Money.Text(x.Spend.Value), average, marginal, between})
			}
			t.print("%s\n\n", w.Render())
		}
	}
}
