package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/store"
	"windfall/sim/table"
)

// better is a fake engine whose plan brings so much more lifetime margin than the baseline, give or take one.
type better struct {
	*fake
	by float64
}

func (b *better) Replicate(seed uint64, replication int, rec *plan.Record) {
	b.fake.Replicate(seed, replication, rec)
	r := rand.New(rand.NewPCG(seed+1, uint64(replication)))
	for i, c := range b.schema.Outcomes {
		if c.Name == "lifetime_margin" {
			rec.Outcomes[i] = 1000 + 100*r.NormFloat64()
			if b.by != 0 {
				rec.Outcomes[i] += b.by + r.NormFloat64()
			}
		}
	}
}

// held is a plan that is run beside its baseline until it is known which is better.
func held(out string, by float64, pause time.Duration) Design {
	d := design(out)
	p, base := market(2, 2, 30, 0), market(3, 2, 30, 0)
	base.Name = "base"
	d.Settings = []Setting{{Name: "plan", Plan: p, Digest: "plan-1"}, {Name: "base", Plan: base, Digest: "base-1"}}
	d.Replications, d.Most, d.ToVerdict, d.Differ = 0, 1000, true, [2]int{3, 5}
	d.Prepare = func(p *plan.Plan) (*Engine, error) {
		s := model.NewSchema(p)
		of := by
		if p.Name == "base" {
			of = 0
		}
		return &Engine{Schema: s, NewState: func() Replicator { return &better{&fake{s, pause}, of} }}, nil
	}
	return d
}

func TestARunGoesOnUntilItIsKnownWhichPlanIsBetter(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		by    float64
		pairs int // about
		known bool
	}{{5, 20, true}, {-5, 20, true}, {0.5, 80, true}, {0.11, 600, true}, {1e-9, 1000, false}} {
		var want map[string]string
		workers := []int{1, 3}
		if c.pairs > 100 { // some rounds are as good as many
			workers = workers[1:]
		}
		for _, workers := range workers {
			d := held(filepath.Join(dir, fmt.Sprintf("%v-%d", c.by, workers)), c.by, 0)
			d.Workers = workers
			r := mustRun(t, d)
			assert.InDelta(t, c.pairs, r.Replications(), 0.4*float64(c.pairs), "by %v", c.by)
			assert.Zero(t, r.Replications()%20)
			assert.Equal(t, c.known, r.Manifest.Reached)
			s, err := r.Summary()
			require.NoError(t, err)
			b := s.Baseline
			assert.Equal(t, r.Replications(), b.Pairs)
			assert.Equal(t, 1000, b.AtMost)
			h := b.Outcome("lifetime_margin")
			assert.InDelta(t, c.by, h.Difference.Value, 4*h.Difference.Error+1e-9)
			assert.Less(t, h.Difference.HalfWidth(), 1.0, "pairs share their random numbers")
			assert.Equal(t, []string{"chaa", "chab", "chac"}, []string{b.Channels[0].Name, b.Channels[1].Name, b.Channels[2].Name},
				"channels of either plan")
			assert.Less(t, b.Channels[2].Change.Value, 0.0, "the plan has no such channel")
			assert.Equal(t, 3, b.Signups.First)
			if want == nil {
				want = content(t, d.Out, table.CSV)
			}
			requireSame(t, want, d.Out, table.CSV)
			d.Progress = func(Progress) { t.Error("a replication was run") }
			mustRun(t, d) // again: nothing is run
			requireSame(t, want, d.Out, table.CSV)
		}
	}
}

// A number of pairs asked for outright gives the tables of as many that the verdict needed, and its run is another.
func TestANumberOfPairs(t *testing.T) {
	dir := t.TempDir()
	d := held(filepath.Join(dir, "fixed"), 5, 0)
	d.ToVerdict, d.Most, d.Replications = false, 0, 70
	r := mustRun(t, d)
	s, err := r.Summary()
	require.NoError(t, err)
	assert.Equal(t, 70, s.Baseline.Pairs)
	assert.Zero(t, s.Baseline.AtMost)
	plain := d
	plain.Settings, plain.Out = d.Settings[:1], filepath.Join(dir, "plain")
	alone := mustRun(t, plain)
	one, two := content(t, d.Out, table.CSV), content(t, plain.Out, table.CSV)
	for _, name := range []string{"replications.csv", "weekly.csv", "slices.csv", "months.csv"} {
		assert.True(t, one[name] == two[name], "the baseline stands beside the run: %s", name)
	}
	s, err = alone.Summary()
	require.NoError(t, err)
	assert.Nil(t, s.Baseline)
	plain.Out = d.Out
	_, err = Run(context.Background(), plain)
	require.ErrorContains(t, err, "baseline (digest): none here, base-1 there")
}

func TestAVerdictInShardsIsThatOfOneProcess(t *testing.T) {
	dir := t.TempDir()
	for _, by := range []float64{5, 0.5, 0.11} {
		whole := filepath.Join(dir, fmt.Sprint("whole-", by))
		mustRun(t, held(whole, by, 0))
		want := content(t, whole, table.CSV)
		merged := filepath.Join(dir, fmt.Sprint("merged-", by))
		rounds := 0
		for more := true; more; rounds++ {
			require.Less(t, rounds, 4)
			var dirs []string
			for i := range 3 {
				d := held(filepath.Join(dir, fmt.Sprintf("%v-%d", by, i)), by, 0)
				d.Shard, d.After = &store.Shard{Index: i, Count: 3}, merged
				mustRun(t, d)
				dirs = append(dirs, d.Out)
			}
			r, err := Merge(dirs, merged, nil)
			if next := new(NextRound); errors.As(err, &next) {
				require.Equal(t, rounds+1, next.Rounds)
				continue
			}
			require.NoError(t, err)
			r.Close()
			more = false
		}
		assert.Equal(t, map[float64]int{5: 1, 0.5: 1, 0.11: 2}[by], rounds, "of 400 pairs each")
		requireSame(t, want, merged, table.CSV)
		one, two := mustGlob(t, filepath.Join(whole, "blocks", "*")), mustGlob(t, filepath.Join(merged, "blocks", "*"))
		require.Len(t, two, len(one))
		for i := range one {
			a, err := os.ReadFile(one[i])
			require.NoError(t, err)
			b, err := os.ReadFile(two[i])
			require.NoError(t, err)
			assert.True(t, string(a) == string(b), "block %d", i)
		}
	}
}

func TestAnInterruptedVerdictGoesOn(t *testing.T) {
	dir := t.TempDir()
	whole := held(filepath.Join(dir, "whole"), 0.5, 0)
	mustRun(t, whole)
	want := content(t, whole.Out, table.CSV)
	for _, stop := range []int{3, 41, 70} {
		d := held(filepath.Join(dir, fmt.Sprint("cut-", stop)), 0.5, 0)
		ctx, cancel := context.WithCancel(context.Background())
		d.Progress = func(p Progress) {
			if p.Done == stop {
				cancel()
			}
			assert.True(t, p.Forecast, "nobody knows the end")
		}
		_, err := Run(ctx, d)
		cut := new(Interrupted)
		require.True(t, errors.As(err, &cut), "%v", err)
		d.Progress, d.Resume = nil, true
		mustRun(t, d)
		requireSame(t, want, d.Out, table.CSV)
	}
}

func TestAKilledVerdictGoesOn(t *testing.T) {
	dir := t.TempDir()
	whole := held(filepath.Join(dir, "whole"), 0.11, 0)
	mustRun(t, whole)
	d := held(filepath.Join(dir, "killed"), 0.11, 0)
	c := child("run a pair slowly", d.Out)
	require.NoError(t, c.Start())
	require.Eventually(t, func() bool { return len(mustGlob(t, filepath.Join(d.Out, "blocks", "*.block"))) > 1 },
		20*time.Second, time.Millisecond)
	require.NoError(t, c.Process.Kill())
	require.ErrorContains(t, c.Wait(), "killed")
	mustRun(t, d)
	requireSame(t, content(t, whole.Out, table.CSV), d.Out, table.CSV)
}

func TestAVerdictNeedsABaseline(t *testing.T) {
	d := design("")
	d.ToVerdict = true
	_, err := Run(context.Background(), d)
	require.ErrorContains(t, err, "against a baseline only")
}
