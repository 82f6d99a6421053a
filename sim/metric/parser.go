package metric

import (
	"slices"

	"windfall/model/plan"
)

// Names is what expressions may use by name besides settings and columns. The zero value
// has none.
type Names struct {
	// Let holds expressions by name: {NAME} stands for one, in parentheses.
	Let map[string]string
	// List gives the names that sum(LIST: ...) goes over, from what is written there between commas.
	List func(list []string) ([]string, error)
	// Key gives the number of key(KEY).
	Key func(key string) (float64, error)
}

// parser reads tokens from left to right; it fails by panicking with an *Error, which read
// turns into an error.
type parser struct {
	text    []rune
	at      int   // where the next token is looked for
	seen    token // the next token, if looked
	looked  bool
	columns []plan.Column
	names   *Names
	bound   map[string]string // what {NAME} stands for in the body of a sum or a list
	within  string            // before a problem: the name of the expression that is read, if it is not the whole
	open    []string          // names of the expressions that are being read
	depth   int
	tokens  *int // read so far
}

// Limits of a text.
const (
	longest = 100_000 // characters of an expression
	maxGoal = 1000    // of a goal, as columns are
	deepest = 100     // how far parentheses may be nested
)

// read reads the whole text by one rule.
func read[T any](p *parser, most int, rule func(*parser) T) (out T, err error) {
	defer func() {
		if r := recover(); r != nil {
			problem, ours := r.(*Error)
			if !ours {
				panic(r)
			}
			err = problem
		}
	}()
	if len(p.text) > most {
		p.fail(most-1, "longer than %d characters", most)
	}
	out = rule(p)
	p.end()
	return out, nil
}

// parse is a parser of a text about the outcomes of a run.
func parse(text string, columns []plan.Column) *parser {
	return &parser{text: []rune(text), columns: columns, names: &Names{}, tokens: new(int)}
}

// end fails if anything is left.
func (p *parser) end() {
	switch t := p.peek(); {
	case t.kind == isEnd:
	case t.kind == isSign:
		p.fail(t.from, "%q is one comparison too many; join comparisons with and", t.text)
	case t.is(")"):
		p.fail(t.from, `")" without "("`)
	default:
		p.fail(t.from, "%q is not expected here", t.text)
	}
}

// need takes a mark.
func (p *parser) need(mark, format string, args ...any) {
	if t := p.take(); !t.is(mark) {
		p.fail(t.from, format, args...)
	}
}

// deeper counts a level of nesting, which the function that it gives ends.
func (p *parser) deeper() func() {
	if p.depth++; p.depth > deepest {
		p.fail(p.at, "parentheses are nested deeper than %d", deepest)
	}
	return func() { p.depth-- }
}

// signed takes a number with its sign; ok is false, and nothing is taken, where none is.
func (p *parser) signed() (t token, ok bool) {
	at := p.at
	t = p.take()
	minus := t.is("-")
	if !minus && !t.is("+") {
		if t.kind != isNumber {
			p.back(at)
		}
		return t, t.kind == isNumber
	}
	n := p.take()
	if n.kind != isNumber {
		p.back(at)
		return t, false
	}
	if minus {
		n.value = -n.value
	}
	n.text, n.from = t.text+n.text, t.from
	return n, true
}

// ParseNumber reads a number as the language writes it, and tells whether it is a percentage.
func ParseNumber(text string) (value float64, percent bool, err error) {
	t, err := read(parse(text, nil), maxGoal, func(p *parser) token {
		t, ok := p.signed()
		if !ok {
			p.fail(t.from, noNumber, t.text)
		}
		return t
	})
	return t.value, isPercent(t), err
}

func isPercent(t token) bool { return t.kind == isNumber && t.text[len(t.text)-1] == '%' }

// find gives the place of a column by name, or -1.
func find(columns []plan.Column, name string) int {
	return slices.IndexFunc(columns, func(c plan.Column) bool { return c.Name == name })
}
