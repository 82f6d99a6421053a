package metric

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/analysis"
)

// CheckGoal says what is wrong with a goal over the outcomes of any plan.
func CheckGoal(text string) error {
	_, err := ParseGoal(text, model.NewSchema(&plan.Plan{}).Outcomes)
	return err
}

// ParseGoal reads a goal, such as "P(out_of_business) <= 5%", over the outcomes in columns.
func ParseGoal(text string, columns []plan.Column) (*Goal, error) {
	return read(parse(text, columns), maxGoal, (*parser).goal)
}

// ParseMetric reads a metric, such as p5(cash_end), over the outcomes in columns.
func ParseMetric(text string, columns []plan.Column) (*Metric, error) {
	return read(parse(text, columns), maxGoal, (*parser).metric)
}

// ParseCondition reads a condition, such as "cash_trough < 0 or out_of_business".
func ParseCondition(text string, columns []plan.Column) (*Condition, error) {
	return read(parse(text, columns), maxGoal, (*parser).condition)
}

// ParsePrecision reads METRIC=1% (relative) or METRIC=250 (in the metric's unit).
func ParsePrecision(text string, columns []plan.Column) (*Precision, error) {
	return read(parse(text, columns), maxGoal, (*parser).precision)
}

// Precision is a metric and half the length that its 95% interval is to have.
type Precision struct {
	Metric    *Metric
	HalfWidth float64 // in the metric's unit, or relative to its value
	Relative  bool
}

func (p *parser) precision() *Precision {
	m := p.metric()
	if t := p.take(); t.kind != isSign || t.text != "=" {
		p.fail(t.from, "write METRIC=1%% or METRIC=250, such as cac=1%%")
	}
	n, ok := p.signed()
	if !ok {
		p.fail(n.from, noNumber, n.text)
	}
	if !(n.value > 0) {
		p.fail(n.from, "the half-width must be above 0")
	}
	return &Precision{Metric: m, HalfWidth: n.value, Relative: isPercent(n)}
}

func (p *parser) goal() *Goal {
	m := p.metric()
	t := p.take()
	if t.kind != isSign || !slices.Contains([]string{"<=", "<", ">=", ">"}, t.text) {
		p.fail(t.from, "a goal compares by <=, <, >= or >")
	}
	n, ok := p.signed()
	if !ok {
		p.fail(n.from, "%q is not a number; a goal is a metric, a sign and a number", n.text)
	}
	column := &chance
	if m.When == nil {
		column = &p.columns[find(p.columns, m.Outcome)]
	}
	p.reachable(n, column)
	p.undecided(n, t.text, column)
	return &Goal{Metric: *m, Sign: t.text, Bound: n.value}
}

func (p *parser) metric() *Metric {
	t := p.take()
	if t.kind != isWord {
		p.fail(t.from, "a metric is P(...), mean(...), a percentile such as p10(...), or an outcome, not %s", t.text)
	}
	m := &Metric{columns: p.columns}
	from := t.from
	switch share, isPercentile := percentile(t.text); {
	case !p.peek().is("("):
		p.outcome(t, " (or P(...), mean(...), p10(...))")
		m.Outcome = t.text
	case t.text == "P":
		p.take()
		m.When = p.condition()
		p.need(")", `the condition must be followed by ")"`)
	case t.text == "mean" || isPercentile:
		p.take()
		name := p.take()
		p.outcome(name, "")
		p.need(")", `the outcome must be followed by ")"`)
		m.Outcome, m.P = name.text, share
	default:
		p.fail(t.from, noStatistic, t.text)
	}
	m.Text = p.since(from)
	m.Column = m.column()
	return m
}

const noStatistic = "%q is not a statistic; write P(...), mean(...) " +
	"or a percentile between p0 and p100 such as p10(...)"

// percentile reads p10 as 0.1.
func percentile(word string) (share float64, ok bool) {
	if len(word) < 2 || word[0] != 'p' || strings.Trim(word[1:], "0123456789.") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(word[1:], 64)
	if err != nil || !(x > 0 && x < 100) {
		return 0, false
	}
	return x / 100, true
}

// since is the text from a place up to the last token taken.
func (p *parser) since(from int) string { return string(p.text[from:p.at]) }

func (p *parser) condition() *Condition {
	from := p.peek().from
	root := p.either()
	return &Condition{Text: p.since(from), root: root}
}

func (p *parser) either() clause {
	return p.series("or", func() clause { return p.series("and", p.clause) })
}

// series reads parts with a word between them.
func (p *parser) series(word string, part func() clause) clause {
	first := part()
	if p.peek().text != word {
		return first
	}
	c := clause{kind: word, parts: []clause{first}}
	for p.peek().text == word {
		p.take()
		c.parts = append(c.parts, part())
	}
	return c
}

func (p *parser) clause() clause {
	if n, ok := p.signed(); ok {
		sign := p.sign()
		name := p.take()
		column := p.outcome(name, "")
		p.reachable(n, &column)
		return clause{kind: "compare", outcome: name.text, sign: mirror(sign), bound: n.value}
	}
	t := p.take()
	switch {
	case t.text == "not":
		defer p.deeper()()
		return clause{kind: "not", parts: []clause{p.clause()}}
	case t.is("("):
		defer p.deeper()()
		c := p.either()
		p.need(")", `the condition in brackets must be followed by ")"`)
		return c
	case t.kind != isWord || t.text == "and" || t.text == "or":
		p.fail(t.from, "a comparison such as live_customers >= 8000 is missing before %s", t.text)
	}
	column := p.outcome(t, "")
	if p.peek().kind != isSign {
		if analysis.Statistic(column) != "chance" {
			p.fail(t.from, "%s is a number, not a yes or no; compare it, as in %s >= 1000", t.text, t.text)
		}
		return clause{kind: "compare", outcome: t.text, sign: "!=", bound: 0}
	}
	sign := p.sign()
	n, ok := p.signed()
	if !ok {
		p.fail(n.from, "an outcome is compared with a number, not with %s", n.text)
	}
	p.reachable(n, &column)
	return clause{kind: "compare", outcome: t.text, sign: sign, bound: n.value}
}

// chance is what a condition is counted as.
var chance = plan.Column{Name: "a chance", Unit: "chance", Share: true}

// mostShare is the largest share of something that may exceed it, such as spend of
// revenue, that is meant as one: 70 means 70%.
const mostShare = 10

// reachable refuses a bound that the numbers of a column cannot reach: a goal that is
// kept or missed whatever happens is a slip of the pen, most often 2 for 2%.
func (p *parser) reachable(t token, c *plan.Column) {
	low, high := c.Range()
	what := c.Name
	if (c.Share || c.Rate) && c.Name != chance.Name {
		what += " is a share: it"
	}
	if c.Rate {
		high = 1 // as good as ever
	}
	if strings.HasPrefix(c.Unit, "share") {
		high = min(high, mostShare)
	}
	switch {
	case t.value < low:
		p.fail(t.from, "%s is never below 0, and the bound is %s", c.Name, t.text)
	case t.value <= high:
		return
	case isPercent(t):
		p.fail(t.from, "%s lies between %s, not %s", what, ends(low, high), t.text)
	case t.value <= 100:
		p.fail(t.from, "%s lies between %s, and %s is %.6g%%%s",
			what, ends(low, high), t.text, 100*t.value, plan.DidYouMean(t.text+"%"))
	}
	p.fail(t.from, "%s lies between %s, not %s", what, ends(low, high), t.text)
}

// undecided refuses a goal that is met, or missed, whatever happens: one that asks for no more than where the numbers
// of a column end.
func (p *parser) undecided(t token, sign string, c *plan.Column) {
	low, high := c.Range()
	if (sign == ">=" || sign == "<") && t.value == low {
		p.fail(t.from, "%s is never below %g: the goal is %s whatever happens", c.Name, low, outcomeOf[sign])
	}
	if (sign == "<=" || sign == ">") && t.value == high {
		p.fail(t.from, "%s is never above %g (%g%%): the goal is %s whatever happens", c.Name, high, 100*high,
			outcomeOf[sign])
	}
}

// outcomeOf says what becomes of a goal at the end of what can be.
var outcomeOf = map[string]string{">=": "met", "<=": "met", "<": "missed", ">": "missed"}

// ends writes where shares lie.
func ends(low, high float64) string {
	if high == 1 && low == 0 {
		return "0 and 1 (0% and 100%)"
	}
	if math.IsInf(low, -1) {
		return fmt.Sprintf("−∞ and %g (%g%%)", high, 100*high)
	}
	return fmt.Sprintf("0 and %g (%g%%)", high, 100*high)
}

func (p *parser) sign() string {
	t := p.take()
	if t.kind != isSign {
		p.fail(t.from, "a sign (<=, <, >=, >, ==, !=) is missing before %s", t.text)
	}
	if t.text == "=" {
		p.fail(t.from, "write == to ask for equality")
	}
	return t.text
}

// mirror turns a sign round, as when 5 < x becomes x > 5.
func mirror(sign string) string {
	return strings.NewReplacer("<", ">", ">", "<").Replace(sign)
}

// outcome checks that a word names an outcome.
func (p *parser) outcome(t token, hint string) plan.Column {
	if i := find(p.columns, t.text); i >= 0 && t.kind == isWord {
		return p.columns[i]
	}
	if t.kind != isWord {
		p.fail(t.from, "the name of an outcome is missing before %s", t.text)
	}
	near := plan.NearestColumn(t.text, p.columns)
	if near == "" {
		hint += "; the column dictionary lists the outcomes"
	}
	p.failLike(t.from, near, "there is no outcome %q%s", t.text, hint)
	return plan.Column{}
}
