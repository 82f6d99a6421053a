package metric

import (
	"math"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/panel"
)

// Expression is arithmetic over means of measures; the package's documentation has the grammar.
type Expression struct {
	Text string
	root node
}

// spot is where a measure stands in a text.
type spot struct {
	text            string
	column, setting int    // of the measure, and of its setting
	within          string // before a problem
}

// node is a part of an expression.
type node interface {
	value(mean func(panel.Leaf) float64) float64
}

type (
	number float64
	leaf   struct {
		panel.Leaf
		at spot
	}
	binary struct {
		op   byte
		a, b node
	}
	call struct {
		name string
		args []node
	}
	// quotient is a ratio of totals, by the rule of its column.
	quotient struct {
		column      *plan.Column
		over, under leaf
	}
)

func (x number) value(func(panel.Leaf) float64) float64    { return float64(x) }
func (x leaf) value(mean func(panel.Leaf) float64) float64 { return mean(x.Leaf) }
func (x quotient) value(mean func(panel.Leaf) float64) float64 {
	return x.column.Quotient(x.over.value(mean), x.under.value(mean))
}
func (x binary) value(mean func(panel.Leaf) float64) float64 {
	a, b := x.a.value(mean), x.b.value(mean)
	switch x.op {
	case '+':
		return a + b
	case '-':
		return a - b
	case '*':
		return float64(a * b)
	}
	return a / b
}

func (x call) value(mean func(panel.Leaf) float64) float64 {
	v := x.args[0].value(mean)
	switch x.name {
	case "crossing":
		return x.crossing(v, mean)
	case "pow":
		return math.Pow(v, x.args[1].value(mean))
	}
	for _, a := range x.args[1:] {
		if x.name == "min" {
			v = math.Min(v, a.value(mean))
		} else {
			v = math.Max(v, a.value(mean))
		}
	}
	switch x.name {
	case "abs":
		return math.Abs(v)
	case "log":
		return math.Log(v)
	}
	return v
}

func (x call) crossing(level float64, mean func(panel.Leaf) float64) float64 {
	for i := 3; i+1 < len(x.args); i += 2 {
		a, b := x.args[i-1].value(mean)-level, x.args[i+1].value(mean)-level
		if last := i+2 == len(x.args); a == 0 || (a < 0) != (b < 0) || last && b == 0 {
			from, to := x.args[i-2].value(mean), x.args[i].value(mean)
			return from + float64((to-from)*(a/(a-b)))
		}
	}
	return math.NaN()
}

// Leaves lists the measures that an expression needs, each once.
func (e *Expression) Leaves() (out []panel.Leaf) {
	seen := map[panel.Leaf]bool{}
	walk(e.root, func(l panel.Leaf) {
		if !seen[l] {
			seen[l] = true
			out = append(out, l)
		}
	})
	return out
}

func walk(n node, visit func(panel.Leaf)) {
	walkNodes(n, func(n node) {
		if l, ok := n.(leaf); ok {
			visit(l.Leaf)
		}
	})
}

func walkNodes(n node, visit func(node)) {
	visit(n)
	switch x := n.(type) {
	case quotient:
		visit(x.over)
		visit(x.under)
	case binary:
		walkNodes(x.a, visit)
		walkNodes(x.b, visit)
	case call:
		for _, a := range x.args {
			walkNodes(a, visit)
		}
	}
}

// Estimate is the value of an expression with its jackknife error over
// replications, or over hypercubes where inputs are uncertain (Efron and Stein
// 1981): each group is left out of all settings at once. Missing numbers are
// left out of their mean. One chance of one setting has the interval of Wilson,
// which is of use where none or all of the replications count, and the difference of
// two that of pairs; a ratio of totals may be none, or beyond all numbers.
func (e *Expression) Estimate(p *panel.Panel) analysis.Estimate {
	if k, n, ok := e.chance(p); ok {
		return analysis.Chance(k, n)
	}
	switch x := e.root.(type) {
	case quotient:
		return analysis.RatioOf(x.column, p.Values(x.over.Leaf), p.Values(x.under.Leaf), p.Ties)
	case binary:
		a, ok1 := x.a.(leaf)
		b, ok2 := x.b.(leaf)
		if x.op == '-' && ok1 && ok2 && a.Measure.Chance() && b.Measure.Chance() {
			return analysis.ChanceChange(p.Values(b.Leaf), p.Values(a.Leaf), p.Ties.SeedsPerDraw)
		}
	}
	if len(e.Leaves()) == 0 { // a constant
		x := e.root.value(nil)
		return analysis.Estimate{Value: x, Low: x, High: x, N: p.Replications}
	}
	out := analysis.Jackknife(p.Replications, p.Ties, e.sums(p))
	if math.IsNaN(out.Value) {
		walkNodes(e.root, func(n node) {
			if q, ok := n.(quotient); ok && out.Reason == "" {
				out.Reason = analysis.RatioOf(q.column, p.Values(q.over.Leaf), p.Values(q.under.Leaf), p.Ties).Reason
			}
		})
		return analysis.Missing(out.N, out.Reason)
	}
	return out
}

// chance says whether the expression is one chance of one setting, nothing else,
// and replications are independent of each other; then it counts k of n.
func (e *Expression) chance(p *panel.Panel) (k, n int, ok bool) {
	l, ok := e.root.(leaf)
	if !ok || !l.Measure.Chance() || p.Ties.SeedsPerDraw > 1 {
		return 0, 0, false
	}
	for _, x := range p.Values(l.Leaf) {
		if x == 1 {
			k++
		}
	}
	return k, p.Replications, true
}

// sums gives the function of Jackknife: the value of the expression without the
// replications from one to another.
func (e *Expression) sums(p *panel.Panel) func(from, to int) float64 {
	type total struct{ sum, n float64 }
	totals := map[panel.Leaf]total{}
	add := func(l panel.Leaf, from, to int) (t total) {
		for _, x := range p.Values(l)[from:to] {
			if !math.IsNaN(x) {
				t.sum += x
				t.n++
			}
		}
		return t
	}
	for _, l := range e.Leaves() {
		totals[l] = add(l, 0, p.Replications)
	}
	return func(from, to int) float64 {
		return e.root.value(func(l panel.Leaf) float64 {
			t, out := totals[l], add(l, from, to)
			return (t.sum - out.sum) / (t.n - out.n)
		})
	}
}

// Resolve replaces every ratio of totals by the quotient of its parts. It must be
// done before a design is made of the leaves.
func (e *Expression) resolve(column func(leaf) (node, error)) error {
	var err error
	e.root, err = resolve(e.root, column)
	return err
}

func resolve(n node, column func(leaf) (node, error)) (node, error) {
	switch x := n.(type) {
	case leaf:
		return column(x)
	case binary:
		a, err := resolve(x.a, column)
		if err != nil {
			return nil, err
		}
		b, err := resolve(x.b, column)
		return binary{x.op, a, b}, err
	case call:
		out := call{name: x.name}
		for _, a := range x.args {
			r, err := resolve(a, column)
			if err != nil {
				return nil, err
			}
			out.args = append(out.args, r)
		}
		return out, nil
	}
	return n, nil
}
