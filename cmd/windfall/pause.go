package main

import (
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

Twice the replications make every interval 1.4 times narrower.`,
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
	cmd.Flags().StringVar(&flags.regions, "regions", "", "only in these regions, joined by commas (media whose budget is stated by region)")
	return cmd
}

// pause runs a plan with and without pauses.
func (p *program) pause(name string, flags *pauseFlags) error {
	open := func() (*model.Plan, error) {
		s, err := p.open(name, flags.sets()...)
		if err != nil {
			return nil, err
		}
		if _, err := model.Prepare(s.Plan); err != nil {
			return nil, scenarios.Problems{{File: s.Files[0], Message: err.Error()}}
		}
		return s.Plan, nil
	}
	plan, err := open()
	if err != nil {
		return err
	}
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
		paused, err := open()
		if err != nil {
			return err
		}
		c := model.Change{Name: "~pause", From: from, Until: from + model.Date(7*n)}
		for _, k := range keys {
			c.Effects = append(c.Effects, model.Effect{Key: k, Value: 0, Input: -1})
		}
		paused.Changes = append(paused.Changes, c)
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
	answer := &pauseAnswer{Scenario: plan.Name, What: flags.what, From: from.String(), Replications: design.Replications, Seed: design.Seed, Weeks: weeks, Years: plan.Finance.LTVHorizonYears}
	var pictures []gallery.Hung
	for _, n := range lengths {
		answer.Pauses = append(answer.Pauses, pauseOf(panel, schema, plan, n, first))
		source := plots.Source{Scenario: plan.Name, Replications: design.Replications, Seed: design.Seed}
		x, err := gallery.PauseOf(panel, source, schema, plan.Run.Start, "signups", "plan", pauseName(n))
		if err != nil {
			return err
		}
		x.Base, x.Spans = "as planned", []plots.Span{gallery.Span("Pause of "+flags.what, from, from+model.Date(7*n))}
		pictures = append(pictures, gallery.Hung{Name: fmt.Sprintf("pause-%d-weeks", n), Drawing: x})
	}
	if err := d.hang(pictures); err != nil {
		return err
	}
	return d.tell(answer, func(t *teller) { t.pauses(answer, flags.all) }, answer.warnings())
}

func pauseName(weeks int) string { return fmt.Sprintf("pause of %s", counted(weeks, "week")) }

// pausedKeys lists the keys that a pause sets to 0.
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
		if !slices.Contains(plan.Dimension("region"), r) {
			return nil, usagef("--regions %s: there is no such region%s", r, didYouMean(r, plan.Dimension("region")))
		}
		for _, k := range keys {
			if _, _, err := plan.Numbers(k + "." + r); err != nil {
				return nil, usagef("--regions: %v", err)
			}
			out = append(out, k+"."+r)
		}
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
	Scenario     string         `json:"scenario"`
	What         string         `json:"what"`
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
	Reduction float64             `json:"variance_reduction"`
	Weekly    []analysis.Estimate `json:"weekly"`
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
	out := pauseOutcome{Length: length, Signups: e.Total, InPause: during.Relative, Won: change("won"), Depth: e.Depth, DepthWeek: e.DepthWeek, Recovery: e.Recovery, NeverBack: e.NeverBack,
		Saved: minus(change("media_and_brand")), Unspent: minus(change("acquisition_cost")), Margin: total(lost), Crossing: analysis.Crossing(saved, lost),
		Lifetime: change("lifetime_margin"), Lost: minus(change("ltv_total")), CashEnd: change("cash_end"), Weekly: e.Weeks, Reduction: during.Reduction,
		RuinA: analysis.Mean(run("plan", "out_of_business"), panel.Group), RuinB: analysis.Mean(run(name, "out_of_business"), panel.Group)}
	if math.IsInf(out.Reduction, 0) || math.IsNaN(out.Reduction) {
		out.Reduction = 0
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

func (a *pauseAnswer) next() []string {
	return []string{"windfall lesson L05", shellLine([]string{"windfall", "compare", a.Scenario, "--set", "media.*.weekly_budget*=0.5"})}
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

// pauses tells what pauses do.
func (t *teller) pauses(a *pauseAnswer, all bool) {
	w := t.table(table.Row{"pause", "sign-ups in it", "± 95%", "worst week", "recovers after", "never regained", "sign-ups of the run", "± 95%", "customers won", "variance saved"}, 2, 3, 4, 5, 6, 7, 8, 9, 10)
	for _, x := range a.Pauses {
		recovers := "not within the run"
		if x.Recovery >= 0 {
			recovers = counted(x.Recovery, "week")
		}
		back := ""
		if !math.IsNaN(x.NeverBack.Value) {
			back = fmt.Sprintf("%s (%s to %s)", plots.Percent.Text(x.NeverBack.Value), plots.Percent.Text(x.NeverBack.Low), plots.Percent.Text(x.NeverBack.High))
		}
		signups, reach := plots.Plain.WithError(x.Signups.Value, x.Signups.HalfWidth())
		won, wonReach := plots.Plain.WithError(x.Won.Value, x.Won.HalfWidth())
		w.AppendRow(table.Row{counted(x.Length, "week"), signed(x.InPause.Value), signed(x.InPause.HalfWidth()), fmt.Sprintf("%s (week %d)", signed(x.Depth.Value), x.DepthWeek), recovers, back,
			signups, reach, won + " ± " + wonReach, strconv.FormatFloat(x.Reduction, 'f', 1, 64) + " x"})
	}
	t.print("%s\n\n", w.Render())
	money := func(e analysis.Estimate) string {
		value, reach := plots.Money.WithError(e.Value, e.HalfWidth())
		return value + " ± " + reach
	}
	w = t.table(table.Row{"pause", "media and brand saved", "all not spent", "gross margin lost", "loss passes saving in", fmt.Sprintf("lifetime margin, %v years", a.Years), "cash at the end"}, 2, 3, 4, 5, 6, 7)
	for _, x := range a.Pauses {
		crossing := "not within the run"
		if x.Crossing > 0 {
			crossing = fmt.Sprintf("week %d", x.Crossing)
		}
		w.AppendRow(table.Row{counted(x.Length, "week"), money(x.Saved), money(x.Unspent), money(x.Margin), crossing, money(x.Lifetime), money(x.CashEnd)})
	}
	t.print("%s\n\n", w.Render())
	longest := a.Pauses[len(a.Pauses)-1]
	w = t.table(table.Row{fmt.Sprintf("sign-ups of the run, pause of %s", counted(longest.Length, "week")), "", "change", "± 95%", "relative", "of sign-ups"}, 3, 4, 5, 6)
	rows := slices.Clone(longest.By)
	slices.SortStableFunc(rows, func(x, y pauseSlice) int {
		switch {
		case x.Change.Value < y.Change.Value:
			return -1
		case x.Change.Value > y.Change.Value:
			return 1
		}
		return 0
	})
	for i, r := range rows {
		if !all && i == mostRows {
			break
		}
		value, reach := plots.Plain.WithError(r.Change.Value, r.Change.HalfWidth())
		w.AppendRow(table.Row{r.Dimension, r.Name, value, reach, signed(r.Relative.Value), plots.Percent.Text(r.Share)})
	}
	t.print("%s\n", w.Render())
	if !all && len(rows) > mostRows {
		t.print("All %d rows: --all\n", len(rows))
	}
	t.print("\n")
}
