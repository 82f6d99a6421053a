package estimate

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// every is a schedule that is on for so many weeks, off for as many, from a week until another.
func every(n, from, until, weeks int) []bool {
	on := make([]bool, weeks)
	for t := from; t < until; t++ {
		on[t] = (t-from)/n%2 == 0
	}
	return on
}

// Both have about the size that they state where errors are AR(1), and find an effect by its size.
func TestBesideAndScheduleHaveTheirSize(t *testing.T) {
	const studies, effect = 1500, -12.0
	on := every(2, 60, 84, 84)
	for _, rho := range []float64{0, 0.5} {
		source := rand.New(rand.NewPCG(7, uint64(10*rho)))
		alarms, found, total := map[string]int{}, map[string]int{}, map[string]float64{}
		for range studies {
			p := noisy(source, 2, 84, 1, 60, 84, rho)
			look := func(name string, e Estimate) {
				require.True(t, e.Applicable, e.Reason)
				if e.Wins() {
					alarms[name]++
				}
			}
			look("beside", Beside(p))
			look("schedule", Schedule(everywhere(p), on))
			for w := range 84 {
				if on[w] {
					p.Outcome[treatedOf(p)][w] += effect
				}
			}
			for name, e := range map[string]Estimate{"beside": Beside(p), "schedule": Schedule(everywhere(p), on)} {
				if e.Wins() {
					found[name]++
				}
				total[name] += e.Total / studies
			}
		}
		for _, name := range []string{"beside", "schedule"} {
			size := float64(alarms[name]) / studies
			sd := math.Sqrt(0.05 * 0.95 / studies)
			assert.InDelta(t, 0.05, size, 3*sd+0.02, "%s, rho %v: its size is approximate", name, rho)
			assert.InDelta(t, 12*effect, total[name], 20, "%s, rho %v", name, rho)
			assert.Greater(t, found[name], alarms[name], name)
		}
	}
}

// everywhere is a panel whose regions were all treated.
func everywhere(p Panel) Panel {
	p.Treated = slices.Clone(p.Treated)
	return national(p)
}

func treatedOf(p Panel) int {
	for r, yes := range p.Treated {
		if yes {
			return r
		}
	}
	return -1
}

// What reaches both regions by the same factor does not matter; without noise the effect is read off.
func TestBesideWithoutNoise(t *testing.T) {
	p := Panel{From: 20, To: 24, Treated: []bool{true, false}, Outcome: [][]float64{make([]float64, 24), make([]float64, 24)}}
	for w := range 24 {
		x := 10 + 3*math.Sin(float64(w))
		p.Outcome[0][w], p.Outcome[1][w] = 3*x, x
		if w >= 20 {
			p.Outcome[0][w] -= 5
		}
	}
	e := Beside(p)
	assert.InDelta(t, -20, e.Total, 1e-9)
	assert.True(t, e.Wins())
	assert.Less(t, e.P, 1e-6)
}

// A step on the schedule is its coefficient, whatever trend and season do.
func TestScheduleWithoutNoise(t *testing.T) {
	p := Panel{From: 60, To: 76, Treated: []bool{true}, Outcome: [][]float64{make([]float64, 76)}}
	on := every(4, 60, 76, 76)
	for w := range 76 {
		p.Outcome[0][w] = 50 + 0.2*float64(w) + 4*math.Cos(2*math.Pi*float64(w)/weeksOfYear)
		if on[w] {
			p.Outcome[0][w] += 7
		}
	}
	e := Schedule(p, on)
	assert.InDelta(t, 8*7, e.Total, 1e-6)
	assert.True(t, e.Wins())
}

func TestWhatPlannedTestsRefuse(t *testing.T) {
	p := Panel{From: 20, To: 24, Treated: []bool{true, true}, Outcome: [][]float64{make([]float64, 24), make([]float64, 24)}}
	assert.Contains(t, Beside(p).Reason, "none is left to compare with")
	p.Treated[1] = false
	assert.Contains(t, Beside(p).Reason, "no outcome before it")
	assert.Contains(t, Schedule(p, make([]bool, 24)).Reason, "the schedule is on in 0")
	p.From = 3
	assert.Contains(t, Beside(p).Reason, "at least 12 are needed")
	assert.Contains(t, Schedule(p, nil).Reason, "at least 12 are needed")
}

// Chance assignment decides from 20 sets on that say different things.
func TestWhenChanceAssignmentDecides(t *testing.T) {
	for _, c := range []struct {
		regions, treated int
		want             bool
	}{{2, 1, false}, {6, 3, false}, {7, 3, true}, {8, 4, true}, {19, 1, false}, {20, 1, true}, {8, 0, false}, {8, 8, false}} {
		treated := make([]bool, c.regions)
		for i := range c.treated {
			treated[i] = true
		}
		assert.Equal(t, c.want, Decides(treated), "%d of %d", c.treated, c.regions)
	}
}
