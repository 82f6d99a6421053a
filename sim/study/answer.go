package study

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"windfall/model/currency"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Answer is what a study found.
type Answer struct {
	Finding
	Table    []Row    `json:"settings"`
	Pictures []Drawn  `json:"pictures"`
	Changed  []string `json:"changed,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

// Finding is what a reader compares: the sentence, the verdicts and the numbers shown.
type Finding struct {
	Study    string         `json:"study"`
	Question string         `json:"question"`
	Sentence string         `json:"answer"`
	Verdict  metric.Verdict `json:"verdict"`

	Replications int    `json:"replications"`
	Seed         uint64 `json:"seed"`

	Shows        []Shown  `json:"shows"`
	Expectations []Judged `json:"expectations"`
	Control      *Checked `json:"control,omitempty"`
}

// Shown is a number with its interval.
type Shown struct {
	Name  string            `json:"name"`
	Title string            `json:"title"`
	Unit  string            `json:"unit"`
	Value analysis.Estimate `json:"value"`
	Never string            `json:"never,omitempty"` // what to write if the value is a crossing that is not reached
}

// Judged is an expectation held against the replications: the verdict of all
// its claims, and the claim that came nearest to failing.
type Judged struct {
	Name    string            `json:"name"`
	Title   string            `json:"title"`
	Claim   string            `json:"inequality"`
	Let     map[string]string `json:"let,omitempty"` // the formulas that the claim has by name
	Each    string            `json:"each,omitempty"`
	Claims  int               `json:"claims"`
	Value   analysis.Estimate `json:"value"`
	Bound   analysis.Number   `json:"bound"`
	Verdict metric.Verdict    `json:"verdict"`
}

var (
	rightSide = regexp.MustCompile(`(?s)[<>]=?(.*)$`)
	numberAs  = regexp.MustCompile(`^[-(]*[0-9][0-9._]*(e[-+]?[0-9]+)?[%kM]?\)*$`)
)

// Against says whether the right side of any claim is more than a number that the
// claim spells out, so that its value (Bound) is to be shown too.
func Against(list []Judged) bool {
	return slices.ContainsFunc(list, func(j Judged) bool {
		m := rightSide.FindStringSubmatch(j.Claim)
		return m != nil && !numberAs.MatchString(strings.TrimSpace(m[1]))
	})
}

// Checked is the control.
type Checked struct {
	Title        string         `json:"title"`
	Sets         []string       `json:"set"`
	Replications int            `json:"replications"`
	Expectations []Judged       `json:"expectations"`
	Verdict      metric.Verdict `json:"verdict"` // holds: the pattern is absent, as it must be
}

// Row is a setting with its outcomes and what sets them apart from the plan.
type Row struct {
	Setting  string    `json:"setting"`
	Title    string    `json:"title"`
	Outcomes []Outcome `json:"outcomes"`
}

// Outcome is one outcome of a setting.
type Outcome struct {
	Name       string             `json:"name"`
	Value      analysis.Estimate  `json:"value"`
	Difference *analysis.Estimate `json:"difference,omitempty"` // from the plan, paired; nil for the plan itself
}

// Drawn holds the numbers of a picture.
type Drawn struct {
	Picture *Picture     `json:"-"`
	Name    string       `json:"name"`
	Title   string       `json:"title"`
	Series  []DrawnCurve `json:"series"`
}

// DrawnCurve is one series of a picture.
type DrawnCurve struct {
	Name   string              `json:"name"`
	Title  string              `json:"title"`
	Points []analysis.Estimate `json:"points"`
}

// Parts says what is run for the study, and after it for its control, if there is one. Neither waits for the other.
func (s *Study) Parts() []decide.Part {
	tables := s.tables()
	var leaves []panel.Leaf
	for _, x := range s.Shows {
		leaves = append(leaves, x.Value.Leaves()...)
	}
	for _, row := range tables {
		for _, cell := range row {
			leaves = append(leaves, cell.value.Leaves()...)
			if cell.difference != nil {
				leaves = append(leaves, cell.difference.Leaves()...)
			}
		}
	}
	for _, p := range s.Pictures {
		for _, c := range p.Series {
			for _, v := range c.Values {
				leaves = append(leaves, v.Leaves()...)
			}
		}
	}
	leaves = append(leaves, leavesOf(s.Expectations)...)
	parts := []decide.Part{{Name: "study", Design: &decide.Design{Settings: runs(s.Settings), Measures: leaves,
		Seed: s.Seed, Replications: s.Replications}}}
	if c := s.Control; c != nil {
		parts = append(parts, decide.Part{Name: "control", Design: &decide.Design{Settings: runs(c.Settings),
			Measures: leavesOf(c.Expectations), Seed: s.Seed, Replications: c.Replications}})
	}
	return parts
}

// Digest stands for everything that the answer of a study depends on, of a version of the program.
func (s *Study) Digest(version string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %d %d\n", version, s.Seed, s.Replications)
	settings := s.Settings
	if s.Control != nil {
		fmt.Fprintln(h, s.Control.Replications)
		settings = append(settings[:len(settings):len(settings)], s.Control.Settings...)
	}
	for _, x := range settings {
		fmt.Fprintln(h, x.Name, scenarios.Digest(x.Plan))
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// Repeat changes how often each setting is run, that of the control too, and times multiplies what is there.
func (s *Study) Repeat(replications, times int) {
	for _, n := range s.sizes() {
		*n = cmp.Or(replications, *n) * times
	}
}

func (s *Study) sizes() []*int {
	if s.Control == nil {
		return []*int{&s.Replications}
	}
	return []*int{&s.Replications, &s.Control.Replications}
}

// Unmet names the expectations that do not hold, and with strict those that are undecided.
func (a *Answer) Unmet(strict bool) (names []string) {
	for _, j := range a.Expectations {
		if j.Verdict == metric.DoesNotHold || strict && j.Verdict == metric.Undecided {
			names = append(names, j.Name)
		}
	}
	return names
}

// Judge says what was measured of the study and of its control: one panel a part.
func (s *Study) Judge(panels ...*panel.Panel) *Answer {
	numbers := panels[0]
	a := &Answer{Finding: Finding{Study: s.Name, Question: s.Question, Replications: s.Replications, Seed: s.Seed},
		Changed: s.Changed, Warnings: s.Warnings}
	for _, x := range s.Shows {
		shown := Shown{Name: x.Name, Title: x.Title, Unit: x.Unit, Value: x.Value.Estimate(numbers)}
		if _, ok := x.Value.(*metric.Crossing); ok {
			shown.Never = x.Never
		}
		a.Shows = append(a.Shows, shown)
	}
	a.Expectations = s.judgeAll(s.Expectations, numbers)
	for i := range a.Expectations {
		a.Expectations[i].Title = a.fill(a.Expectations[i].Title)
	}
	a.Verdict = worst(a.Expectations)
	tables := s.tables()
	for i, setting := range s.Settings {
		row := Row{Setting: setting.Name, Title: setting.Title}
		for k, cell := range tables[i] {
			o := Outcome{Name: s.Outcomes[k], Value: cell.value.Estimate(numbers)}
			if cell.difference != nil {
				d := cell.difference.Estimate(numbers)
				o.Difference = &d
			}
			row.Outcomes = append(row.Outcomes, o)
		}
		a.Table = append(a.Table, row)
	}
	for i := range s.Pictures {
		p := &s.Pictures[i]
		d := Drawn{Picture: p, Name: p.Name, Title: a.fill(p.Title)}
		for _, c := range p.Series {
			curve := DrawnCurve{Name: c.Name, Title: a.fill(c.Title)}
			for _, v := range c.Values {
				curve.Points = append(curve.Points, v.Estimate(numbers))
			}
			d.Series = append(d.Series, curve)
		}
		a.Pictures = append(a.Pictures, d)
	}
	if s.Control != nil {
		a.Control = &Checked{Title: s.Control.Title, Sets: s.Control.Sets,
			Replications: s.Control.Replications, Expectations: s.judgeAll(s.Control.Expectations, panels[1])}
		a.Control.Verdict = worst(a.Control.Expectations)
		if a.Verdict == metric.Holds && a.Control.Verdict != metric.Holds {
			a.Verdict = a.Control.Verdict
		}
	}
	a.Sentence = a.fill(s.Answer)
	return a
}

// runs lists the settings that are run: each distinct plan once.
func runs(settings []Setting) (out []decide.Setting) {
	for _, s := range settings {
		if s.same == s.Name {
			out = append(out, decide.Setting{Name: s.Name, Plan: s.Plan})
		}
	}
	return out
}

// cell is an outcome of a setting and its paired difference from the plan.
type cell struct{ value, difference *metric.Expression }

// tables makes the expressions of the table of settings.
func (s *Study) tables() [][]cell {
	all, schemas := canonical(s.Settings), metric.Schemas{}
	expression := func(text string) *metric.Expression {
		e, err := metric.ParseExpression(text)
		if err == nil {
			err = schemas.Resolve(all, e)
		}
		if err != nil {
			panic("study: " + err.Error()) // outcomes and settings were checked by Open
		}
		e.Rename(names(s.Settings))
		return e
	}
	var out [][]cell
	for _, setting := range s.Settings {
		var row []cell
		for _, o := range s.Outcomes {
			c := cell{value: expression(o + "(" + setting.Name + ")")}
			if setting.Name != Plan {
				c.difference = expression(o + "(" + setting.Name + ") - " + o + "(" + Plan + ")")
			}
			row = append(row, c)
		}
		out = append(out, row)
	}
	return out
}

func leavesOf(list []Expectation) (out []panel.Leaf) {
	for _, x := range list {
		for _, c := range x.Claims {
			out = append(out, c.Inequality.Leaves()...)
			if c.Where != nil {
				out = append(out, c.Where.Leaves()...)
			}
		}
	}
	return out
}

// judgeAll holds expectations against a panel.
func (s *Study) judgeAll(list []Expectation, p *panel.Panel) (out []Judged) {
	for _, x := range list {
		j := Judged{Name: x.Name, Title: x.Title, Verdict: metric.Holds}
		nearest := math.Inf(-1)
		for _, c := range x.Claims {
			if c.Where != nil {
				if w := c.Where.Judge(p); !c.Where.True(w) {
					continue
				}
			}
			g := c.Inequality.Judge(p)
			j.Claims++
			j.Verdict = worse(j.Verdict, g.Verdict)
			// The claim that comes nearest to failing: by its bound in units of its size.
			if near := g.Reached / max(math.Abs(g.Value.Value-g.Bound), 1e-300); near > nearest || j.Claims == 1 {
				nearest = near
				j.Claim, j.Each, j.Value, j.Bound = c.Inequality.Text, c.Each, g.Value, analysis.Number(g.Bound)
			}
		}
		if j.Claims == 0 {
			j.Verdict = metric.Undecided
		}
		j.Let = s.letsOf(j.Claim)
		out = append(out, j)
	}
	return out
}

// letsOf gives the formulas of [study.let] that a claim has by name.
func (s *Study) letsOf(claim string) (out map[string]string) {
	for _, name := range placeholders(claim) {
		if formula, ok := s.lets[name]; ok {
			if out == nil {
				out = map[string]string{}
			}
			out[name] = strings.Join(strings.Fields(formula), " ")
		}
	}
	return out
}

func worst(list []Judged) metric.Verdict {
	v := metric.Holds
	for _, j := range list {
		v = worse(v, j.Verdict)
	}
	return v
}

// worse gives the worse of two verdicts.
func worse(a, b metric.Verdict) metric.Verdict {
	if a == metric.DoesNotHold || b == metric.DoesNotHold {
		return metric.DoesNotHold
	}
	if a == metric.Undecided || b == metric.Undecided {
		return metric.Undecided
	}
	return metric.Holds
}

// fill puts what was found into a text: {name} is a number shown with its 95%
// interval, {name.value} the number alone, {name? one | other} the one text if
// the expectation of that name holds, else the other; with a third text
// {name? holds | too close to call | does not hold}.
func (f *Finding) fill(text string) string {
	for _, name := range placeholders(text) {
		if expectation, texts, ok := strings.Cut(name, "?"); ok {
			text = fill(text, name, f.chosen(expectation, strings.Split(texts, "|")))
			continue
		}
		for _, x := range f.Shows {
			if x.Name == strings.TrimSuffix(name, ".value") {
				full := !strings.HasSuffix(name, ".value")
				text = fill(text, name, x.Text(full))
			}
		}
	}
	return text
}

// chosen is the text for the verdict of an expectation: the first where it holds, the last where it does not, and one
// between them where it is too close to call.
func (f *Finding) chosen(expectation string, texts []string) string {
	at := 0
	for _, j := range f.Expectations {
		if j.Name != expectation {
			continue
		}
		switch j.Verdict {
		case metric.Undecided:
			at = 1
		case metric.DoesNotHold:
			at = len(texts) - 1
		}
	}
	return strings.TrimSpace(texts[at])
}

// Text writes a number as people read it, with its 95% interval if wanted: no more than three figures, and no more than
// its margin of error leaves; counts and amounts below 10,000 in full.
func (x Shown) Text(interval bool) string {
	write := x.written()
	v, suffix := x.Value, ""
	if _, isMoney := x.money(); !isMoney && x.Unit != "" && x.Unit != "%" {
		suffix = " " + x.Unit
	}
	if x.Unit == "%" {
		suffix = "%"
	}
	if x.Never != "" && (math.IsInf(v.Value, 1) || math.IsInf(v.High, 1)) {
		switch {
		case math.IsInf(v.Low, 1) || math.IsInf(v.Value, 1) && (!interval || math.IsNaN(v.Low)):
			return x.Never
		case math.IsInf(v.Value, 1):
			return x.Never + " (" + write(v.Low) + suffix + " at the earliest)"
		case !interval:
			return write(v.Value) + suffix
		}
		return write(v.Value) + suffix + " (" + write(v.Low) + " to " + x.Never + ")"
	}
	if math.IsNaN(v.Value) || math.IsInf(v.Value, 0) {
		return "not known"
	}
	value, low, high := write(v.Value), write(v.Low), write(v.High)
	if !interval || !(v.HalfWidth() > 0) || low == value && high == value { // nothing that three figures show
		return value + suffix
	}
	return value + suffix + " (" + low + " to " + high + ")"
}

// Interval writes the 95% interval alone; empty if there is none.
func (x Shown) Interval() string {
	if !(x.Value.HalfWidth() > 0) {
		return ""
	}
	write := x.written()
	if x.Never != "" && math.IsInf(x.Value.High, 1) {
		return write(x.Value.Low) + " to " + x.Never
	}
	return write(x.Value.Low) + " to " + write(x.Value.High)
}

// money is the sign of the currency in which the number counts, if it is an amount.
func (x Shown) money() (symbol string, is bool) {
	code, is := currency.In(x.Unit)
	if !is || x.Unit != code {
		return "", false
	}
	return currency.Of(code).Symbol, true
}

// figures are the most that a number of a sentence has.
const figures = 3

// inFull is where counts and amounts are no longer written in full.
const inFull = 10_000

// written is how the number and the ends of its interval are written, without its unit.
func (x Shown) written() func(float64) string {
	symbol, isMoney := x.money()
	scale := 1.0
	if x.Unit == "%" {
		scale = 100
	}
	value, half := math.Abs(x.Value.Value*scale), x.Value.HalfWidth()*scale
	digits := decimals(value, half)
	switch {
	case isMoney && value < 10: // dollars and cents
		digits = 2
	case isMoney:
		digits = 0
	}
	return func(v float64) string {
		v *= scale
		sign := ""
		if v < 0 {
			sign, v = "−", -v
		}
		v = rounded(v, digits)
		text := thousands(strconv.FormatFloat(v, 'f', digits, 64))
		if v >= inFull && !math.IsInf(v, 0) {
			text = shortened(v, isMoney)
		}
		if strings.Trim(text, "0.") == "" { // no minus before what rounds to nothing
			sign = ""
		}
		return sign + symbol + text
	}
}

// decimals are those of a number with half of its interval: as many as its error leaves, and three figures at most.
func decimals(value, half float64) int {
	size := max(value, half)
	if math.IsInf(size, 0) || math.IsNaN(size) || size == 0 {
		return 0
	}
	most := max(figures-1-int(math.Floor(math.Log10(size))), 0)
	if !(half > 0) || math.IsInf(half, 0) { // a number of the scenario, or worked out from some
		digits := 0
		for v := value; digits < most && math.Abs(math.Round(v)-v) > 1e-9*v; digits++ {
			v *= 10
		}
		return digits
	}
	digits := max(int(math.Ceil(-math.Log10(half))), 0)
	if half < 10 && digits == 0 && value < 100 {
		digits = 1
	}
	return min(digits, most)
}

// rounded rounds to decimals, and a half up, as people do.
func rounded(v float64, decimals int) float64 {
	by := math.Pow(10, float64(decimals))
	if v*by > 1<<53 || math.IsNaN(v) { // has no decimals
		return v
	}
	return math.Round(v*by) / by
}

// shortened writes a large number with three figures: amounts in thousands or millions, counts with zeros.
func shortened(v float64, isMoney bool) string {
	by := math.Pow(10, math.Floor(math.Log10(v))-(figures-1))
	v = float64(math.Round(v/by) * by)
	if !isMoney {
		return thousands(strconv.FormatFloat(v, 'f', 0, 64))
	}
	scale := "k"
	if v /= 1e3; v >= 1e3 {
		v, scale = v/1e3, "M"
	}
	return thousands(strconv.FormatFloat(v, 'f', max(figures-1-int(math.Floor(math.Log10(v))), 0), 64)) + scale
}

// Short writes a number of unknown unit with four digits, three below 0.1, or in full from 1,000 on.
func Short(x float64) string {
	sign := ""
	if x < 0 {
		sign, x = "−", -x
	}
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "not known"
	case x < 1e-9: // what floating point leaves of nothing
		return "0"
	case x >= 1e3 && x < 1e15:
		return sign + thousands(strconv.FormatFloat(x, 'f', 0, 64))
	}
	figures := 4
	if x < 0.1 { // customers per dollar: zeros are enough to read
		figures = 3
	}
	return sign + strconv.FormatFloat(x, 'g', figures, 64)
}

// Seen writes a number that was held against a claim in the unit in which the claim names its limit.
func (j *Judged) Seen(x float64) string {
	if !strings.HasSuffix(j.Claim, "%") || math.IsNaN(x) || math.IsInf(x, 0) {
		return Short(x)
	}
	return Short(100*x) + "%"
}

// thousands puts commas into the whole part of a number.
func thousands(text string) string {
	whole, rest := text, ""
	if i := strings.IndexByte(text, '.'); i >= 0 {
		whole, rest = text[:i], text[i:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole + rest
}
