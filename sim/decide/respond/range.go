package respond

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/decide"
)

// media is the name of the budgets of all channels together.
const media = "media"

// Least and most points of a range.
const (
	leastPoints = 2
	mostPoints  = 200
)

// A Range is a key of a plan, or media for all channels' budgets together, with the
// values that it takes.
type Range struct {
	Key      string
	Times    bool // From and To are multiples of what the plan has
	From, To float64
	Points   int // both ends among them

	typed string
}

// String writes a range as it was typed, else KEY=FROM..TO:POINTS.
func (r Range) String() string {
	if r.typed != "" {
		return r.typed
	}
	x := ""
	if r.Times {
		x = "x"
	}
	return fmt.Sprintf("%s=%s%s..%s%s:%d", r.Key, x, exact(r.From), x, exact(r.To), r.Points)
}

// Parse reads what is varied and the amount, in the currency of a plan. The error is a *decide.Problem.
func Parse(vary []string, amount string, p *plan.Plan) (ranges []Range, much float64, err error) {
	if ranges, err = ParseRanges(vary); err != nil {
		return nil, 0, err
	}
	much, err = decide.ParseAmount("amount", amount, p)
	return ranges, much, err
}

// ParseRanges reads several, as ParseRange does.
func ParseRanges(texts []string) (out []Range, err error) {
	for _, text := range texts {
		r, err := ParseRange(text)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// ParseRange reads KEY=FROM..TO:POINTS; both ends begin with x where they are multiples.
// The error is a *decide.Problem.
func ParseRange(text string) (Range, error) {
	key, rest, hasValues := strings.Cut(text, "=")
	ends, points, hasPoints := strings.Cut(rest, ":")
	from, to, hasEnds := strings.Cut(ends, "..")
	r := Range{Key: key, Times: strings.HasPrefix(from, "x"), typed: text}
	var failed [3]error
	r.From, failed[0] = strconv.ParseFloat(strings.TrimPrefix(from, "x"), 64)
	r.To, failed[1] = strconv.ParseFloat(strings.TrimPrefix(to, "x"), 64)
	r.Points, failed[2] = strconv.Atoi(points)
	if !hasValues || !hasPoints || !hasEnds || r.Times != strings.HasPrefix(to, "x") || failed != [3]error{} {
		return r, decide.Wrong("vary", text, "KEY=FROM..TO:POINTS is needed, such as "+
			"channels.display.weekly_budget=x0..x3:7")
	}
	return r, nil
}

// An Axis is a key with the values that it takes.
type Axis struct {
	Key    string    `json:"key"`
	Times  bool      `json:"multiply"`
	Values []float64 `json:"values"`

	keys []string // of the plan
}

// axis is a range with its values. The error is a *decide.Problem or a *NothingError.
func (r Range) axis(plan *plan.Plan) (*Axis, error) {
	switch {
	case strings.HasPrefix(r.Key, "run."):
		return nil, decide.Wrong("vary", r.String(), "all points are runs of the same length and random numbers")
	case r.Points < leastPoints || r.Points > mostPoints || !(r.From < r.To):
		return nil, decide.Wrong("vary", r.String(), "%d to %d points between two ends, the lower one first, are "+
			"needed",
			leastPoints, mostPoints)
	case r.Key == media && !r.Times:
		return nil, decide.Wrong("vary", r.String(), "media is moved by factors, such as media=x0.5..x2:4")
	}
	a := &Axis{Key: r.Key, Times: r.Times, keys: []string{r.Key}}
	for i := range r.Points {
		a.Values = append(a.Values, r.From+(r.To-r.From)*float64(i)/float64(r.Points-1))
	}
	if r.Key == media {
		a.keys = nil
		for _, name := range budgets(plan) {
			a.keys = append(a.keys, budgetKey(name))
		}
		if len(a.keys) == 0 {
			return nil, &NoBudgetError{Plan: plan.Name}
		}
	}
	if a.Times && a.still(plan) {
		return nil, &NothingError{Key: a.Key, Low: a.Name(0), High: a.Name(r.Points - 1), Budget: a.Dollars(),
			First: a.keys[0], Points: r.Points}
	}
	return a, nil
}

// Dollars says whether the key is a budget, so that values are per dollar.
func (a *Axis) Dollars() bool { return strings.Contains(a.keys[0], ".weekly_budget") }

// Name is that of a value: 500, or x1.5.
func (a *Axis) Name(i int) string {
	text := strconv.FormatFloat(a.Values[i], 'g', 6, 64)
	if a.Times {
		return "x" + text
	}
	return text
}

// changes are those that give the plan a value.
func (a *Axis) changes(i int) (out []string) {
	for _, k := range a.keys {
		switch {
		case a.Times && a.Values[i] == 1: // the plan itself
		case a.Times:
			out = append(out, k+"*="+exact(a.Values[i]))
		default:
			out = append(out, k+"="+exact(a.Values[i]))
		}
	}
	return out
}

// farPrice says whether a value is a price further from the plan's than the record of what customers do reaches.
func (a *Axis) farPrice(plan *plan.Plan, i int) bool {
	if !strings.HasPrefix(a.Key, "products.") || !strings.HasSuffix(a.Key, ".price") {
		return false
	}
	far := func(times float64) bool { return math.Abs(times-1) > scenarios.PriceRecord+1e-9 }
	if a.Times {
		return far(a.Values[i])
	}
	numbers, _, err := plan.Numbers(a.Key)
	return err == nil && slices.ContainsFunc(numbers, func(x *float64) bool { return *x > 0 && far(a.Values[i] / *x) })
}

// exact writes a number so that it is read as the same.
func exact(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

// still says whether the keys are 0 throughout the run: times nothing is nothing.
func (a *Axis) still(p *plan.Plan) bool {
	zero := map[*float64]bool{}
	for _, key := range a.keys {
		numbers, _, err := p.Numbers(key)
		if err != nil {
			return false // said where the key is set
		}
		for _, x := range numbers {
			if *x != 0 {
				return false
			}
			zero[x] = true
		}
	}
	set := func(key string) bool {
		numbers, _, _ := p.Numbers(key)
		return slices.ContainsFunc(numbers, func(x *float64) bool { return zero[x] })
	}
	for _, s := range p.Schedules {
		if set(s.Key) {
			return false
		}
	}
	for _, c := range p.Changes {
		if slices.ContainsFunc(c.Effects, func(e plan.Effect) bool { return e.Sets() && set(e.Key) }) {
			return false
		}
	}
	return true
}

// budgets are the channels that a budget drives.
func budgets(plan *plan.Plan) (out []string) {
	for _, c := range plan.Channels {
		if c.Enabled && c.Driver == "budget" {
			out = append(out, c.Name)
		}
	}
	return out
}

func budgetKey(channel string) string { return "channels." + channel + ".weekly_budget" }
