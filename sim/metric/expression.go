package metric

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/model"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// Expression is arithmetic over means of measures. The grammar:
//
//	expression = term { ("+" | "-") term }
//	term       = factor { ("*" | "/") factor }
//	factor     = number | "-" factor | "(" expression ")"
//	           | ("min" | "max" | "abs" | "log" | "pow") "(" expression { "," expression } ")"
//	           | "crossing" "(" level { "," x "," y } ")"
//	           | column "(" setting [ "," place ] ")"
//	place      = "week" N | "weeks" N ".." M | DIMENSION NAME | "path" condition { "," condition }
//	condition  = ("touches" | "channels" | "weeks") N [ ".." [ M ] ] | "unpaid" | "within" N "weeks"
//	number     = digits, a fraction; then "%", "k" or "M"
//
// crossing is the x at which y first reaches the level, from above or from
// below, by straight lines between the points; missing if it never does.
// out_of_business(setting, week N) is the chance of being out of business by
// the end of week N. A column that is a ratio of totals is the ratio of the means of its parts.
type Expression struct {
	Text string
	root node
}

// node is a part of an expression.
type node interface {
	value(mean func(panel.Leaf) float64) float64
}

type (
	number float64
	leaf   panel.Leaf
	binary struct {
		op   byte
		a, b node
	}
	call struct {
		name string
		args []node
	}
	// quotient is a ratio of totals, by the rule of its column.
	quotient struct {
		column      *model.Column
		over, under leaf
	}
)

func (x number) value(func(panel.Leaf) float64) float64    { return float64(x) }
func (x leaf) value(mean func(panel.Leaf) float64) float64 { return mean(panel.Leaf(x)) }
func (x quotient) value(mean func(panel.Leaf) float64) float64 {
	return x.column.Quotient(x.over.value(mean), x.under.value(mean))
}
func (x binary) value(mean func(panel.Leaf) float64) float64 {
	a, b := x.a.value(mean), x.b.value(mean)
	switch x.op {
	case '+':
		return a + b
	case '-':
		return a - b
	case '*':
		return float64(a * b)
	}
	return a / b
}

func (x call) value(mean func(panel.Leaf) float64) float64 {
	v := x.args[0].value(mean)
	switch x.name {
	case "crossing":
		return x.crossing(v, mean)
	case "pow":
		return math.Pow(v, x.args[1].value(mean))
	}
	for _, a := range x.args[1:] {
		if x.name == "min" {
			v = math.Min(v, a.value(mean))
		} else {
			v = math.Max(v, a.value(mean))
		}
	}
	switch x.name {
	case "abs":
		return math.Abs(v)
	case "log":
		return math.Log(v)
	}
	return v
}

func (x call) crossing(level float64, mean func(panel.Leaf) float64) float64 {
	for i := 3; i+1 < len(x.args); i += 2 {
		a, b := x.args[i-1].value(mean)-level, x.args[i+1].value(mean)-level
		if a == 0 || (a < 0) != (b < 0) {
			from, to := x.args[i-2].value(mean), x.args[i].value(mean)
			return from + float64((to-from)*(a/(a-b)))
		}
	}
	return math.NaN()
}

// Leaves lists the measures that an expression needs, each once.
func (e *Expression) Leaves() (out []panel.Leaf) {
	walk(e.root, func(l panel.Leaf) {
		if !slices.Contains(out, l) {
			out = append(out, l)
		}
	})
	return out
}

func walk(n node, visit func(panel.Leaf)) {
	walkNodes(n, func(n node) {
		if l, ok := n.(leaf); ok {
			visit(panel.Leaf(l))
		}
	})
}

func walkNodes(n node, visit func(node)) {
	visit(n)
	switch x := n.(type) {
	case quotient:
		visit(x.over)
		visit(x.under)
	case binary:
		walkNodes(x.a, visit)
		walkNodes(x.b, visit)
	case call:
		for _, a := range x.args {
			walkNodes(a, visit)
		}
	}
}

// Estimate is the value of an expression with its jackknife error over
// replications, or over hypercubes where inputs are uncertain (Efron and Stein
// 1981): each group is left out of all settings at once. Missing numbers are
// left out of their mean. One chance of one setting has the interval of Wilson,
// which is of use where none or all of the replications count, and the difference of
// two that of pairs; a ratio of totals may be none, or beyond all numbers.
func (e *Expression) Estimate(p *panel.Panel) analysis.Estimate {
	if k, n, ok := e.chance(p); ok {
		return analysis.Chance(k, n)
	}
	switch x := e.root.(type) {
	case quotient:
		return analysis.RatioOf(x.column, p.Values(panel.Leaf(x.over)), p.Values(panel.Leaf(x.under)), p.Ties)
	case binary:
		a, ok1 := x.a.(leaf)
		b, ok2 := x.b.(leaf)
		if x.op == '-' && ok1 && ok2 && a.Measure.Chance() && b.Measure.Chance() {
			return analysis.ChanceChange(p.Values(panel.Leaf(b)), p.Values(panel.Leaf(a)), p.Ties.Lucks)
		}
	}
	if len(e.Leaves()) == 0 { // a constant
		x := e.root.value(nil)
		return analysis.Estimate{Value: x, Low: x, High: x, N: p.Replications}
	}
	out := analysis.Jackknife(p.Replications, p.Ties, e.sums(p))
	if math.IsNaN(out.Value) {
		walkNodes(e.root, func(n node) {
			if q, ok := n.(quotient); ok && out.Reason == "" {
				out.Reason = analysis.RatioOf(q.column, p.Values(panel.Leaf(q.over)), p.Values(panel.Leaf(q.under)), p.Ties).Reason
			}
		})
		return analysis.Missing(out.N, out.Reason)
	}
	return out
}

// chance says whether the expression is one chance of one setting, nothing else,
// and replications are independent of each other; then it counts k of n.
func (e *Expression) chance(p *panel.Panel) (k, n int, ok bool) {
	l, ok := e.root.(leaf)
	if !ok || !l.Measure.Chance() || p.Ties.Lucks > 1 {
		return 0, 0, false
	}
	for _, x := range p.Values(panel.Leaf(l)) {
		if x == 1 {
			k++
		}
	}
	return k, p.Replications, true
}

// sums gives the function of Jackknife: the value of the expression without the
// replications from one to another.
func (e *Expression) sums(p *panel.Panel) func(from, to int) float64 {
	type total struct{ sum, n float64 }
	totals := map[panel.Leaf]total{}
	add := func(l panel.Leaf, from, to int) (t total) {
		for _, x := range p.Values(l)[from:to] {
			if !math.IsNaN(x) {
				t.sum += x
				t.n++
			}
		}
		return t
	}
	for _, l := range e.Leaves() {
		totals[l] = add(l, 0, p.Replications)
	}
	return func(from, to int) float64 {
		return e.root.value(func(l panel.Leaf) float64 {
			t, out := totals[l], add(l, from, to)
			return (t.sum - out.sum) / (t.n - out.n)
		})
	}
}

// Inequality is a comparison of an expression with another.
type Inequality struct {
	Text  string
	Left  *Expression
	Sign  string // <, <=, > or >=
	Right *Expression
	diff  *Expression
}

// Judgement is what the replications say about an inequality.
type Judgement struct {
	Value   analysis.Estimate // of the left side, with its 95% interval
	Bound   float64           // the right side
	Reached float64           // the one-sided 99.9% bound of the left side less the right side, on the side in question
	Verdict Verdict
}

// Verdict says whether an inequality holds.
type Verdict string

// The three verdicts.
const (
	Holds       Verdict = "holds"
	DoesNotHold Verdict = "does not hold"
	Undecided   Verdict = "undecided"
)

// Leaves lists the measures that the inequality needs.
func (q *Inequality) Leaves() []panel.Leaf { return q.diff.Leaves() }

// Judge holds an inequality against a panel. It holds if the one-sided 99.9%
// bound of left less right clears 0, and does not if the bound on the other
// side does; a difference without any spread (both sides equal to the last bit
// in every replication) is decided by its sign. The bounds of one chance beside a
// constant are Wilson's.
func (q *Inequality) Judge(p *panel.Panel) Judgement {
	j := Judgement{Value: q.Left.Estimate(p), Bound: q.Right.Estimate(p).Value}
	d := q.settled(p)
	reach := analysis.OneSided999(p.Ties.Groups(p.Replications)) * d.Error
	low, high := d.Value-reach, d.Value+reach
	if k, n, ok := q.Left.chance(p); ok && len(q.Right.Leaves()) == 0 { // else none of ten would be below any bound for sure
		c := analysis.Chance999(k, n)
		low, high = c.Low-j.Bound, c.High-j.Bound
	}
	if j.Value.Never() {
		low, high = j.Value.Low-j.Bound, j.Value.High-j.Bound
	}
	less := q.Sign[0] == '<'
	if !less {
		low, high = -high, -low
	}
	// Now the claim is: difference < 0.
	j.Reached = high
	strict := len(q.Sign) == 1
	switch {
	case math.IsNaN(low) || math.IsNaN(high):
		j.Verdict = Undecided
	case high < 0 || high == 0 && !strict:
		j.Verdict = Holds
	case low > 0 || low == 0 && strict:
		j.Verdict = DoesNotHold
	default:
		j.Verdict = Undecided
	}
	return j
}

// settled is left less right without the noise of sums: what rounding leaves of two sides that are equal in every
// replication is nothing.
func (q *Inequality) settled(p *panel.Panel) analysis.Estimate {
	d := q.diff.Estimate(p)
	var size float64
	for _, l := range q.diff.Leaves() {
		if m := math.Abs(p.Mean(l).Value()); m > size {
			size = m
		}
	}
	if noise := panel.Rounding * size; d.Known() && math.Abs(d.Value) <= noise && (d.Error <= noise || d.Needs > 0) {
		return p.Ties.Alike(0, d.N)
	}
	return d
}

// True says whether the estimate itself, errors aside, obeys the inequality.
func (q *Inequality) True(j Judgement) bool {
	switch q.Sign {
	case "<":
		return j.Value.Value < j.Bound
	case "<=":
		return j.Value.Value <= j.Bound
	case ">":
		return j.Value.Value > j.Bound
	}
	return j.Value.Value >= j.Bound
}

// parser reads the grammar of Expression.
type parser struct {
	text string
	at   int
	err  error
}

// ParseExpression reads an expression.
func ParseExpression(text string) (*Expression, error) {
	p := &parser{text: text}
	root := p.sum()
	p.space()
	if p.err == nil && p.at < len(text) {
		p.fail("an operator or the end was expected")
	}
	if p.err != nil {
		return nil, p.err
	}
	return &Expression{Text: text, root: root}, nil
}

// ParseInequality reads two expressions with <, <=, > or >= between them.
func ParseInequality(text string) (*Inequality, error) {
	i := strings.IndexAny(text, "<>")
	if i < 0 {
		return nil, fmt.Errorf("%q has no <, <=, > or >=", text)
	}
	sign := text[i : i+1]
	rest := text[i+1:]
	if strings.HasPrefix(rest, "=") {
		sign, rest = sign+"=", rest[1:]
	}
	left, err := ParseExpression(strings.TrimSpace(text[:i]))
	if err != nil {
		return nil, err
	}
	right, err := ParseExpression(strings.TrimSpace(rest))
	if err != nil {
		return nil, err
	}
	return &Inequality{Text: text, Left: left, Sign: sign, Right: right, diff: &Expression{Text: text, root: binary{'-', left.root, right.root}}}, nil
}

func (p *parser) fail(problem string) {
	if p.err == nil {
		p.err = fmt.Errorf("%q, column %d: %s", p.text, p.at+1, problem)
	}
}

func (p *parser) space() {
	for p.at < len(p.text) && (p.text[p.at] == ' ' || p.text[p.at] == '\n' || p.text[p.at] == '\t') {
		p.at++
	}
}

// take moves past one of some characters and gives it, or 0.
func (p *parser) take(chars string) byte {
	p.space()
	if p.err == nil && p.at < len(p.text) && strings.IndexByte(chars, p.text[p.at]) >= 0 {
		p.at++
		return p.text[p.at-1]
	}
	return 0
}

func (p *parser) sum() node {
	n := p.product()
	for op := p.take("+-"); op != 0; op = p.take("+-") {
		n = binary{op, n, p.product()}
	}
	return n
}

func (p *parser) product() node {
	n := p.factor()
	for op := p.take("*/"); op != 0; op = p.take("*/") {
		n = binary{op, n, p.factor()}
	}
	return n
}

// deepest is how far parentheses may be nested.
const deepest = 100

func (p *parser) factor() node {
	if p.take("-") != 0 {
		return binary{'-', number(0), p.factor()}
	}
	if p.take("(") != 0 {
		if strings.Count(p.text[:p.at], "(") > deepest {
			p.fail("too deep")
			return number(0)
		}
		n := p.sum()
		if p.take(")") == 0 {
			p.fail("a ) was expected")
		}
		return n
	}
	p.space()
	from := p.at
	for p.at < len(p.text) && (isWord(p.text[p.at]) || p.hyphen(from)) {
		p.at++
	}
	word := p.text[from:p.at]
	if word == "" {
		p.fail("a number or a column was expected")
		return number(0)
	}
	if word[0] >= '0' && word[0] <= '9' || word[0] == '.' {
		if p.at < len(p.text) && p.text[p.at] == '%' {
			p.at++
			word += "%"
		}
		x, _, err := analysis.ParseNumber(word)
		if err != nil {
			p.at = from
			p.fail(fmt.Sprintf("%q is not a number; write 1_000_000, 1M, 20k, 5%% or 0.05", word))
		}
		return number(x)
	}
	if p.take("(") == 0 {
		p.fail(word + " needs a setting in parentheses, as in " + word + "(plan)")
		return number(0)
	}
	if slices.Contains([]string{"min", "max", "abs", "log", "pow", "crossing"}, word) {
		c := call{name: word, args: []node{p.sum()}}
		for p.take(",") != 0 {
			c.args = append(c.args, p.sum())
		}
		if p.take(")") == 0 {
			p.fail("a ) was expected")
		}
		if (word == "abs" || word == "log") && len(c.args) > 1 {
			p.fail(word + " takes one number")
		}
		if word == "pow" && len(c.args) != 2 {
			p.fail("pow takes two numbers: the base and the exponent")
			return number(0)
		}
		if word == "crossing" && (len(c.args) < 5 || len(c.args)%2 == 0) {
			p.fail("crossing takes a level and two pairs x, y or more")
		}
		return c
	}
	end := strings.IndexByte(p.text[p.at:], ')')
	if end < 0 {
		p.fail("a ) was expected")
		return number(0)
	}
	args := strings.SplitN(p.text[p.at:p.at+end], ",", 2)
	l := panel.Leaf{Setting: strings.TrimSpace(args[0]), Measure: panel.Measure{Column: word}}
	if l.Setting == "" {
		p.fail(word + " needs a setting, as in " + word + "(plan)")
	}
	if len(args) == 2 {
		if err := place(&l.Measure, strings.TrimSpace(args[1])); err != nil {
			p.fail(err.Error())
		}
	}
	p.at += end + 1
	return leaf(l)
}

// hyphen says whether the next character is a hyphen inside the name of a column
// by name, as in signups.branded-search: after a dot and before a letter.
func (p *parser) hyphen(from int) bool {
	return p.text[p.at] == '-' && p.at+1 < len(p.text) && isLetter(p.text[from]) && isLetter(p.text[p.at+1]) && strings.Contains(p.text[from:p.at], ".")
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

func isWord(c byte) bool {
	return isLetter(c) || c >= '0' && c <= '9' || c == '_' || c == '.'
}

// place reads where a measure is taken.
func place(m *panel.Measure, text string) error {
	var rest string
	if n, _ := fmt.Sscanf(text, "weeks %d..%d%s", &m.From, &m.To, &rest); n == 2 && m.From > 0 && m.From <= m.To {
		return nil
	}
	m.From, m.To = 0, 0
	if n, _ := fmt.Sscanf(text, "week %d%s", &m.From, &rest); n == 1 && m.From > 0 {
		m.To = m.From
		return nil
	}
	m.From = 0
	if rest, ok := strings.CutPrefix(text, "path "); ok {
		return path(m, rest)
	}
	dimension, name, ok := strings.Cut(text, " ")
	if !ok || strings.HasPrefix(text, "week") {
		return fmt.Errorf("%q is no place: week N, weeks N..M, or a slice such as channel paid-search", text)
	}
	m.Dimension, m.Name = dimension, strings.TrimSpace(name)
	return nil
}

// Resolve replaces every ratio of totals by the quotient of its parts. It must be
// done before a design is made of the leaves.
func (e *Expression) resolve(column func(panel.Leaf) (node, error)) error {
	var err error
	e.root, err = resolve(e.root, column)
	return err
}

func resolve(n node, column func(panel.Leaf) (node, error)) (node, error) {
	switch x := n.(type) {
	case leaf:
		return column(panel.Leaf(x))
	case binary:
		a, err := resolve(x.a, column)
		if err != nil {
			return nil, err
		}
		b, err := resolve(x.b, column)
		return binary{x.op, a, b}, err
	case call:
		out := call{name: x.name}
		for _, a := range x.args {
			r, err := resolve(a, column)
			if err != nil {
				return nil, err
			}
			out.args = append(out.args, r)
		}
		return out, nil
	}
	return n, nil
}

// span reads N, N..M or N.. with N at least 1.
func span(text string) (out [2]int, ok bool) {
	first, last, ranged := strings.Cut(text, "..")
	n, err := strconv.Atoi(first)
	if err != nil || n < 1 {
		return out, false
	}
	out = [2]int{n, n}
	if ranged {
		if out[1] = 0; last != "" {
			m, err := strconv.Atoi(last)
			if err != nil || m < n {
				return out, false
			}
			out[1] = m
		}
	}
	return out, true
}

// path reads the conditions on raised hands after the word path.
func path(m *panel.Measure, text string) error {
	m.Path.Asked = true
	for _, part := range strings.Split(text, ",") {
		word, rest, _ := strings.Cut(strings.TrimSpace(part), " ")
		rest = strings.TrimSpace(rest)
		ok := false
		switch word {
		case "touches":
			m.Path.Touches, ok = span(rest)
		case "channels":
			m.Path.Channels, ok = span(rest)
		case "unpaid":
			m.Path.Unpaid, ok = true, rest == ""
		case "within":
			weeks, err := strconv.ParseFloat(strings.TrimSuffix(rest, " weeks"), 64)
			m.Path.Within, ok = weeks, err == nil && weeks > 0
		case "week", "weeks":
			var s [2]int
			if s, ok = span(rest); ok {
				m.From, m.To = s[0], s[1]
				ok = m.To > 0
			}
		}
		if !ok {
			return fmt.Errorf("%q is no path of touches: touches N..M, channels N..M, unpaid, within N weeks, weeks N..M", strings.TrimSpace(part))
		}
	}
	return nil
}
