package metric

import (
	"errors"
	"fmt"
	"slices"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/panel"
)

// Setting is a plan under the name that expressions call it by.
type Setting struct {
	Name string
	Plan *plan.Plan
}

// Schemas keeps the columns of plans, so that many expressions over many plans
// ask for them once.
type Schemas map[*plan.Plan]*plan.Schema

func (k Schemas) of(p *plan.Plan) *plan.Schema {
	if k[p] == nil {
		k[p] = model.NewSchema(p)
	}
	return k[p]
}

// Resolve ties expressions to settings: it checks that every setting and column
// exists and turns ratios of totals into the quotient of their parts. It must be
// called before Leaves.
func Resolve(settings []Setting, expressions ...*Expression) error {
	return Schemas{}.Resolve(settings, expressions...)
}

// Resolve is the function Resolve with columns that are known already.
func (k Schemas) Resolve(settings []Setting, expressions ...*Expression) error {
	column := func(l leaf) (node, error) {
		i := slices.IndexFunc(settings, func(s Setting) bool { return s.Name == l.Setting })
		if i < 0 {
			var names []string
			for _, s := range settings {
				names = append(names, s.Name)
			}
			return nil, l.at.wrong(l.at.setting, plan.Nearest(l.Setting, names), "there is no setting %q", l.Setting)
		}
		c, err := l.Measure.In(k.of(settings[i].Plan))
		var unknown *panel.UnknownError
		switch {
		case errors.As(err, &unknown):
			return nil, l.at.wrong(l.at.column, unknown.Near, "%s", unknown.Problem)
		case err != nil:
			return nil, l.at.wrong(l.at.column, "", "%v", err)
		case c.Over == "":
			return l, nil
		}
		over, under := l, l
		over.Measure.Column, under.Measure.Column = c.Over, c.Under
		return quotient{&c, over, under}, nil
	}
	for _, e := range expressions {
		if err := e.resolve(column); err != nil {
			return err
		}
	}
	return nil
}

// wrong is an error about a measure.
func (s spot) wrong(column int, hint, format string, args ...any) error {
	return &Error{Text: s.text, Column: column, Problem: s.within + fmt.Sprintf(format, args...), Hint: hint}
}

// Expressions lists the expressions of an inequality, to be resolved.
func (q *Inequality) Expressions() []*Expression { return []*Expression{q.Left, q.Right, q.diff} }

// Rename replaces the settings of an expression by those that are run for them.
func (e *Expression) Rename(names map[string]string) {
	e.root = rename(e.root, names)
}

func rename(n node, names map[string]string) node {
	switch x := n.(type) {
	case leaf:
		if to, ok := names[x.Setting]; ok {
			x.Setting = to
		}
		return x
	case quotient:
		return quotient{x.column, rename(x.over, names).(leaf), rename(x.under, names).(leaf)}
	case binary:
		return binary{x.op, rename(x.a, names), rename(x.b, names)}
	case call:
		out := call{name: x.name}
		for _, a := range x.args {
			out.args = append(out.args, rename(a, names))
		}
		return out
	}
	return n
}
