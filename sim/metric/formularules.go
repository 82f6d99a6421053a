package metric

import (
	"math"
	"slices"
	"strings"

	"windfall/sim/panel"
)

// ParseExpression reads an expression without names.
func ParseExpression(text string) (*Expression, error) { return (&Names{}).ParseExpression(text) }

// ParseInequality reads two expressions with <, <=, > or >= between them, without names.
func ParseInequality(text string) (*Inequality, error) { return (&Names{}).ParseInequality(text) }

// ParseExpression reads an expression.
func (n *Names) ParseExpression(text string) (*Expression, error) {
	root, err := read(n.parse(text), longest, (*parser).sum)
	if err != nil {
		return nil, err
	}
	return &Expression{Text: text, root: root}, nil
}

// ParseInequality reads two expressions with <, <=, > or >= between them.
func (n *Names) ParseInequality(text string) (*Inequality, error) {
	q, err := read(n.parse(text), longest, (*parser).inequality)
	if err != nil {
		return nil, err
	}
	q.Text = text
	return q, nil
}

func (n *Names) parse(text string) *parser {
	p := parse(text, nil)
	p.names, p.bound = n, map[string]string{}
	return p
}

func (p *parser) inequality() *Inequality {
	side := func() *Expression {
		from := p.peek().from
		root := p.sum()
		return &Expression{Text: p.since(from), root: root}
	}
	left := side()
	t := p.take()
	if t.kind != isSign || !slices.Contains([]string{"<=", "<", ">=", ">"}, t.text) {
		p.fail(t.from, "an expression, <, <=, > or >= and another expression are expected, not %s", t.text)
	}
	right := side()
	diff := &Expression{Text: string(p.text), root: binary{'-', left.root, right.root}}
	return &Inequality{Left: left, Sign: t.text, Right: right, diff: diff}
}

func (p *parser) sum() node { return p.onto(nil) }

// onto reads an expression and adds it to a total, if there is one, term by term: in the order in
// which the sum would be written out, so that it rounds as that does.
func (p *parser) onto(total node) node {
	n := p.product()
	if total != nil {
		n = binary{'+', total, n}
	}
	for t := p.peek(); t.is("+") || t.is("-"); t = p.peek() {
		p.take()
		n = binary{t.text[0], n, p.product()}
	}
	return n
}

func (p *parser) product() node {
	n := p.factor()
	for t := p.peek(); t.is("*") || t.is("/"); t = p.peek() {
		p.take()
		n = binary{t.text[0], n, p.factor()}
	}
	return n
}

func (p *parser) factor() node {
	defer p.deeper()()
	t := p.take()
	switch {
	case t.is("-"):
		return binary{'-', number(0), p.factor()}
	case t.is("("):
		n := p.sum()
		p.closed()
		return n
	case t.kind == isNumber:
		return number(t.value)
	case t.kind == isLet:
		return p.let(t)
	case t.kind != isWord || t.text == "":
		p.fail(t.from, "a number or a column was expected, not %s", t.text)
	}
	p.need("(", "%s needs a setting in parentheses, as in %s(plan)", t.text, t.text)
	switch t.text {
	case "min", "max", "abs", "log", "pow", "crossing":
		c := call{name: t.text, args: p.args()}
		p.closed()
		p.arity(t, len(c.args))
		return c
	case "sum":
		return p.over()
	case "list":
		p.fail(t.from, "a list, FIRST..LAST by STEP, stands among the arguments of a function, "+
			"as in max(list(1..9 by 2: won(plan, week {x})))")
	case "key":
		return p.key()
	}
	return p.column(t)
}

// closed takes a closing parenthesis.
func (p *parser) closed() {
	t := p.take()
	if !t.is(")") {
		p.fail(t.from, "a ) was expected, not %s", t.text)
	}
}

// args reads the arguments of a function; a list stands for several.
func (p *parser) args() (out []node) {
	for {
		at := p.at
		if t := p.take(); t.kind == isWord && t.text == "list" && p.peek().is("(") {
			out = append(out, p.list()...)
		} else {
			p.back(at)
			out = append(out, p.sum())
		}
		if !p.peek().is(",") {
			return out
		}
		p.take()
	}
}

// arity refuses a function of too few or too many numbers.
func (p *parser) arity(t token, n int) {
	switch {
	case (t.text == "abs" || t.text == "log") && n > 1:
		p.fail(t.from, "%s takes one number", t.text)
	case t.text == "pow" && n != 2:
		p.fail(t.from, "pow takes two numbers: the base and the exponent")
	case t.text == "crossing" && (n < 5 || n%2 == 0):
		p.fail(t.from, "crossing takes a level and two pairs x, y or more")
	}
}

// let reads the expression that a name stands for. What {each} and {x} stand for here, they
// stand for in it, too.
func (p *parser) let(t token) node {
	if slices.Contains(p.open, t.text) {
		p.fail(t.from, "{%s} is made of itself", t.text)
	}
	inner := *p
	inner.text, inner.within = []rune(p.names.Let[t.text]), "in {"+t.text+"}: "
	inner.open = append(slices.Clone(p.open), t.text)
	inner.back(0)
	n := inner.sum()
	inner.end()
	return n
}

const sumForm = "sum needs a colon and a closing parenthesis, as in sum(channels: won(plan, channel {each}))"

// over reads sum(LIST: EXPRESSION) behind its parenthesis: the sum over the names of the
// list, {each} in the expression.
func (p *parser) over() node {
	what, from := p.raw(":")
	if !p.peek().is(":") {
		p.fail(p.peek().from, sumForm)
	}
	p.take()
	if p.names.List == nil {
		p.fail(from, "there are no names to go over here")
	}
	list := strings.Split(what, ",")
	for i := range list {
		list[i] = strings.TrimSpace(list[i])
	}
	names, err := p.names.List(list)
	if err == nil && len(names) == 0 {
		p.fail(from, "%s: the plan has none", what)
	}
	if err != nil {
		p.fail(from, "%v", err)
	}
	var total node
	p.each(member, names, func() {
		total = p.onto(total)
	})
	if t := p.take(); !t.is(")") {
		p.fail(t.from, sumForm)
	}
	return total
}

const listForm = "list needs FIRST..LAST by STEP, as in list(1..9 by 2: {x}, won(plan, week {x}))"

// list reads list(FIRST..LAST by STEP: EXPRESSIONS) before its parenthesis: arguments, one
// set a number, {x}, {x+N} and {x-N} in them.
func (p *parser) list() (out []node) {
	p.take()
	whole := func() int {
		n, ok := p.signed()
		if !ok || n.value != math.Trunc(n.value) || math.Abs(n.value) > 1e9 {
			p.fail(n.from, listForm)
		}
		return int(n.value)
	}
	at := p.peek().from
	first := whole()
	p.need("..", listForm)
	last := whole()
	if t := p.take(); t.text != "by" {
		p.fail(t.from, listForm)
	}
	step := whole()
	p.need(":", listForm)
	if step < 1 || last < first || last > first+1000*step {
		p.fail(at, "a list has 1 to 1001 numbers, rising: %s", listForm)
	}
	var numbers []string
	for x := first; x <= last; x += step {
		numbers = append(numbers, numeral(float64(x)))
	}
	p.each(counter, numbers, func() { out = append(out, p.args()...) })
	p.closed()
	return out
}

// each reads the same part of the text once for each of some values of a name. A name that has
// a value already keeps it.
func (p *parser) each(name string, values []string, body func()) {
	at := p.at
	_, taken := p.bound[name]
	for _, v := range values {
		if !taken {
			p.bound[name] = v
		}
		p.back(at)
		body()
	}
	if !taken {
		delete(p.bound, name)
		p.looked = false // the name may have been put into what comes next
	}
}

// key reads key(KEY) behind its parenthesis: a number of the scenario.
func (p *parser) key() node {
	key, from := p.raw("")
	if p.names.Key == nil {
		p.fail(from, "there are no keys of a scenario here")
	}
	p.closed()
	x, err := p.names.Key(key)
	if err != nil {
		p.fail(from, "key(%s): %v", key, err)
	}
	return number(x)
}

// column reads COLUMN(SETTING) or COLUMN(SETTING, PLACE) behind its parenthesis.
func (p *parser) column(t token) node {
	setting, from := p.raw(",")
	if setting == "" {
		p.fail(from, "%s needs a setting, as in %s(plan)", t.text, t.text)
	}
	l := leaf{Leaf: panel.Leaf{Setting: setting, Measure: panel.Measure{Column: t.text}},
		at: spot{text: string(p.text), column: t.from + 1, setting: from + 1, within: p.within}}
	if p.peek().is(",") {
		p.take()
		p.place(&l.Measure)
	}
	p.closed()
	return l
}

const noPlace = "%q is no place: week N, weeks N..M, path ..., or a slice such as channel paid-search"

// place reads where a measure is taken.
func (p *parser) place(m *panel.Measure) {
	t := p.take()
	switch {
	case t.kind != isWord:
		p.fail(t.from, noPlace, t.text)
	case t.text == "week" || t.text == "weeks":
		p.weeks(m, noPlace)
	case t.text == "path":
		p.path(m)
	default:
		m.Dimension = t.text
		if m.Name, _ = p.raw(""); m.Name == "" {
			p.fail(t.from, noPlace, t.text)
		}
	}
}

// weeks reads N or N..M into the weeks of a measure.
func (p *parser) weeks(m *panel.Measure, problem string) {
	at := p.peek().from
	s := p.span(problem)
	if s[1] == 0 {
		p.fail(at, problem, p.since(at))
	}
	m.From, m.To = s[0], s[1]
}

// span reads N, N..M or N.. with N at least 1 and M at least N; 0 stands for no end.
func (p *parser) span(problem string) (s [2]int) {
	at := p.peek().from
	whole := func() int {
		n := p.take()
		if n.kind != isNumber || !(n.value >= 1 && n.value <= 1e6) || n.value != math.Trunc(n.value) || isPercent(n) {
			p.fail(at, problem, p.since(at))
		}
		return int(n.value)
	}
	s[0] = whole()
	s[1] = s[0]
	if p.peek().is("..") {
		p.take()
		if s[1] = 0; p.peek().kind == isNumber {
			if s[1] = whole(); s[1] < s[0] {
				p.fail(at, problem, p.since(at))
			}
		}
	}
	return s
}

const noPath = "%q is no path of touches: touches N..M, channels N..M, unpaid, within N weeks, weeks N..M"

// path reads the conditions on leads behind the word path.
func (p *parser) path(m *panel.Measure) {
	m.Path.Asked = true
	for {
		switch t := p.take(); t.text {
		case "touches":
			m.Path.Touches = p.span(noPath)
		case "channels":
			m.Path.Channels = p.span(noPath)
		case "unpaid":
			m.Path.Unpaid = true
		case "within":
			n := p.take()
			if n.kind != isNumber || !(n.value > 0) {
				p.fail(t.from, noPath, p.since(t.from))
			}
			m.Path.Within = n.value
			if p.peek().text == "weeks" {
				p.take()
			}
		case "week", "weeks":
			p.weeks(m, noPath)
		default:
			p.fail(t.from, noPath, t.text)
		}
		if !p.peek().is(",") {
			return
		}
		p.take()
	}
}
