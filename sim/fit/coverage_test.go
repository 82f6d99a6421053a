package fit_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios/company"
	"windfall/sim/fit"
)

// covered is how well the truths of synthetic companies were found.
type covered struct {
	names           []string
	z               [][]float64 // company x unknown: (truth - mean)/sd
	ratio, off      [][]float64 // sd over that of the prior; (mean - that of the prior) over its sd
	truths, means   [][]float64
	in              [2]int // forecasts of customers won and CAC inside of their 90% intervals
	width           [2][]float64
	floor           []float64
	runs, companies int
}

// cover fits some companies of a market, from the first on.
func cover(t *testing.T, p *plan.Plan, varied bool, first, companies, workers int) *covered {
	u := twenty(p)
	c := &covered{companies: companies}
	for i := range u {
		c.names = append(c.names, u[i].Name)
	}
	for k := first; k < first+companies; k++ {
		x := truth(u, k)
		h, won, cac, err := fit.Simulate(p, spends(p, varied), u, x, 5, fmt.Sprint(k), 52)
		require.NoError(t, err)
		c.add(t, p, h, u, x, [2]float64{won, cac}, workers)
	}
	return c
}

// add fits a company.
func (c *covered) add(t *testing.T, p *plan.Plan, h *company.History, u []fit.Unknown, x []float64, next [2]float64,
	workers int) {
	a := &fit.Ask{Plan: p, History: h, Unknowns: u, Ahead: 52, NoBackTest: true, Seed: 3, Workers: workers}
	answer, err := a.Run(context.Background())
	require.NoError(t, err)
	n := len(u)
	z, ratio, off, mean := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i, e := range answer.Unknowns {
		z[i], ratio[i], mean[i] = (x[i]-e.Mean)/e.SD, e.Ratio, e.Mean
		off[i] = (e.Mean - e.Prior.Mean) / e.Prior.SD
	}
	c.z, c.ratio, c.off = append(c.z, z), append(c.ratio, ratio), append(c.off, off)
	c.truths, c.means = append(c.truths, x), append(c.means, mean)
	for k, f := range answer.Forecast {
		if next[k] >= f.Low && next[k] <= f.High {
			c.in[k]++
		}
		c.width[k] = append(c.width[k], f.Width)
	}
	c.floor = append(c.floor, answer.Forecast[0].Floor)
	c.runs += answer.Runs
}

// within is the share of all truths within some standard deviations, and of the unknown that has the fewest.
func (c *covered) within(sd float64) (all, least float64, which string) {
	least = 1
	for i := range c.names {
		n := 0.0
		for k := range c.z {
			if math.Abs(c.z[k][i]) < sd {
				n++
			}
		}
		if n /= float64(len(c.z)); n < least {
			least, which = n, c.names[i]
		}
		all += n / float64(len(c.names))
	}
	return all, least, which
}

// of is the column of an unknown.
func (c *covered) of(table [][]float64, name string) (out []float64) {
	i := slices.Index(c.names, name)
	for k := range table {
		out = append(out, table[k][i])
	}
	return out
}

func meanOf(list []float64) (m float64) {
	for _, x := range list {
		m += x / float64(len(list))
	}
	return m
}

func correlation(a, b []float64) float64 {
	ma, mb := meanOf(a), meanOf(b)
	var ab, aa, bb float64
	for i := range a {
		ab += (a[i] - ma) * (b[i] - mb)
		aa += (a[i] - ma) * (a[i] - ma)
		bb += (b[i] - mb) * (b[i] - mb)
	}
	return ab / math.Sqrt(aa*bb)
}

// rootMeanSquare of the standardised errors: 1 where the intervals are as wide as they should be.
func (c *covered) rootMeanSquare() float64 {
	var sum, n float64
	for _, row := range c.z {
		for _, z := range row {
			sum += z * z
			n++
		}
	}
	return math.Sqrt(sum / n)
}

func (c *covered) String() string {
	ninety, least, which := c.within(1.6449)
	fifty, _, _ := c.within(0.6745)
	s := fmt.Sprintf("90%%: %.3f (least %.2f, %s)  50%%: %.3f  rms z %.3f  runs %d\n", ninety, least, which, fifty,
		c.rootMeanSquare(), c.runs/c.companies)
	s += fmt.Sprintf("saturation: sd ratio %.3f, moves %.3f, correlation %.2f\n", meanOf(c.of(c.ratio, "saturation")),
		meanAbs(c.of(c.off, "saturation")), correlation(c.of(c.means, "saturation"), c.of(c.truths, "saturation")))
	s += fmt.Sprintf("won: %d of %d, width %.3f, floor %.3f; cac: %d, width %.3f\n", c.in[0], c.companies,
		meanOf(c.width[0]), meanOf(c.floor), c.in[1], meanOf(c.width[1]))
	for i, name := range c.names {
		in := 0
		for k := range c.z {
			if math.Abs(c.z[k][i]) < 1.6449 {
				in++
			}
		}
		s += fmt.Sprintf("  %-22s %3d of %d  ratio %.2f\n", name, in, c.companies, meanOf(c.of(c.ratio, name)))
	}
	return s
}

func meanAbs(list []float64) (m float64) {
	for _, x := range list {
		m += math.Abs(x) / float64(len(list))
	}
	return m
}
