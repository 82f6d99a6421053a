package analysis

import (
	"fmt"

	"windfall/model/plan"
)

// Sample is the outcomes of the replications of one run.
type Sample struct {
	Columns []plan.Column
	N       int // replications
	Ties    Ties
	// Outcome gives the values of a column by replication. They are not changed.
	Outcome func(column int) ([]float64, error)
}

// Values gives the values of a named outcome by replication.
func (s *Sample) Values(name string) ([]float64, error) {
	i := columnIndex(s.Columns, name)
	if i < 0 {
		return nil, fmt.Errorf("there is no outcome %q", name)
	}
	return s.Outcome(i)
}

// Statistic names the headline statistic of a column: a mean, a chance (of
// columns that are 0 or 1) or a ratio of totals.
func Statistic(c plan.Column) string {
	switch {
	case c.Over != "":
		return "ratio of totals"
	case c.Unit == "chance":
		return "chance"
	}
	return "mean"
}

// Headline is the headline statistic of a named outcome: its mean, its chance,
// or the quotient of its totals over replications.
func (s *Sample) Headline(name string) (Estimate, error) {
	values, err := s.Values(name)
	if err != nil {
		return Estimate{}, err
	}
	return s.headline(s.Columns[columnIndex(s.Columns, name)], values)
}

func (s *Sample) headline(c plan.Column, values []float64) (Estimate, error) {
	switch Statistic(c) {
	case "ratio of totals":
		over, err := s.Values(c.Over)
		if err != nil {
			return Estimate{}, err
		}
		under, err := s.Values(c.Under)
		if err != nil {
			return Estimate{}, err
		}
		return RatioOf(&c, over, under, s.Ties), nil
	case "chance":
		k, n := 0, 0
		for _, x := range values {
			if x == x {
				n++
			}
			if x == 1 {
				k++
			}
		}
		return Chance(k, n), nil
	}
	return MeanOf(&c, values, s.Ties), nil
}

// ScaleOf is the factor of a ratio, where 0 stands for 1.
func ScaleOf(c plan.Column) float64 {
	if c.Scale == 0 {
		return 1
	}
	return c.Scale
}

func columnIndex(columns []plan.Column, name string) int {
	for i, c := range columns {
		if c.Name == name {
			return i
		}
	}
	return -1
}
