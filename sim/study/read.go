package study

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
)

// reader reads tables of [study] and collects what is wrong with them.
type reader struct{ problems scenarios.Problems }

func (r *reader) fail(at *scenarios.Raw, key, format string, args ...any) {
	r.problems = append(r.problems, at.Problem(key, fmt.Sprintf(format, args...)))
}

// misread says what is wrong with a formula. One that is missing has been told already, and has no place.
func (r *reader) misread(at *scenarios.Raw, key string, err error) {
	if at == nil {
		return
	}
	r.problems = append(r.problems, scenarios.Misread(at.Problem(key, ""), err))
}

// keys refuses keys of a table that are not known.
func (r *reader) keys(t *scenarios.Raw, path string, known ...string) {
	for _, k := range t.Keys {
		if slices.Contains(known, k) {
			continue
		}
		message := "there is no such key in a study"
		if near := plan.Nearest(k, known); near != "" {
			message += plan.DidYouMean(near)
		} else {
			message += "; known: " + strings.Join(known, ", ")
		}
		r.fail(t.Tables[k], path+"."+k, "%s", message)
	}
}

func (r *reader) text(t *scenarios.Raw, path, key, otherwise string) string {
	x := t.At(key)
	if x == nil {
		return otherwise
	}
	s, ok := x.Value.(string)
	if !ok {
		r.fail(x, path+"."+key, "a text in quotes is needed")
		return otherwise
	}
	return s
}

// yes reads true or false, false where nothing is written.
func (r *reader) yes(t *scenarios.Raw, path, key string) bool {
	x := t.At(key)
	if x == nil {
		return false
	}
	yes, ok := x.Value.(bool)
	if !ok {
		r.fail(x, path+"."+key, "true or false is needed")
	}
	return yes
}

func (r *reader) needText(t *scenarios.Raw, path, key string) string {
	if t.At(key) == nil {
		r.fail(t, path, "%s is missing", key)
	}
	return r.text(t, path, key, "")
}

func (r *reader) number(t *scenarios.Raw, path, key string, low, high, otherwise float64) float64 {
	x := t.At(key)
	if x == nil {
		return otherwise
	}
	v, ok := numberOf(x)
	if !ok || !(v >= low && v <= high) {
		r.fail(x, path+"."+key, "a number from %s to %s is needed", plan.FormatNumber(low), plan.FormatNumber(high))
		return otherwise
	}
	return v
}

// whole is number for what is counted.
func (r *reader) whole(t *scenarios.Raw, path, key string, low, high, otherwise float64) float64 {
	v := r.number(t, path, key, low, high, otherwise)
	if v != math.Trunc(v) {
		r.fail(t.At(key), path+"."+key, "a whole number from %s to %s is needed, not %v", plan.FormatNumber(low),
			plan.FormatNumber(high), v)
		return otherwise
	}
	return v
}

func numberOf(x *scenarios.Raw) (float64, bool) {
	switch v := x.Value.(type) {
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// texts reads a list of texts or numbers, as texts.
func (r *reader) texts(t *scenarios.Raw, path, key string) []string {
	x := t.At(key)
	if x == nil {
		return nil
	}
	if s, ok := x.Value.(string); ok {
		return []string{s}
	}
	var out []string
	for _, e := range x.List {
		switch v := e.Value.(type) {
		case string:
			out = append(out, v)
		case int64, float64:
			out = append(out, fmt.Sprint(v))
		default:
			r.fail(e, path+"."+key, "a list of texts or numbers is needed")
		}
	}
	if x.List == nil {
		r.fail(x, path+"."+key, "a list of texts or numbers is needed")
	}
	return out
}

// numbers reads a list of numbers.
func (r *reader) numbers(t *scenarios.Raw, path, key string) []float64 {
	x := t.At(key)
	if x == nil {
		return nil
	}
	var out []float64
	for _, e := range x.List {
		v, ok := numberOf(e)
		if !ok {
			r.fail(e, path+"."+key, "a list of numbers is needed")
		}
		out = append(out, v)
	}
	return out
}

// assignments reads a table of keys and values as overrides KEY=VALUE; a value
// such as "x0.5" multiplies.
func (r *reader) assignments(t *scenarios.Raw, path string) []string {
	if t == nil {
		return nil
	}
	var out []string
	for _, k := range t.Keys {
		x := t.Tables[k]
		switch v := x.Value.(type) {
		case string:
			out = append(out, assignment(k, v))
		case float64: // as it is typed: 1000000, not 1e+06
			out = append(out, k+"="+plan.FormatNumber(v))
		case int64, bool:
			out = append(out, fmt.Sprintf("%s=%v", k, v))
		default:
			r.fail(x, path+"."+k, "a number, a text or true or false is needed")
		}
	}
	return out
}

// assignment writes one override: KEY*=2 for the value x2.
func assignment(key, value string) string {
	if factor, ok := scenarios.Multiple(value); ok {
		return key + "*=" + factor
	}
	return key + "=" + value
}
