package analysis

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"windfall/model"
)

// maxGoal is the longest goal that is read, in characters, as columns are.
const maxGoal = 1000

// GoalError says what is wrong with a text in the goal language, and where.
type GoalError struct {
	Text    string
	Column  int // from 1
	Problem string
}

// Error implements error.
func (e *GoalError) Error() string {
	return fmt.Sprintf("%q, column %d: %s", e.Text, e.Column, e.Problem)
}

// ParseGoal reads a goal such as "P(out_of_business) <= 5%" over the outcomes
// in columns. The grammar:
//
//	goal       = metric ("<=" | "<" | ">=" | ">") number
//	metric     = "P" "(" condition ")" | "mean" "(" outcome ")" | "p10" "(" outcome ")" | outcome
//	condition  = both { "or" both }
//	both       = term { "and" term }
//	term       = "not" term | "(" condition ")" | comparison
//	comparison = outcome sign number | number sign outcome | outcome that is 0 or 1
//	sign       = "<=" | "<" | ">=" | ">" | "==" | "!="
//	number     = digits with "_" between them, a fraction, an exponent; then "%", "k" or "M"
//
// p10 stands for any percentile between p0 and p100, such as p2.5.
func ParseGoal(text string, columns []model.Column) (*Goal, error) {
	return parse(text, columns, (*parser).goal)
}

// ParseMetric reads a metric of the goal language.
func ParseMetric(text string, columns []model.Column) (*Metric, error) {
	return parse(text, columns, (*parser).metric)
}

// ParseCondition reads a condition of the goal language.
func ParseCondition(text string, columns []model.Column) (*Condition, error) {
	return parse(text, columns, (*parser).condition)
}

// parse reads the whole text by one rule.
func parse[T any](text string, columns []model.Column, rule func(*parser) T) (out *T, err error) {
	p := &parser{text: text, columns: columns}
	defer func() {
		if r := recover(); r != nil {
			problem, ours := r.(*GoalError)
			if !ours {
				panic(r)
			}
			out, err = nil, problem
		}
	}()
	p.lex()
	read := rule(p)
	if t := p.peek(); t.kind != "end" {
		switch {
		case t.kind == "sign":
			p.fail(t, "%q is one comparison too many; join comparisons with and", t.text)
		case t.text == ")":
			p.fail(t, `")" without "("`)
		}
		p.fail(t, "%q is not expected here", t.text)
	}
	return &read, nil
}

// ParseNumber reads a number as the goal language writes it, and tells whether
// it is a percentage.
func ParseNumber(text string) (value float64, percent bool, err error) {
	text = strings.TrimSpace(text)
	rule := func(p *parser) float64 {
		t := p.take()
		if t.kind != "number" {
			p.fail(t, "%q is not a number; write 1_000_000, 1M, 20k, 5%% or 0.05", text)
		}
		return t.value
	}
	x, err := parse(text, nil, rule)
	if err != nil {
		return 0, false, err
	}
	return *x, strings.HasSuffix(text, "%"), nil
}

// token is a word, a number, a sign, a bracket or the end.
type token struct {
	kind   string // word, number, sign, bracket, end
	text   string
	value  float64 // of a number
	column int
}

// parser reads the tokens from left to right; it fails by panicking with a
// *GoalError, which parse turns into an error.
type parser struct {
	text    string
	columns []model.Column
	tokens  []token
	next    int
}

func (p *parser) fail(t token, format string, args ...any) {
	panic(&GoalError{Text: p.text, Column: t.column, Problem: fmt.Sprintf(format, args...)})
}

func (p *parser) peek() token { return p.tokens[p.next] }

func (p *parser) take() token {
	t := p.tokens[p.next]
	if t.kind != "end" {
		p.next++
	}
	return t
}

func (p *parser) takeBracket(bracket, after string) {
	if t := p.take(); t.text != bracket || t.kind != "bracket" {
		p.fail(t, "%s must be followed by %q", after, bracket)
	}
}

// lex splits the text into tokens.
func (p *parser) lex() {
	if utf8.RuneCountInString(p.text) > maxGoal {
		p.fail(token{column: maxGoal}, "longer than %d characters", maxGoal)
	}
	runes := []rune(p.text)
	for i := 0; i < len(runes); {
		r, t := runes[i], token{column: i + 1}
		end := i + 1
		switch {
		case unicode.IsSpace(r):
			i++
			continue
		case r == '(' || r == ')':
			t.kind = "bracket"
		case strings.ContainsRune("<>=!", r):
			t.kind = "sign"
			if end < len(runes) && runes[end] == '=' {
				end++
			}
		case r == '≤' || r == '≥':
			t.kind = "sign"
		case r >= '0' && r <= '9' || r == '.' || r == '-' || r == '+':
			t.kind = "number"
			for end < len(runes) && (isWord(runes[end]) || strings.ContainsRune("%", runes[end]) ||
				strings.ContainsRune("+-", runes[end]) && (runes[end-1] == 'e' || runes[end-1] == 'E')) {
				end++
			}
		case isWord(r):
			t.kind = "word"
			for end < len(runes) && isWord(runes[end]) {
				end++
			}
		default:
			p.fail(t, "%q has no meaning here", string(r))
		}
		t.text = string(runes[i:end])
		switch t.text {
		case "≤":
			t.text = "<="
		case "≥":
			t.text = ">="
		case "!":
			p.fail(t, "write not")
		}
		if t.kind == "number" {
			t.value = p.number(t)
		}
		p.tokens = append(p.tokens, t)
		i = end
	}
	p.tokens = append(p.tokens, token{kind: "end", text: "the end", column: len(runes) + 1})
}

func isWord(r rune) bool {
	return r == '_' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// number reads digits with underscores and a suffix.
func (p *parser) number(t token) float64 {
	digits, scale := t.text, 1.0
	switch digits[len(digits)-1] {
	case '%':
		digits, scale = digits[:len(digits)-1], 0.01
	case 'k':
		digits, scale = digits[:len(digits)-1], 1e3
	case 'M':
		digits, scale = digits[:len(digits)-1], 1e6
	}
	plain := strings.ReplaceAll(digits, "_", "")
	hex := strings.ContainsAny(plain, "xXpPiInN") // what ParseFloat would also take
	misplaced := strings.HasPrefix(digits, "_") || strings.HasSuffix(digits, "_") || strings.Contains(digits, "__")
	x, err := strconv.ParseFloat(plain, 64)
	if err != nil || hex || misplaced || math.IsInf(x*scale, 0) {
		p.fail(t, "%q is not a number; write 1_000_000, 1M, 20k, 5%% or 0.05", t.text)
	}
	if scale == 0.01 {
		return x / 100 // the nearest number to 0.05, which 5 * 0.01 may miss
	}
	return x * scale
}

func (p *parser) goal() Goal {
	m := p.metric()
	t := p.take()
	if t.kind != "sign" || t.text == "=" || t.text == "==" || t.text == "!=" {
		p.fail(t, "a goal compares by <=, <, >= or >")
	}
	n := p.take()
	if n.kind != "number" {
		p.fail(n, "%q is not a number; a goal is a metric, a sign and a number", n.text)
	}
	if m.When != nil {
		p.within(n, &chance)
	} else {
		p.within(n, &p.columns[columnIndex(p.columns, m.Outcome)])
	}
	return Goal{Metric: m, Sign: t.text, Bound: n.value}
}

func (p *parser) metric() Metric {
	from := p.next
	t := p.take()
	if t.kind != "word" {
		p.fail(t, "a metric is P(...), mean(...), a percentile such as p10(...), or an outcome, not %s", t.text)
	}
	m := Metric{}
	open := p.peek()
	switch share, isPercentile := percentile(t.text); {
	case open.text != "(":
		p.outcome(t, " (or P(...), mean(...), p10(...))")
		m.Outcome = t.text
	case t.text == "P":
		p.take()
		c := p.condition()
		p.takeBracket(")", "the condition")
		m.When = &c
	case t.text == "mean" || isPercentile:
		p.take()
		name := p.take()
		p.outcome(name, "")
		p.takeBracket(")", "the outcome")
		m.Outcome = name.text
		if isPercentile {
			m.P = share
		}
	default:
		p.fail(t, "%q is not a statistic; write P(...), mean(...) or a percentile between p0 and p100 such as p10(...)",
			t.text)
	}
	m.Text = p.between(from)
	return m
}

// percentile reads p10 as 0.1.
func percentile(word string) (float64, bool) {
	if len(word) < 2 || word[0] != 'p' || strings.Trim(word[1:], "0123456789.") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(word[1:], 64)
	return x / 100, err == nil && x > 0 && x < 100
}

// between is the text from a token up to the last one taken.
func (p *parser) between(from int) string {
	text := []rune(p.text)[p.tokens[from].column-1 : p.tokens[p.next].column-1]
	return strings.TrimSpace(string(text))
}

func (p *parser) condition() Condition {
	from := p.next
	root := p.either()
	return Condition{Text: p.between(from), root: root}
}

func (p *parser) either() node { return p.series("or", func() node { return p.series("and", p.term) }) }

// series reads parts with a word between them.
func (p *parser) series(word string, part func() node) node {
	first := part()
	if p.peek().text != word {
		return first
	}
	n := node{kind: word, parts: []node{first}}
	for p.peek().text == word {
		p.take()
		n.parts = append(n.parts, part())
	}
	return n
}

func (p *parser) term() node {
	t := p.take()
	switch {
	case t.text == "not":
		return node{kind: "not", parts: []node{p.term()}}
	case t.text == "(":
		n := p.either()
		p.takeBracket(")", "the condition in brackets")
		return n
	case t.kind == "number":
		sign := p.sign()
		name := p.take()
		column := p.outcome(name, "")
		p.within(t, &column)
		return node{kind: "compare", outcome: name.text, sign: mirror(sign), bound: t.value}
	case t.kind != "word" || t.text == "and" || t.text == "or":
		p.fail(t, "a comparison such as live_customers >= 8000 is missing before %s", t.text)
	}
	column := p.outcome(t, "")
	if p.peek().kind != "sign" {
		if Statistic(column) != "chance" {
			p.fail(t, "%s is a number, not a yes or no; compare it, as in %s >= 1000", t.text, t.text)
		}
		return node{kind: "compare", outcome: t.text, sign: "!=", bound: 0}
	}
	sign := p.sign()
	n := p.take()
	if n.kind != "number" {
		p.fail(n, "an outcome is compared with a number, not with %s", n.text)
	}
	p.within(n, &column)
	return node{kind: "compare", outcome: t.text, sign: sign, bound: n.value}
}

// chance is what a condition is counted as.
var chance = model.Column{Name: "a chance", Unit: "chance", Share: true}

// mostShare is the largest share of something that may exceed it, such as spend of
// revenue, that is meant as one: 70 means 70%.
const mostShare = 10

// within refuses a bound that the numbers of a column cannot reach: a goal that is
// kept or missed whatever happens is a slip of the pen, most often 2 for 2%.
func (p *parser) within(t token, c *model.Column) {
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
		p.fail(t, "%s is never below 0, and the bound is %s", c.Name, t.text)
	case t.value <= high:
		return
	case strings.HasSuffix(t.text, "%"):
		p.fail(t, "%s lies between %s, not %s", what, ends(low, high), t.text)
	case t.value <= 100:
		p.fail(t, "%s lies between %s, and %s is %.6g%%; did you mean %s%%?", what, ends(low, high), t.text, 100*t.value,
			t.text)
	}
	p.fail(t, "%s lies between %s, not %s", what, ends(low, high), t.text)
}

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
	if t.kind != "sign" {
		p.fail(t, "a sign (<=, <, >=, >, ==, !=) is missing before %s", t.text)
	}
	if t.text == "=" {
		p.fail(t, "write == to ask for equality")
	}
	return t.text
}

// mirror turns a sign round, as when 5 < x becomes x > 5.
func mirror(sign string) string {
	return strings.NewReplacer("<", ">", ">", "<").Replace(sign)
}

// outcome checks that a word names an outcome.
func (p *parser) outcome(t token, hint string) model.Column {
	if i := columnIndex(p.columns, t.text); i >= 0 && t.kind == "word" {
		return p.columns[i]
	}
	if t.kind != "word" {
		p.fail(t, "the name of an outcome is missing before %s", t.text)
	}
	p.fail(t, "there is no outcome %q%s%s", t.text, hint, didYouMean(t.text, p.columns))
	return model.Column{}
}

// didYouMean proposes the nearest name of an outcome, if one is near.
func didYouMean(word string, columns []model.Column) string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	nearest := model.Nearest(word, names)
	if nearest == "" {
		return "; the column dictionary lists the outcomes"
	}
	return fmt.Sprintf("; did you mean %q?", nearest)
}
