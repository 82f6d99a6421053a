package edit

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"windfall/model/plan"
	"windfall/scenarios"
)

// shockKeys are the keys of a shock.
const shockKeys = "title, weeks, from, set, multiply, regime, freeze, delay_rounds_weeks"

// mostWeeks is the longest that a shock lasts, or a round waits: that of the longest run.
const mostWeeks = 2000

// mostTimes is the largest multiple, as of dated changes; a message has it in words.
const mostTimes = 1_000_000

// shockReader reads shocks and knows where each key stands.
type shockReader struct {
	file  string
	lines func(path ...string) int
}

// ParseShocks reads shocks: a TOML table each, in the order of the file.
func ParseShocks(file, text string) ([]Shock, error) {
	var tables map[string]any
	meta, err := toml.Decode(text, &tables)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r := &shockReader{file, scenarios.Lines([]byte(text))}
	var out []Shock
	for _, key := range meta.Keys() {
		if len(key) != 1 {
			continue
		}
		s, err := r.shock(key[0], tables[key[0]])
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s holds no shock", file)
	}
	return out, nil
}

// shock reads one table.
func (r *shockReader) shock(name string, value any) (s Shock, err error) {
	s = Shock{Name: name, Title: name, places: map[string]string{}}
	table, ok := value.(map[string]any)
	if !ok {
		return s, r.wrong(value, "a table", "must be a table of a shock, as in ["+plan.JoinKey(name)+"]", name)
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		v := table[key]
		switch key {
		case "title":
			s.Title, err = r.text(v, "must be a text", name, key)
		case "weeks":
			s.Weeks, err = r.whole(v, name, key)
		case "delay_rounds_weeks":
			s.Delay, err = r.whole(v, name, key)
		case "from":
			s.From, err = r.date(v, name, key)
		case "regime":
			const must = "must be recession or expansion"
			s.Regime, err = r.text(v, must, name, key)
			if err == nil && s.Regime != "recession" && s.Regime != "expansion" {
				err = r.wrong(v, "a text", must, name, key)
			}
		case "freeze":
			if s.Freeze, ok = v.(bool); !ok {
				err = r.wrong(v, "true or false", "must be true or false", name, key)
			}
		case "set":
			s.Set = map[string]float64{}
			err = r.numbers(v, s.Set, s.places, "", math.Inf(-1), math.Inf(1), name, key)
		case "multiply":
			s.Multiply = map[string]float64{}
			err = r.numbers(v, s.Multiply, s.places, "", 0, mostTimes, name, key)
		default:
			err = fmt.Errorf("%s%s: there is no such key in a shock; known: %s",
				r.at(name, key), plan.JoinKey(name, key), shockKeys)
		}
		if err != nil {
			return s, err
		}
	}
	if len(s.Set)+len(s.Multiply) == 0 && s.Regime == "" && !s.Freeze && s.Delay == 0 {
		return s, fmt.Errorf("%s%s does nothing: it needs set, multiply, regime, freeze or delay_rounds_weeks",
			r.at(name), name)
	}
	return s, nil
}

// at gives FILE:LINE: of a key of a shock.
func (r *shockReader) at(path ...string) string {
	for n := len(path); n > 0; n-- {
		if line := r.lines(path[:n]...); line > 0 {
			return fmt.Sprintf("%s:%d: ", r.file, line)
		}
	}
	return r.file + ": "
}

// wrong says what is wrong with the value of a key that takes values of a kind.
func (r *shockReader) wrong(v any, takes, must string, path ...string) error {
	shown, kind := fmt.Sprintf(" = %v", v), ""
	switch v := v.(type) {
	case string:
		shown, kind = fmt.Sprintf(" = %q", v), "a text"
	case bool:
		kind = "true or false"
	case int64, float64:
		kind = "a number"
	case time.Time:
		shown, kind = " = "+v.Format(time.DateOnly), "a date"
	case []any, []map[string]any:
		shown, kind = "", "a list"
	case map[string]any:
		shown, kind = "", "a table"
	}
	if kind == takes { // it is the value, not the kind
		return fmt.Errorf("%s%s%s: %s", r.at(path...), strings.Join(path, "."), shown, must)
	}
	return fmt.Errorf("%s%s%s: %s, not %s", r.at(path...), strings.Join(path, "."), shown, must, kind)
}

func (r *shockReader) text(v any, must string, path ...string) (string, error) {
	if s, ok := v.(string); ok {
		return s, nil
	}
	return "", r.wrong(v, "a text", must, path...)
}

// whole reads a number of weeks.
func (r *shockReader) whole(v any, path ...string) (int, error) {
	if n, ok := v.(int64); ok && n >= 0 && n <= mostWeeks {
		return int(n), nil
	}
	return 0, r.wrong(v, "a number", fmt.Sprintf("must be a whole number from 0 to %d (weeks)", mostWeeks), path...)
}

// date reads a date, in quotes or without.
func (r *shockReader) date(v any, path ...string) (string, error) {
	switch v := v.(type) {
	case string:
		if _, err := plan.ParseDate(v); err == nil {
			return v, nil
		}
	case time.Time:
		if d := v.Format(time.DateOnly); v.Equal(v.Truncate(24 * time.Hour)) {
			return d, nil
		}
	}
	return "", r.wrong(v, "a date", "must be a date such as 2013-07-02", path...)
}

// numbers reads a table of keys and numbers; tables in it are parts of keys.
func (r *shockReader) numbers(v any, into map[string]float64, places map[string]string, under string,
	least, most float64, path ...string) error {
	table, ok := v.(map[string]any)
	if !ok {
		return r.wrong(v, "a table", "must be a table of keys and numbers", path...)
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		here, whole := append(slices.Clone(path), key), under+key
		var x float64
		switch v := table[key].(type) {
		case map[string]any:
			if err := r.numbers(v, into, places, whole+".", least, most, here...); err != nil {
				return err
			}
			continue
		case int64:
			x = float64(v)
		case float64:
			x = v
		default:
			return r.wrong(v, "a number", "must be a number", here...)
		}
		switch {
		case math.IsNaN(x) || math.IsInf(x, 0):
			return r.wrong(x, "a number", "must be a finite number", here...)
		case x < least || x > most:
			return r.wrong(x, "a number", "must be a number from 0 to 1_000_000", here...)
		}
		into[whole], places[whole] = x, r.at(here...)
	}
	return nil
}

// allowed says what is wrong with what a shock does to a key of a plan.
func (s *Shock) allowed(key, named string, x float64, multiply bool, p plan.Param) error {
	verb := "set"
	if multiply {
		verb = "multiply"
	}
	switch {
	case !p.Vary:
		return fmt.Errorf("%s%s.%s.%s: %s does not change over time", s.places[key], s.Name, verb, key, named)
	case !multiply && !p.Allows(x):
		must := p.Limits()
		if p.Unit != "" {
			must += " (" + p.Unit + ")"
		}
		return fmt.Errorf("%s%s.%s.%s = %s: must be %s", s.places[key], s.Name, verb, key, plan.FormatNumber(x), must)
	}
	return nil
}
