package plan

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"

	"windfall/model/currency"
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
	Low, High float64 // allowed range of a number; an infinite High stands for Most
	LowOpen   bool    // Low itself is not allowed
	HighOpen  bool    // High itself is not allowed
	Whole     bool    // a whole number
	Vary      bool    // may be a schedule, and be moved by changes and shocks
	Draw      bool    // may be a distribution
	Total     bool    // a single number for a by-table is the total of its entries, which hold nothing themselves
	Dealt     bool    // a single number for a by-table is a total that is dealt over its entries by their firms
	Writes    string  // the key beside it that a number by calendar month is turned into, or empty
	Money     bool    // an amount of money, or one per something
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
		Dealt:   f.Tag.Get("total") == "firms",
		Writes:  f.Tag.Get("writes"),
		Whole:   f.Tag.Get("whole") == "yes",
		Low:     math.Inf(-1),
		High:    math.Inf(1),
	}
	_, p.Money = currency.In(p.Unit)
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
		panic("plan: no kind for key " + key)
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
		panic("plan: bad range " + s + " of key " + key)
	}
	return low, high, s[0] == '(', s[len(s)-1] == ')' && !math.IsInf(high, 1)
}

// The largest numbers of keys whose range has no end of its own. They are beyond any
// market, and small enough that nothing made of them overflows.
const (
	mostMoney  = 1e12 // money, or money per week, month, year
	mostCount  = 1e9  // firms, people, customers
	mostNumber = 1e6  // anything else: factors, weeks, years, weights
)

// Most is the largest number that is allowed: High, or where that is infinite one that
// follows from the unit.
func (p Param) Most() float64 {
	switch {
	case !math.IsInf(p.High, 1):
		return p.High
	case p.Money:
		return mostMoney
	case p.Count():
		return mostCount
	}
	return mostNumber
}

// Count tells numbers of firms, people and the like.
func (p Param) Count() bool {
	return slices.Contains([]string{"firms", "people", "employees", "customers", "replications"}, p.Unit)
}

// In gives the row of a plan that counts in a currency: the one place where the unit
// of a key takes it on.
func (p Param) In(code string) Param {
	if p.Money {
		p.Unit = currency.Unit(p.Unit, code)
	}
	return p
}

// Least is the smallest size of a number that is not 0: what comes closer to 0 is a
// slip, and where 0 is not allowed would make something else infinite.
func (p Param) Least() float64 {
	if p.LowOpen && p.Low == 0 {
		return 1e-9
	}
	return 1e-15
}

// Allows reports whether a number lies in the range; NaN never does.
func (p Param) Allows(x float64) bool {
	if math.IsNaN(x) || math.IsInf(x, 0) || x != 0 && math.Abs(x) < p.Least() {
		return false
	}
	if x < p.Low || x > p.Most() || (p.LowOpen && x == p.Low) || (p.HighOpen && x == p.High) {
		return false
	}
	return !p.Whole || x == math.Trunc(x)
}

// Range says in words what numbers are allowed: "a number from 0 to 1". An end that
// follows from the unit alone is left out; Limits names it too.
func (p Param) Range() string {
	if math.IsInf(p.High, 1) {
		return p.words(math.Inf(1))
	}
	return p.Limits()
}

// Limits says in words what numbers are allowed, with the largest of all.
func (p Param) Limits() string { return p.words(p.Most()) }

func (p Param) words(most float64) string {
	s := "a number"
	if p.Whole {
		s = "a whole number"
	}
	low, high := grouped(p.Low), grouped(most)
	switch endless := math.IsInf(most, 1); {
	case endless && p.LowOpen:
		return s + " above " + low
	case endless:
		return s + " of at least " + low
	case p.LowOpen && p.HighOpen:
		return s + " above " + low + " and below " + high
	case p.LowOpen:
		return s + " above " + low + " and at most " + high
	case p.HighOpen:
		return s + " of at least " + low + " and below " + high
	}
	return s + " from " + low + " to " + high
}

// grouped writes a number as FormatNumber does, and the digits of a large one in groups
// of three, as a scenario may write them: 1_000_000.
func grouped(x float64) string {
	s := FormatNumber(x)
	if x < 1e6 || x != math.Trunc(x) || strings.ContainsAny(s, "e.") {
		return s
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "_" + s[i:]
	}
	return s
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
		if strings.HasPrefix(rest, `"`) || strings.HasPrefix(rest, "'") {
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

// Percent tells numbers that people also write in percent: chances, shares,
// factors and yearly rates.
func (p Param) Percent() bool {
	unit, _, _ := strings.Cut(p.Unit, " of ")
	return slices.Contains([]string{"chance", "share", "multiplier", "per year"}, unit)
}

// DidYouMean ends an error with the known name that is nearest; none: with nothing.
func DidYouMean(near string) string {
	if near == "" {
		return ""
	}
	return "; did you mean " + near + "?"
}

// Nearest gives the candidate that word was most likely meant for, or "": one
// that begins with it, else one a few letters away, else one that it is a part
// of or that is a part of it.
func Nearest(word string, candidates []string) string {
	const none = 3
	best, rank, at := "", none, 0
	w := strings.ToLower(word)
	for _, c := range candidates {
		l := strings.ToLower(c)
		d, r := levenshtein.ComputeDistance(w, l), none
		switch {
		case len(w) >= 3 && strings.HasPrefix(l, w):
			r = 0
		case d < len(w)/3+2:
			r = 1
		case len(w) >= 4 && strings.Contains(l, w), len(l) >= 4 && strings.Contains(w, l):
			r = 2
		}
		if r < none && cmp.Or(cmp.Compare(r, rank), cmp.Compare(d, at), cmp.Compare(c, best)) < 0 {
			best, rank, at = c, r, d
		}
	}
	return best
}

// Misplaced gives the key of a table without a name that ends in word, or "":
// run.replications for replications.
func Misplaced(word string) string {
	for _, p := range Params() {
		if strings.HasSuffix(p.Pattern, "."+word) && !strings.Contains(p.Pattern, "*") {
			return p.Pattern
		}
	}
	return ""
}

var paramIndex = sync.OnceValue(func() map[string]Param {
	m := make(map[string]Param)
	for _, p := range Params() {
		m[p.Pattern] = p
	}
	return m
})

func paramAt(pattern string) Param { return paramIndex()[pattern] }
