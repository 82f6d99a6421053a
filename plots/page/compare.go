package page

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/compare"
)

// Compare lays out how plans differ from the first.
func Compare(a *compare.Answer, cure Cure) *Document {
	x := comparePage{a, cure}
	said := x.said()
	d := &Document{Question: "compare", Scenario: a.Scenario, Currency: words.In(a.Currency), Next: a.Next,
		Seed: a.Seed, Size: x.size(), Sentences: said.sentences(),
		Warnings: x.warnings(), Sheets: x.sheets(), Pictures: x.pictures()}
	data := compareData{Lines: said, Answer: a}
	for i := range a.Against {
		data.Against = append(data.Against, againstData{a.Against[i].Plan, x.sentence(&a.Against[i]), &a.Against[i]})
	}
	d.Data = func(warnings []string) any { data.Warnings = warnings; return data }
	return d
}

// compareData is the answer as programs read it, with what is said of it.
type compareData struct {
	Warnings []string `json:"warnings,omitempty"`
	Lines
	*compare.Answer
	Against []againstData `json:"against"`
}

type againstData struct {
	Plan   string `json:"plan"`
	Answer string `json:"answer"`
	*compare.Against
}

// comparePage writes an answer.
type comparePage struct {
	*compare.Answer
	cure Cure
}

// base is the name of the plan that all others are held against.
func (x comparePage) base() string { return x.Plans[0] }

func (x comparePage) size() string {
	if x.SeedsPerDraw > 1 {
		return fmt.Sprintf("%s of %s", words.Counted(x.Replications/x.SeedsPerDraw, "draw"),
			words.Counted(x.SeedsPerDraw, "seed"))
	}
	return words.Counted(x.Replications, "pair")
}

// pairs are those of each plan.
func (x comparePage) pairs() string {
	if x.SeedsPerDraw > 1 {
		return words.Counted(x.Replications, "pair") + ", " + x.size()
	}
	return x.size()
}

// sentence is the finding of a plan against the first: which is better and by how much, or that no difference is seen.
func (x comparePage) sentence(b *compare.Against) string {
	c, a := b.Metric, thePlan(x.base())
	name := words.Said(c.Column.Name)
	f, _ := words.Fitting(c.Column.Name, c.Column.Unit, c.A.Value, c.B.Value)
	switch {
	case !c.A.Known() || !c.B.Known():
		return x.without(b, f)
	case c.Identical && !b.Same && c.Difference.Needs > 0:
		return fmt.Sprintf("Too close to call: %s and %s have the same %s in each run, and these are too few to say "+
			"that they always do (%s).", thePlan(b.Plan), a, name, c.Difference.Short())
	case c.Identical:
		return fmt.Sprintf("No difference: %s and %s are identical in %s in every run.", thePlan(b.Plan), a, name)
	case x.Replications == 1:
		return fmt.Sprintf("Too close to call: one run gives no margin of error; use at least 2 (%s recommended).",
			words.Thousands(compare.Pairs))
	case c.Difference.Needs > 0:
		return fmt.Sprintf("Too close to call: the difference in %s between %s and %s is %s.", name, thePlan(b.Plan), a,
			words.SayChange(f, c.Difference))
	case math.IsNaN(c.Difference.Low):
		return fmt.Sprintf("Too close to call: the difference in %s between %s and %s has no margin of error "+
			"yet.", name, thePlan(b.Plan), a)
	case c.Difference.Low <= 0 && c.Difference.High >= 0:
		return x.close(b, f)
	}
	return x.apart(b, f)
}

// close is the finding where the interval holds no difference.
func (x comparePage) close(b *compare.Against, f words.Format) string {
	c := b.Metric
	seen := fmt.Sprintf("Too close to call: no difference in %s between %s and %s is seen in %s",
		words.Said(c.Column.Name), thePlan(b.Plan), thePlan(x.base()), words.Counted(x.Weeks, "week"))
	if !(c.Relative.Low <= 0 && c.Relative.High >= 0) || f == words.Percent {
		return fmt.Sprintf("%s (%s).", seen, words.SayChange(f, c.Difference))
	}
	return fmt.Sprintf("%s (%s, %s to %s of %s).", seen, words.SayChange(f, c.Difference), words.Signed(c.Relative.Low),
		words.Signed(c.Relative.High), thePlan(x.base()))
}

// counted are the units of outcomes of which there are fewer, not less.
var counted = []string{"customers", "sign-ups", "leads", "buyers", "firms"}

// apart is the finding where a difference is seen.
func (x comparePage) apart(b *compare.Against, f words.Format) string {
	c := b.Metric
	far := c.Difference
	if far.Value < 0 {
		far = far.Minus()
	}
	size, reach, _ := strings.Cut(words.Say(f, far), " ± ")
	if f == words.Percent {
		size = words.Plain.Text(far.Times(100).Value) + " points"
	}
	noun, more := words.Said(c.Column.Name), "more"
	if c.Difference.Value < 0 {
		more = "less"
	}
	if c.Difference.Value < 0 && slices.Contains(counted, c.Column.Unit) {
		more = "fewer"
	}
	found := fmt.Sprintf("%s %s %s %s in %s", x.better(b), size, more, noun, words.Counted(x.Weeks, "week"))
	around := " (± " + reach + ")"
	if reach == "" { // as in each pair
		around = ""
	}
	switch points := far.Times(100); {
	case f == words.Percent: // a chance or share: in points, whose interval need not be even
		return fmt.Sprintf("%s (%s to %s points)%s.", found, words.Plain.Text(points.Low), words.Plain.Text(points.High),
			x.ruin(b))
	case math.IsNaN(c.Relative.Value):
		return found + around + x.ruin(b) + "."
	}
	return fmt.Sprintf("%s%s, %s%s.", found, around, words.Signed(c.Relative.Value), x.ruin(b))
}

// better begins with the verdict, if there is one.
func (x comparePage) better(b *compare.Against) string {
	switch b.Verdict.Kind {
	case decide.Yes:
		return aPlan(b.Plan) + " is better than " + thePlan(x.base()) + ":"
	case decide.No:
		return aPlan(b.Plan) + " is worse than " + thePlan(x.base()) + ":"
	}
	return aPlan(b.Plan) + " against " + thePlan(x.base()) + ":"
}

// ruin says how often both plans fail, where a price moves or that differs.
func (x comparePage) ruin(b *compare.Against) string {
	for _, o := range b.Outcomes {
		if o.Name != "out_of_business" || x.Outcome == o.Name || !o.A.Known() || !o.B.Known() {
			continue
		}
		switch same := o.A.Value == o.B.Value; {
		case same && (x.FailsAlways() || !x.MovesPrice): // which is said already, or asked by nobody
			continue
		case same && o.A.Value == 0:
			return "; neither goes out of business in any run"
		case same:
			return fmt.Sprintf("; both go out of business in %s of runs", words.Percent.Text(o.A.Value))
		}
		if x.MovesPrice || o.Difference.Low > 0 || o.Difference.High < 0 {
			return fmt.Sprintf("; it goes out of business in %s of runs, %s in "+
				"%s", words.Percent.Text(o.B.Value), thePlan(x.base()),
				words.Percent.Text(o.A.Value))
		}
	}
	return ""
}

// without is the answer where the metric of a plan is no number: which plan is
// better all the same, if one is, and why there is no difference.
func (x comparePage) without(b *compare.Against, f words.Format) string {
	c := b.Metric
	of := func(plan string, e analysis.Estimate) string {
		switch {
		case e.Known():
			return fmt.Sprintf("%s of %s is %s", words.Said(c.Column.Name), plan, words.Say(f, e))
		case e.Never():
			return fmt.Sprintf("%s of %s is never (%s)", words.Said(c.Column.Name), plan, e.Reason)
		}
		return fmt.Sprintf("%s of %s is not known (%s)", words.Said(c.Column.Name), plan, e.Reason)
	}
	both := of(thePlan(b.Plan), c.B) + " and " + of(thePlan(x.base()), c.A)
	better := aPlan(b.Plan)
	switch b.Verdict.Kind {
	case decide.NotApplicable:
		return fmt.Sprintf("Not applicable: no difference can be told, since %s.", both)
	case decide.No:
		better = aPlan(x.base())
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
	return fmt.Sprintf("%s is better%s: %s.", better, unsure, both)
}

func (x comparePage) warnings() (out []string) {
	for _, w := range x.Warnings {
		switch w := w.(type) {
		case decide.FewRuns:
			out = append(out, x.cure.few(w))
		case decide.SaysOtherwise:
			out = append(out, fmt.Sprintf("%s, which counts customers of the first day, fixed cost and ruin too, says "+
				"otherwise: it differs by %s between %s and %s (%s)",
				words.Capital(words.Said(w.Metric)), words.SayChange(words.FormatOf(w.Metric, w.Unit), w.Difference),
				thePlan(w.Plan), thePlan(w.Base), x.cure("metric", w.Metric)))
		}
	}
	if some := someFail(x.Warnings); some != "" && !x.FailsAlways() { // which the finding says
		out = append(out, some)
	}
	return out
}

// pictures show the relative difference of each headline outcome, and set the metric against
// ruin or the lowest cash.
func (x comparePage) pictures() (out []Picture) {
	source := picture.Source{Replications: x.Replications, Seed: x.Seed, Scenario: x.Scenario,
		Note: picture.Uncertain(x.Inputs)}
	if t := x.Tradeoff; t != nil {
		p := picture.Tradeoff{Source: source, X: words.Measure{Name: t.X.Name, Unit: t.X.Unit},
			Y:     words.Measure{Name: t.Y.Name, Unit: t.Y.Unit},
			LessX: t.X.Direction == plan.Less, LessY: t.Y.Direction == plan.Less}
		for i, plan := range x.Plans {
			p.Plans = append(p.Plans, picture.Choice{Name: plan, X: t.Points[i][0], Y: t.Points[i][1], Plan: i == 0})
		}
		out = append(out, Picture{Name: "tradeoff", Data: p})
	}
	bars := picture.Bars{Source: source, Names: "outcome", ValueName: "Difference from " + thePlan(x.base()),
		Percent: true}
	var without []string // what only some plans have
	for i, b := range x.Against {
		line := picture.Line{Name: b.Plan}
		for _, o := range b.Outcomes {
			switch n := x.relative(o.Name); {
			case n == len(x.Against):
				if i == 0 {
					bars.Labels = append(bars.Labels, called(o))
				}
				line.Points = append(line.Points, o.Relative)
			case n > 0 && i == 0:
				without = append(without, words.Inside(called(o)))
			}
		}
		bars.Lines = append(bars.Lines, line)
	}
	if len(bars.Labels) == 0 {
		return out
	}
	if len(without) > 0 {
		bars.Note = strings.TrimPrefix(fmt.Sprintf("%s, without %s (some plan has no relative difference)", bars.Note,
			words.List(without)), ", ")
	}
	x.byDifference(&bars)
	return append([]Picture{{Name: "differences", Data: bars}}, out...)
}

// relative counts the plans of which the picture may have an outcome: a headline with a relative difference.
func (x comparePage) relative(name string) (n int) {
	if !slices.Contains(compare.Headlines, name) || name == decide.Ruin {
		return 0
	}
	for _, b := range x.Against {
		if i := slices.IndexFunc(b.Outcomes, func(o compare.Outcome) bool { return o.Name == name }); i >= 0 &&
			Drawable(b.Outcomes[i].Relative) {
			n++
		}
	}
	return n
}

// called is what people call an outcome, on an axis.
func called(o compare.Outcome) string { return words.Measure{Name: o.Name, Unit: o.Unit}.Called() }

// byDifference puts the outcome first that differs most, which the title names.
func (x comparePage) byDifference(bars *picture.Bars) {
	bars.Sort(func(row int) float64 {
		most, _ := bars.Largest(row)
		return math.Abs(most)
	})
	most, line := bars.Largest(0)
	bars.Finding = fmt.Sprintf("%s differs most from %s: %s under %s (the largest difference first)", bars.Labels[0],
		thePlan(x.base()), words.Signed(most), bars.Lines[line].Name)
}

// sheets are the tables of each plan beside the first.
func (x comparePage) sheets() (out []*Sheet) {
	if len(x.Ranking) > 2 {
		out = append(out, x.ranking(), x.eachAgainstEach())
	}
	for i := range x.Against {
		b := &x.Against[i]
		number := ""
		if len(x.Against) > 1 {
			number = fmt.Sprintf("-%d", i+1)
		}
		out = append(out, x.outcomes("outcomes"+number, b))
		if b.Metric.Column.Unit != "chance" {
			out = append(out, x.quantiles("quantiles"+number, b))
		}
	}
	return out
}

// outcomes is the table of all outcomes, the metric and the headlines first.
func (x comparePage) outcomes(file string, b *compare.Against) *Sheet {
	s := NewSheet(file, b.Plan+" against "+x.base(), "outcome", "unit", "±"+x.base(), "±"+b.Plan, "±difference",
		"±relative", "#variance saved")
	s.Shown = len(compare.Headlines)
	rank := func(name string) int {
		if name == x.Metric {
			return -1
		}
		if k := slices.Index(compare.Headlines, name); k >= 0 {
			return k
		}
		return len(compare.Headlines)
	}
	list := slices.DeleteFunc(slices.Clone(b.Outcomes), func(o compare.Outcome) bool {
		return math.IsNaN(o.A.Value) &&
			math.IsNaN(o.B.Value)
	})
	slices.SortStableFunc(list, func(a, b compare.Outcome) int { return cmp.Compare(rank(a.Name), rank(b.Name)) })
	for _, o := range list {
		f, unit := words.Fitting(o.Name, o.Unit, o.A.Value, o.B.Value)
		one, two := Value(f, o.A), Value(f, o.B)
		texts := f.WithErrors([]float64{o.A.Value, o.B.Value, o.Difference.Value},
			[]float64{o.A.HalfWidth(), o.B.HalfWidth(), o.Difference.HalfWidth()})
		one.Text, two.Text = texts[0], texts[1]
		s.Row(o.Name, unit, one, two, Change(f, o.Difference), Relative(o.Relative),
			Saved(o.Identical, o.Reduction, o.Difference))
		for side, stay := range []string{words.Staying(o.Unit, o.A.Value), words.Staying(o.Unit, o.B.Value)} {
			if stay != "" {
				s.Notes = append(s.Notes, fmt.Sprintf("%s: %s.", []string{x.base(), b.Plan}[side], stay))
			}
		}
		if o.Difference.Reason != "" && len(s.Rows) <= s.Printed(false) {
			s.Notes = append(s.Notes, fmt.Sprintf("There is no difference of %s: %s.", o.Name, o.Difference.Reason))
		}
	}
	return s
}

// quantiles tells how the distributions of the metric differ.
func (x comparePage) quantiles(file string, b *compare.Against) *Sheet {
	c := b.Metric
	f := words.FormatOf(c.Column.Name, c.Column.Unit)
	s := NewSheet(file, x.Outcome+" of single runs", x.Outcome, "±5%", "±25%", "±50%", "±75%", "±95%")
	if c.Identical || len(c.Quantiles) == 0 {
		return s
	}
	for side, name := range []string{x.base(), b.Plan} {
		row := []any{name}
		for _, q := range c.Quantiles {
			row = append(row, Value(f, [2]analysis.Estimate{q.A, q.B}[side]))
		}
		s.Row(row...)
	}
	note := func(format string, args ...any) { s.Notes = append(s.Notes, fmt.Sprintf(format, args...)) }
	if c.Column.Direction != plan.Neither && c.PBetter.N > 0 { // some pair has both numbers
		note("%s", strings.NewReplacer("A ", x.base()+" ", "B ", b.Plan+" ").Replace(c.QuantileSentence()))
		note("%s", x.dominance(b))
	}
	if c.Never[0]+c.Never[1] > 0 && c.Column.Never != "" {
		note("Never in %s of runs of %s and %s of %s: %s.", words.Percent.Text(c.Never[0]), x.base(),
			words.Percent.Text(c.Never[1]), b.Plan, c.Column.Never)
	}
	if p := c.PBetter; p != nil && p.N > 0 {
		note("Under the same random variation %s beats %s in %s of pairs (%s to %s); with other random numbers in "+
			"common it would be another share.", b.Plan,
			x.base(),
			words.Percent.Text(p.Value), words.Percent.Text(p.Low), words.Percent.Text(p.High))
	}
	switch n := b.Nested; {
	case n == nil:
	case n.Positive == nil:
		note("Which plan is better does not depend on the inputs, as far as can be seen (%s of "+
			"%s).", words.Counted(n.Draws, "draw"),
			words.Counted(n.SeedsPerDraw, "seed"))
	default:
		note("Averaged over random variation %s is better in %s of draws of the inputs (%s to %s); inputs explain "+
			"%s of the variance of the difference, random variation the rest.", b.Plan,
			words.Percent.Text(n.Positive.Value), words.Percent.Text(n.Positive.Low), words.Percent.Text(n.Positive.High),
			words.Percent.Text(n.Share()))
	}
	return s
}

// dominance says whether one plan is better in distribution.
func (x comparePage) dominance(b *compare.Against) string {
	const band = "the 95% band of the difference of the distribution functions"
	switch b.Metric.Dominance {
	case analysis.BDominates:
		return b.Plan + " is better in distribution: " + band + " keeps one sign from 2.5% to 97.5%."
	case analysis.ADominates:
		return x.base() + " is better in distribution: " + band + " keeps one sign from 2.5% to 97.5%."
	case analysis.Neither:
		return "Neither is better in distribution: " + band + " lies above 0 in one part and below 0 in another."
	}
	return x.size() + " do not show which is better in distribution: " + band + " holds 0 somewhere."
}
