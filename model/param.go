package model

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"
)

// Param is one key of the scenario language: a row of the parameter table that
// is read from the field tags of Plan. Scenario keys, error texts, dated
// changes, the editor schema and the reference page all work from this table.
type Param struct {
	Pattern   string  // the key, with * for a name: "channels.*.response"
	Kind      string  // number, text, flag, date, list (of names) or entries
	Unit      string  // unit of a number, or empty
	Default   string  // as in the tag: a value, "required" or "none"
	Doc       string  // the meaning, one sentence
	By        string  // dimension of a table: size, industry, region, month, product
	Low, High float64 // allowed range of a number, may be infinite
	LowOpen   bool    // Low itself is not allowed
	HighOpen  bool    // High itself is not allowed
	Whole     bool    // a whole number
	Vary      bool    // may be a schedule, and be moved by changes and shocks
	Draw      bool    // may be a distribution
	Total     bool    // a single number for a by-table is the total of its entries
	OneOf     []string
	Names     string // what a list names: size, industry, region, trigger, channel, product
}

// Section is one table of the scenario language.
type Section struct {
	Pattern string // "population", "channels.*", "channels.*.reach"
	Doc     string
	Named   bool // the table stands once for each name
}

var (
	dateType  = reflect.TypeFor[Date]()
	splitType = reflect.TypeFor[Split]()
	numsType  = reflect.TypeFor[[]float64]()
	textsType = reflect.TypeFor[[]string]()
)

// schema reads the tags of Plan once.
var schema = sync.OnceValues(func() ([]Param, []Section) {
	var params []Param
	var sections []Section
	walkSchema(reflect.TypeFor[Plan](), "", &params, &sections)
	return params, sections
})

// Params is the parameter table in the order of the struct fields of Plan.
// Callers must not change it.
func Params() []Param { params, _ := schema(); return params }

// Sections lists the tables of the scenario language in the same order.
func Sections() []Section { _, sections := schema(); return sections }

func walkSchema(t reflect.Type, prefix string, params *[]Param, sections *[]Section) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := f.Tag.Get("toml")
		if tag == "" || tag == "-" {
			continue
		}
		key := prefix + tag
		switch {
		case f.Type.Kind() == reflect.Struct && f.Type != splitType:
			*sections = append(*sections, Section{Pattern: key, Doc: f.Tag.Get("doc")})
			walkSchema(f.Type, key+".", params, sections)
		case isNamed(f.Type):
			*sections = append(*sections, Section{Pattern: key + ".*", Doc: f.Tag.Get("doc"), Named: true})
			walkSchema(f.Type.Elem(), key+".*.", params, sections)
		default:
			*params = append(*params, newParam(f, key))
		}
	}
}

// isNamed tells slices of named tables (channels, sizes) from plain lists.
func isNamed(t reflect.Type) bool {
	if t.Kind() != reflect.Slice || t.Elem().Kind() != reflect.Struct {
		return false
	}
	f, ok := t.Elem().FieldByName("Name")
	return ok && f.Tag.Get("toml") == "-"
}

func newParam(f reflect.StructField, key string) Param {
	p := Param{
		Pattern: key,
		Unit:    f.Tag.Get("unit"),
		Default: f.Tag.Get("default"),
		Doc:     f.Tag.Get("doc"),
		By:      f.Tag.Get("by"),
		Names:   f.Tag.Get("names"),
		Whole:   f.Tag.Get("whole") == "yes",
		Low:     math.Inf(-1),
		High:    math.Inf(1),
	}
	if s := f.Tag.Get("oneof"); s != "" {
		p.OneOf = strings.Split(s, ",")
	}
	if s := f.Tag.Get("range"); s != "" {
		p.Low, p.High, p.LowOpen, p.HighOpen = parseRange(key, s)
	}
	switch {
	case f.Type == dateType:
		p.Kind = "date"
	case f.Type == splitType:
		p.Kind, p.Total = "number", true
	case f.Type == numsType, f.Type.Kind() == reflect.Float64:
		p.Kind = "number"
	case f.Type == textsType:
		p.Kind = "list"
	case f.Type.Kind() == reflect.String:
		p.Kind = "text"
	case f.Type.Kind() == reflect.Bool:
		p.Kind = "flag"
	case f.Type.Kind() == reflect.Slice:
		p.Kind = "entries"
	default:
		panic("model: no kind for key " + key)
	}
	vary := f.Tag.Get("vary")
	p.Vary = p.Kind == "number" && vary == ""
	p.Draw = p.Kind == "number" && vary != "no"
	return p
}

// parseRange reads "[0,1]", "(0,inf)": round brackets exclude the end.
func parseRange(key, s string) (low, high float64, lowOpen, highOpen bool) {
	lo, hi, ok := strings.Cut(s[1:len(s)-1], ",")
	low, err1 := strconv.ParseFloat(lo, 64)
	high, err2 := strconv.ParseFloat(hi, 64)
	if !ok || err1 != nil || err2 != nil {
		panic("model: bad range " + s + " of key " + key)
	}
	return low, high, s[0] == '(', s[len(s)-1] == ')'
}

// Allows reports whether a number lies in the range; NaN never does.
func (p Param) Allows(x float64) bool {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return false
	}
	if x < p.Low || x > p.High || (p.LowOpen && x == p.Low) || (p.HighOpen && x == p.High) {
		return false
	}
	return !p.Whole || x == math.Trunc(x)
}

// Range says in words what numbers are allowed: "a number from 0 to 1".
func (p Param) Range() string {
	s := "a number"
	if p.Whole {
		s = "a whole number"
	}
	switch lo, hi := p.Low, p.High; {
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		return s
	case math.IsInf(hi, 1) && p.LowOpen:
		return s + " above " + FormatNumber(lo)
	case math.IsInf(hi, 1):
		return s + " of at least " + FormatNumber(lo)
	case p.LowOpen && p.HighOpen:
		return s + " above " + FormatNumber(lo) + " and below " + FormatNumber(hi)
	case p.LowOpen:
		return s + " above " + FormatNumber(lo) + " and at most " + FormatNumber(hi)
	case p.HighOpen:
		return s + " of at least " + FormatNumber(lo) + " and below " + FormatNumber(hi)
	default:
		return s + " from " + FormatNumber(lo) + " to " + FormatNumber(hi)
	}
}

// FormatNumber writes a number so that it reads back to the same bits, without
// an exponent while that stays short.
func FormatNumber(x float64) string {
	if a := math.Abs(x); a == 0 || (a >= 1e-6 && a < 1e16) {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// SplitKey splits a key at its dots; segments may be bare or quoted
// (customers.base_hazard."500+" and customers.base_hazard.500+ are the same).
func SplitKey(key string) ([]string, error) {
	var out []string
	for rest := key; ; {
		var seg string
		if q := strings.IndexAny(rest, `"'`); q == 0 {
			end := strings.IndexByte(rest[1:], rest[0])
			if end < 0 {
				return nil, fmt.Errorf("%s: a quote is not closed", key)
			}
			seg, rest = rest[1:1+end], rest[2+end:]
			if rest != "" && rest[0] != '.' {
				return nil, fmt.Errorf("%s: a dot must follow a quoted name", key)
			}
		} else if dot := strings.IndexByte(rest, '.'); dot >= 0 {
			seg, rest = rest[:dot], rest[dot:]
		} else {
			seg, rest = rest, ""
		}
		seg = strings.TrimSpace(seg)
		if seg == "" {
			return nil, fmt.Errorf("%q is not a key: a name between its dots is empty", key)
		}
		out = append(out, seg)
		if rest == "" {
			return out, nil
		}
		rest = rest[1:]
	}
}

// JoinKey writes a key in its canonical form: segments joined by dots, those
// that TOML does not take bare in quotes.
func JoinKey(segments ...string) string {
	var b strings.Builder
	for i, s := range segments {
		if i > 0 {
			b.WriteByte('.')
		}
		if s == "*" || isBare(s) {
			b.WriteString(s)
		} else {
			b.WriteString(strconv.Quote(s))
		}
	}
	return b.String()
}

func isBare(s string) bool {
	for _, c := range s {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return s != ""
}

// Nearest gives the candidate nearest to word, or "" if none is near.
func Nearest(word string, candidates []string) string {
	best, at := "", len(word)/3+2
	for _, c := range candidates {
		d := levenshtein.ComputeDistance(strings.ToLower(word), strings.ToLower(c))
		if d < at || (d == at && best != "" && c < best) {
			best, at = c, d
		}
	}
	return best
}

// Dimension gives the names along a dimension in the order in which tables are
// indexed: size, industry, region, trigger, medium, channel, product, team or
// month.
func (p *Plan) Dimension(by string) []string {
	switch by {
	case "size":
		return namesOf(p.Population.Sizes, func(x *Size) string { return x.Name })
	case "industry":
		return namesOf(p.Population.Industries, func(x *Industry) string { return x.Name })
	case "region":
		return namesOf(p.Population.Regions, func(x *Region) string { return x.Name })
	case "trigger":
		return namesOf(p.Triggers, func(x *Trigger) string { return x.Name })
	case "medium":
		return namesOf(p.Media, func(x *Medium) string { return x.Name })
	case "channel":
		return namesOf(p.Channels, func(x *Channel) string { return x.Name })
	case "product":
		return namesOf(p.Products, func(x *Product) string { return x.Name })
	case "team":
		return namesOf(p.Teams, func(x *Team) string { return x.Name })
	case "month":
		return []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"}
	}
	panic("model: no dimension " + by)
}

func namesOf[T any](xs []T, name func(*T) string) []string {
	out := make([]string, len(xs))
	for i := range xs {
		out[i] = name(&xs[i])
	}
	return out
}

// Field is a place in a plan that a key names: the row of the parameter table,
// the key in canonical form without the entry, a pointer to the Go value and,
// if the key names one entry of a by-table, its index (else -1).
type Field struct {
	Param Param
	Key   string
	Ptr   any // *float64, *[]float64, *Split, *string, *bool, *Date, *[]string, *[]RegimeFrom, *[]AgeBand
	Entry int
}

// Fields finds every place that a key names; a segment * stands for every name.
// It is an error if there is none, and the error names the nearest known key.
func (p *Plan) Fields(key string) ([]Field, error) {
	segs, err := SplitKey(key)
	if err != nil {
		return nil, err
	}
	var out []Field
	err = p.find(reflect.ValueOf(p).Elem(), segs, 0, nil, "", &out)
	if err != nil {
		return nil, err
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s names nothing in this plan", key)
	}
	return out, nil
}

// AllFields lists every place of the plan, in the order of the struct fields
// and, within named tables, in the order of the plan.
func (p *Plan) AllFields() []Field {
	var out []Field
	p.collect(reflect.ValueOf(p).Elem(), nil, "", &out)
	return out
}

func (p *Plan) collect(v reflect.Value, at []string, pattern string, out *[]Field) {
	t := v.Type()
	for i := range t.NumField() {
		tag := t.Field(i).Tag.Get("toml")
		if tag == "" || tag == "-" {
			continue
		}
		f, here := v.Field(i), append(slices.Clone(at), tag)
		switch {
		case f.Kind() == reflect.Struct && f.Type() != splitType:
			p.collect(f, here, pattern+tag+".", out)
		case isNamed(f.Type()):
			for j := range f.Len() {
				p.collect(f.Index(j), append(slices.Clone(here), f.Index(j).FieldByName("Name").String()), pattern+tag+".*.", out)
			}
		default:
			*out = append(*out, Field{Param: paramAt(pattern + tag), Key: JoinKey(here...), Ptr: f.Addr().Interface(), Entry: -1})
		}
	}
}

// find walks one struct along segs[i:]; at is the canonical path so far.
func (p *Plan) find(v reflect.Value, segs []string, i int, at []string, pattern string, out *[]Field) error {
	if i == len(segs) {
		return fmt.Errorf("%s is a table; name one of its keys", JoinKey(segs...))
	}
	t := v.Type()
	var known []string
	for n := range t.NumField() {
		tag := t.Field(n).Tag.Get("toml")
		if tag == "" || tag == "-" {
			continue
		}
		known = append(known, tag)
		if segs[i] == tag {
			return p.findField(v.Field(n), segs, i+1, append(slices.Clone(at), tag), pattern+tag, out)
		}
	}
	return unknownKey(segs, i, known)
}

func (p *Plan) findField(f reflect.Value, segs []string, i int, at []string, pattern string, out *[]Field) error {
	table := f.Kind() == reflect.Struct && f.Type() != splitType
	switch {
	case table:
		return p.find(f, segs, i, at, pattern+".", out)
	case isNamed(f.Type()):
		return p.findNamed(f, segs, i, at, pattern+".*", out)
	}
	field := Field{Param: paramAt(pattern), Key: JoinKey(at...), Ptr: f.Addr().Interface(), Entry: -1}
	if i == len(segs) {
		*out = append(*out, field)
		return nil
	}
	if field.Param.By == "" || i+1 < len(segs) {
		return fmt.Errorf("%s is no key: %s holds one value", JoinKey(segs...), field.Key)
	}
	if segs[i] == "*" {
		*out = append(*out, field)
		return nil
	}
	names := p.Dimension(field.Param.By)
	if field.Entry = slices.Index(names, segs[i]); field.Entry < 0 {
		return unknownKey(segs, i, names)
	}
	*out = append(*out, field)
	return nil
}

func (p *Plan) findNamed(list reflect.Value, segs []string, i int, at []string, pattern string, out *[]Field) error {
	if i == len(segs) {
		return fmt.Errorf("%s is a table; name one of its keys", JoinKey(segs...))
	}
	var known []string
	var first error
	matched := false
	for j := range list.Len() {
		name := list.Index(j).FieldByName("Name").String()
		known = append(known, name)
		if segs[i] != name && segs[i] != "*" {
			continue
		}
		err := p.find(list.Index(j), segs, i+1, append(slices.Clone(at), name), pattern+".", out)
		matched = matched || err == nil
		if err != nil && first == nil {
			first = err
		}
	}
	switch {
	case matched:
		return nil
	case first != nil:
		return first
	}
	return unknownKey(segs, i, known)
}

// UnknownKeyError is a key that no plan, or not this plan, knows.
type UnknownKeyError struct {
	Key     string
	Nearest string // nearest known key, or empty
}

func (e *UnknownKeyError) Error() string {
	if e.Nearest == "" {
		return fmt.Sprintf("%s: unknown key", e.Key)
	}
	return fmt.Sprintf("%s: unknown key; did you mean %s?", e.Key, e.Nearest)
}

func unknownKey(segs []string, i int, known []string) error {
	e := &UnknownKeyError{Key: JoinKey(segs...)}
	if near := Nearest(segs[i], known); near != "" {
		e.Nearest = JoinKey(slices.Concat(segs[:i], []string{near}, segs[i+1:])...)
	}
	return e
}

var paramIndex = sync.OnceValue(func() map[string]Param {
	m := make(map[string]Param)
	for _, p := range Params() {
		m[p.Pattern] = p
	}
	return m
})

func paramAt(pattern string) Param { return paramIndex()[pattern] }

// Param gives the row of the parameter table for a key of this plan, a by-table
// or one of its entries.
func (p *Plan) Param(key string) (Param, bool) {
	fields, err := p.Fields(key)
	if err != nil {
		return Param{}, false
	}
	return fields[0].Param, true
}

// Numbers gives pointers to every number that a key names, in the order of the
// plan: a plain number, one entry of a by-table, a whole by-table (all its
// entries; the total of a Split that has no parts), and with * as a segment
// those of every name. All have the same Param if only names are starred.
func (p *Plan) Numbers(key string) ([]*float64, Param, error) {
	fields, err := p.Fields(key)
	if err != nil {
		return nil, Param{}, err
	}
	var out []*float64
	for _, f := range fields {
		switch v := f.Ptr.(type) {
		case *float64:
			out = append(out, v)
		case *[]float64:
			out = append(out, entries(*v, f.Entry)...)
		case *Split:
			switch {
			case v.Parts != nil:
				out = append(out, entries(v.Parts, f.Entry)...)
			case f.Entry >= 0:
				return nil, f.Param, fmt.Errorf("%s is one total for all regions here; it has no part %s", f.Key, p.Dimension(f.Param.By)[f.Entry])
			default:
				out = append(out, &v.Total)
			}
		default:
			return nil, f.Param, fmt.Errorf("%s is not a number", f.Key)
		}
	}
	if len(out) == 0 {
		return nil, fields[0].Param, fmt.Errorf("%s has no entries in this plan", key)
	}
	return out, fields[0].Param, nil
}

func entries(xs []float64, entry int) []*float64 {
	var out []*float64
	for i := range xs {
		if entry < 0 || entry == i {
			out = append(out, &xs[i])
		}
	}
	return out
}

// Clone copies a plan so that no number of the copy is shared with p. Texts,
// dates, lists of names, schedules, changes, shocks, inputs, origins and the
// opening plan are shared: they are not changed after loading.
func (p *Plan) Clone() *Plan {
	q := *p
	cloneNumbers(reflect.ValueOf(&q).Elem())
	return &q
}

func cloneNumbers(v reflect.Value) {
	t := v.Type()
	for i := range t.NumField() {
		if tag := t.Field(i).Tag.Get("toml"); t != splitType && (tag == "" || tag == "-") {
			continue
		}
		f := v.Field(i)
		switch {
		case f.Kind() == reflect.Struct:
			cloneNumbers(f)
		case f.Kind() == reflect.Slice && f.Type() != textsType && !f.IsNil():
			c := reflect.MakeSlice(f.Type(), f.Len(), f.Len())
			reflect.Copy(c, f)
			f.Set(c)
			if f.Type().Elem().Kind() == reflect.Struct && isNamed(f.Type()) {
				for j := range c.Len() {
					cloneNumbers(c.Index(j))
				}
			}
		}
	}
}
