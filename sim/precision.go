package sim

import (
	"cmp"
	"fmt"
	"math"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/store"
)

// Precision is a target for the Monte Carlo error of one metric: the run goes on
// until half of its 95% interval is below HalfWidth.
type Precision struct {
	Metric    string  // in the goal language: an outcome (its mean), p10(...), P(...)
	HalfWidth float64 // in the metric's unit, or relative to its value
	Relative  bool
}

// ParsePrecision reads METRIC=1% (relative) or METRIC=250 (absolute). The error is a *metric.Error.
func ParsePrecision(text string, columns []plan.Column) (Precision, error) {
	p, err := metric.ParsePrecision(text, columns)
	if err != nil {
		return Precision{}, err
	}
	return Precision{p.Metric.Text, p.HalfWidth, p.Relative}, nil
}

// String writes the target as ParsePrecision reads it.
func (p Precision) String() string {
	switch {
	case p.Metric == "":
		return ""
	case p.Relative:
		return fmt.Sprintf("%s=%.12g%%", p.Metric, 100*p.HalfWidth)
	}
	return fmt.Sprintf("%s=%.12g", p.Metric, p.HalfWidth)
}

// ratio is the half-width over the one asked for. Replications that are all alike
// say nothing of the rest, so without any spread it is infinite. A chance that was
// never seen has no size of its own: a relative target is then one of points.
func (p Precision) ratio(e analysis.Estimate, chance bool) float64 {
	want := p.HalfWidth
	if p.Relative && !(chance && e.Value == 0) {
		want *= math.Abs(e.Value)
	}
	if e.HalfWidth() == 0 {
		return math.Inf(1)
	}
	return e.HalfWidth() / want
}

const (
	// leastFixed and leastUncertain are the numbers of blocks before the first look: 200
	// replications, with uncertain inputs 40 hypercubes. Who looks at the error of fewer
	// stops where it came out small by chance (TestIntervalsOfPreciseRunsCover).
	leastFixed, leastUncertain = 4, 8
	// MostReplications is where a run gives a target up, unless it is told.
	MostReplications = 100_000
)

// Least is the number of replications before the first look at the error.
func (d *Design) Least() int {
	if d.ToVerdict {
		return min(LeastPairs, d.AtMost())
	}
	return BlockSize * min(leastBlocks(len(d.plan().Inputs)), store.BlocksOf(d.AtMost()))
}

// leastBlocks is the number of blocks before the first look of a plan with so many
// uncertain inputs.
func leastBlocks(inputs int) int {
	if inputs > 0 {
		return leastUncertain
	}
	return leastFixed
}

// AtMost is the number of replications at which a target is given up.
func (d *Design) AtMost() int {
	if d.ToVerdict {
		return cmp.Or(d.Most, d.replications())
	}
	return cmp.Or(d.Most, MostReplications)
}

// stoppingRule looks for the block at which the target is reached. The estimate is
// made from whole blocks in their order, after the least number of blocks and
// then after each further block, or each further 2% of blocks: so where it
// stops depends neither on the workers nor on interruptions. Blocks that were
// run beyond are discarded.
type stoppingRule struct {
	target  Precision
	metric  *metric.Metric
	names   []string // outcomes that the metric reads
	columns []plan.Column
	ties    analysis.Ties
	chance  bool // the metric is one
	series  *store.Series

	run     int // block to run next
	check   int // blocks at which to check next
	most    int // blocks
	least   int // blocks before the first look
	values  map[string][]float64
	blocks  int                          // at the front, that are in values
	waiting map[int]map[string][]float64 // blocks further on
	last    analysis.Estimate
	end     int // blocks of the run, once known
	reached bool
}

func newStoppingRule(target Precision, atMost int, schema *plan.Schema, series *store.Series) (*stoppingRule, error) {
	m, err := metric.ParseMetric(target.Metric, schema.Outcomes)
	if err != nil {
		return nil, err
	}
	p := &stoppingRule{
		target: target, metric: m, names: m.Outcomes(), columns: schema.Outcomes, series: series,
		values: map[string][]float64{}, waiting: map[int]map[string][]float64{}, most: store.BlocksOf(atMost),
	}
	p.least = min(leastBlocks(len(schema.Inputs)), p.most)
	p.check = p.least
	p.chance = analysis.Statistic(m.Column) == "chance"
	if len(schema.Inputs) > 0 {
		p.ties.Cube = plan.Hypercube
	}
	return p, nil
}

// next implements rule.
func (p *stoppingRule) next() (block int, ok bool, err error) {
	for p.end == 0 && p.run < p.most {
		block, p.run = p.run, p.run+1
		if p.series.Count(block) < BlockSize {
			return block, true, nil
		}
		b, err := p.series.Read(block)
		if err != nil {
			return 0, false, err
		}
		p.put(b)
	}
	return 0, false, nil
}

// put implements rule: it checks the target where it is time.
func (p *stoppingRule) put(b *store.Block) {
	values := map[string][]float64{}
	for i, c := range p.columns {
		for _, name := range p.names {
			if c.Name == name {
				values[name] = append([]float64(nil), b.Columns[i]...)
			}
		}
	}
	p.waiting[b.Number] = values
	for p.end == 0 && p.waiting[p.blocks] != nil {
		for name, x := range p.waiting[p.blocks] {
			p.values[name] = append(p.values[name], x...)
		}
		delete(p.waiting, p.blocks)
		p.blocks++
		if p.blocks >= p.check {
			p.check = p.blocks + max(1, p.blocks/50)
			p.judge()
		}
	}
}

func (p *stoppingRule) judge() {
	sample := &analysis.Sample{Columns: p.columns, N: p.blocks * BlockSize, Ties: p.ties,
		Outcome: func(i int) ([]float64, error) { return p.values[p.columns[i].Name], nil }}
	var err error
	if p.last, err = p.metric.Estimate(sample); err != nil {
		panic(err) // the metric was parsed against the same columns
	}
	p.reached = p.target.ratio(p.last, p.chance) < 1
	if p.reached || p.blocks >= p.most {
		p.end = p.blocks
	}
	p.check = min(p.check, p.most)
}

// forecast implements rule: before the first look it is the least number of
// replications, then a guess. The error falls with the root of the number.
func (p *stoppingRule) forecast() (int, bool) {
	most := p.most * BlockSize
	n := p.needed()
	switch {
	case p.last.N == 0:
		return p.least * BlockSize, true
	case n < float64(most):
		return max(int(n), p.blocks*BlockSize), true
	}
	return most, true
}

// endsBefore implements rule.
func (p *stoppingRule) endsBefore(block int) bool { return p.end > 0 && block >= p.end }

// finished implements rule.
func (p *stoppingRule) finished() bool { return p.end > 0 }

// length implements rule.
func (p *stoppingRule) length() (replications int, reached bool, warning string) {
	if !p.reached {
		warning = p.short()
	}
	return p.end * BlockSize, p.reached, warning
}

// needed guesses at how many replications the target is reached; not a number or
// infinite where nobody can tell.
func (p *stoppingRule) needed() float64 {
	r := p.target.ratio(p.last, p.chance)
	return float64(p.last.N) * r * r
}

// short says why the target was not reached, and what would reach it.
func (p *stoppingRule) short() string {
	text := fmt.Sprintf("precision %s was not reached in %d runs", p.target, p.end*BlockSize)
	n := p.needed()
	switch {
	case !p.last.Known():
		return text + ": " + cmp.Or(p.last.Reason, "the metric has no value")
	case p.last.HalfWidth() == 0:
		return text + ": all of them have the same value, which says nothing of rarer ones"
	case p.last.Needs > 0:
		return text + ": " + p.last.Short()
	case math.IsNaN(n) || math.IsInf(n, 0):
		return text + ": its interval is open"
	}
	return text + fmt.Sprintf(": half of the 95%% interval is %.3g times what was asked for; about %s runs "+
		"would do (--at-most)", p.target.ratio(p.last, p.chance), inFull(n))
}

// inFull writes a rough number by its two first digits: 620000.
func inFull(n float64) string {
	step := 1.0
	for n/step >= 100 {
		step *= 10
	}
	return plan.FormatNumber(math.Ceil(n/step) * step)
}
