package dense_test

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
	"testing"
)

const (
	referenceSeed = 2013
	engineSeed    = 7
	// engineTimes is how many replications of the engine come on one of the
	// reference: the engine is cheap, and its part of the error shrinks.
	engineTimes = 2
	// familyError is the chance of a false alarm over all comparisons of all
	// markets, half of it for weekly paths and slices, half for all else.
	familyError = 0.001
)

// group tells which half of the family error a comparison shares.
func group(name string) int {
	if strings.HasPrefix(name, "week") || strings.HasPrefix(name, "slice") {
		return 1
	}
	return 0
}

// fails tells whether a comparison speaks against agreement.
func (c comparison) fails(bounds [2]float64) bool {
	if c.exact {
		return c.differs
	}
	return math.Abs(c.z) > bounds[group(c.name)]
}

// referenceNumbers runs the reference on a market, once for all tests.
func referenceNumbers(m market) numbers {
	key := fmt.Sprint(m.name, m.replications)
	if ran[key] == nil {
		ran[key] = fromReference(m.build(), referenceSeed, m.replications)
	}
	return ran[key]
}

var ran = map[string]numbers{}

// mostUsed are the markets that the short version compares.
var mostUsed = []string{"channels", "queue", "customers", "rivals"}

// TestDenseAgrees is V2 of docs/verification.md: the engine and
// the reference agree in distribution. The short version is that of some markets in a tenth of the replications, that
// of make test all markets in a fifth: it sees what differs by 2.2 times as much as TestDenseAgreesInFull does.
func TestDenseAgrees(t *testing.T) {
	var list []market
	for _, m := range markets() {
		if verifying {
			m.replications /= 5
			list = append(list, m)
		} else if slices.Contains(mostUsed, m.name) {
			list = append(list, m)
		}
	}
	agree(t, list)
}

// TestDenseAgreesInFull compares all markets in all replications.
func TestDenseAgreesInFull(t *testing.T) {
	if !verifying {
		t.Skip("minutes: with WINDFALL_VERIFY=1; make test runs a fifth of it")
	}
	agree(t, markets())
}

func agree(t *testing.T, list []market) {
	type result struct {
		market string
		comparison
	}
	var all []result
	var count [2]int
	for _, m := range list {
		for _, c := range compare(engineNumbers(t, m, m.build()), referenceNumbers(m)) {
			all = append(all, result{m.name, c})
			count[group(c.name)]++
		}
	}
	bounds := [2]float64{bound(familyError/2, count[0]), bound(familyError/2, count[1])}
	t.Logf("%d comparisons of totals and histories (bound %.2f), %d of weeks and slices (bound %.2f)", count[0], bounds[0], count[1], bounds[1])
	sort.SliceStable(all, func(i, j int) bool { return math.Abs(all[i].z) > math.Abs(all[j].z) })
	for i, c := range all {
		if c.fails(bounds) {
			t.Errorf("%s: %s: engine %.8g, reference %.8g, %+.1f", c.market, c.name, c.engine, c.dense, c.z)
		} else if i < 10 {
			t.Logf("%s: %s: engine %.6g, reference %.6g, %+.1f", c.market, c.name, c.engine, c.dense, c.z)
		}
	}
}
