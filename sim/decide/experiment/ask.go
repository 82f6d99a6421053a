// Package experiment asks what a planned test of a channel or of the brand would show: how often it finds the effect,
// how wide its interval is, what it costs, when the answer is there, the smallest test that would do, and what it is
// worth to run it. The test is run in the world again and again, with the world's own noise; what an analyst would
// have of it, counts by region and week, goes to the estimator of the design, and its answer is held against the truth
// of the same world without the test.
package experiment

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios/edit"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Replications are the runs of each test at most, in rounds of Round; where inputs are uncertain each draw of them has
// two. Below Few a power is doubtful.
const (
	Replications = 1000
	Round        = 200
	Few          = 200
	leastRuns    = 20 // of a test, below which it is too close to call whether it reaches a power
)

// Power is the chance to find the effect that a test should have, and Nominal that to find one that is not there.
const (
	Power   = 0.80
	Nominal = 0.05
)

// Weeks is the length of a test that has none, Every that of the parts of a pulse, and leastBefore the number of weeks
// that an estimator must have seen before a test.
const (
	Weeks       = 8
	Every       = 2
	leastBefore = 12
	defaultWeek = 40 // in which a test begins that has no date
)

// A Kind of test says where and when the spend is another.
type Kind string

// The kinds.
const (
	Geo     Kind = "geo"     // in some regions, for some weeks
	Holdout Kind = "holdout" // in few regions, or of a share of firms, for good
	Dark    Kind = "dark"    // everywhere, for some weeks
	Pulse   Kind = "pulse"   // everywhere, on and off in turn
)

// Kinds are all of them.
var Kinds = []Kind{Geo, Holdout, Dark, Pulse}

// byRegion says whether regions are compared with each other.
func (k Kind) byRegion() bool { return k == Geo || k == Holdout }

// lengths are the weeks of tests that are tried for the smallest one.
var lengths = []int{2, 4, 8, 12, 16, 24, 36, 52}

// Ask is a question about a test.
type Ask struct {
	Plan *plan.Plan
	Kind Kind
	// On is what is tested: a channel with a budget, a medium, or brand for all brand media.
	On string
	// EffectOn is the count that the test looks at: one of panel.Regional.
	EffectOn string
	// Weeks is its length; 0: Weeks. Every is that of the parts of a pulse; 0: Every.
	Weeks, Every int
	// From is a day of its first week; 0: the run's week 40, or its middle, but with 12 weeks before it where a test is
	// held against what was before.
	From plan.Date
	// Spend is the multiple of the plan's spend that is spent where it is tested: 0 is off.
	Spend float64
	// Treated is the share of the regions that are treated, drawn by the seed; empty: half of them, of a holdout a tenth.
	// Regions names them.
	Treated string
	Regions []string
	// Firms is the share of firms that are held out, drawn firm by firm, as in 10% or 0.1. Empty: a holdout is by region.
	Firms string
	// Wait is the weeks after the test that count, too.
	Wait int
	// Replications are the runs of each test; 0: as many as it takes.
	Replications int
}

// checked is an ask that can be answered.
type checked struct {
	Ask
	first     int     // week of the run (from 1) in which tests begin
	firms     float64 // share of them that is held out; 0: regions are
	base      *plan.Plan
	tests     []test // from the smallest; the planned one is among them
	planned   int
	after     *plan.Plan // in which the spend is moved for good once the answer is there; nil: nothing is to be learned
	uncertain bool
}

// test is one that is run.
type test struct {
	weeks   int
	treated []string // none: everywhere
	plan    *plan.Plan
}

// Names of settings.
const (
	basis   = "plan"
	changed = "changed"
)

func (t *test) name() string {
	if len(t.treated) == 0 {
		return fmt.Sprintf("test of %d weeks", t.weeks)
	}
	return fmt.Sprintf("test of %d weeks in %s", t.weeks, strings.Join(t.treated, ","))
}

// check fills in what was not asked and finds what is wrong: a *decide.Problem.
func (a Ask) check() (*checked, error) {
	c := &checked{Ask: a}
	known := panel.Regional()
	switch {
	case !slices.Contains(Kinds, c.Kind):
		return nil, decide.Unknown("design", string(a.Kind), "it is one of geo, pulse, holdout, dark",
			[]string{"geo", "pulse", "holdout", "dark"})
	case !slices.Contains(known, a.EffectOn):
		return nil, decide.Unknown("effect-on", a.EffectOn, "what a test looks at is counted by region and week: "+
			strings.Join(known, ", "), known)
	case a.On == "":
		return nil, decide.Wrong("on", "", "the name of a channel, of a medium, or brand is needed")
	case math.IsNaN(a.Spend) || a.Spend < 0 || a.Spend > 100 || a.Spend == 1:
		return nil, decide.Wrong("spend", fmt.Sprint(a.Spend), "a multiple of the plan's spend from 0 (off) to 100 other "+
			"than 1 is needed")
	case a.Spend != 0 && (c.Kind == Holdout || c.Kind == Dark):
		return nil, decide.Wrong("spend", fmt.Sprint(a.Spend), "in a %s test nothing is spent; geo and pulse can spend "+
			"less or more", c.Kind)
	case a.Every != 0 && a.Every != Every && c.Kind != Pulse:
		return nil, decide.Wrong("every", fmt.Sprint(a.Every), "a %s test does not go off and on in turn; pulse does", c.Kind)
	case a.Firms != "" && c.Kind != Holdout:
		return nil, decide.Wrong("firms", a.Firms, "firms can be held out in a holdout alone; a %s test moves what is "+
			"spent", c.Kind)
	case a.Wait < 0:
		return nil, decide.Wrong("wait", fmt.Sprint(a.Wait), "0 weeks or more are needed")
	}
	if err := c.share(); err != nil {
		return nil, err
	}
	if err := c.when(); err != nil {
		return nil, err
	}
	return c, c.where()
}

// share reads the share of firms that are held out.
func (c *checked) share() (err error) {
	if c.Firms == "" {
		return nil
	}
	number, percent := strings.CutSuffix(strings.TrimSpace(c.Firms), "%")
	if c.firms, err = strconv.ParseFloat(number, 64); percent {
		c.firms /= 100
	}
	if err != nil || !(c.firms > 0 && c.firms < 1) {
		return decide.Wrong("firms", c.Firms, "a share of the firms above 0 and below 1 is needed, such as 10%%: with "+
			"none there is no test, with all nobody to compare with")
	}
	if n := c.counts(); min(n[0], n[1]) < 1 {
		return decide.Wrong("firms", c.Firms, "of the %.0f firms of the market that leaves less than one on one side",
			n[0]+n[1])
	}
	return nil
}

// counts are the firms that are held out, and the others.
func (c *checked) counts() [2]float64 {
	all := c.Plan.Population.Firms
	held := math.Round(float64(all * c.firms))
	return [2]float64{held, all - held}
}

// byRegion says whether regions are compared with each other.
func (c *checked) byRegion() bool { return c.Kind.byRegion() && c.firms == 0 }

// when finds the weeks of the test.
func (c *checked) when() error {
	run := c.Plan.Run
	weeks, end := int(run.Weeks), run.Start+plan.Date(7*int(run.Weeks))
	if c.From == 0 {
		before := min(defaultWeek, weeks/2+1) - 1
		if c.firms == 0 { // nobody asked for a day that leaves too little before it
			before = max(before, leastBefore)
		}
		if before >= weeks {
			return decide.Wrong("from", "", "an estimator needs %d weeks of the run before the test, and the run "+
				"has %d: ask of a longer one", leastBefore, weeks)
		}
		c.From = run.Start + plan.Date(7*before)
	}
	if c.From < run.Start || c.From >= end {
		p := decide.Wrong("from", c.From.String(), "the run is from %s to %s", run.Start, end-1)
		p.Low, p.High = run.Start.String(), (end - 1).String()
		return p
	}
	c.first = int(c.From-run.Start)/7 + 1
	if c.first <= leastBefore && c.firms == 0 { // firms held out are held against others, not against what was before
		return decide.Wrong("from", c.From.String(), "an estimator needs %d weeks of the run before the test, and there "+
			"are %d: a test may start on %s or later", leastBefore, c.first-1, run.Start+plan.Date(7*leastBefore))
	}
	c.From = run.Start + plan.Date(7*(c.first-1)) // whole weeks
	if c.Weeks == 0 {
		c.Weeks = Weeks
	}
	if c.Every == 0 {
		c.Every = Every
	}
	left := weeks - c.first + 1 - c.Wait
	if left < 1 {
		return decide.Wrong("wait", fmt.Sprint(c.Wait), "the run ends %d weeks after %s: no test fits before so long a wait",
			weeks-c.first+1, c.From)
	}
	if c.Weeks < 1 || c.Weeks > left {
		after := ""
		if c.Wait > 0 {
			after = fmt.Sprintf(", and %s after the test count", decide.Weeks(c.Wait))
		}
		return decide.Wrong("weeks", fmt.Sprint(c.Weeks), "the run ends %s after %s%s: a test of at most %s fits",
			decide.Weeks(weeks-c.first+1), c.From, after, decide.Weeks(left))
	}
	if c.Kind == Pulse && (c.Every < 1 || c.Weeks%(2*c.Every) != 0) {
		return decide.Wrong("weeks", fmt.Sprint(c.Weeks), "%d weeks off and %d on in turn take a multiple of %d weeks",
			c.Every, c.Every, 2*c.Every)
	}
	return nil
}

// where finds the regions of the test, and makes the plans of all tests.
func (c *checked) where() error {
	sets := [][]string{nil}
	given := len(c.Regions) > 0 || c.Treated != ""
	switch {
	case c.byRegion():
		var err error
		if sets, err = c.treated(); err != nil {
			return err
		}
	case given && c.firms > 0:
		return decide.Wrong("firms", c.Firms, "a holdout is by firms or by regions: leave one of the two out")
	case given:
		return decide.Wrong("regions", strings.Join(c.Regions, ","), "a %s test is everywhere; geo and holdout are by "+
			"region", c.Kind)
	}
	left := int(c.Plan.Run.Weeks) - c.first + 1 - c.Wait
	for _, n := range slices.Compact(slices.Sorted(slices.Values(append(slices.Clone(lengths), c.Weeks)))) {
		if n > left || c.Kind == Pulse && n%(2*c.Every) != 0 {
			continue
		}
		for i := len(sets) - 1; i >= 0; i-- { // the planned set is the first, and the largest
			if err := c.add(n, sets[i]); err != nil {
				return err
			}
			if n == c.Weeks && i == 0 {
				c.planned = len(c.tests) - 1
			}
		}
	}
	return c.learns()
}

// treated gives the sets of regions that are tried: that which is planned, and the first region of it alone where the
// ask leaves open how many there are.
func (c *checked) treated() ([][]string, error) {
	all := c.Plan.Dimension("region")
	if len(all) < 2 {
		return nil, decide.Wrong("design", string(c.Kind), "the scenario has one region (%s), and none would be left to "+
			"compare with: dark and pulse do without", all[0])
	}
	for i, r := range c.Regions {
		switch {
		case !slices.Contains(all, r):
			return nil, decide.Unknown("regions", r, "there is no such region; there are "+strings.Join(all, ", "), all)
		case slices.Contains(c.Regions[:i], r):
			return nil, decide.Wrong("regions", strings.Join(c.Regions, ","), "%s is named twice", r)
		}
	}
	if len(c.Regions) > 0 && c.Treated != "" {
		return nil, decide.Wrong("treated", c.Treated, "the regions are named already (%s): leave one of the two out",
			strings.Join(c.Regions, ", "))
	}
	can := edit.Treatable(c.Plan, c.On)
	switch n := len(c.Regions); {
	case n > 0 && n == len(all):
		return nil, decide.Wrong("regions", strings.Join(c.Regions, ","), "every region would be treated, and none left "+
			"to compare with: name fewer, or take --design dark")
	case n > 0:
		return [][]string{c.Regions}, nil
	case len(can) == 0: // the edit says why
		return [][]string{all[:1]}, nil
	}
	share := map[Kind]float64{Geo: 0.5, Holdout: 0.1}[c.Kind]
	if c.Treated != "" {
		var err error
		if share, err = strconv.ParseFloat(c.Treated, 64); err != nil || !(share > 0 && share < 1) {
			return nil, decide.Wrong("treated", c.Treated, "a share of the regions above 0 and below 1 is needed: with none "+
				"there is no test, with all nothing to compare with")
		}
	}
	n := int(math.Round(float64(share * float64(len(all)))))
	if c.Treated != "" && n < 1 {
		return nil, decide.Wrong("treated", c.Treated, "a design needs a treated region, and that is less than half of "+
			"one of the %d regions", len(all))
	}
	n = max(1, min(n, len(can), len(all)-1))
	order := c.drawn(can)
	sets := [][]string{slices.Sorted(slices.Values(order[:n]))}
	if c.Treated == "" && n > 1 {
		sets = append(sets, order[:1])
	}
	return sets, nil
}

// drawn puts regions in an order that depends on the seed and their names alone.
func (c *checked) drawn(regions []string) []string {
	key := rng.Root(uint64(c.Plan.Run.Seed), 0).Child(rng.Label("treated regions"))
	out := slices.Clone(regions)
	slices.SortFunc(out, func(a, b string) int {
		if key.Child(rng.Label(a)) < key.Child(rng.Label(b)) {
			return -1
		}
		return 1
	})
	return out
}

// add adds a test.
func (c *checked) add(weeks int, treated []string) error {
	// One trial for all: it states budgets by region, and the plan beside must, too.
	x, err := edit.NewTrial(c.Plan, c.On, treated, c.Spend)
	if c.firms > 0 {
		x, err = edit.NewHoldout(c.Plan, c.On, c.firms)
	}
	if err != nil {
		return decide.OfEdit(err)
	}
	if c.base == nil {
		c.base = x.Without()
	}
	c.tests = append(c.tests, test{weeks: weeks, treated: treated, plan: x.Plan(c.spans(weeks)...)})
	return nil
}

// spans are the days on which the spend is another.
func (c *checked) spans(weeks int) (out [][2]plan.Date) {
	until := c.From + plan.Date(7*weeks)
	switch c.Kind {
	case Holdout:
		return [][2]plan.Date{{c.From, 0}}
	case Pulse:
		for from := c.From; from < until; from += plan.Date(14 * c.Every) {
			out = append(out, [2]plan.Date{from, from + plan.Date(7*c.Every)})
		}
		return out
	}
	return [][2]plan.Date{{c.From, until}}
}

// off says of each week up to one whether the spend is another in it.
func (c *checked) off(weeks, until int) []bool {
	out := make([]bool, until)
	for _, s := range c.spans(weeks) {
		for w := range out {
			day := c.Plan.Run.Start + plan.Date(7*w)
			out[w] = out[w] || day >= s[0] && (day < s[1] || s[1] == 0)
		}
	}
	return out
}

// last is the last week of the run that counts in a test of so many weeks.
func (c *checked) last(weeks int) int { return c.first + weeks - 1 + c.Wait }

// answered is the day on which a test of so many weeks has been counted.
func (c *checked) answered(weeks int) plan.Date {
	return c.Plan.Run.Start + plan.Date(7*c.last(weeks))
}

// moves says whether an input is one that says what the tested thing does.
func (c *checked) moves(in *plan.Input) bool {
	tables := []string{"channels." + plan.JoinKey(c.On) + ".", "media." + plan.JoinKey(c.On) + ".", "channels.*."}
	if c.On == edit.AllMedia || slices.Contains(c.Plan.Dimension("medium"), c.On) {
		tables = append(tables, "brand.", "media.")
		if strings.Contains(in.Name, "halo") {
			return true
		}
	}
	return slices.ContainsFunc(tables, func(t string) bool { return strings.Contains(in.Name, t) })
}

// learns makes the plan that an answer may lead to, if there is something to learn.
func (c *checked) learns() error {
	u, err := decide.InputsOf(c.base)
	if err != nil || u == 0 {
		return err
	}
	c.uncertain = true
	all, err := decide.UncertainOf(c.base)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(all.Inputs, func(in decide.Input) bool { return c.moves(&in.Input) }) {
		return nil
	}
	day := c.answered(c.Weeks)
	if day >= c.Plan.Run.Start+plan.Date(7*int(c.Plan.Run.Weeks)) {
		return nil // nothing is left of the run to decide about
	}
	x, err := edit.NewTrial(c.base, c.On, nil, c.Spend)
	if err != nil {
		return decide.OfEdit(err)
	}
	c.after = x.Plan([2]plan.Date{day, 0})
	return nil
}

// wholeRun are the numbers by which a test is paid for.
var wholeRun = []string{"won", "signups", "lifetime_margin", "acquisition_cost", "ltv_total", "pipeline_margin",
	"carry_over_margin", decide.Ruin}

// Design is what is to be run: the plan, the plan with each test, and the plan that is changed for good. The error is a
// *decide.Problem.
func (a Ask) Design() (*decide.Design, error) {
	d, err := decide.DesignOf(a.check)
	if err != nil {
		return nil, err
	}
	if a.Replications == 0 && d.SeedsPerDraw < 2 {
		d.Rounds = &decide.Rounds{Size: Round, Left: a.left}
	}
	return d, nil
}

// Designed is the design of an ask that was checked.
func (c *checked) Designed() *decide.Design {
	d := &decide.Design{Replications: c.Replications, Seed: uint64(c.Plan.Run.Seed),
		Settings: []decide.Setting{{Name: basis, Plan: c.base}}}
	if d.Replications == 0 {
		d.Replications = Replications
	}
	if c.uncertain {
		d.SeedsPerDraw = seedsPerDraw
		d.Replications += d.Replications % seedsPerDraw
	}
	until := c.last(c.tests[len(c.tests)-1].weeks)
	c.keep(d, basis, until)
	for i := range c.tests {
		t := &c.tests[i]
		d.Settings = append(d.Settings, decide.Setting{Name: t.name(), Plan: t.plan})
		c.keep(d, t.name(), c.last(t.weeks))
	}
	if c.after != nil {
		d.Settings = append(d.Settings, decide.Setting{Name: changed, Plan: c.after})
		d.Keep(changed, panel.Measure{Column: "lifetime_margin"})
	}
	return d
}

// seedsPerDraw are the runs of each draw of the inputs: what a test shows is seen in one, what a decision brings in the
// other, so that they have nothing in common but the inputs.
const seedsPerDraw = 2

// keep keeps what an analyst sees of a setting up to a week, and what it comes to.
func (c *checked) keep(d *decide.Design, setting string, until int) {
	for w := 1; w <= until; w++ {
		for _, m := range c.week(w) {
			d.Keep(setting, m)
		}
	}
	for _, column := range wholeRun {
		d.Keep(setting, panel.Measure{Column: column})
	}
}

// week is what is counted in a week: by region, of firms that are held out and of the others, or in all.
func (c *checked) week(w int) (out []panel.Measure) {
	if c.firms > 0 {
		for _, held := range []bool{true, false} {
			arm := panel.Arm{Channel: c.On, Share: c.firms, Held: held, Since: c.first}
			out = append(out, panel.OfArm(c.EffectOn, arm, w))
		}
		return out
	}
	if !c.byRegion() {
		return []panel.Measure{{Column: c.EffectOn, From: w, To: w}}
	}
	for _, r := range c.Plan.Dimension("region") {
		out = append(out, panel.OfRegion(c.EffectOn, r, w))
	}
	return out
}
