package company

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"windfall/model/plan"
	"windfall/scenarios"
)

// own is how a plan cites what the company said itself.
const own = "your company.toml"

// document reads company.toml: its tables, and what is wrong with them.
type document struct {
	file     string
	line     func(path ...string) int
	problems []Problem
}

// section is a table of the document. What is read of it is taken out, so that what is left over is unknown.
type section struct {
	doc   *document
	path  []string
	rest  map[string]any
	known []string
	seen  map[string]bool // keys that stood there
}

// parseDocument reads the text of a TOML file.
func parseDocument(file string, data []byte) (*document, *section) {
	d := &document{file: file}
	var raw map[string]any
	if _, err := toml.Decode(strings.TrimPrefix(string(data), "\xef\xbb\xbf"), &raw); err != nil {
		p := Problem{File: file, Message: "is not valid TOML: " + err.Error(), Cure: "write KEY = VALUE, and texts in " +
			"quotation marks"}
		var wrong toml.ParseError
		if errors.As(err, &wrong) {
			p.Row, p.Column, p.Message = wrong.Position.Line, max(1, wrong.Position.Col),
				"is not valid TOML: "+strings.TrimSuffix(wrong.Message, ".")
		}
		d.problems = append(d.problems, p)
		return d, nil
	}
	d.line = scenarios.Lines(data)
	return d, &section{doc: d, rest: raw}
}

// at is the place of a key of the section, or of the section itself.
func (s *section) at(key ...string) Place {
	return Place{s.doc.file, s.doc.line(append(slices.Clone(s.path), key...)...)}
}

// wrong says that a key is.
func (s *section) wrong(key, message, cure string) {
	s.wrongValue(key, s.rest[key], message, cure)
}

// wrongValue says so of a key that was taken out already; value is what stood there, nil for nothing.
func (s *section) wrongValue(key string, value any, message, cure string) {
	p := Problem{File: s.doc.file, Row: s.at(key).Line, Column: 1,
		Heading: plan.JoinKey(append(slices.Clone(s.path), key)...), Message: message, Cure: cure}
	if value != nil {
		p.Value = brief(fmt.Sprint(value))
	}
	if p.Row == 0 && len(s.path) > 0 { // that of its table
		p.Row = s.at().Line
	}
	s.doc.problems = append(s.doc.problems, p)
	delete(s.rest, key)
}

// take gives a key's value and takes it out.
func (s *section) take(key string) (any, bool) {
	s.known = append(s.known, key)
	v, there := s.rest[key]
	if there {
		if s.seen == nil {
			s.seen = map[string]bool{}
		}
		s.seen[key] = true
	}
	return v, there
}

// missing says that a key does not stand there; of one that does and is wrong, that was said.
func (s *section) missing(key, cure string) {
	if !s.seen[key] {
		s.wrong(key, "is missing", cure)
	}
}

// done says what is left over and is no key.
func (s *section) done() {
	for _, key := range slices.Sorted(maps.Keys(s.rest)) {
		cure := "take it out; known are " + strings.Join(s.known, ", ")
		if near := plan.Nearest(key, s.known); near != "" {
			cure = "did you mean " + near + "?"
		}
		s.wrong(key, "is no key of this file", cure)
	}
}

// sub is the table of a key; empty if there is none.
func (s *section) sub(key string) *section {
	out := &section{doc: s.doc, path: append(slices.Clone(s.path), key), rest: map[string]any{}}
	v, there := s.take(key)
	if !there {
		return out
	}
	t, ok := v.(map[string]any)
	if !ok {
		s.wrong(key, "must be a table", "write ["+plan.JoinKey(out.path...)+"] above its keys")
		return out
	}
	out.rest = maps.Clone(t)
	delete(s.rest, key)
	return out
}

// each are the tables of a table by name, in the order of the file.
func (s *section) each(key string) (out []*section) {
	all := s.sub(key)
	names := slices.Sorted(maps.Keys(all.rest))
	slices.SortStableFunc(names, func(a, b string) int { return all.at(a).Line - all.at(b).Line })
	for _, n := range names {
		if _, ok := all.rest[n].(map[string]any); !ok {
			all.wrong(n, "must be a table", "write ["+plan.JoinKey(key, n)+"] above its keys")
			continue
		}
		out = append(out, all.sub(n))
	}
	return out
}

func (s *section) name() string { return s.path[len(s.path)-1] }

// text reads a text.
func (s *section) text(key, otherwise string) string {
	v, there := s.take(key)
	if !there {
		return otherwise
	}
	t, ok := v.(string)
	if !ok {
		s.wrong(key, "must be a text", `write it in quotation marks, as in "`+fmt.Sprint(v)+`"`)
		return otherwise
	}
	delete(s.rest, key)
	return strings.TrimSpace(t)
}

// oneOf reads one of some words.
func (s *section) oneOf(key, otherwise string, words ...string) string {
	v, there := s.rest[key]
	t := s.text(key, otherwise)
	if there && !slices.Contains(words, t) {
		s.wrongValue(key, v, "must be one of "+strings.Join(words, ", "), nearest(t, words))
		return otherwise
	}
	return t
}

// nearest is the cure for a word that is not known.
func nearest(word string, words []string) string {
	if near := plan.Nearest(word, words); near != "" {
		return "did you mean " + near + "?"
	}
	return ""
}

// flag reads true or false.
func (s *section) flag(key string) bool {
	v, there := s.take(key)
	if !there {
		return false
	}
	b, ok := v.(bool)
	if !ok {
		s.wrong(key, "must be true or false", "write it without quotation marks")
	}
	delete(s.rest, key)
	return b
}

// list reads texts, or one.
func (s *section) list(key string) (out []string) {
	v, there := s.take(key)
	if !there {
		return nil
	}
	if one, ok := v.(string); ok {
		v = []any{one}
	}
	all, ok := v.([]any)
	for _, x := range all {
		t, is := x.(string)
		ok = ok && is
		out = append(out, t)
	}
	if !ok {
		s.wrong(key, "must be a list of names", `write it as ["one", "two"]`)
		return nil
	}
	delete(s.rest, key)
	return out
}

// limits of a number: from Low to High, both allowed.
type limits struct{ low, high float64 }

var (
	anyMoney  = limits{0, 1e12}
	someMoney = limits{0.01, 1e12}
	anyShare  = limits{0, 1}
	anyCount  = limits{0, 1e9}
	someCount = limits{1, 1e9}
	aDuration = limits{0.1, 100}
)

func (l limits) words() string {
	return "must lie between " + plan.FormatNumber(l.low) + " and " + plan.FormatNumber(l.high)
}

// number reads a number as people write it: 900_000, "900k", "$45", "3%".
func (s *section) number(key string, l limits, like string, otherwise Number) Number {
	v, there := s.take(key)
	if !there {
		otherwise.At = s.at()
		return otherwise
	}
	x, message, cure := readNumber(v, l, like)
	if message != "" {
		s.wrong(key, message, cure)
		return otherwise
	}
	n := Number{x, own, s.at(key)}
	delete(s.rest, key)
	return n
}

// readNumber reads a value of TOML as a number within limits; message says what is wrong with it, if anything is.
func readNumber(v any, l limits, like string) (x float64, message, cure string) {
	x = math.NaN()
	switch v := v.(type) {
	case int64:
		x = float64(v)
	case float64:
		x = v
	case string:
		text, percent := strings.TrimSpace(v), false
		if l.high <= mostShare {
			text, percent = strings.CutSuffix(text, "%")
		}
		if x, message, cure = (style{'.', like}).number(text); message != "" {
			return x, message, cure
		}
		if percent {
			x /= 100
		}
	}
	if !(x >= l.low && x <= l.high) {
		cure = "check the number and its unit"
		if l.high <= 1 && x > 1 && x <= 100 {
			cure = fmt.Sprintf("a percentage is written in quotation marks: \"%v%%\"", v)
		}
		return x, l.words(), cure
	}
	return x, "", ""
}

// mostShare is the highest limit of what may be written as a percentage.
const mostShare = 10

// mostPeople of a team.
var mostPeople = limits{0, 1e5}

// How people and prices are written by date.
const (
	peopleByDate = "people as a number, or by date: {2025-01 = 3, 2026-04 = 5}"
	priceByDate  = "price as a number, or by date: {2025-01 = 49, 2026-04 = 59}"
)

// dated reads a number, or one from each of several months or days on; form is how it is written.
func (s *section) dated(key string, l limits, like, form string, otherwise Number) (Number, []Dated) {
	all, dated := s.rest[key].(map[string]any)
	if !dated {
		return s.number(key, l, like, otherwise), nil
	}
	s.take(key)
	var out []Dated
	for _, text := range slices.Sorted(maps.Keys(all)) {
		m, ok, ambiguous := readMoment(text, "")
		if !ok || ambiguous {
			s.wrongValue(key, text, "is not a date", "write "+form)
			continue
		}
		x, message, cure := readNumber(all[text], l, like)
		if message != "" {
			s.wrongValue(key, text+" = "+fmt.Sprint(all[text]), message, cure)
			continue
		}
		out = append(out, Dated{m.day, x})
	}
	slices.SortFunc(out, func(a, b Dated) int { return int(a.From - b.From) })
	for i := 1; i < len(out); i++ {
		if out[i].From == out[i-1].From {
			s.wrongValue(key, out[i].From.String(), "is the date of two numbers", "write "+form)
		}
	}
	if len(all) == 0 {
		s.wrongValue(key, "{}", "names no date", "write "+form)
	}
	at := s.at(key)
	delete(s.rest, key)
	if len(out) == 0 {
		return otherwise, nil
	}
	return Number{out[len(out)-1].Value, own, at}, out
}

// date reads a day.
func (s *section) date(key string) (plan.Date, bool) {
	v, there := s.take(key)
	if !there {
		return 0, false
	}
	m, ok, ambiguous := readMoment(dateText(v), "")
	if !ok {
		cure := "write it as 2026-01-31"
		if ambiguous {
			cure += ": this can be two days"
		}
		s.wrong(key, "is not a date", cure)
		return 0, false
	}
	delete(s.rest, key)
	return m.day, true
}

// interval reads "-120 to -40": two numbers, the lower first.
func (s *section) interval(key string, percent bool) (low, high float64, ok bool) {
	v, there := s.take(key)
	if !there {
		return 0, 0, false
	}
	text, _ := v.(string)
	a, b, two := strings.Cut(text, " to ")
	read := func(t string) float64 {
		t, cut := strings.CutSuffix(strings.TrimSpace(t), "%")
		if cut != percent {
			return math.NaN()
		}
		x, message, _ := (style{decimal: '.'}).number(t)
		if message != "" {
			return math.NaN()
		}
		if percent {
			x /= 100
		}
		return x
	}
	low, high = read(a), read(b)
	if !two || !(low < high) {
		s.wrong(key, "must be a 90% interval, the lower end first",
			`write "-120 to -40" for a count or an amount, "-35% to -10%" for a share`)
		return 0, 0, false
	}
	delete(s.rest, key)
	return low, high, true
}
