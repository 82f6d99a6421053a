package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model"
	"windfall/plots/gallery"
	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// tradeoffs sets the metric of plans against the chance to go out of business,
// where that differs from 0, else against the lowest cash.
func tradeoffs(numbers *panel.Panel, scenario string, r *comparison, columns []model.Column, metric *metric.Metric) []page.Picture {
	if metric.When != nil || metric.P > 0 {
		return nil
	}
	source := picture.Source{Replications: r.Replications, Seed: r.Seed, Scenario: scenario}
	for _, against := range []string{"out_of_business", "cash_trough"} {
		for _, c := range columns {
			if c.Name != against || c.Name == metric.Outcome {
				continue
			}
			t, err := gallery.TradeoffOf(numbers, source, metric.Column, c, r.Plans)
			if err == nil && slices.ContainsFunc(t.Plans, func(x picture.Choice) bool { return x.Y.Value != 0 }) {
				return []page.Picture{{Name: "tradeoff", Data: t}}
			}
		}
	}
	return nil
}

// differences draws the relative difference of each headline outcome.
func differences(scenario string, r *comparison) []page.Picture {
	bars := picture.Bars{Source: picture.Source{Replications: r.Replications, Seed: r.Seed, Scenario: scenario}, Names: "outcome", ValueName: "Difference from " + r.Plans[0], Percent: true,
		Finding: strings.Join(r.Plans[1:], ", ") + " against " + r.Plans[0] + ", under the same luck"}
	for i, x := range r.Against {
		line := picture.Line{Name: x.Plan}
		for _, o := range x.Outcomes {
			if !slices.Contains(headlines, o.Name) || o.Name == "out_of_business" || !page.Drawable(o.Relative) {
				continue
			}
			if i == 0 {
				bars.Labels = append(bars.Labels, o.Name)
			}
			if k := len(line.Points); k < len(bars.Labels) && bars.Labels[k] == o.Name {
				line.Points = append(line.Points, o.Relative)
			}
		}
		bars.Lines = append(bars.Lines, line)
	}
	for _, l := range bars.Lines {
		if len(l.Points) != len(bars.Labels) || len(l.Points) == 0 {
			return nil
		}
	}
	return []page.Picture{{Name: "differences", Data: bars}}
}

// comparison is what compare writes and prints as JSON.
type comparison struct {
	args    []string
	flags   *compareFlags
	outcome string // that the metric is of
	doubts

	Plans        []string   `json:"plans"`
	Metric       string     `json:"metric"`
	Replications int        `json:"replications"`
	Lucks        int        `json:"seeds_per_draw,omitempty"`
	Seed         uint64     `json:"seed"`
	Weeks        int        `json:"weeks"`
	Against      []compared `json:"against"`
}

// compared is one plan beside the first.
type compared struct {
	Plan     string            `json:"plan"`
	Answer   string            `json:"answer"`
	Outcomes []comparedOutcome `json:"outcomes"`
	Nested   *analysis.Nested  `json:"nested,omitempty"`
	metric   *analysis.Comparison
	same     bool // as the first plan, by its digest
}

type comparedOutcome struct {
	Name       string             `json:"name"`
	Unit       string             `json:"unit"`
	A          analysis.Estimate  `json:"a"`
	B          analysis.Estimate  `json:"b"`
	Difference analysis.Estimate  `json:"difference"`
	Relative   analysis.Estimate  `json:"relative"`
	Identical  bool               `json:"identical"`
	Reduction  *float64           `json:"variance_reduction"`
	PBetter    *analysis.Estimate `json:"p_better,omitempty"`
	Dominance  analysis.Dominance `json:"dominance,omitempty"`
	// Never are the shares of runs of a and b that lie beyond all numbers.
	Never *[2]float64 `json:"never,omitempty"`
}

func outcomeOf(c analysis.Comparison) comparedOutcome {
	o := comparedOutcome{Name: c.Column.Name, Unit: c.Column.Unit, A: c.A, B: c.B, Difference: c.Difference, Relative: c.Relative, Identical: c.Identical, PBetter: c.PBetter, Dominance: c.Dominance}
	if !math.IsInf(c.Reduction, 0) && !math.IsNaN(c.Reduction) {
		o.Reduction = &c.Reduction
	}
	if c.Never[0]+c.Never[1] > 0 {
		o.Never = &c.Never
	}
	return o
}

func (r *comparison) sentences() (out []string) {
	for _, x := range r.Against {
		out = append(out, x.Answer)
	}
	return out
}

// sentence is the answer: how much better B is, or that no difference is seen.
func (x *compared) sentence(r *comparison, a string) string {
	c := x.metric
	f := words.FormatOf(c.Column.Name, c.Column.Unit)
	pairs := words.Counted(r.Replications, "pair")
	if r.Lucks > 1 {
		pairs += ", " + r.size()
	}
	horizon := words.Counted(r.Weeks, "week")
	switch {
	case !c.A.Known() || !c.B.Known():
		return x.without(a, f, pairs)
	case c.Identical && !x.same && c.Difference.Needs > 0:
		return fmt.Sprintf("%s and %s have the same %s in each of %s: too few to say that they always do (%s).", x.Plan, a, c.Column.Name, pairs, c.Difference.Short())
	case c.Identical:
		return fmt.Sprintf("%s and %s are identical in %s: every difference is exactly 0 (%s).", x.Plan, a, c.Column.Name, pairs)
	case r.Replications == 1:
		return fmt.Sprintf("One pair says nothing of how sure a difference is: two at least are needed, and --replications %s would do.", words.Thousands(comparePairs))
	case c.Difference.Needs > 0:
		return fmt.Sprintf("The difference in %s between %s and %s is %s (%s).", c.Column.Name, x.Plan, a, page.Change(f, c.Difference).Text, pairs)
	case math.IsNaN(c.Difference.Low):
		return fmt.Sprintf("The difference in %s between %s and %s has no error yet (%s).", c.Column.Name, x.Plan, a, pairs)
	case c.Difference.Low <= 0 && c.Difference.High >= 0:
		if !(c.Relative.Low <= 0 && c.Relative.High >= 0) || f == words.Percent {
			return fmt.Sprintf("No difference in %s between %s and %s seen in %s at n = %s (difference %s).",
				c.Column.Name, x.Plan, a, horizon, words.Thousands(r.Replications), page.Change(f, c.Difference).Text)
		}
		would := ""
		if n := words.Roughly(c.PairsFor(0.01 * math.Abs(c.A.Value))); n > 0 {
			would = fmt.Sprintf("; about %s would show 1%% with 80%% power", words.Counted(n, "pair"))
		}
		return fmt.Sprintf("No difference in %s between %s and %s seen in %s at n = %s (95%% interval %s to %s of %s's mean)%s.",
			c.Column.Name, x.Plan, a, horizon, words.Thousands(r.Replications), words.Signed(c.Relative.Low), words.Signed(c.Relative.High), a, would)
	}
	far := c.Difference
	if far.Value < 0 {
		far = far.Minus()
	}
	size, reach, _ := strings.Cut(page.With(f, far).Text, " ± ")
	if f == words.Percent {
		size = words.Plain.Text(100*far.Value) + " points"
	}
	verb, noun, less := "has", c.Column.Name, "less"
	if words, ok := gained[c.Column.Name]; ok {
		verb, noun, less = words[0], words[1], "fewer"
	}
	more := "more"
	if c.Difference.Value < 0 {
		more = less
	}
	if f == words.Percent { // a chance or share: in points, whose interval need not be even
		return fmt.Sprintf("%s %s %s %s %s than %s in %s (%s to %s points), %s.", x.Plan, verb, size, more, noun, a, horizon, words.Plain.Text(100*far.Low), words.Plain.Text(100*far.High), pairs)
	}
	if math.IsNaN(c.Relative.Value) {
		return fmt.Sprintf("%s %s %s %s %s than %s in %s (± %s), %s.", x.Plan, verb, size, more, noun, a, horizon, reach, pairs)
	}
	return fmt.Sprintf("%s %s %s %s %s than %s in %s, %s (%s to %s), %s.", x.Plan, verb, size, more, noun, a, horizon,
		words.Signed(c.Relative.Value), words.Signed(c.Relative.Low), words.Signed(c.Relative.High), pairs)
}

// otherwise warns where the answer goes by lifetime_margin alone and the business as a whole fares the other way, or
// differs where that does not.
func (x *compared) otherwise(r *comparison) string {
	i := slices.IndexFunc(x.Outcomes, func(o comparedOutcome) bool { return o.Name == panel.BusinessValue })
	if r.Metric != "lifetime_margin" || i < 0 {
		return ""
	}
	// The sign of what is seen.
	way := func(e analysis.Estimate) int {
		switch {
		case e.Low > 0:
			return 1
		case e.High < 0:
			return -1
		}
		return 0
	}
	whole := x.Outcomes[i].Difference
	if way(whole) == 0 || way(whole) == way(x.metric.Difference) {
		return ""
	}
	return fmt.Sprintf("%s, which counts customers of the first day, fixed cost and ruin too, says otherwise: it differs by %s between %s and %s (--metric %s)",
		panel.BusinessValue, page.Change(words.FormatOf(x.Outcomes[i].Name, x.Outcomes[i].Unit), whole).Text, x.Plan, r.Plans[0], panel.BusinessValue)
}

// without is the answer where the metric of a plan is no number: which plan is
// better all the same, if one is, and why there is no difference.
func (x *compared) without(a string, f words.Format, pairs string) string {
	c := x.metric
	of := func(plan string, e analysis.Estimate) string {
		switch {
		case e.Known():
			return fmt.Sprintf("%s of %s is %s", c.Column.Name, plan, page.With(f, e).Text)
		case e.Never():
			return fmt.Sprintf("%s of %s is never (%s)", c.Column.Name, plan, e.Reason)
		}
		return fmt.Sprintf("%s of %s is not known (%s)", c.Column.Name, plan, e.Reason)
	}
	both := of(x.Plan, c.B) + ", " + of(a, c.A)
	if math.IsNaN(c.A.Value) || math.IsNaN(c.B.Value) || c.Column.Direction == model.Neither || c.A.Never() && c.B.Never() {
		return fmt.Sprintf("No difference can be told: %s (%s).", both, pairs)
	}
	better := x.Plan
	if analysis.Order(c.A, c.B, c.Column.Direction) < 0 {
		better = a
	}
	unsure := ""
	if never := c.A; c.B.Never() || never.Never() {
		if c.B.Never() {
			never = c.B
		}
		if never.Low != never.High {
			unsure = ", as far as can be seen"
		}
	}
	return fmt.Sprintf("%s is better%s: %s (%s).", better, unsure, both, pairs)
}

func (r *comparison) size() string {
	if r.Lucks > 1 {
		return fmt.Sprintf("%s of %s", words.Counted(r.Replications/r.Lucks, "draw"), words.Counted(r.Lucks, "seed"))
	}
	return words.Counted(r.Replications, "pair")
}

// next are the commands that follow.
func (r *comparison) next() []string {
	if len(r.args) > 1 {
		return []string{shellLine(slices.Concat([]string{"windfall", "stress"}, r.args, r.flags.typed()))}
	}
	words := []string{"windfall", "run", r.args[0]}
	for _, s := range splitSets(r.Plans[1]) {
		words = append(words, "--set", s)
	}
	typed := r.flags.typed() // each --set was a plan of its own, and is no longer there
	return []string{shellLine(append(words, typed...)), shellLine(append([]string{"windfall", "respond", r.args[0]}, typed...))}
}

func (r *comparison) warnings() (out []string) {
	switch draws := r.Replications / max(1, r.Lucks); {
	case r.Lucks > 1 && draws < compareDraws/2:
		out = append(out, fmt.Sprintf("%s are few to tell inputs from luck; --draws %d would do", words.Counted(draws, "draw"), compareDraws))
	case r.Replications < fewPairs:
		out = append(out, fmt.Sprintf("%s are few for quantiles and dominance; --replications %d would do", words.Counted(r.Replications, "pair"), fewPairs))
	}
	for _, x := range r.Against {
		if w := x.otherwise(r); w != "" {
			out = append(out, w)
		}
		for _, o := range x.Outcomes {
			if o.Name == "out_of_business" && (o.A.Value > 0 || o.B.Value > 0) {
				out = append(out, fmt.Sprintf("some replications go out of business: %s of %s against %s of %s", words.Percent.Text(o.B.Value), x.Plan, words.Percent.Text(o.A.Value), r.Plans[0]))
			}
		}
	}
	return out
}

// sheets are the tables of each plan beside the first.
func (r *comparison) sheets() (out []*page.Sheet) {
	for i := range r.Against {
		x := &r.Against[i]
		file := func(name string) string {
			if len(r.Against) == 1 {
				return name
			}
			return fmt.Sprintf("%s-%d", name, i+1)
		}
		s := page.NewSheet(file("outcomes"), x.Plan+" against "+r.Plans[0], "outcome", "unit", "#"+r.Plans[0], "#"+x.Plan, "#difference", "#relative", "#variance saved")
		s.Shown = len(headlines)
		rank := func(name string) int {
			if name == r.Metric {
				return -1
			}
			if k := slices.Index(headlines, name); k >= 0 {
				return k
			}
			return len(headlines)
		}
		list := slices.DeleteFunc(slices.Clone(x.Outcomes), func(o comparedOutcome) bool { return math.IsNaN(o.A.Value) && math.IsNaN(o.B.Value) })
		slices.SortStableFunc(list, func(a, b comparedOutcome) int { return cmp.Compare(rank(a.Name), rank(b.Name)) })
		for _, o := range list {
			f := words.FormatOf(o.Name, o.Unit)
			a, _ := f.WithError(o.A.Value, o.A.HalfWidth())
			b, _ := f.WithError(o.B.Value, o.B.HalfWidth())
			one, two := page.Value(f, o.A), page.Value(f, o.B)
			one.Text, two.Text = a, b
			saved := page.Words("")
			switch {
			case o.Identical:
				saved = page.Words("identical")
			case o.Reduction != nil:
				saved = page.Num(words.Times(*o.Reduction), *o.Reduction)
			case o.Difference.Error == 0: // the same difference in every pair
				saved = page.Words("exact")
			}
			s.Row(o.Name, o.Unit, one, two, page.Change(f, o.Difference), page.Relative(o.Relative), saved)
			if o.Difference.Reason != "" && len(s.Rows) <= s.Printed(false) {
				s.Notes = append(s.Notes, fmt.Sprintf("There is no difference of %s: %s.", o.Name, o.Difference.Reason))
			}
		}
		out = append(out, s)
		if q := r.quantiles(file("quantiles"), x); q != nil {
			out = append(out, q)
		}
	}
	return out
}

// quantiles tells how the distributions of the metric differ.
func (r *comparison) quantiles(file string, x *compared) *page.Sheet {
	c := x.metric
	if c.Identical || len(c.Quantiles) == 0 || c.Column.Unit == "chance" {
		return nil
	}
	f := words.FormatOf(c.Column.Name, c.Column.Unit)
	s := page.NewSheet(file, r.outcome+" of single replications", r.outcome, "#5%", "#25%", "#50%", "#75%", "#95%")
	for side, name := range []string{r.Plans[0], x.Plan} {
		row := []any{name}
		for _, q := range c.Quantiles {
			e := q.A
			if side == 1 {
				e = q.B
			}
			row = append(row, page.Value(f, e))
		}
		s.Row(row...)
	}
	note := func(format string, args ...any) { s.Notes = append(s.Notes, fmt.Sprintf(format, args...)) }
	if c.Column.Direction != model.Neither && c.PBetter.N > 0 { // some pair has both numbers
		note("%s", strings.NewReplacer("A ", r.Plans[0]+" ", "B ", x.Plan+" ").Replace(c.QuantileSentence()))
		const band = "the 95%% band of the difference of the distribution functions"
		switch c.Dominance {
		case analysis.BDominates:
			note("%s is better in distribution: "+band+" keeps one sign from 2.5%% to 97.5%%.", x.Plan)
		case analysis.ADominates:
			note("%s is better in distribution: "+band+" keeps one sign from 2.5%% to 97.5%%.", r.Plans[0])
		case analysis.Neither:
			note("Neither is better in distribution: " + band + " lies above 0 in one part and below 0 in another.")
		default:
			note("That one is better in distribution is not shown with %s: "+band+" holds 0 somewhere.", r.size())
		}
	}
	if c.Never[0]+c.Never[1] > 0 && c.Column.Never != "" {
		note("Never in %s of runs of %s and %s of %s: %s.", words.Percent.Text(c.Never[0]), r.Plans[0], words.Percent.Text(c.Never[1]), x.Plan, c.Column.Never)
	}
	page.FewFor(s, r.Replications, fewPairs, "pair")
	if p := c.PBetter; p != nil && p.N > 0 {
		note("Under the same luck %s beats %s in %s of pairs (%s to %s); this depends on how luck is shared.", x.Plan, r.Plans[0],
			words.Percent.Text(p.Value), words.Percent.Text(p.Low), words.Percent.Text(p.High))
	}
	if n := x.Nested; n != nil {
		if n.Positive == nil {
			note("Inputs do not change the sign that luck lets us see (%s of %s).", words.Counted(n.Draws, "draw"), words.Counted(n.Lucks, "seed"))
		} else {
			note("On average over luck %s is better in %s of draws of the inputs (%s to %s); inputs bring %s of the variance of the difference, luck the rest.", x.Plan,
				words.Percent.Text(n.Positive.Value), words.Percent.Text(n.Positive.Low), words.Percent.Text(n.Positive.High), words.Percent.Text(n.Between/(n.Between+n.Within)))
		}
	}
	return s
}
