package sim

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/sim/analysis"
	"windfall/sim/result"
	"windfall/sim/store"
	"windfall/sim/table"
)

// precise asks for the mean of cash_end, normal with mean 1,000 and standard
// deviation 100 in the fake engine, to 0.5%: about 1.96^2 x 100^2 / 5^2 = 1,537
// replications.
func precise(out string) Design {
	d := design(out)
	d.Precision, d.Replications = Precision{"cash_end", 0.005, true}, 0
	d.Settings[0].Plan = market(1, 1, 4, 0)
	return d
}

func TestPrecisionEndsAtTheSameBlockForAnyWorkers(t *testing.T) {
	dir := t.TempDir()
	var want map[string]string
	for _, workers := range []int{1, 2, 5} {
		d := precise(filepath.Join(dir, string(rune('0'+workers))))
		d.Workers = workers
		r := mustRun(t, d)
		assert.InDelta(t, 1537, r.Replications(), 150)
		assert.Zero(t, r.Replications()%BlockSize)
		assert.True(t, r.Manifest.Reached)
		blocks, _ := filepath.Glob(filepath.Join(d.Out, "blocks", "*"))
		assert.Len(t, blocks, r.Replications()/BlockSize, "blocks beyond the end are discarded")
		s, err := r.Summary()
		require.NoError(t, err)
		e := s.Outcome("cash_end").Estimate
		assert.Less(t, e.HalfWidth(), 0.005*e.Value)
		if want == nil {
			want = content(t, d.Out, table.CSV)
		}
		requireSame(t, want, d.Out, table.CSV)
		// Again: nothing is run.
		d.Progress = func(Progress) { t.Error("a replication was run") }
		mustRun(t, d)
	}
	// The same number asked for outright gives the same bytes.
	n := len(mustGlob(t, filepath.Join(dir, "1", "blocks", "*"))) * BlockSize
	d := precise(filepath.Join(dir, "fixed"))
	d.Precision, d.Replications = Precision{}, n
	mustRun(t, d)
	requireSame(t, want, d.Out, table.CSV)
}

// In shards a target is reached round by round, and the end is that of one process.
func TestPrecisionInShardsEndsAtTheSameBlock(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, precise(filepath.Join(dir, "whole")))
	want := content(t, filepath.Join(dir, "whole"), table.CSV)
	for _, shards := range []int{1, 3, 7} {
		merged := filepath.Join(dir, fmt.Sprintf("merged-%d", shards))
		rounds := 0
		for more := true; more; rounds++ {
			require.Less(t, rounds, 20)
			var dirs []string
			for i := range shards {
				d := precise(filepath.Join(dir, fmt.Sprintf("%d-of-%d", i, shards)))
				d.Shard, d.After = &store.Shard{Index: i, Count: shards}, merged
				mustRun(t, d)
				dirs = append(dirs, d.Out)
			}
			r, err := Merge(dirs, merged, nil)
			var next *NextRound
			if more = errors.As(err, &next); more {
				require.Equal(t, rounds+1, next.Rounds)
				require.Len(t, next.Lines(), shards)
				require.NoFileExists(t, filepath.Join(merged, "summary.json"))
				continue
			}
			require.NoError(t, err)
			assert.True(t, r.Manifest.Reached)
			r.Close()
		}
		assert.Equal(t, 4, rounds, "of 8 blocks each, for some 31")
		requireSame(t, want, merged, table.CSV)
	}
}

func mustGlob(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := filepath.Glob(pattern)
	require.NoError(t, err)
	return names
}

func TestAnInterruptedPrecisionRunEndsAtTheSameBlock(t *testing.T) {
	dir := t.TempDir()
	whole := precise(filepath.Join(dir, "whole"))
	mustRun(t, whole)
	d := precise(filepath.Join(dir, "holes"))
	mustRun(t, d)
	// As if killed: no summary, holes among the blocks, one block further on.
	for _, name := range []string{"000003.block", "000011.block"} {
		require.NoError(t, os.Remove(filepath.Join(d.Out, "blocks", name)))
	}
	require.NoError(t, os.Remove(filepath.Join(d.Out, "summary.json")))
	mustRun(t, d)
	requireSame(t, content(t, whole.Out, table.CSV), d.Out, table.CSV)
}

func TestATighterPrecisionExtendsAFinishedRun(t *testing.T) {
	dir := t.TempDir()
	d := precise(filepath.Join(dir, "run"))
	d.Precision.HalfWidth = 0.01
	first := mustRun(t, d).Replications()
	assert.InDelta(t, 384, first, 100)
	d.Precision.HalfWidth = 0.005
	assert.Greater(t, mustRun(t, d).Replications(), first)
	d.Precision.HalfWidth = 0.01 // already better than that: nothing is thrown away
	assert.Greater(t, mustRun(t, d).Replications(), first)
}

func TestPrecisionGivesUpAtTheMost(t *testing.T) {
	d := precise(t.TempDir())
	d.Most, d.Out = 400, ""
	r := mustRun(t, d)
	assert.Equal(t, 400, r.Replications())
	assert.False(t, r.Manifest.Reached)
	s, err := r.Summary()
	require.NoError(t, err)
	assert.Contains(t, s.Warnings[1], "precision cash_end=0.5% was not reached in 400 runs: half of the 95% interval is")
	assert.Regexp(t, `about 1[0-9]00 runs would do \(--at-most\)$`, s.Warnings[1])
}

// Without spread, or for a chance that was never seen, nothing is reached by zero
// over zero.
func TestPrecisionNeverStopsOnNothing(t *testing.T) {
	target := Precision{"out_of_business", 0.01, true}
	assert.True(t, math.IsInf(target.ratio(analysis.Estimate{Value: 5, Low: 5, High: 5, N: 200}, false), 1))
	assert.True(t, math.IsInf(target.ratio(analysis.Estimate{Value: 0, Low: 0, High: 0, N: 200}, false), 1))
	assert.Greater(t, target.ratio(analysis.Chance(0, 100), true), 1.0)
	assert.Less(t, target.ratio(analysis.Chance(0, 200), true), 1.0) // 1.9% wide

	d := design("")
	d.Most = 200
	d.Replications = 0
	d.Precision = Precision{"p50(out_of_business)", 0.05, false} // always 0
	s, err := mustRun(t, d).Summary()
	require.NoError(t, err)
	assert.Contains(t, strings.Join(s.Warnings, "\n"), "was not reached in 200 runs: all of them have the same value, which says nothing of rarer ones")
}

// A run that was given up goes on when more is allowed.
func TestAGivenUpPrecisionGoesOn(t *testing.T) {
	d := precise(t.TempDir())
	d.Most = 400
	assert.Equal(t, 400, mustRun(t, d).Replications())
	d.Most = 0
	r := mustRun(t, d)
	assert.True(t, r.Manifest.Reached)
	assert.Greater(t, r.Replications(), 1000)
}

func TestPrecisionOfAChanceAndOfUncertainInputs(t *testing.T) {
	d := design("")
	d.Replications = 0
	d.Precision = Precision{"P(out_of_business and cash_end < 1e9)", 0.02, false}
	r := mustRun(t, d)
	assert.InDelta(t, math.Pow(1.96/0.02, 2)*0.05*0.95, r.Replications(), 150)
}

// How many replications are run is said by the target or by a number, not by both.
func TestPrecisionAndReplicationsExcludeEachOther(t *testing.T) {
	d := precise("")
	d.Replications = 300
	_, err := Run(t.Context(), d)
	var bad *UsageError
	require.ErrorAs(t, err, &bad)
	assert.Contains(t, err.Error(), "300 replications: a precision target says how many are run")
	// The number of the plan has no say.
	d.Replications, d.Precision.HalfWidth = 0, 0.5
	d.Settings[0].Plan.Run.Replications = 1000
	assert.Equal(t, 200, mustRun(t, d).Replications())
	one, other := precise(""), precise("")
	other.Settings[0].Plan.Run.Replications = 7
	assert.Equal(t, one.DefaultOut(), other.DefaultOut())
	d.Settings[0].Plan.Inputs = market(1, 1, 4, 1).Inputs
	assert.Equal(t, 400, mustRun(t, d).Replications())
	d.Most = 130
	assert.Equal(t, 150, mustRun(t, d).Replications(), "whole blocks")
}

// uncertain is an engine whose cash_end is a function of two uncertain inputs, in
// hypercubes as the real one draws them, and chance: mean 1,000.
type uncertain struct{ fake }

func (u *uncertain) Replicate(seed uint64, replication int, rec *plan.Record) {
	var x, y [plan.Hypercube]float64
	number := replication / plan.Hypercube
	rng.Hypercube(seed, number, 1, len(x), x[:])
	rng.Hypercube(seed, number, 2, len(y), y[:])
	i := replication % plan.Hypercube
	r := rand.New(rand.NewPCG(seed, uint64(replication)))
	for k, c := range u.schema.Outcomes {
		rec.Outcomes[k] = 0
		if c.Name == "cash_end" {
			rec.Outcomes[k] = 1000 + 300*(x[i]-0.5) + 200*(y[i]-0.5) + 400*(x[i]-0.5)*(y[i]-0.5) + 100*r.NormFloat64()
		}
	}
}

// The intervals of runs that stop when they are narrow enough cover the truth, too,
// where the first looks are the ones at which they may stop.
func TestIntervalsOfPreciseRunsCover(t *testing.T) {
	studies := 100
	if os.Getenv("WINDFALL_VERIFY") == "1" {
		studies = 2000
	}
	for _, inputs := range []int{0, 2} {
		for _, looks := range []float64{1, 1.5} { // times the least number of replications
			d := Design{Settings: []Setting{{Plan: market(1, 1, 1, inputs)}}, Precision: Precision{Metric: "cash_end"}}
			schema := model.NewSchema(d.Settings[0].Plan)
			var engine Replicator = &fake{schema: schema}
			spread := 100.
			if inputs > 0 {
				engine = &uncertain{fake{schema: schema}}
				spread = 107 // of chance, and what a hypercube leaves of the inputs
			}
			d.Precision.HalfWidth = 1.96 * spread / math.Sqrt(looks*float64(d.Least()))
			covered := 0
			rec := schema.NewRecord()
			for seed := range studies {
				p, err := newStoppingRule(d.Precision, d.AtMost(), schema, &store.Series{Replications: d.Least()})
				require.NoError(t, err)
				for n := 0; p.end == 0; n++ {
					b := store.NewBlock(result.Shape(schema), n, BlockSize)
					for i := range BlockSize {
						engine.Replicate(uint64(seed), n*BlockSize+i, rec)
						result.Set(b, schema, i, rec)
					}
					p.put(b)
				}
				if e := p.last; e.Low <= 1000 && 1000 <= e.High {
					covered++
				}
			}
			share := float64(covered) / float64(studies)
			t.Logf("%d uncertain inputs, %.1f times the least: %.1f%% covered", inputs, looks, 100*share)
			assert.InDelta(t, 0.95, share, 0.02+2.5*math.Sqrt(0.95*0.05/float64(studies)))
		}
	}
}

func TestParsePrecision(t *testing.T) {
	columns := model.NewSchema(&plan.Plan{}).Outcomes
	for text, want := range map[string]Precision{
		"cac=1%":                          {"cac", 0.01, true},
		"cash_end=50k":                    {"cash_end", 50_000, false},
		"P(live_customers >= 8_000)=0.5%": {"P(live_customers >= 8_000)", 0.005, true},
		"p10(live_customers) = 25":        {"p10(live_customers)", 25, false},
		"P(recession_weeks == 0) = 0.01":  {"P(recession_weeks == 0)", 0.01, false},
	} {
		p, err := ParsePrecision(text, columns)
		require.NoError(t, err, text)
		assert.Equal(t, want, p)
		again, err := ParsePrecision(p.String(), columns)
		require.NoError(t, err)
		assert.Equal(t, p, again)
	}
	for text, want := range map[string]string{
		"cac":     `"cac", column 4: write METRIC=1% or METRIC=250, such as cac=1%`,
		"cac=":    `"cac=", column 5: "the end" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
		"cac=0%":  `"cac=0%", column 5: the half-width must be above 0`,
		"cac=-1":  `"cac=-1", column 5: the half-width must be above 0`,
		"cac=few": `"cac=few", column 5: "few" is not a number; write 1_000_000, 1M, 20k, 5% or 0.05`,
	} {
		_, err := ParsePrecision(text, columns)
		assert.EqualError(t, err, want)
	}
}
