package scenarios

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"windfall/model/plan"
	"windfall/model/rng"
)

// quantity reads a plain or uncertain number. An uncertain one becomes an
// input of the plan under the given name (none: no distribution is allowed),
// and the number is its median. The index is that of the input, or -1.
func (b *builder) quantity(n *node, key string, p plan.Param, input string) (float64, int) {
	if n.drawn != nil {
		return b.column(n, key, p)
	}
	if x, ok := n.percentage(); ok && p.Percent() {
		n = &node{kind: number, value: x, text: n.show(), file: n.file, line: n.line, col: n.col, source: n.source}
	}
	if n.kind == text {
		if factor, ok := Multiple(n.value.(string)); ok {
			b.fail(n, key, "must be %s; %s", p.Range(), instead(key, factor))
			return math.NaN(), -1
		}
	}
	n, ok := b.amount(n, key, p)
	if !ok {
		return math.NaN(), -1
	}
	if n.kind == number {
		x := asFloat(n)
		if wrong := problem(x, p); wrong != "" {
			b.fail(n, key, "%s", wrong)
		}
		return x, -1
	}
	if n.kind == text && n.value == "none" && p.Default == "none" {
		return math.NaN(), -1
	}
	if _, ok := n.percentage(); ok {
		b.fail(n, key, "must be %s, not a percentage", p.Range())
		return math.NaN(), -1
	}
	isText := n.kind == text && strings.Contains(n.value.(string), " to ")
	if !isText && !n.isDist() {
		message := fmt.Sprintf("must be %s, not %s", p.Range(), n.kind)
		b.report(n, key, n.show(), message+n.advice(p), "")
		return math.NaN(), -1
	}
	if input == "" || (input == key && !p.Draw) {
		b.fail(n, key, "must be one number; this key takes no distribution")
		return math.NaN(), -1
	}
	var d plan.Dist
	if isText {
		d, ok = b.interval(n, key, p)
	} else {
		d, ok = b.distTable(n, key, p)
	}
	if !ok {
		return math.NaN(), -1
	}
	d.Whole = p.Whole
	d.Low, d.High = cutEnds(p)
	x := d.Quantile(0.5)
	if wrong := problem(x, p); wrong != "" {
		b.fail(n, key, "its median, %s, is out of range: %s", short(x), wrong)
		return math.NaN(), -1
	}
	if wrong := tail(d, p); wrong != "" {
		b.fail(n, key, "%s", wrong)
		return math.NaN(), -1
	}
	switch c := cutShare(d); {
	case c > 0.5:
		b.fail(n, key, "%.0f%% of the distribution lie outside the allowed range (%s); narrow the distribution", 100*c,
			p.Limits())
	case c > 0.01:
		b.warn(n, key, "%.0f%% of the distribution lie outside the allowed range (%s) and are put at its ends", 100*c,
			p.Range())
	}
	in := plan.Input{Name: input, Dist: d}
	b.dists[input] = n
	if input == key {
		in.Key = key
	}
	b.plan.Inputs = append(b.plan.Inputs, in)
	return x, len(b.plan.Inputs) - 1
}

// short writes a number for people.
func short(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

// problem says what is wrong with a number of a key; empty: nothing.
func problem(x float64, p plan.Param) string {
	if p.Allows(x) {
		return ""
	}
	return outOfRange(x, p)
}

// outOfRange says what is allowed.
func outOfRange(x float64, p plan.Param) string {
	unit, _, _ := strings.Cut(p.Unit, " ")
	switch size := math.Abs(x); {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "must be a finite number"
	case size > 0 && size < p.Least():
		return "is too small to tell from 0: at least " + plan.FormatNumber(p.Least())
	case p.Low == 0 && p.High == 1 && !p.LowOpen && !p.HighOpen && (unit == "chance" || unit == "share"):
		return "a " + unit + " lies between 0 and 1"
	}
	allowed := p.Range()
	if x > p.Most() {
		allowed = p.Limits()
	}
	if p.Unit != "" {
		allowed += " (" + p.Unit + ")"
	}
	return "must be " + allowed
}

// cutEnds gives the ends at which a distribution is cut; an end that is not
// allowed itself is moved in by a billionth.
func cutEnds(p plan.Param) (low, high float64) {
	low, high = p.Low, p.High
	if p.LowOpen && !math.IsInf(low, 0) {
		low += float64(1e-9 * max(1, math.Abs(low)))
	}
	if p.HighOpen && !math.IsInf(high, 0) {
		high -= float64(1e-9 * max(1, math.Abs(high)))
	}
	return low, high
}

// cutShare is the part of a distribution outside its range, by quantiles.
// Bounded distributions lie inside: their ends are checked.
func cutShare(d plan.Dist) float64 {
	if d.Kind != "normal" && d.Kind != "lognormal" && d.Kind != "logitnormal" {
		return 0
	}
	low, high := d.Low, d.High
	d.Low, d.High, d.Whole = math.Inf(-1), math.Inf(1), false
	const n = 2000
	out := 0
	for i := range n {
		if x := d.Quantile((float64(i) + 0.5) / n); x < low || x > high {
			out++
		}
	}
	return float64(out) / n
}

var (
	numberText   = `([+-]?[0-9][0-9_]*(?:\.[0-9_]+)?(?:[eE][+-]?[0-9]+)?)\s*(%?)`
	intervalText = regexp.MustCompile(`^\s*` + numberText + `\s+to\s+` + numberText + `\s*$`)
	percentText  = regexp.MustCompile(`^\s*([+-]?[0-9][0-9_]*(?:\.[0-9_]+)?)\s*%\s*$`)
)

// percentage gives the number that a text such as "55%" means: the one nearest
// to 0.55, as if that were written.
func (n *node) percentage() (float64, bool) {
	if n == nil || n.kind != text {
		return 0, false
	}
	return percentage(n.value.(string))
}

func (n *node) isPercentage() bool {
	_, ok := n.percentage()
	return ok
}

func percentage(s string) (float64, bool) {
	m := percentText.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	x, err := strconv.ParseFloat(strings.ReplaceAll(m[1], "_", "")+"e-2", 64)
	return x, err == nil
}

// plainInterval gives the text of a 90% interval; one of amounts, "40k to 60k", becomes one of
// numbers. It is false where an end is wrong, which is reported.
func (b *builder) plainInterval(n *node, key string, p plan.Param) (string, bool) {
	s := n.value.(string)
	m := amountRange.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil || !takesAmounts(p) {
		return s, true
	}
	lo, ok1 := amountOf(m[:5])
	hi, ok2 := amountOf(append([]string{""}, m[5:]...))
	switch {
	case !ok1 || !ok2 || !lo.scaled && !hi.scaled && lo.sign == "" && hi.sign == "":
		return s, true
	case lo.scaled != hi.scaled && lo.value != 0:
		b.fail(n, key, "write the scale (k, M or B) at both ends or at none")
		return "", false
	}
	for _, end := range []amount{lo, hi} {
		if wrong := b.otherMoney(end, p); wrong != "" {
			b.fail(n, key, "%s", wrong)
			return "", false
		}
	}
	return plan.FormatNumber(lo.value) + " to " + plan.FormatNumber(hi.value), true
}

// interval reads a 90% interval such as "5 to 10" or "5% to 10%".
func (b *builder) interval(n *node, key string, p plan.Param) (plan.Dist, bool) {
	s, ok := b.plainInterval(n, key, p)
	if !ok {
		return plan.Dist{}, false
	}
	m := intervalText.FindStringSubmatch(s)
	if m == nil {
		b.fail(n, key, "a 90%% interval is written \"5 to 10\" or \"5%% to 10%%\"%s", n.advice(p))
		return plan.Dist{}, false
	}
	if m[2] != m[4] {
		b.fail(n, key, "write the percent sign at both ends or at none")
		return plan.Dist{}, false
	}
	lo, err1 := strconv.ParseFloat(strings.ReplaceAll(m[1], "_", ""), 64)
	hi, err2 := strconv.ParseFloat(strings.ReplaceAll(m[3], "_", ""), 64)
	if m[2] == "%" {
		lo, hi = lo/100, hi/100
	}
	ends := p
	ends.Whole = false
	switch {
	case err1 != nil || err2 != nil:
		b.fail(n, key, "must be a finite number")
	case lo > hi:
		b.fail(n, key, "the ends of the interval are swapped")
	case lo == hi:
		b.fail(n, key, "the ends of the interval are equal; write one number")
	case problem(lo, ends) != "":
		b.fail(n, key, "%s", problem(lo, ends))
	case problem(hi, ends) != "":
		b.fail(n, key, "%s", problem(hi, ends))
	case p.Low >= 0 && p.High <= 1 && (lo <= 0 || hi >= 1):
		b.fail(n, key, "a 90%% interval of a share lies above 0 and below 1")
	case p.Low >= 0 && lo <= 0:
		b.fail(n, key, "a 90%% interval of a positive quantity starts above 0; for a chance of 0 write {dist = "+
			"\"uniform\", low = 0, high = ...}")
	default:
		d := plan.Interval90(lo, hi, p.Low, p.High)
		d.Text = strconv.Quote(strings.Join(strings.Fields(s), " "))
		return d, true
	}
	return plan.Dist{}, false
}

// distKinds lists the parameters of each named distribution; those after the
// bar are an alternative for the ones before it.
var distKinds = map[string][][]string{
	"uniform":     {{"low", "high"}},
	"loguniform":  {{"low", "high"}},
	"normal":      {{"mean", "sd"}, {"p5", "p95"}},
	"lognormal":   {{"median", "sigma"}, {"p5", "p95"}},
	"logitnormal": {{"median", "sigma"}, {"p5", "p95"}},
	"triangular":  {{"low", "mode", "high"}},
	"pert":        {{"low", "mode", "high"}},
	"discrete":    {{"values", "weights"}, {"values"}},
}

// distTable reads {dist = "lognormal", median = 3, sigma = 0.5} and its like.
func (b *builder) distTable(n *node, key string, p plan.Param) (plan.Dist, bool) {
	bad := plan.Dist{}
	d := plan.Dist{}
	dist := n.kid("dist")
	kind, isText := dist.value.(string)
	forms, ok := distKinds[kind]
	if !isText || !ok {
		kinds := slices.Sorted(maps.Keys(distKinds))
		b.report(dist, key+".dist", dist.show(), "must be one of "+strings.Join(kinds, ", "), plan.Nearest(kind, kinds))
		return bad, false
	}
	d.Kind = kind
	var form []string
	for _, f := range forms {
		if len(n.kids) == len(f)+1 && !slices.ContainsFunc(f, func(k string) bool { return n.kid(k) == nil }) {
			form = f
		}
	}
	if form == nil {
		var ways []string
		for _, f := range forms {
			ways = append(ways, strings.Join(f, ", "))
		}
		b.report(n, key, "", fmt.Sprintf("a %s distribution takes %s", kind, strings.Join(ways, " or ")), "")
		return bad, false
	}
	if kind == "discrete" {
		return b.discrete(n, key, p, form)
	}
	v := make([]float64, 3)
	for i, f := range form {
		k := n.kid(f)
		if f != "sigma" {
			var ok bool
			if k, ok = b.amount(k, key+"."+f, p); !ok {
				return bad, false
			}
		}
		if k.kind != number {
			b.fail(k, key+"."+f, "must be a number, not %s", k.kind)
			return bad, false
		}
		if v[i] = asFloat(k); math.IsNaN(v[i]) || math.IsInf(v[i], 0) {
			b.fail(k, key+"."+f, "must be a finite number")
			return bad, false
		}
	}
	fields := []string{fmt.Sprintf("dist = %q", kind)}
	for i, f := range form {
		fields = append(fields, f+" = "+plan.FormatNumber(v[i]))
	}
	d.Text = "{" + strings.Join(fields, ", ") + "}"
	d.A, d.B, d.C = v[0], v[1], v[2]
	if msg := distParameters(&d, form, p); msg != "" {
		b.report(n, key, "", msg, "")
		return bad, false
	}
	return d, true
}

// distParameters checks and completes the parameters of a distribution; the
// message is empty if they will do.
func distParameters(d *plan.Dist, form []string, p plan.Param) string {
	ends := p
	ends.Whole = false
	switch d.Kind {
	case "uniform", "loguniform", "triangular", "pert":
		low, high := d.A, d.B
		if d.Kind == "triangular" || d.Kind == "pert" {
			if d.B < d.A || d.B > d.C {
				return "low, mode and high must be in this order"
			}
			high = d.C
		}
		switch {
		case low >= high:
			return "low must be below high"
		case d.Kind == "loguniform" && low <= 0:
			return "low must be above 0"
		case problem(low, ends) != "":
			return "low: " + problem(low, ends)
		case problem(high, ends) != "":
			return "high: " + problem(high, ends)
		}
		return ""
	}
	if form[0] != "p5" {
		switch {
		case d.B <= 0:
			return form[1] + " must be above 0"
		case d.Kind == "lognormal" && d.A <= 0:
			return "median must be above 0"
		case d.Kind == "logitnormal" && (d.A <= 0 || d.A >= 1):
			return "median must be above 0 and below 1"
		}
		return ""
	}
	lo, hi := d.A, d.B
	text := d.Text
	switch {
	case lo >= hi:
		return "p5 must be below p95"
	case d.Kind == "lognormal" && lo <= 0:
		return "p5 must be above 0"
	case d.Kind == "logitnormal" && (lo <= 0 || hi >= 1):
		return "p5 and p95 must be above 0 and below 1"
	case d.Kind == "normal":
		*d = plan.Interval90(lo, hi, math.Inf(-1), math.Inf(1))
	case d.Kind == "lognormal":
		*d = plan.Interval90(lo, hi, 0, math.Inf(1))
	default:
		*d = plan.Interval90(lo, hi, 0, 1)
	}
	d.Text = text
	return ""
}

// discrete reads values with weights; equal ones if none are given.
func (b *builder) discrete(n *node, key string, p plan.Param, form []string) (plan.Dist, bool) {
	d := plan.Dist{Kind: "discrete"}
	lists := map[string][]float64{}
	for _, f := range form {
		k := n.kid(f)
		if k.kind != array || len(k.elems) == 0 {
			b.fail(k, key+"."+f, "must be a list of numbers")
			return d, false
		}
		for _, e := range k.elems {
			if f == "values" {
				var ok bool
				if e, ok = b.amount(e, key+"."+f, p); !ok {
					return d, false
				}
			}
			if e.kind != number {
				b.fail(e, key+"."+f, "must be a list of numbers, not of %s", e.kind)
				return d, false
			}
			x := asFloat(e)
			switch {
			case f == "values" && problem(x, p) != "":
				b.fail(e, key+"."+f, "%s", problem(x, p))
				return d, false
			case f == "weights" && !(x > 0 && x <= math.MaxFloat64):
				b.fail(e, key+"."+f, "must be a number above 0")
				return d, false
			}
			lists[f] = append(lists[f], x)
		}
	}
	d.Values, d.Weights = lists["values"], lists["weights"]
	if len(form) == 1 {
		for range d.Values {
			d.Weights = append(d.Weights, 1)
		}
	}
	if len(d.Values) != len(d.Weights) {
		b.report(n, key, "", fmt.Sprintf("has %d values and %d weights", len(d.Values), len(d.Weights)), "")
		return d, false
	}
	write := func(xs []float64) string {
		var s []string
		for _, x := range xs {
			s = append(s, plan.FormatNumber(x))
		}
		return "[" + strings.Join(s, ", ") + "]"
	}
	d.Text = fmt.Sprintf("{dist = \"discrete\", values = %s, weights = %s}", write(d.Values), write(d.Weights))
	return d, true
}

// positiveDefinite tells whether a correlation matrix is one.
func positiveDefinite(m [][]float64) bool {
	_, ok := rng.Cholesky(m)
	return ok
}
