package sim

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/result"
	"windfall/sim/store"
	"windfall/sim/table"
)

func TestWorkersLeaveTheBytesUnchanged(t *testing.T) {
	for _, format := range []table.Format{table.CSV, table.Parquet} {
		dir := t.TempDir()
		for workers := 1; workers <= 3; workers++ {
			d := design(filepath.Join(dir, fmt.Sprint(workers)))
			d.Workers, d.Format = workers, format
			mustRun(t, d)
		}
		want := content(t, filepath.Join(dir, "1"), format)
		requireSame(t, want, filepath.Join(dir, "2"), format)
		requireSame(t, want, filepath.Join(dir, "3"), format)
	}
}

func TestMergedShardsAreTheWholeRun(t *testing.T) {
	dir := t.TempDir()
	whole := design(filepath.Join(dir, "whole"))
	mustRun(t, whole)
	want := content(t, whole.Out, table.CSV)
	for _, shards := range []int{1, 3, 7} { // 5 blocks: 7 shards leave two empty
		var dirs []string
		for i := shards - 1; i >= 0; i-- {
			d := design(filepath.Join(dir, fmt.Sprintf("shard-%d-of-%d", i, shards)))
			d.Shard = &store.Shard{Index: i, Count: shards}
			mustRun(t, d)
			assert.NoFileExists(t, filepath.Join(d.Out, "weekly.csv"), "a shard keeps blocks alone")
			dirs = append(dirs, d.Out)
		}
		out := filepath.Join(dir, fmt.Sprintf("merged-%d", shards))
		mustMerge(t, dirs, out)
		requireSame(t, want, out, table.CSV)
		// Shards of another cut may lie about as long as they agree.
		mustMerge(t, append(dirs, whole.Out), out+"-again")
		requireSame(t, want, out+"-again", table.CSV)
	}
}

// Whoever waits for the answer has it before the tables are written; who asks for
// the same run again, from the summary that is there.
func TestTheSummaryComesBeforeTheTables(t *testing.T) {
	d := design(filepath.Join(t.TempDir(), "run"))
	var told []*analysis.Summary
	d.Summed = func(_ *result.Result, s *analysis.Summary) error {
		told = append(told, s)
		if len(told) == 1 {
			assert.NoFileExists(t, filepath.Join(d.Out, "weekly.csv"))
		}
		return nil
	}
	r := mustRun(t, d)
	assert.False(t, r.Unchanged)
	again := mustRun(t, d)
	assert.True(t, again.Unchanged)
	require.Len(t, told, 2)
	first, err := told[0].Encode()
	require.NoError(t, err)
	second, err := told[1].Encode()
	require.NoError(t, err)
	assert.Equal(t, string(first), string(second))

	d.Replications = 250
	assert.False(t, mustRun(t, d).Unchanged, "a longer run has other numbers")

	d.Out, d.Shard = filepath.Join(t.TempDir(), "shard"), &store.Shard{Index: 0, Count: 2}
	mustRun(t, d)
	assert.Len(t, told, 3, "a shard has no summary")
}

func TestAnInterruptedRunGoesOn(t *testing.T) {
	dir := t.TempDir()
	mustRun(t, design(filepath.Join(dir, "whole")))
	want := content(t, filepath.Join(dir, "whole"), table.CSV)

	d := design(filepath.Join(dir, "stopped"))
	ctx, cancel := context.WithCancel(context.Background())
	d.Progress = func(p Progress) {
		assert.Equal(t, 230, p.Total)
		if p.Done == 60 {
			cancel()
		}
	}
	_, err := Run(ctx, d)
	var interrupted *Interrupted
	require.ErrorAs(t, err, &interrupted)
	assert.GreaterOrEqual(t, interrupted.Done, 60, "replications in progress are finished")
	assert.Less(t, interrupted.Done, 230)
	_, err = result.Open(d.Out)
	assert.ErrorContains(t, err, "holds an unfinished run; finish it with: windfall run metro --replications 230 --out "+d.Out+" --resume")

	first := true
	d.Progress = func(p Progress) {
		if first {
			assert.Equal(t, interrupted.Done, p.Resumed)
			assert.Equal(t, interrupted.Done+1, p.Done)
		}
		first = false
	}
	d.Resume = true
	mustRun(t, d)
	requireSame(t, want, d.Out, table.CSV)
}

func TestAFinishedRunIsNotRunAgain(t *testing.T) {
	d := design(t.TempDir())
	mustRun(t, d)
	before, err := os.ReadFile(filepath.Join(d.Out, "manifest.json"))
	require.NoError(t, err)
	d.Progress = func(Progress) { t.Error("a replication was run") }
	r := mustRun(t, d)
	assert.Equal(t, 230, r.Replications())
	after, err := os.ReadFile(filepath.Join(d.Out, "manifest.json"))
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
}

func TestALongerRunExtendsAShorterOne(t *testing.T) {
	dir := t.TempDir()
	d := design(filepath.Join(dir, "run"))
	d.Replications = 120
	mustRun(t, d)
	d.Replications = 230
	mustRun(t, d) // the partial block is run again
	whole := design(filepath.Join(dir, "whole"))
	mustRun(t, whole)
	requireSame(t, content(t, whole.Out, table.CSV), d.Out, table.CSV)

	d.Replications = 100
	_, err := Run(context.Background(), d)
	assert.EqualError(t, err, d.Out+" is not empty: it holds 230 runs and 100 are asked for; nothing was written: choose another --out, or remove the folder")
}

func TestAnotherFormatReplacesTheTables(t *testing.T) {
	d := design(t.TempDir())
	mustRun(t, d)
	d.Format = table.Parquet
	mustRun(t, d)
	assert.FileExists(t, filepath.Join(d.Out, "weekly.parquet"))
	assert.NoFileExists(t, filepath.Join(d.Out, "weekly.csv"))
}

func TestAFolderWithAnythingElseIsLeftAlone(t *testing.T) {
	refused := func(change func(*Design), want string) {
		t.Helper()
		d := design(t.TempDir())
		mustRun(t, d)
		before := content(t, d.Out, table.CSV)
		change(&d)
		_, err := Run(context.Background(), d)
		var occupied *store.OccupiedError
		require.ErrorAs(t, err, &occupied)
		assert.Contains(t, err.Error(), want)
		requireSame(t, before, d.Out, table.CSV)
	}
	refused(func(d *Design) { d.Seed = 8 }, "it holds another run: seed: 8 here, 7 there")
	refused(func(d *Design) { d.Settings[0].Digest = "plan-2" }, "it holds another run: plan (digest): plan-2 here, plan-1 there")
	refused(func(d *Design) { d.Version = "v2" }, "it holds another run: version of the program: v2 here, test there")
	refused(func(d *Design) { d.Settings[0].Plan = market(3, 2, 30, 2) }, "it holds another run: columns (digest)")
	refused(func(d *Design) { d.Shard = &store.Shard{Index: 0, Count: 2} }, "shard the whole there, 0/2 here")

	d := design(t.TempDir())
	require.NoError(t, os.WriteFile(filepath.Join(d.Out, "thesis.doc"), []byte("x"), 0o600))
	_, err := Run(context.Background(), d)
	assert.EqualError(t, err, d.Out+" is not empty: it holds thesis.doc and no manifest.json; nothing was written: choose another --out")
	entries, err := os.ReadDir(d.Out)
	require.NoError(t, err)
	assert.Len(t, entries, 1)

	d = design(filepath.Join(t.TempDir(), "new"))
	d.Resume = true
	_, err = Run(context.Background(), d)
	assert.EqualError(t, err, "nothing to resume: "+d.Out+" holds no earlier run")
	assert.NoDirExists(t, d.Out)
}

func TestDamagedAndStaleFilesAreMadeAgain(t *testing.T) {
	dir := t.TempDir()
	d := design(filepath.Join(dir, "run"))
	mustRun(t, d)
	want := content(t, d.Out, table.CSV)
	block := filepath.Join(d.Out, "blocks", "000002.block")
	whole, err := os.ReadFile(block)
	require.NoError(t, err)
	stale := filepath.Join(d.Out, "blocks", ".windfall-0123456789abcdef.tmp")
	require.NoError(t, os.WriteFile(stale, []byte("half a blo"), 0o600))
	for name, damaged := range map[string][]byte{
		"cut":     whole[:len(whole)/2],
		"empty":   {},
		"one bit": append(append([]byte{}, whole[:len(whole)/2]...), append([]byte{whole[len(whole)/2] ^ 4}, whole[len(whole)/2+1:]...)...),
	} {
		require.NoError(t, os.WriteFile(block, damaged, 0o600))
		_, err := Merge([]string{d.Out}, filepath.Join(dir, "merged-"+name), nil)
		require.ErrorContains(t, err, block+": damaged block", name)
		assert.Contains(t, err.Error(), "make it again with: windfall run metro --replications 230 --out "+d.Out+" --resume")
		mustRun(t, d)
		again, err := os.ReadFile(block)
		require.NoError(t, err)
		assert.Equal(t, whole, again, name)
		requireSame(t, want, d.Out, table.CSV)
	}
	assert.NoFileExists(t, stale)
}

func TestMergeRefusesUnlikeRuns(t *testing.T) {
	dir := t.TempDir()
	shard := func(name string, i int, change func(*Design)) string {
		d := design(filepath.Join(dir, name))
		d.Shard = &store.Shard{Index: i, Count: 3}
		if change != nil {
			change(&d)
		}
		mustRun(t, d)
		return d.Out
	}
	zero, one := shard("zero", 0, nil), shard("one", 1, nil)
	refused := func(dirs []string, want string) {
		t.Helper()
		out := filepath.Join(dir, "out")
		_, err := Merge(dirs, out, nil)
		require.ErrorContains(t, err, want)
		assert.NoDirExists(t, out)
	}
	refused([]string{zero, shard("seed", 1, func(d *Design) { d.Seed = 8 })}, "not parts of one run: seed: 7 here, 8 there")
	refused([]string{zero, shard("plan", 1, func(d *Design) { d.Settings[0].Digest = "plan-2" })}, "not parts of one run: plan (digest): plan-1 here, plan-2 there")
	refused([]string{zero, shard("version", 1, func(d *Design) { d.Version = "v2" })}, "not parts of one run: version of the program: test here, v2 there")
	refused([]string{zero, shard("more", 1, func(d *Design) { d.Replications = 240 })}, "not parts of one run: replications: 230 here, 240 there")
	refused([]string{zero, dir}, "is not a results folder: it has no manifest.json")
	refused(nil, "nothing to merge")
	refused([]string{zero, one}, "1 of 5 blocks are missing:\n  block 2: windfall run metro --replications 230 --shard 2/3")
	refused([]string{one}, "3 of 5 blocks are missing:\n"+
		"  blocks 0, 3: windfall run metro --replications 230 --shard 0/3\n"+
		"  block 2: windfall run metro --replications 230 --shard 2/3")
	require.NoError(t, os.Remove(filepath.Join(zero, "blocks", "000003.block")))
	refused([]string{zero, one, shard("two", 2, nil)}, "block 3: windfall run metro --replications 230 --shard 0/3 --out "+zero+" --resume")

	// The same block with other numbers cannot be of the same plan and seed.
	other := shard("other", 0, func(d *Design) {
		d.Prepare = func(p *plan.Plan) (*Engine, error) {
			e, err := fakeEngine(0)(p)
			e.NewState = func() Replicator { return shifted{&fake{schema: e.Schema}} }
			return e, err
		}
	})
	refused([]string{other, zero}, "block 0 differs between "+other+" and "+zero)
}

// shifted is an engine with a bug: it takes the numbers of another replication.
type shifted struct{ *fake }

func (s shifted) Replicate(seed uint64, replication int, rec *plan.Record) {
	s.fake.Replicate(seed, replication+1, rec)
}

func TestARunInMemoryHasTheSameSummary(t *testing.T) {
	d := design(t.TempDir())
	onDisk, err := mustRun(t, d).Summary()
	require.NoError(t, err)
	d.Out = ""
	r := mustRun(t, d)
	inMemory, err := r.Summary()
	require.NoError(t, err)
	a, err := onDisk.Encode()
	require.NoError(t, err)
	b, err := inMemory.Encode()
	require.NoError(t, err)
	assert.Equal(t, string(a), string(b))
	assert.Equal(t, "a budget is beyond 3 half-saturations", inMemory.Warnings[0])
}

func TestUnusableDesigns(t *testing.T) {
	for want, change := range map[string]func(*Design){
		"-1 replications: at least 1 is needed":                                                                       func(d *Design) { d.Replications = -1 },
		"shard 3/3: the index runs from 0 to the count less 1":                                                        func(d *Design) { d.Shard = &store.Shard{Index: 3, Count: 3} },
		"after there: rounds are those of shards of a run with a precision target":                                    func(d *Design) { d.After = "there" },
		`precision: "cak", column 1: there is no outcome "cak" (or P(...), mean(...), p10(...)); did you mean "cac"?`: func(d *Design) { d.Replications, d.Precision = 0, Precision{"cak", 0.01, true} },
		`goal solvent: "P(ruin) <= 5%", column 3: there is no outcome "ruin"`:                                         func(d *Design) { d.Settings[0].Plan.Goals[0].Expect = "P(ruin) <= 5%" },
	} {
		d := design(filepath.Join(t.TempDir(), "run"))
		change(&d)
		_, err := Run(context.Background(), d)
		var problem *UsageError
		require.ErrorAs(t, err, &problem, want)
		assert.True(t, strings.HasPrefix(err.Error(), want), err.Error())
		assert.NoDirExists(t, d.Out)
	}
}

// meeting is a fake whose first replications wait for each other.
type meeting struct {
	Replicator
	arrived chan struct{}
	met     *atomic.Bool
}

func (m *meeting) Replicate(seed uint64, replication int, rec *plan.Record) {
	if replication < 2 {
		select {
		case m.arrived <- struct{}{}:
			m.met.Store(true)
		case <-m.arrived:
		case <-time.After(10 * time.Second): // alone
		}
	}
	m.Replicator.Replicate(seed, replication, rec)
}

// Two workers run replications of a single block at the same time.
func TestWorkersShareABlock(t *testing.T) {
	d := design(t.TempDir())
	d.Replications = 40
	arrived, met := make(chan struct{}), &atomic.Bool{}
	d.Prepare = func(p *plan.Plan) (*Engine, error) {
		e, err := fakeEngine(0)(p)
		alone := e.NewState
		e.NewState = func() Replicator { return &meeting{alone(), arrived, met} }
		return e, err
	}
	mustRun(t, d)
	require.True(t, met.Load())
}
