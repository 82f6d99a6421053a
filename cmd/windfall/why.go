package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"windfall/model"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/result"
)

// whyFlags are the flags of why.
type whyFlags struct {
	replication, journeys        numberFlag
	worst, median, best, against string
	decideFlags
}

func (p *program) whyCommand() *cobra.Command {
	var flags whyFlags
	cmd := &cobra.Command{
		Use:   "why DIR",
		Short: "What happened in one replication, and why",
		Long: `Replay one replication of a run, to the same bytes, and tell its story: the week
in which it parted from the others and what stood beside that, its regime, brand
and cash, and the touches of a few journeys.

Which one: --replication K (from 0), or the worst, median or best by an
outcome; --worst alone, or nothing, is the one with the lowest cash. With
--against DIR2, a run of another plan with the same seed, it names the first
week, numbers and firm in which the two differ.

One replication is run again, in a second or less; the numbers of the others
are read from the folder, so twice the replications there make the middle half
1.4 times more certain.`,
		Example: `  windfall why results/run-metro-1a2b3c --worst cash_trough
  windfall why results/run-metro-1a2b3c --replication 17 --journeys 5
  windfall why first --replication 3 --against second`,
		Args: needs(1, 2, "the folder of a run"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := oneOf(cmd, "replication", "worst", "median", "best"); err != nil {
				return err
			}
			dir, err := flags.outcomeAfter(cmd, args)
			if err != nil {
				return err
			}
			return p.why(dir, &flags)
		},
	}
	f := cmd.Flags()
	whole := model.Param{Whole: true, Low: 0, High: 1e9}
	flags.replication, flags.journeys = numberFlag{param: whole}, numberFlag{param: whole}
	f.Var(&flags.replication, "replication", "the replication, from 0")
	f.StringVar(&flags.worst, "worst", "", "the worst by an `OUTCOME` (alone: cash_trough)")
	f.StringVar(&flags.median, "median", "", "the middle one by an `OUTCOME` (alone: cash_trough)")
	f.StringVar(&flags.best, "best", "", "the best by an `OUTCOME` (alone: cash_trough)")
	for _, name := range []string{"worst", "median", "best"} {
		f.Lookup(name).NoOptDefVal = lowestCash
	}
	f.StringVar(&flags.against, "against", "", "another run's `DIR`: the first difference")
	f.BoolVar(&flags.otherOpening, otherOpeningFlag, false, "with --against: runs that start from different states, too")
	f.Var(&flags.journeys, "journeys", "journeys whose touches are told (default: 3)")
	f.StringVar(&flags.format, "format", "csv", "`FORMAT` of the tables: csv or parquet")
	f.BoolVar(&flags.all, "all", false, "print all rows, not only the first 12")
	flags.reportFlags.register(cmd, "the results folder, `DIR` (default: results/why-SCENARIO-DIGEST)")
	flags.pictureFlags(cmd)
	f.BoolVar(&flags.noReport, "no-report", false, "write no report.html")
	return cmd
}

// lowestCash is the outcome by which a replication is chosen unless one is named.
const lowestCash = "cash_trough"

// fewOthers is the number of replications below which their middle half says
// little.
const fewOthers = 40

// oneOf refuses more than one of some flags.
func oneOf(cmd *cobra.Command, names ...string) error {
	var given []string
	for _, n := range names {
		if cmd.Flags().Changed(n) {
			given = append(given, "--"+n)
		}
	}
	if len(given) > 1 {
		return &usageError{fmt.Sprintf("%s: one of them at a time", words.List(given)), cmd.CommandPath()}
	}
	return nil
}

// outcomeAfter gives the folder. A flag that may stand alone leaves the outcome
// that follows it to the arguments, from where it is taken.
func (f *whyFlags) outcomeAfter(cmd *cobra.Command, args []string) (dir string, err error) {
	if len(args) == 1 {
		return args[0], nil
	}
	for name, into := range map[string]*string{"worst": &f.worst, "median": &f.median, "best": &f.best} {
		if !cmd.Flags().Changed(name) || *into != lowestCash {
			continue
		}
		i := 1
		if _, err := os.Stat(args[0]); err != nil {
			i = 0 // why --worst OUTCOME DIR
		}
		*into = args[i]
		return args[1-i], nil
	}
	return "", &usageError{fmt.Sprintf("why takes the folder of a run; %q is too many", args[1]), cmd.CommandPath()}
}

// replayed is a run with the plan that made it.
type replayed struct {
	result *result.Result
	plan   *model.Plan
}

// reopen reads a run and its plan; another version's run is refused.
func (p *program) reopen(dir string) (*replayed, error) {
	if _, err := os.Stat(filepath.Join(dir, "manifest.json")); errors.Is(err, fs.ErrNotExist) {
		return nil, usagef("%s is no results folder: it has no manifest.json", dir)
	}
	r, err := result.Open(dir)
	if err != nil {
		return nil, refused(err)
	}
	if r.Manifest.Version != version {
		return nil, usagef("%s was made by version %s and this is %s: the same version replays it to the same bytes", dir,
			r.Manifest.Version, version)
	}
	text, err := r.Scenario()
	if err != nil {
		return nil, err
	}
	s, err := scenarios.OpenBytes("scenario.toml", text, p.options()...)
	if err != nil {
		return nil, err
	}
	return &replayed{r, s.Plan}, nil
}

// replay runs one replication again and holds it against the folder's.
func (x *replayed) replay(k int) (*model.Record, *model.Trace, error) {
	prepared, err := model.Prepare(x.plan)
	if err != nil {
		return nil, nil, err
	}
	state, rec := prepared.NewState(), prepared.Schema().NewRecord()
	state.Trace = &model.Trace{}
	state.Replicate(x.result.Manifest.Seed, k, rec)
	was, err := x.result.Record(k)
	if err != nil {
		return nil, nil, err
	}
	same := func(a, b []float64) bool {
		return slices.EqualFunc(a, b, func(x, y float64) bool {
			return math.Float64bits(x) == math.Float64bits(y) || math.IsNaN(x) && math.IsNaN(y)
		})
	}
	if !same(rec.Outcomes, was.Outcomes) || !same(rec.Weekly, was.Weekly) {
		return nil, nil, fmt.Errorf("replication %d of %s cannot be replayed to the same bytes: the folder was changed", k,
			x.result.Dir)
	}
	return rec, state.Trace, nil
}

// whyColumn is a weekly number among which a cause is looked for: more or less of
// its words.
type whyColumn struct{ name, less, words string }

var whyColumns = []whyColumn{
	{"journeys", "fewer", "journeys"}, {"touches", "fewer", "touches"}, {"leads", "fewer", "leads"},
	{"signups", "fewer", "sign-ups"},
	{"won", "fewer", "customers won"}, {"churned", "fewer", "customers churned"},
	{"customer_deaths", "fewer", "customers whose firm died"},
	{"revenue", "less", "revenue"}, {"cost_of_revenue", "less", "cost of revenue"}, {"media", "less", "media spend"},
	{"brand", "less", "brand spend"},
	{"pay", "less", "pay of sales teams"}, {"commission", "less", "commission"},
	{"onboarding", "less", "onboarding cost"}, {"fees", "less", "one-off fees"},
	{"fixed_cost", "less", "fixed cost"}, {"financing", "less", "financing"}, {"recession", "fewer", "weeks in recession"},
}

func whyColumnOf(name string) whyColumn {
	return whyColumns[slices.IndexFunc(whyColumns, func(c whyColumn) bool { return c.name == name })]
}

func (p *program) why(dir string, flags *whyFlags) error {
	x, err := p.reopen(dir)
	if err != nil {
		return err
	}
	k, chosen, err := x.choose(flags)
	if err != nil {
		return err
	}
	rec, trace, err := x.replay(k)
	if err != nil {
		return err
	}
	s := &story{Folder: dir, Replication: k, Chosen: chosen, scenario: x.plan.Name, of: x.result.Replications(),
		seed: x.result.Manifest.Seed, currency: x.result.Schema.Currency(), against: flags.against,
		formats: map[string]words.Format{}}
	for _, c := range x.result.Schema.Weekly {
		s.formats[c.Name] = words.FormatOf(c.Name, c.Unit)
	}
	if err := s.part(x); err != nil {
		return err
	}
	s.tell(x, rec, trace, firstOf(flags.journeys.value(), 3))
	if flags.against != "" {
		if err := s.compare(p, x, rec, trace, flags); err != nil {
			return err
		}
	}
	design := sim.Design{Seed: s.seed, Replications: s.of}
	d := p.decision(&flags.decideFlags, "why", x.plan, &design, scenarios.Digest(x.plan), k, flags.against)
	if err := d.take(); err != nil {
		return err
	}
	pictures, err := s.drawn(x)
	if err != nil {
		return err
	}
	return d.tell(s, pictures)
}

// choose finds the replication.
func (x *replayed) choose(flags *whyFlags) (k int, chosen string, err error) {
	n := x.result.Replications()
	if flags.replication.text != "" {
		if k = flags.replication.value(); k >= n {
			return 0, "", usagef("--replication %d: the run has replications 0 to %d", k, n-1)
		}
		return k, fmt.Sprintf("replication %d", k), nil
	}
	kind, name := "worst", lowestCash
	switch {
	case flags.worst != "":
		name = flags.worst
	case flags.median != "":
		kind, name = "median", flags.median
	case flags.best != "":
		kind, name = "best", flags.best
	}
	var column model.Column
	var names []string
	for _, c := range x.result.Schema.Outcomes {
		if c.Name == name {
			column = c
		}
		names = append(names, c.Name)
	}
	if column.Name == "" {
		return 0, "", usagef("--%s %s: there is no such outcome%s", kind, name, didYouMean(name, names))
	}
	if column.Direction == model.Neither && kind != "median" {
		return 0, "", usagef("--%s %s: neither way of it is better", kind, name)
	}
	values, err := x.result.Outcome(name)
	if err != nil {
		return 0, "", err
	}
	var order []int
	for i, v := range values {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	if len(order) == 0 {
		return 0, "", usagef("%s is missing in every replication", name)
	}
	slices.SortStableFunc(order, func(a, b int) int { // from the worst
		d := values[a] - values[b]
		if column.Direction == model.Less {
			d = -d
		}
		switch {
		case d < 0:
			return -1
		case d > 0:
			return 1
		}
		return 0
	})
	switch kind {
	case "best":
		k = order[len(order)-1]
	case "median":
		k = order[len(order)/2]
	default:
		k = order[0]
	}
	return k, fmt.Sprintf("replication %d, the %s by %s (%s)", k, kind, name,
		words.FormatOf(name, column.Unit).Text(values[k])), nil
}

// part finds where the replication leaves the others, and what stood beside.
func (s *story) part(x *replayed) error {
	cash, err := x.result.Weekly("cash")
	if err != nil {
		return err
	}
	s.Parted = analysis.PartingOf(cash, s.Replication)
	if s.Parted.Week == 0 {
		s.Answer = fmt.Sprintf("Cash of %s ends with the middle half of all replications.", s.Chosen)
		return nil
	}
	var names []string
	var weekly []analysis.Paths
	for _, c := range whyColumns {
		paths, err := x.result.Weekly(c.name)
		if err != nil {
			return err
		}
		names, weekly = append(names, c.name), append(weekly, paths)
	}
	s.Causes = analysis.CausesOf(names, weekly, s.Replication, s.Parted.Week)
	side, beside := "above", ""
	if s.Parted.Below {
		side = "below"
	}
	if len(s.Causes) > 0 {
		c := s.Causes[0]
		column := whyColumnOf(c.Name)
		more := "more"
		if c.Score < 0 {
			more = column.less
		}
		f := s.formats[c.Name]
		beside = fmt.Sprintf("; by then it had %s %s than the mean of all: %s against %s (%.1f standard deviations)", more,
			column.words, f.Text(c.Sum), f.Text(c.Mean), math.Abs(c.Score))
	}
	s.Answer = fmt.Sprintf("Cash of %s parted from the others in week %d, %s the middle half to the end%s.", s.Chosen,
		s.Parted.Week, side, beside)
	return nil
}

// tell fills the story from the replay.
func (s *story) tell(x *replayed, rec *model.Record, trace *model.Trace, journeys int) {
	schema := x.result.Schema
	at := func(week int, name string) float64 {
		for i, c := range schema.Weekly {
			if c.Name == name {
				return rec.Weekly[week*len(schema.Weekly)+i]
			}
		}
		return math.NaN()
	}
	for w := 0; w < schema.Weeks; w++ {
		if r := at(w, "recession"); r > 0 && (w == 0 || at(w-1, "recession") == 0) {
			s.Recession = append(s.Recession, fmt.Sprintf("recession from week %d", w+1))
		} else if w > 0 && r == 0 && at(w-1, "recession") > 0 {
			s.Recession = append(s.Recession, fmt.Sprintf("expansion from week %d", w+1))
		}
	}
	for w := range schema.Weeks {
		s.Weeks = append(s.Weeks, storySpan{Week: w + 1, Cash: at(w, "cash"), Live: at(w, "live_customers"),
			MRR: at(w, "mrr"), Brand: at(w, "salience"),
			Signups: at(w, "signups"), Won: at(w, "won"), Lost: at(w, "churned") + at(w, "customer_deaths")})
	}
	for _, h := range model.NewTimeline(x.plan).Happened(s.seed, s.Replication) {
		s.Shocks = append(s.Shocks, fmt.Sprintf("%s from %s to %s", h.Name, h.From, h.Until-1))
	}
	cells := model.CellNames(x.plan)
	long := slices.DeleteFunc(slices.Clone(trace.Leads), func(l model.TracedLead) bool { return !l.Real })
	slices.SortStableFunc(long, func(a, b model.TracedLead) int { return b.Channels - a.Channels })
	for i := range min(journeys, len(long)) {
		l := long[i]
		j := storyJourney{Trigger: x.plan.Triggers[l.Kind].Name, Firm: cells[l.Cell], Opened: l.Trigger, Raised: l.Raised,
			Touches: l.Touches}
		for _, c := range l.Path {
			j.Path = append(j.Path, x.plan.Channels[c].Name)
		}
		s.Journeys = append(s.Journeys, j)
	}
}

// compare finds the first week and number in which another plan's replication
// differs, and the first firm.
func (s *story) compare(p *program, x *replayed, rec *model.Record, trace *model.Trace, flags *whyFlags) error {
	dir := flags.against
	y, err := p.reopen(dir)
	if err != nil {
		return err
	}
	if y.result.Manifest.Seed != x.result.Manifest.Seed {
		return usagef("%s has seed %d and %s seed %d: only runs of one seed can be compared", x.result.Dir,
			x.result.Manifest.Seed, dir, y.result.Manifest.Seed)
	}
	if _, err := beside(decide.SameStart(decide.Setting{Name: x.result.Dir, Plan: x.plan},
		decide.Setting{Name: dir, Plan: y.plan}), flags.otherOpening); err != nil {
		return err
	}
	if s.Replication >= y.result.Replications() {
		return usagef("%s has no replication %d", dir, s.Replication)
	}
	other, otherTrace, err := y.replay(s.Replication)
	if err != nil {
		return err
	}
	a, b := x.result.Schema, y.result.Schema
	for w := 0; w < min(a.Weeks, b.Weeks); w++ {
		var found []string
		for i, c := range a.Weekly {
			k := slices.IndexFunc(b.Weekly, func(d model.Column) bool { return d.Name == c.Name })
			if k < 0 {
				continue
			}
			u, v := rec.Weekly[w*len(a.Weekly)+i], other.Weekly[w*len(b.Weekly)+k]
			if u != v && !(math.IsNaN(u) && math.IsNaN(v)) {
				one, two := words.Plain.Text(u), words.Plain.Text(v)
				if one == two {
					one, two = words.Plain.Pair(u, v)
				}
				found = append(found, fmt.Sprintf("%s (%s against %s)", c.Name, one, two))
			}
		}
		if len(found) > 0 {
			s.Against = fmt.Sprintf("The two plans first differ in week %d: %s. %s", w+1,
				strings.Join(found[:min(len(found), 5)], ", "), firstFirm(x.hands(trace), y.hands(otherTrace), dir))
			return nil
		}
	}
	s.Against = "The two plans give the same weeks to the last bit."
	return nil
}

// journeyOf names a journey, alike in all plans: draws are addressed by names, so
// one that exists in two plans opens at the same time to the last bit.
type journeyOf struct {
	firm, trigger string
	opened        float64 // weeks since the first day
}

// hand is how a journey raises its hand: when, and by which touches.
type hand struct {
	raised float64
	path   string
}

func (h hand) String() string {
	return fmt.Sprintf("raises its hand in week %.1f after %s", h.raised+1, h.path)
}

// hands lists the raised hands of a replication.
func (x *replayed) hands(trace *model.Trace) map[journeyOf]hand {
	cells := model.CellNames(x.plan)
	out := map[journeyOf]hand{}
	for _, l := range trace.Leads {
		var path []string
		for _, c := range l.Path {
			path = append(path, x.plan.Channels[c].Name)
		}
		out[journeyOf{cells[l.Cell], x.plan.Triggers[l.Kind].Name, l.Trigger}] = hand{l.Raised, strings.Join(path, ", ")}
	}
	return out
}

// firstFirm names the first firm whose raised hand two plans do not share, or not
// alike. Only firms that raise their hand in one of them leave a trace.
func firstFirm(here, there map[journeyOf]hand, dir string) string {
	var first journeyOf
	at := math.Inf(1)
	for _, pair := range [][2]map[journeyOf]hand{{here, there}, {there, here}} {
		for j, h := range pair[0] {
			other, both := pair[1][j]
			if both && other == h {
				continue
			}
			if h.raised < at || h.raised == at && cmp.Or(strings.Compare(j.firm, first.firm),
				strings.Compare(j.trigger, first.trigger), cmp.Compare(j.opened, first.opened)) < 0 {
				first, at = j, h.raised
			}
		}
	}
	if math.IsInf(at, 1) {
		return "No firm raises its hand otherwise."
	}
	a, isHere := here[first]
	b, isThere := there[first]
	told := fmt.Sprintf("%s here and not at all in %s", a, dir)
	switch {
	case !isHere:
		told = fmt.Sprintf("%s in %s and not at all here", b, dir)
	case isThere:
		told = fmt.Sprintf("%s here and in week %.1f after %s in %s", a, b.raised+1, b.path, dir)
	}
	return fmt.Sprintf("The first firm that differs (%s, %s in week %.1f) %s.", first.firm, first.trigger,
		first.opened+1, told)
}
