package study

import (
	"fmt"

	"windfall/sim/metric"
)

// formulas is what the formulas of the study may use by name: the expressions of [study.let],
// the names of parts of the plan, the numbers of the scenario, --set included.
func (b *builder) formulas() *metric.Names {
	if b.names == nil {
		b.names = &metric.Names{Let: map[string]string{}, List: b.namesIn, Key: b.numberOf}
		for _, name := range keysOf(b.lets) {
			b.names.Let[name] = b.needText(b.lets, "study.let", name)
		}
	}
	return b.names
}

// numberOf gives the number that a key has in the scenario. A key that names
// several numbers must give them all one value.
func (b *builder) numberOf(key string) (float64, error) {
	numbers, _, err := b.base.Plan.Numbers(key)
	if err != nil {
		return 0, err
	}
	for _, x := range numbers {
		if *x != *numbers[0] {
			return 0, fmt.Errorf("the numbers of this key differ: %g and %g; name one of them", *numbers[0], *x)
		}
	}
	return *numbers[0], nil
}
