package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/paired"
	"windfall/sim/panel"
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
		c := plan.Final("pause", from, from+model.Date(7*n))
		for _, k := range keys {
			c.Effects = append(c.Effects, model.Effect{Key: k, Value: 0, Input: -1})
		}
		paused := plan.With(c)
		if int(c.Until-plan.Run.Start) > 7*weeks {
			return usagef("--weeks %d: the pause would end after the run", n)
		}
		design.Settings = append(design.Settings, paired.Setting{Name: pauseName(n), Plan: paused, Digest: scenarios.Digest(paused)})
	}
	schema := model.NewSchema(plan)
	for _, s := range design.Settings {
		design.Measures = append(design.Measures, pauseMeasures(s.Name, schema)...)
	}
	d := p.decision(&flags.decideFlags, "pause", plan, &design)
	numbers, err := d.run(&design)
	if err != nil {
		return err
	}
	a := &pauseAnswer{inMoney: moneyOf(plan), name: name, typed: flags.typed(), Scenario: plan.Name, What: flags.what, From: from.String(), Replications: design.Replications, Seed: design.Seed, Weeks: weeks, Years: plan.Finance.LTVHorizonYears, Regions: flags.regions}
	var pictures []gallery.Hung
	for _, n := range lengths {
		a.Pauses = append(a.Pauses, pauseOf(numbers, schema, plan, n, first, lastWeek(plan.Run.Start, from, n)))
		source := plots.Source{Scenario: plan.Name, Replications: design.Replications, Seed: design.Seed, Currency: string(a.Currency)}
		x, err := gallery.PauseOf(numbers, source, schema, plan.Run.Start, "signups", "plan", pauseName(n))
		if err != nil {
			return err
		}
		x.Base, x.Spans = "as planned", []plots.Span{gallery.Span("Pause of "+flags.what, from, from+model.Date(7*n))}
		pictures = append(pictures, gallery.Hung{Name: a.Pauses[len(a.Pauses)-1].file("pause"), Drawing: x})
	}
	return d.tell(a, append(pictures, balances(a)...))
}

// lastWeek is the last week of the run (from 1) that lies in a pause, if only in part.
func lastWeek(start, from model.Date, weeks int) int { return (int(from-start) + 7*weeks + 6) / 7 }

func pauseName(weeks int) string { return fmt.Sprintf("pause of %s", words.Counted(weeks, "week")) }

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
// they bring. Fees hold revenue shares too, which are no cost of acquiring.
var (
	spentWeekly = []string{"media", "brand", "pay", "commission", "onboarding", "fees"}
	pauseRun    = []string{"signups", "won", "lifetime_margin", "acquisition_cost", "ltv_total", "pipeline_margin", "carry_over_margin", "media_and_brand", "cash_end", "cash_trough", "out_of_business", "leads", "journeys"}
	pausedBy    = []string{"channel", "size", "region"}
)

// pauseMeasures lists what is kept of one setting.
func pauseMeasures(setting string, schema *model.Schema) (out []panel.Leaf) {
	add := func(m panel.Measure) { out = append(out, panel.Leaf{Setting: setting, Measure: m}) }
	for w := 1; w <= schema.Weeks; w++ {
		for _, c := range append([]string{"signups", "won", "revenue", "cost_of_revenue"}, spentWeekly...) {
			add(panel.Measure{Column: c, From: w, To: w})
		}
	}
	for _, c := range pauseRun {
		add(panel.Measure{Column: c})
	}
	for _, r := range schema.SliceRows {
		if slices.Contains(pausedBy, r.Dimension) && r.Name != model.Unassigned {
			add(panel.Measure{Column: "signups", Dimension: r.Dimension, Name: r.Name})
		}
	}
	return out
}

// pauseOf works out the effect of one length, of a pause that lies in the weeks
// first to last.
func pauseOf(numbers *panel.Panel, schema *model.Schema, plan *model.Plan, length, first, last int) pauseOutcome {
	name := pauseName(length)
	weekly := func(setting, column string) [][]float64 {
		out := make([][]float64, schema.Weeks)
		for w := range out {
			out[w] = numbers.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column, From: w + 1, To: w + 1}})
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
	e := analysis.PauseOf(weekly("plan", "signups"), weekly(name, "signups"), first, last, numbers.Ties)
	run := func(setting, column string) []float64 {
		return numbers.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}})
	}
	change := func(columns ...string) analysis.Estimate { // of their sum
		d := make([]float64, numbers.Replications)
		for _, column := range columns {
			a, b := run("plan", column), run(name, column)
			for i := range d {
				d[i] += b[i] - a[i]
			}
		}
		return analysis.Mean(d, numbers.Ties)
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
		return analysis.Mean(sum, numbers.Ties)
	}
	since := func(list [][]float64) (out []analysis.Estimate) {
		sum := make([]float64, numbers.Replications)
		for _, week := range list {
			for i, x := range week {
				sum[i] += x
			}
			out = append(out, analysis.Mean(sum, numbers.Ties))
		}
		return out
	}
	inPause := func(setting string) []float64 {
		sum := make([]float64, numbers.Replications)
		for _, week := range weekly(setting, "signups")[first-1 : last] {
			for i, x := range week {
				sum[i] += x
			}
		}
		return sum
	}
	sides := analysis.Sides{Column: model.Column{Name: "signups", Direction: model.Neither}, Ties: numbers.Ties, Over: [2][]float64{inPause("plan"), inPause(name)}}
	during := analysis.Compare(sides)
	sides.Over = [2][]float64{run("plan", "signups"), run(name, "signups")}
	whole := analysis.Compare(sides)
	out := pauseOutcome{Length: length, Signups: e.Total, InPause: during.Relative, Won: change("won"), Depth: e.Depth, DepthWeek: e.DepthWeek, Recovery: e.Recovery, NeverBack: e.NeverBack,
		Saved: change("media_and_brand").Minus(), Unspent: change("acquisition_cost").Minus(), Margin: total(lost), Crossing: analysis.Crossing(saved, lost),
		Lifetime: change("lifetime_margin"), Lost: change("ltv_total", "pipeline_margin", "carry_over_margin").Minus(), CashEnd: change("cash_end"), Weekly: e.Weeks, Reduction: during.Reduction, RunSaved: whole.Reduction, SavedBy: since(saved), LostBy: since(lost), Ruin: analysis.ChanceChange(run("plan", "out_of_business"), run(name, "out_of_business"), 1),
		RuinA: analysis.ChanceAlike(run("plan", "out_of_business"), 1), RuinB: analysis.ChanceAlike(run(name, "out_of_business"), 1)}
	for _, x := range []*float64{&out.Reduction, &out.RunSaved} {
		if math.IsInf(*x, 0) || math.IsNaN(*x) {
			*x = 0
		}
	}
	var all float64
	for _, x := range run("plan", "signups") {
		all += x
	}
	out.Idle = all == 0 && e.Total.Value == 0
	for _, r := range schema.SliceRows {
		if !slices.Contains(pausedBy, r.Dimension) || r.Name == model.Unassigned {
			continue
		}
		at := func(setting string) []float64 {
			return numbers.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: "signups", Dimension: r.Dimension, Name: r.Name}})
		}
		a, b := at("plan"), at(name)
		d := make([]float64, len(a))
		var sum float64
		for i := range d {
			d[i] = b[i] - a[i]
			sum += a[i]
		}
		out.By = append(out.By, pauseSlice{r.Dimension, r.Name, analysis.Mean(d, numbers.Ties), analysis.Ratio(d, a, 1, numbers.Ties), analysis.Number(sum / all)})
	}
	out.Answer = out.sentence(plan)
	return out
}
