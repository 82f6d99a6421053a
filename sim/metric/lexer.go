package metric

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"windfall/model/plan"
)

// kind is what a token is.
type kind byte

const (
	isEnd    kind = iota
	isWord        // a name: letters, digits, _ and dots; after a dot - and +, too
	isNumber      // 1_000_000, 1M, 20k, 5%, .5, 1e-3
	isSign        // <= < >= > == != =
	isMark        // ( ) , : + - * / ..
	isLet         // {NAME} of an expression with a name
)

// token is a word, a number, a sign, a mark or the end.
type token struct {
	kind     kind
	text     string
	value    float64 // of a number
	from, to int     // in characters
}

func (t token) is(mark string) bool { return t.kind == isMark && t.text == mark }

// peek gives the next token and leaves it there.
func (p *parser) peek() token {
	if !p.looked {
		p.seen, p.looked = p.lex(), true
	}
	return p.seen
}

// take gives the next token and goes on behind it.
func (p *parser) take() token {
	t := p.peek()
	p.back(t.to)
	return t
}

// back goes on at a place of the text.
func (p *parser) back(at int) { p.at, p.looked = at, false }

// mostTokens bounds what a text may say in its sums and lists.
const mostTokens = 100_000

// lex reads the token at the place where the parser is.
func (p *parser) lex() token {
	if *p.tokens++; *p.tokens > mostTokens {
		p.fail(p.at, "the text is too long once its sums and lists are written out")
	}
	i := p.at
	for i < len(p.text) && unicode.IsSpace(p.text[i]) {
		i++
	}
	t := token{kind: isEnd, text: "the end", from: i, to: i}
	if i == len(p.text) {
		return t
	}
	r := p.text[i]
	var next rune
	if i+1 < len(p.text) {
		next = p.text[i+1]
	}
	t.to = i + 1
	switch {
	case strings.ContainsRune("<>=!≤≥", r):
		t.kind = isSign
		if next == '=' && r != '≤' && r != '≥' {
			t.to++
		}
	case r == '.' && next == '.':
		t.kind, t.to = isMark, i+2
	case strings.ContainsRune("(),:+-*/", r):
		t.kind = isMark
	case isRun(r):
		return p.run(i)
	default:
		p.fail(i, "%q has no meaning here", string(r))
	}
	t.text = string(p.text[i:t.to])
	switch t.text {
	case "≤":
		t.text = "<="
	case "≥":
		t.text = ">="
	case "!":
		p.fail(i, "write not")
	}
	return t
}

// isRun says whether a character belongs to a word or a number.
func isRun(r rune) bool { return isLetter(r) || isDigit(r) || r == '_' || r == '.' || r == '{' }

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
func isDigit(r rune) bool  { return r >= '0' && r <= '9' }

// run reads a word or a number, with what stands in braces put in.
func (p *parser) run(from int) token {
	if p.text[from] == '{' {
		if name, end := p.braced(from); p.isLet(name) {
			return token{kind: isLet, text: name, from: from, to: end}
		}
	}
	var space [40]rune // no name is longer, as a rule
	run := space[:0]
	i := from
	for ; i < len(p.text); i++ {
		r := p.text[i]
		var next rune
		if i+1 < len(p.text) {
			next = p.text[i+1]
		}
		if r == '{' {
			value, end := p.placed(i)
			run = append(run, []rune(value)...)
			i = end - 1
			continue
		}
		isRange := r == '.' && next == '.'
		inName := (r == '-' || r == '+') && isDotted(run)
		isExponent := (r == '-' || r == '+') && isDigit(next) && isPower(run)
		if isRun(r) && !isRange || inName || isExponent {
			run = append(run, r)
			continue
		}
		if r == '%' && len(run) > 0 && !isLetter(run[0]) {
			run = append(run, r)
			i++
		}
		break
	}
	t := token{kind: isWord, text: string(run), from: from, to: i}
	if len(run) > 0 && (isDigit(run[0]) || run[0] == '.' || run[0] == '-') {
		t.kind, t.value = isNumber, p.number(t)
	}
	return t
}

// isDotted says whether - and + belong to a word, as in signups.web-2: it is a column for
// each of some names, which may hold them. No arithmetic follows such a word, but (.
func isDotted(run []rune) bool { return len(run) > 0 && isLetter(run[0]) && slices.Contains(run, '.') }

// isPower says whether a number goes on with the sign of its exponent, as 1e-3 does.
func isPower(run []rune) bool {
	n := len(run) - 1
	return n > 0 && (run[n] == 'e' || run[n] == 'E') && strings.Trim(string(run[:n]), "0123456789_.") == ""
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
	x, err := strconv.ParseFloat(plain, 64)
	if err != nil || hex || !betweenDigits(digits) || math.IsInf(x*scale, 0) {
		p.fail(t.from, noNumber, t.text)
	}
	if scale == 0.01 {
		return x / 100 // the nearest number to 0.05, which 5 * 0.01 may miss
	}
	return x * scale
}

// betweenDigits says whether every underscore of a number stands between two digits.
func betweenDigits(text string) bool {
	for i, r := range text {
		if r == '_' && (i == 0 || i == len(text)-1 || !isDigit(rune(text[i-1])) || !isDigit(rune(text[i+1]))) {
			return false
		}
	}
	return true
}

const noNumber = "%q is not a number; write 1_000_000, 1M, 20k, 5%% or 0.05"

// raw reads a name as it stands, up to one of some characters or a closing parenthesis:
// names of settings and slices may hold what else has a meaning.
func (p *parser) raw(stops string) (text string, from int) {
	p.looked = false
	var out []rune
	depth := 0
	for p.at < len(p.text) && unicode.IsSpace(p.text[p.at]) {
		p.at++
	}
	from = p.at
	for p.at < len(p.text) {
		r := p.text[p.at]
		if depth == 0 && (r == ')' || strings.ContainsRune(stops, r)) {
			break
		}
		switch r {
		case '{':
			value, end := p.placed(p.at)
			out = append(out, []rune(value)...)
			p.at = end
			continue
		case '(':
			depth++
		case ')':
			depth--
		}
		out = append(out, r)
		p.at++
	}
	return strings.TrimSpace(string(out)), from
}

// braced reads {NAME}.
func (p *parser) braced(from int) (name string, end int) {
	for i := from + 1; i < len(p.text); i++ {
		if p.text[i] == '}' {
			return string(p.text[from+1 : i]), i + 1
		}
	}
	p.fail(from, `"{" without "}"`)
	return "", 0
}

// isLet says whether a name is that of an expression.
func (p *parser) isLet(name string) bool {
	_, is := p.names.Let[name]
	return is
}

// placed gives what {NAME} stands for in the body of a sum or a list.
func (p *parser) placed(from int) (value string, end int) {
	name, end := p.braced(from)
	if p.isLet(name) {
		p.fail(from, "{%s} is an expression, and here a name or a number is needed", name)
	}
	if text, ok := p.bound[name]; ok {
		return text, end
	}
	if text, ok := p.bound[counter]; ok {
		if x, err := strconv.ParseFloat(text, 64); err == nil {
			if text, ok := shifted(name, counter, x); ok {
				return text, end
			}
		}
	}
	known := []string{}
	for name := range p.names.Let {
		known = append(known, name)
	}
	for name := range p.bound {
		known = append(known, name)
	}
	slices.Sort(known)
	p.failNear(from, name, known, "{%s} stands for nothing here", name)
	return "", 0
}

// Names that the bodies of sums and lists put in.
const (
	member  = "each" // of a sum: the name
	counter = "x"    // of a list: the number
)

// shifted reads x+N and x-N where x stands for a number.
func shifted(text, name string, value float64) (string, bool) {
	rest, ok := strings.CutPrefix(text, name)
	if !ok || rest == "" || rest[0] != '+' && rest[0] != '-' {
		return "", false
	}
	d, err := strconv.ParseFloat(rest, 64)
	return numeral(value + d), err == nil
}

func numeral(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return strconv.FormatInt(int64(x), 10)
	}
	return fmt.Sprint(x)
}

// FillNumber puts a number in place of {name}, {name+N} and {name-N} in a text.
func FillNumber(text, name string, value float64) string {
	var out strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{")
		inside, after, shut := strings.Cut(rest, "}")
		if !open || !shut {
			return out.String() + text
		}
		out.WriteString(before)
		switch filled, ok := shifted(inside, name, value); {
		case inside == name:
			out.WriteString(numeral(value))
		case ok:
			out.WriteString(filled)
		default: // the brace itself stays, and what it holds may open another
			out.WriteByte('{')
			text = rest
			continue
		}
		text = after
	}
}

// failNear fails at a place with the nearest of the known names as a hint.
func (p *parser) failNear(at int, name string, known []string, format string, args ...any) {
	near := ""
	if len(known) > 0 {
		near = plan.Nearest(name, known)
	}
	p.failLike(at, near, format, args...)
}

// failLike fails at a place with a known name as a hint; empty: none.
func (p *parser) failLike(at int, near, format string, args ...any) {
	panic(&Error{Text: string(p.text), Column: at + 1, Problem: p.within + fmt.Sprintf(format, args...), Hint: near})
}

// fail fails at a place of the text.
func (p *parser) fail(at int, format string, args ...any) { p.failNear(at, "", nil, format, args...) }
