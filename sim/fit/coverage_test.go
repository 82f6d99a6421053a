package fit_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios/company"
	"windfall/sim/fit"
	"windfall/sim/fit/learned"
)

// covered is how well the truths of synthetic companies were found.
type covered struct {
	names           []string
	z               [][]float64 // company x unknown: (truth - mean)/sd
	ratio, off      [][]float64 // sd over that of the prior; (mean - that of the prior) over its sd
	truths, means   [][]float64
	in              [2]int // forecasts of customers won and CAC inside of their 90% intervals
	width           [2][]float64
	floor, won      []float64
	least           []float64 // what any method would leave of the width of saturation, at the leads of each company
	runs, companies int
}

// study is a set of synthetic companies.
type study struct {
	market           *plan.Plan // that of the fit
	truth            *plan.Plan // that of the companies; nil: the same
	varied           bool
	first, companies int
	workers          int // 0: one per CPU
}

// cover fits the companies of a study.
func cover(t *testing.T, s study) *covered {
	u := twenty(s.market)
	c := &covered{}
	for i := range u {
		c.names = append(c.names, u[i].Name)
	}
	for k := s.first; k < s.first+s.companies; k++ {
		c.add(t, s, u, k)
	}
	return c
}

// add fits a company.
func (c *covered) add(t *testing.T, s study, u []learned.Unknown, number int) {
	x := truth(u, number)
	lived := s.truth
	if lived == nil {
		lived = s.market
	}
	h, won, cac, err := fit.Simulate(lived, spends(s.market, s.varied), u, x, 5, fmt.Sprint(number), 52)
	require.NoError(t, err)
	c.leastOf(t, lived, h, u, x)
	a := &fit.Ask{Plan: s.market, History: h, Unknowns: u, Errors: &fit.ModelError{}, Ahead: 52, NoBackTest: true,
		Seed: 3, Workers: s.workers}
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
		next := [2]float64{won, cac}
		if next[k] >= f.Low && next[k] <= f.High {
			c.in[k]++
		}
		c.width[k] = append(c.width[k], f.Width)
	}
	c.floor = append(c.floor, answer.Forecast[0].Floor)
	c.won = append(c.won, won)
	c.runs += answer.Runs
	c.companies++
}

// leastOf adds the floor of a company.
func (c *covered) leastOf(t *testing.T, lived *plan.Plan, h *company.History, u []learned.Unknown, x []float64) {
	least, err := fit.SaturationFloor(lived, h, u, x)
	require.NoError(t, err)
	c.least = append(c.least, least)
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

// ranks is the chi-square of the histogram of ranks of truths in 10 bins, against a flat one.
func (c *covered) ranks() (chi float64, bins [10]int) {
	n := 0.0
	for _, row := range c.z {
		for _, z := range row {
			bins[min(9, int(10*rng.NormalCDF(z)))]++
			n++
		}
	}
	for _, k := range bins {
		chi += (float64(k) - n/10) * (float64(k) - n/10) / (n / 10)
	}
	return chi, bins
}

func meanAbs(list []float64) (m float64) {
	for _, x := range list {
		m += math.Abs(x) / float64(len(list))
	}
	return m
}

// row is the row of a study in the table.
func (c *covered) row(name string) string {
	ninety, least, which := c.within(1.6449)
	fifty, _, _ := c.within(0.6745)
	chi, _ := c.ranks()
	saturation := func(table [][]float64) []float64 { return c.of(table, "saturation") }
	return fmt.Sprintf("| %s | %d | %.1f%% | %.0f%% (%s) | %.1f%% | %.2f | %.1f | %.2f, %.2f | %.2f | %.2f | %.0f | %d, %d | %.2f | %.2f | %.2f "+
		"| %d |\n", name, c.companies, 100*ninety, 100*least, which, 100*fifty, c.rootMeanSquare(), chi,
		meanOf(saturation(c.ratio)), meanAbs(saturation(c.off)), meanOf(c.least), correlation(saturation(c.means), saturation(c.truths)),
		meanOf(c.won), c.in[0], c.in[1], meanOf(c.width[0]), meanOf(c.width[1]), meanOf(c.floor), c.runs/c.companies)
}

// Four companies of a tenth of metro: the truths of their 20 unknowns lie in the 90% intervals about as often as they
// say, and constant spend teaches nothing of saturation.
func TestCoverageOfSomeCompanies(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("twenty seconds of CPU time: with WINDFALL_VERIFY=1, as make test does")
	}
	p := quick(t, 0.1)
	constant := cover(t, study{market: p, first: 100, companies: 2})
	varied := cover(t, study{market: p, varied: true, first: 102, companies: 2})
	for _, sd := range constant.of(constant.ratio, "saturation") {
		require.Greater(t, sd, 0.93)
	}
	for _, off := range constant.of(constant.off, "saturation") {
		require.Less(t, math.Abs(off), 0.35)
	}
	require.Less(t, meanOf(varied.of(varied.ratio, "saturation")), 0.95)
	both := &covered{names: constant.names, z: append(constant.z, varied.z...)}
	in, _, _ := both.within(1.6449)
	require.GreaterOrEqual(t, in, 0.78)
	require.LessOrEqual(t, in, 0.99)
	require.Less(t, meanOf(constant.of(constant.ratio, "level.paid-search")), 0.3, "leads show the level of a large channel")
}

const tableHead = "| companies | n | 90% | least (unknown) | 50% | rms z | ranks | saturation: sd, moves | its floor | correlation | won per year | " +
	"won, CAC inside | width won | CAC | floor | runs |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n"

// The long version: 40 companies of a quarter of metro for both spends, half of metro (some 500 won per year) and other
// sizes for the width of forecasts, and companies whose truth has another window, memory and need of touches.
func TestCoverage(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" && os.Getenv("WINDFALL_RECORD") != "1" {
		t.Skip("half an hour of CPU time: with WINDFALL_VERIFY=1")
	}
	wrong := func(share float64) *plan.Plan {
		p := market(t, share)
		p.Journey.MemoryWeeks *= 0.7
		for i := range p.Journey.TouchesNeeded {
			p.Journey.TouchesNeeded[i] *= 1.2
		}
		for i := range p.Triggers {
			p.Triggers[i].WindowWeeks *= 1.25
		}
		return p
	}
	table := tableHead
	run := func(name string, s study) *covered {
		c := cover(t, s)
		t.Log("\n" + c.row(name))
		table += c.row(name)
		return c
	}
	constant := run("a quarter, constant spend", study{market: market(t, 0.25), companies: 40})
	varied := run("a quarter, varied spend", study{market: market(t, 0.25), varied: true, companies: 40})
	for name, c := range map[string]*covered{"constant": constant, "varied": varied} {
		ninety, least, which := c.within(1.6449)
		fifty, _, _ := c.within(0.6745)
		chi, bins := c.ranks()
		assert.GreaterOrEqual(t, ninety, 0.86, name)
		assert.LessOrEqual(t, ninety, 0.94, name)
		assert.GreaterOrEqual(t, least, 0.75, "%s: %s", name, which)
		assert.GreaterOrEqual(t, fifty, 0.44, name)
		assert.LessOrEqual(t, fifty, 0.58, name)
		assert.Less(t, chi, 27.88, "%s: %v, a chi-square of 9 degrees at 0.001", name, bins)
		for k := range c.in {
			assert.GreaterOrEqual(t, float64(c.in[k]), 0.8*40, name)
		}
	}
	assert.GreaterOrEqual(t, meanOf(constant.of(constant.ratio, "saturation")), 0.93)
	assert.LessOrEqual(t, meanAbs(constant.of(constant.off, "saturation")), 0.35)
	// At most 0.65 is asked. While it is missed, the page says so; once it is met, the page may not.
	shown, err := os.ReadFile("../../docs/verification.md")
	require.NoError(t, err)
	assert.Equal(t, meanOf(varied.of(varied.ratio, "saturation")) > 0.65, strings.Contains(string(shown), "where 0.65 is asked"))
	assert.LessOrEqual(t, meanOf(varied.of(varied.ratio, "saturation")), meanOf(varied.least)+0.06, "it leaves little unused")
	assert.GreaterOrEqual(t, correlation(varied.of(varied.means, "saturation"), varied.of(varied.truths, "saturation")), 0.75)
	half := run("a half, varied spend", study{market: market(t, 0.5), varied: true, companies: 8})
	assert.LessOrEqual(t, meanOf(half.width[0]), 0.25)
	assert.LessOrEqual(t, meanOf(half.of(half.ratio, "saturation")), 0.65, "at some 500 won per year")
	assert.GreaterOrEqual(t, correlation(half.of(half.means, "saturation"), half.of(half.truths, "saturation")), 0.75)
	for _, s := range []struct {
		name  string
		share float64
		n     int
	}{{"a 20th, constant spend", 0.05, 8}, {"a 6th, constant spend", 1. / 6, 8}, {"twice metro, constant spend", 2, 4}} {
		run(s.name, study{market: market(t, s.share), companies: s.n})
	}
	missed := run("a quarter, another truth", study{market: market(t, 0.25), truth: wrong(0.25), companies: 8})
	assert.GreaterOrEqual(t, missed.in[0], 6)
	record(t, table)
}

// record holds the table against the one between its marks in docs/verification.md, or writes it there with
// WINDFALL_RECORD=1.
func record(t *testing.T, table string) {
	t.Helper()
	const file, begin, end = "../../docs/verification.md", "<!-- coverage of fits -->\n", "<!-- end of coverage of fits -->\n"
	page, err := os.ReadFile(file)
	require.NoError(t, err)
	before, rest, ok := strings.Cut(string(page), begin)
	require.True(t, ok)
	shown, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	if os.Getenv("WINDFALL_RECORD") == "1" {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+table+end+after), 0o600))
		return
	}
	assert.Equal(t, table, shown, "the table of "+file)
}
