package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots"
	"windfall/plots/decide"
	"windfall/plots/gallery"
	"windfall/plots/report"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/paired"
)

// pauseFlags are the flags of pause.
type pauseFlags struct {
	decideFlags
	what    string
	lengths string
	from    string
	regions string
}

// pauseReplications are the pairs of each length by default.
const pauseReplications = 1000

func (p *program) pauseCommand() *cobra.Command {
	var flags pauseFlags
	cmd := &cobra.Command{
		Use:   "pause SCENARIO",
		Short: "Should we pause the brand, or a channel? What is lost, and for how long",
		Long: `Stop spending on brand media or channels for some weeks and see what that does,
paired with the same plan without the pause: sign-ups lost by week, channel,
size class and region; how deep and how long; what never comes back; and
dollars: what is not spent against the gross margin lost, within the run and
over the lifetime of the customers that were not won.

  depth            the worst week, relative to the plan
  time to recover  weeks from the pause's end until two weeks running lie above
                   a tenth of the depth
  never regained   what is missing at the end of the run, over what was missing
                   at the worst moment

The default takes a minute or two on two cores for metro. Twice the replications
make every interval 1.4 times narrower and take twice as long.`,
		Example: `  windfall pause metro --what brand --weeks 1,2,3,6 --from 2013-10-01
  windfall pause metro --what paid-search,display --weeks 4 --from 2013-06-04`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE:              func(_ *cobra.Command, args []string) error { return p.pause(args[0], &flags) },
	}
	flags.register(cmd, "pause", "pairs of replications of each length (default: 1,000)")
	cmd.Flags().StringVar(&flags.lengths, "weeks", "1,2,3,6", "lengths of the pause in weeks, joined by commas")
	cmd.Flags().StringVar(&flags.what, "what", "brand", "what is paused: brand, or names of channels and media joined by commas")
	cmd.Flags().StringVar(&flags.from, "from", "", "first day of the pause, `YYYY-MM-DD` (default: the first day of the run's week 40, or of its middle)")
	cmd.Flags().StringVar(&flags.regions, "regions", "", "only in these regions, joined by commas (media alone; a budget for all is split by firms)")
	return cmd
}

// pause runs a plan with and without pauses.
func (p *program) pause(name string, flags *pauseFlags) error {
	s, err := p.open(name, flags.sets()...)
	if err != nil {
		return err
	}
	plan := s.Plan
	if _, err := model.Prepare(plan); err != nil {
		return scenarios.Problems{{File: s.Files[0], Message: err.Error()}}
	}
	// Both plans state their budgets alike, so that they are equal to the bit until
	// the pause begins.
	keys, err := pausedKeys(plan, flags.what, flags.regions)
	if err != nil {
		return err
	}
	lengths, err := wholeNumbers("--weeks", flags.lengths, 1, int(plan.Run.Weeks))
	if err != nil {
		return err
	}
	weeks := int(plan.Run.Weeks)
	first := min(40, weeks/2+1)
	from := plan.Run.Start + model.Date(7*(first-1))
	if flags.from != "" {
		if from, err = model.ParseDate(flags.from); err != nil {
			return usagef("--from %s: a date such as 2013-10-01 is needed", flags.from)
		}
		first = int(from-plan.Run.Start)/7 + 1
		if from < plan.Run.Start || first > weeks {
			return usagef("--from %s: the run is from %s to %s", flags.from, plan.Run.Start, plan.Run.Start+model.Date(7*weeks)-1)
		}
	}
	design := paired.Design{Replications: firstOf(flags.replications.value(), pauseReplications), Seed: uint64(plan.Run.Seed), Version: version,
		Settings: []paired.Setting{{Name: "plan", Plan: plan, Digest: scenarios.Digest(plan)}}}
	for _, n := range lengths {
		paused := plan.Clone()
		c := model.Change{Name: "~pause", From: from, Until: from + model.Date(7*n)}
		for _, k := range keys {
			c.Effects = append(c.Effects, model.Effect{Key: k, Value: 0, Input: -1})
		}
		paused.Changes = append(slices.Clone(plan.Changes), c)
		if first-1+n > weeks {
			return usagef("--weeks %d: the pause would end after the run", n)
		}
		design.Settings = append(design.Settings, paired.Setting{Name: pauseName(n), Plan: paused, Digest: scenarios.Digest(paused)})
	}
	schema := model.NewSchema(plan)
	for _, s := range design.Settings {
		design.Measures = append(design.Measures, pauseMeasures(s.Name, schema)...)
	}
	d := p.decision(&flags.decideFlags, "pause", plan.Name, &design)
	panel, err := d.run(&design)
	if err != nil {
		return err
	}
	a := &pauseAnswer{name: name, typed: flags.typed(), Scenario: plan.Name, What: flags.what, From: from.String(), Replications: design.Replications, Seed: design.Seed, Weeks: weeks, Years: plan.Finance.LTVHorizonYears, Regions: flags.regions}
	var pictures []gallery.Hung
	for _, n := range lengths {
		a.Pauses = append(a.Pauses, pauseOf(panel, schema, plan, n, first))
		source := plots.Source{Scenario: plan.Name, Replications: design.Replications, Seed: design.Seed}
		x, err := gallery.PauseOf(panel, source, schema, plan.Run.Start, "signups", "plan", pauseName(n))
		if err != nil {
			return err
		}
		x.Base, x.Spans = "as planned", []plots.Span{gallery.Span("Pause of "+flags.what, from, from+model.Date(7*n))}
		pictures = append(pictures, gallery.Hung{Name: fmt.Sprintf("pause-%d-weeks", n), Drawing: x})
	}
	return d.tell(a, append(pictures, balances(a)...))
}

// balances draws the dollars of each pause: what is not spent against the gross
// margin lost, from the first week of the run on.
func balances(a *pauseAnswer) (out []gallery.Hung) {
	for _, x := range a.Pauses {
		c := plots.Curve{Source: plots.Source{Scenario: a.Scenario, Replications: a.Replications, Seed: a.Seed}, XName: "Week of the run", YName: "Since the first day (USD)",
			Finding: fmt.Sprintf("Pause of %s: what is not spent against the gross margin lost, which passes it %s", counted(x.Length, "week"), x.crossing()),
			Lines:   []plots.Line{{Name: "Not spent", Points: x.SavedBy}, {Name: "Gross margin lost", Points: x.LostBy}}}
		for w := range x.SavedBy {
			c.X = append(c.X, float64(w+1))
		}
		if len(c.X) > 1 {
			out = append(out, gallery.Hung{Name: fmt.Sprintf("dollars-%d-weeks", x.Length), Drawing: c})
		}
	}
	return out
}

func pauseName(weeks int) string { return fmt.Sprintf("pause of %s", counted(weeks, "week")) }

// pausedKeys lists the keys that a pause sets to 0. A pause in some regions needs
// the budgets of its media by region, and states them so in the plan.
func pausedKeys(plan *model.Plan, what, regions string) ([]string, error) {
	var known, keys []string
	for _, m := range plan.Media {
		known = append(known, m.Name)
	}
	for _, c := range plan.Channels {
		if c.Driver == "budget" {
			known = append(known, c.Name)
		}
	}
	for _, name := range strings.Split(what, ",") {
		name = strings.TrimSpace(name)
		switch {
		case name == "brand":
			if len(plan.Media) == 0 {
				return nil, usagef("--what brand: the scenario has no brand media")
			}
			for _, m := range plan.Media {
				keys = append(keys, "media."+m.Name+".weekly_budget")
			}
		case slices.ContainsFunc(plan.Media, func(m model.Medium) bool { return m.Name == name }):
			keys = append(keys, "media."+name+".weekly_budget")
		case slices.Contains(known, name):
			keys = append(keys, "channels."+name+".weekly_budget")
		default:
			return nil, usagef("--what %s: there is no such medium or channel with a budget%s", name, didYouMean(name, append(known, "brand")))
		}
	}
	if regions == "" {
		return keys, nil
	}
	var out []string
	for _, r := range strings.Split(regions, ",") {
		r = strings.TrimSpace(r)
		region := slices.Index(plan.Dimension("region"), r)
		if region < 0 {
			return nil, usagef("--regions %s: there is no such region%s", r, didYouMean(r, plan.Dimension("region")))
		}
		for _, k := range keys {
			medium := slices.IndexFunc(plan.Media, func(m model.Medium) bool { return k == "media."+m.Name+".weekly_budget" })
			if medium < 0 {
				return nil, usagef("--regions: %s is spent for all regions at once; media can be paused by region", k)
			}
			if !plan.Media[medium].Covers(plan, region) {
				continue
			}
			if err := plan.SplitByRegion(medium); err != nil {
				return nil, usagef("--regions: %v", err)
			}
			out = append(out, k+"."+r)
		}
	}
	if len(out) == 0 {
		return nil, usagef("--regions %s: nothing of %s covers it", regions, what)
	}
	return out, nil
}

// wholeNumbers reads numbers joined by commas.
func wholeNumbers(flag, text string, low, high int) (out []int, err error) {
	for _, x := range strings.Split(text, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(x))
		if err != nil || n < low || n > high {
			return nil, usagef("%s %s: whole numbers from %d to %d joined by commas are needed", flag, text, low, high)
		}
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out, nil
}

// Weekly money that a pause moves: what is spent on winning customers, and what
// they bring.
var (
	spentWeekly = []string{"media", "brand", "pay", "commission", "onboarding", "fees"}
	pauseRun    = []string{"signups", "won", "lifetime_margin", "acquisition_cost", "ltv_total", "media_and_brand", "cash_end", "cash_trough", "out_of_business", "leads", "journeys"}
	pausedBy    = []string{"channel", "size", "region"}
)

// pauseMeasures lists what is kept of one setting.
func pauseMeasures(setting string, schema *model.Schema) (out []paired.Leaf) {
	add := func(m paired.Measure) { out = append(out, paired.Leaf{Setting: setting, Measure: m}) }
	for w := 1; w <= schema.Weeks; w++ {
		for _, c := range append([]string{"signups", "won", "revenue", "cost_of_revenue"}, spentWeekly...) {
			add(paired.Measure{Column: c, From: w, To: w})
		}
	}
	for _, c := range pauseRun {
		add(paired.Measure{Column: c})
	}
	for _, r := range schema.SliceRows {
		if slices.Contains(pausedBy, r.Dimension) && r.Name != model.Unassigned {
			add(paired.Measure{Column: "signups", Dimension: r.Dimension, Name: r.Name})
		}
	}
	return out
}

// pauseAnswer is what pause writes and prints as JSON.
type pauseAnswer struct {
	name  string // as typed
	typed []string

	Scenario     string         `json:"scenario"`
	What         string         `json:"what"`
	Regions      string         `json:"regions,omitempty"`
	From         string         `json:"from"`
	Replications int            `json:"replications"`
	Seed         uint64         `json:"seed"`
	Weeks        int            `json:"weeks"`
	Years        float64        `json:"ltv_horizon_years"`
	Pauses       []pauseOutcome `json:"pauses"`
}

// pauseOutcome is the effect of a pause of one length.
type pauseOutcome struct {
	Length    int                 `json:"weeks"`
	Answer    string              `json:"answer"`
	Signups   analysis.Estimate   `json:"signups"`          // of the run
	InPause   analysis.Estimate   `json:"signups_in_pause"` // relative, over the pause and no longer
	Won       analysis.Estimate   `json:"won"`
	Depth     analysis.Estimate   `json:"depth"`
	DepthWeek int                 `json:"depth_week"`
	Recovery  int                 `json:"weeks_to_recover"` // -1: not within the run
	NeverBack analysis.Estimate   `json:"never_regained"`
	Saved     analysis.Estimate   `json:"saved"`       // media and brand not spent
	Unspent   analysis.Estimate   `json:"not_spent"`   // all cost of acquiring not spent
	Margin    analysis.Estimate   `json:"margin_lost"` // gross margin within the run
	Crossing  int                 `json:"crossing_week"`
	Lifetime  analysis.Estimate   `json:"lifetime_margin"` // change
	Lost      analysis.Estimate   `json:"lifetime_value_lost"`
	CashEnd   analysis.Estimate   `json:"cash_end"`
	RuinA     analysis.Estimate   `json:"out_of_business_plan"`
	RuinB     analysis.Estimate   `json:"out_of_business_pause"`
	Reduction float64             `json:"variance_reduction"`     // of sign-ups in the pause; 0: nothing differs
	RunSaved  float64             `json:"variance_reduction_run"` // of sign-ups of the run
	Ruin      analysis.Estimate   `json:"out_of_business_change"`
	Weekly    []analysis.Estimate `json:"weekly"`
	SavedBy   []analysis.Estimate `json:"not_spent_by_week"` // since the first day
	LostBy    []analysis.Estimate `json:"margin_lost_by_week"`
	By        []pauseSlice        `json:"by"`
}

// pauseSlice is the change of sign-ups in one slice of the run.
type pauseSlice struct {
	Dimension string            `json:"dimension"`
	Name      string            `json:"name"`
	Change    analysis.Estimate `json:"change"`
	Relative  analysis.Estimate `json:"relative"`
	Share     float64           `json:"share"` // of the plan's sign-ups
}

// pauseOf works out the effect of one length.
func pauseOf(panel *paired.Panel, schema *model.Schema, plan *model.Plan, length, first int) pauseOutcome {
	name := pauseName(length)
	weekly := func(setting, column string) [][]float64 {
		out := make([][]float64, schema.Weeks)
		for w := range out {
			out[w] = panel.Values(paired.Leaf{Setting: setting, Measure: paired.Measure{Column: column, From: w + 1, To: w + 1}})
		}
		return out
	}
	less := func(a, b [][]float64) [][]float64 { // a - b
		out := make([][]float64, len(a))
		for w := range a {
			out[w] = make([]float64, len(a[w]))
			for i := range out[w] {
				out[w][i] = a[w][i] - b[w][i]
			}
		}
		return out
	}
	plus := func(a, b [][]float64) [][]float64 {
		for w := range a {
			for i := range a[w] {
				a[w][i] += b[w][i]
			}
		}
		return a
	}
	last := first - 1 + length
	e := analysis.PauseOf(weekly("plan", "signups"), weekly(name, "signups"), first, last, panel.Group)
	run := func(setting, column string) []float64 {
		return panel.Values(paired.Leaf{Setting: setting, Measure: paired.Measure{Column: column}})
	}
	change := func(column string) analysis.Estimate {
		a, b := run("plan", column), run(name, column)
		d := make([]float64, len(a))
		for i := range d {
			d[i] = b[i] - a[i]
		}
		return analysis.Mean(d, panel.Group)
	}
	minus := func(x analysis.Estimate) analysis.Estimate {
		// 0 - x keeps a zero positive.
		return analysis.Estimate{Value: 0 - x.Value, Error: x.Error, Low: 0 - x.High, High: 0 - x.Low, N: x.N}
	}
	saved := less(weekly("plan", spentWeekly[0]), weekly(name, spentWeekly[0]))
	for _, c := range spentWeekly[1:] {
		saved = plus(saved, less(weekly("plan", c), weekly(name, c)))
	}
	lost := plus(less(weekly("plan", "revenue"), weekly(name, "revenue")), less(weekly(name, "cost_of_revenue"), weekly("plan", "cost_of_revenue")))
	total := func(list [][]float64) analysis.Estimate {
		sum := make([]float64, len(list[0]))
		for _, week := range list {
			for i, x := range week {
				sum[i] += x
			}
		}
		return analysis.Mean(sum, panel.Group)
	}
	since := func(list [][]float64) (out []analysis.Estimate) {
		sum := make([]float64, panel.Replications)
		for _, week := range list {
			for i, x := range week {
				sum[i] += x
			}
			out = append(out, analysis.Mean(sum, panel.Group))
		}
		return out
	}
	inPause := func(setting string) []float64 {
		sum := make([]float64, panel.Replications)
		for _, week := range weekly(setting, "signups")[first-1 : last] {
			for i, x := range week {
				sum[i] += x
			}
		}
		return sum
	}
	sides := analysis.Sides{Column: model.Column{Name: "signups", Direction: model.Neither}, Group: panel.Group, Over: [2][]float64{inPause("plan"), inPause(name)}}
	during := analysis.Compare(sides)
	sides.Over = [2][]float64{run("plan", "signups"), run(name, "signups")}
	whole := analysis.Compare(sides)
	out := pauseOutcome{Length: length, Signups: e.Total, InPause: during.Relative, Won: change("won"), Depth: e.Depth, DepthWeek: e.DepthWeek, Recovery: e.Recovery, NeverBack: e.NeverBack,
		Saved: minus(change("media_and_brand")), Unspent: minus(change("acquisition_cost")), Margin: total(lost), Crossing: analysis.Crossing(saved, lost),
		Lifetime: change("lifetime_margin"), Lost: minus(change("ltv_total")), CashEnd: change("cash_end"), Weekly: e.Weeks, Reduction: during.Reduction, RunSaved: whole.Reduction, SavedBy: since(saved), LostBy: since(lost), Ruin: change("out_of_business"),
		RuinA: analysis.Mean(run("plan", "out_of_business"), panel.Group), RuinB: analysis.Mean(run(name, "out_of_business"), panel.Group)}
	for _, x := range []*float64{&out.Reduction, &out.RunSaved} {
		if math.IsInf(*x, 0) || math.IsNaN(*x) {
			*x = 0
		}
	}
	var all float64
	for _, x := range run("plan", "signups") {
		all += x
	}
	for _, r := range schema.SliceRows {
		if !slices.Contains(pausedBy, r.Dimension) || r.Name == model.Unassigned {
			continue
		}
		at := func(setting string) []float64 {
			return panel.Values(paired.Leaf{Setting: setting, Measure: paired.Measure{Column: "signups", Dimension: r.Dimension, Name: r.Name}})
		}
		a, b := at("plan"), at(name)
		d := make([]float64, len(a))
		var sum float64
		for i := range d {
			d[i] = b[i] - a[i]
			sum += a[i]
		}
		out.By = append(out.By, pauseSlice{r.Dimension, r.Name, analysis.Mean(d, panel.Group), analysis.Ratio(d, a, 1, panel.Group), sum / all})
	}
	out.Answer = out.sentence(plan)
	return out
}

// sentence is the answer: what is saved against the lifetime value lost.
func (o *pauseOutcome) sentence(plan *model.Plan) string {
	money := plots.Money
	change, reach := money.WithError(math.Abs(o.Lifetime.Value), o.Lifetime.HalfWidth())
	verdict := "what that is worth in the end is not seen"
	switch {
	case o.Lifetime.Low > 0:
		verdict = "it gains " + change + " ± " + reach
	case o.Lifetime.High < 0:
		verdict = "it costs " + change + " ± " + reach
	}
	return fmt.Sprintf("A pause of %s does not spend %s and loses %s of customers' lifetime margin over %v years (%s sign-ups): %s, %s.",
		counted(o.Length, "week"), money.Text(o.Unspent.Value), money.Text(o.Lost.Value), plan.Finance.LTVHorizonYears,
		plots.Plain.Text(math.Round(o.Signups.Value)), verdict, counted(o.Signups.N, "pair"))
}

func (a *pauseAnswer) sentences() (out []string) {
	for _, x := range a.Pauses {
		out = append(out, x.Answer)
	}
	return out
}

func (a *pauseAnswer) size() string { return counted(a.Replications, "pair") + " of each length" }

func (a *pauseAnswer) next() []string {
	return []string{shellLine(append([]string{"windfall", "respond", a.name}, a.typed...)), "windfall lesson L05"}
}

func (a *pauseAnswer) warnings() (out []string) {
	if a.Replications < fewPairs {
		out = append(out, fmt.Sprintf("%s are few for single weeks and channels; --replications %d would do", counted(a.Replications, "pair"), pauseReplications))
	}
	for _, x := range a.Pauses {
		if x.RuinA.Value > 0 || x.RuinB.Value > 0 {
			out = append(out, fmt.Sprintf("%s: out of business in %s of replications, %s without the pause", counted(x.Length, "week"), plots.Percent.Text(x.RuinB.Value), plots.Percent.Text(x.RuinA.Value)))
		}
	}
	return out
}

// crossing words the week from which the gross margin lost exceeds the saving.
func (o *pauseOutcome) crossing() string {
	if o.Crossing > 0 {
		return fmt.Sprintf("in week %d", o.Crossing)
	}
	return "not within the run"
}

// sheets are the tables of what pauses do.
func (a *pauseAnswer) sheets() []*decide.Sheet {
	signups := decide.NewSheet("signups", "Sign-ups: the plan with a pause against the plan without it", "pause", "#in the pause", "#worst week", "recovers after", "#never regained", "#sign-ups of the run", "#customers won", "#variance saved in the pause", "#of the run")
	dollars := decide.NewSheet("dollars", "Dollars", "pause", "#media and brand saved", "#all not spent", "#gross margin lost", "loss passes saving", fmt.Sprintf("#lifetime margin, %v years", a.Years), "#cash at the end", "#out of business, points")
	weekly := decide.NewSheet("weekly", "Week by week, mean of pairs", "pause", "#week", "#sign-ups", "#not spent since the first day", "#gross margin lost since the first day")
	weekly.Apart = true
	saved := func(x float64) report.Cell {
		if x == 0 {
			return report.Words("identical")
		}
		return report.Num(times(x), x)
	}
	for _, x := range a.Pauses {
		name := counted(x.Length, "week")
		recovers := "not within the run"
		if x.Recovery >= 0 {
			recovers = counted(x.Recovery, "week")
		}
		back := decide.Value(plots.Percent, x.NeverBack)
		if back.Text = ""; back.Value != nil {
			back.Text = withInterval(plots.Percent, x.NeverBack)
		}
		during, worst := relative(x.InPause), relative(x.Depth)
		during.Text += " ± " + percentage(x.InPause.HalfWidth())
		worst.Text += fmt.Sprintf(" (week %d)", x.DepthWeek)
		signups.Row(name, during, worst, recovers, back, decide.With(plots.Plain, x.Signups), decide.With(plots.Plain, x.Won), saved(x.Reduction), saved(x.RunSaved))
		ruin := x.Ruin
		ruin.Value, ruin.Low, ruin.High = 100*ruin.Value, 100*ruin.Low, 100*ruin.High
		dollars.Row(name, decide.With(plots.Money, x.Saved), decide.With(plots.Money, x.Unspent), decide.With(plots.Money, x.Margin), x.crossing(), decide.With(plots.Money, x.Lifetime), decide.With(plots.Money, x.CashEnd), decide.With(plots.Plain, ruin))
		for w := range x.Weekly {
			weekly.Row(name, report.Num(strconv.Itoa(w+1), float64(w+1)), decide.With(plots.Plain, x.Weekly[w]), decide.With(plots.Money, x.SavedBy[w]), decide.With(plots.Money, x.LostBy[w]))
		}
	}
	out := []*decide.Sheet{signups, dollars}
	for i, x := range a.Pauses {
		s := decide.NewSheet(fmt.Sprintf("slices-%d-weeks", x.Length), fmt.Sprintf("Sign-ups of the run, pause of %s", counted(x.Length, "week")), fmt.Sprintf("pause of %s", counted(x.Length, "week")), "of", "#sign-ups of the run", "#relative", "#share of sign-ups")
		s.Apart = i < len(a.Pauses)-1 // the longest is printed
		rows := slices.Clone(x.By)
		slices.SortStableFunc(rows, func(x, y pauseSlice) int { return cmp.Compare(x.Change.Value, y.Change.Value) })
		for _, r := range rows {
			s.Row(r.Name, r.Dimension, decide.With(plots.Plain, r.Change), relative(r.Relative), report.Num(plots.Percent.Text(r.Share), r.Share))
		}
		out = append(out, s)
	}
	return append(out, weekly)
}
