package panel

import (
	"fmt"

	"windfall/model/plan"
	"windfall/sim/analysis"
)

// Leaf is a measure of a setting.
type Leaf struct {
	Setting string
	Measure Measure
}

// Panel holds the measures of all settings, replication by replication.
type Panel struct {
	Replications int
	Ties         analysis.Ties
	// Further is the settings that were run more often than the others, from the first replication on; nil: none were.
	Further *Panel
	values  map[Leaf][]float64
}

// Values gives a measure by replication; nil if it was not kept.
func (p *Panel) Values(l Leaf) []float64 { return p.values[l] }

// NewPanel is a panel of given numbers, all of one length, for tests and for
// analyses of functions with known answers.
func NewPanel(t analysis.Ties, values map[Leaf][]float64) *Panel {
	p := &Panel{Ties: t, values: values}
	for _, v := range values {
		p.Replications = len(v)
	}
	return p
}

// Sample is the sample of a setting: the outcomes that were kept of it.
func (p *Panel) Sample(setting string, columns []plan.Column) *analysis.Sample {
	return &analysis.Sample{Columns: columns, N: p.Replications, Ties: p.Ties, Outcome: func(i int) ([]float64, error) {
		if v := p.Values(Leaf{setting, Measure{Column: columns[i].Name}}); v != nil {
			return v, nil
		}
		return nil, fmt.Errorf("%s of %s was not kept", columns[i].Name, setting)
	}}
}
