// Package sensitivity asks which uncertain inputs of a plan matter, and how much is chance:
// the variance of a number is split over the inputs and chance (Sobol indices), and each
// input is moved by itself (tornado).
package sensitivity

import (
	"cmp"
	"fmt"
	"slices"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// Defaults: rows of the design, and the runs that they may come to by themselves, some
// minutes on two cores. Intervals of fewer than Few rows are doubtful.
const (
	Rows = 512
	Runs = 10_000
	Few  = 100
)

// The tornado moves an input between its ends, which are probabilities, under so many seeds; the others stand at the
// middle, where a table of draws has its medoid. Many inputs take much of the runs that there are, so by default it has
// half of them.
const (
	seeds    = 16
	fewSeeds = seeds / 2
	middle   = 0.5
)

var ends = [2]float64{0.05, 0.95}

// basis is the one setting of a design.
const basis = "plan"

// Ask is a question about a plan with uncertain inputs.
type Ask struct {
	Plan *plan.Plan
	// Outcomes are explained, metrics of each run in the language of goals. When is a
	// condition of which it is explained when it holds. Metric is in place of both where
	// neither is given.
	Outcomes     []string
	When, Metric string
	// Rows of the design; 0: as many as come to Runs, Rows at most.
	Rows int
}

// checked is an ask that can be answered.
type checked struct {
	Ask
	plan    *decide.Uncertain
	metrics []*metric.Metric
	groups  [][]int // of factors that correlations tie
	sobol   analysis.SobolDesign
	seeds   int
}

// check finds what is wrong with an ask.
func (a Ask) check() (_ *checked, err error) {
	c := &checked{Ask: a}
	if c.plan, err = decide.UncertainOf(a.Plan); err != nil {
		return nil, err
	}
	if err := c.parse(c.plan.Prepared.Schema().Outcomes); err != nil {
		return nil, err
	}
	c.groups = c.plan.Prepared.Plan().TiedFactors()
	if c.seeds = seeds; a.Rows == 0 {
		c.seeds = fewSeeds
	}
	columns := len(c.groups) + 1 // the last is chance
	c.sobol = analysis.SobolDesign{Rows: cmp.Or(a.Rows, rowsFor(columns, len(c.plan.Factors))), Columns: columns}
	return c, nil
}

// parse reads what is to be explained.
func (c *checked) parse(columns []plan.Column) error {
	texts := slices.Clone(c.Outcomes)
	if c.When != "" {
		texts = append(texts, "P("+c.When+")")
		if _, err := metric.ParseCondition(c.When, columns); err != nil {
			return decide.Invalid("when", err)
		}
	}
	if len(texts) == 0 {
		texts = []string{c.Metric}
	}
	for _, text := range texts {
		m, err := metric.ParseMetric(text, columns)
		if err != nil {
			return decide.Invalid("outcome", err)
		}
		if m.P > 0 {
			return decide.Wrong("outcome", text, "a percentile is of many runs; a number of each run is needed, such as "+
				"%s or P(%s < ...)", m.Outcome, m.Outcome)
		}
		c.metrics = append(c.metrics, m)
	}
	return nil
}

// rowsFor is the number of rows that is run unless one is asked for: as many as there is
// time for.
func rowsFor(columns, inputs int) int {
	return max(64, min(Rows, (Runs-settings(inputs)*fewSeeds)/(columns+2)))
}

// settings are those of the tornado: all inputs at the middle, and each at its ends.
func settings(inputs int) int { return 1 + 2*inputs }

// chance is the column of the design that stands for it.
func (c *checked) chance() int { return len(c.groups) }

// Design is what is to be run: the plan at the points of the design, then at those of the
// tornado. The error is a *decide.Problem or a *decide.CertainError.
func (a Ask) Design() (*decide.Design, error) {
	c, err := a.check()
	if err != nil {
		return nil, err
	}
	d := c.Designed()
	d.At = c.at(d.Seed)
	return d, nil
}

// Designed is all of the design but its points.
func (c *checked) Designed() *decide.Design {
	d := &decide.Design{Replications: c.sobol.Points() + settings(len(c.plan.Factors))*c.seeds,
		Seed: uint64(c.Plan.Run.Seed), Settings: []decide.Setting{{Name: basis, Plan: c.Plan}}, Asked: []string{"of"},
		Points: fmt.Sprintf(" sensitivity %d %d", c.sobol.Rows, c.seeds)}
	for _, m := range c.metrics {
		d.Asked = append(d.Asked, m.Text)
		for _, column := range columnsOf(m) {
			d.Keep(basis, panel.Measure{Column: column})
		}
	}
	d.Keep(basis, panel.Measure{Column: decide.Ruin})
	return d
}

// columnsOf are those that give a metric in each run.
func columnsOf(m *metric.Metric) []string {
	if m.When != nil {
		return m.When.Outcomes()
	}
	return []string{m.Outcome}
}

// at gives the points of the design: their inputs and the address of their chance.
func (c *checked) at(seed uint64) func(i int, at []float64) (chance int) {
	// The two samples come from blocks of their own.
	second := (c.sobol.Rows + plan.BlockSize - 1) / plan.BlockSize * plan.BlockSize
	draws := c.plan.Prepared.Plan().FactorDraws(seed, second+c.sobol.Rows)
	return func(i int, at []float64) int {
		if i >= c.sobol.Points() {
			return moved(i-c.sobol.Points(), c.seeds, at)
		}
		row, take := c.sobol.Point(i)
		copy(at, draws[row])
		for g, members := range c.groups {
			if !analysis.FromB(take, g) {
				continue
			}
			for _, m := range members {
				at[m] = draws[second+row][m]
			}
		}
		if analysis.FromB(take, c.chance()) {
			return second + row
		}
		return row
	}
}

// moved gives a point of the tornado.
func moved(i, seeds int, at []float64) (chance int) {
	for k := range at {
		at[k] = middle
	}
	if s := i / seeds; s > 0 {
		at[(s-1)/2] = ends[(s-1)%2]
	}
	return i % seeds
}
