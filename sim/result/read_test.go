package result

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/store"
	"windfall/sim/table"
)

func TestOpenGivesBackTheRun(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, 120, nil)
	r, err := Open(dir)
	require.NoError(t, err)
	assert.Equal(t, small(), r.Schema)
	assert.Equal(t, firstDay, r.Start)
	assert.Equal(t, 120, r.Replications())
	assert.Equal(t, TableKinds{"rows", "rows", "rows", "rows", "rows"}, r.Manifest.Tables)

	var cash, won []float64
	for i := range 120 {
		rec := fill(small(), i)
		won = append(won, rec.Outcomes[0])
		cash = append(cash, rec.Weekly[4*3+1])
		got, err := r.Record(i)
		require.NoError(t, err)
		for table := range tables {
			assert.True(t, same(table.of(rec), table.of(got)))
		}
	}
	got, err := r.Outcome("won")
	require.NoError(t, err)
	assert.True(t, same(won, got))
	weekly, err := r.Weekly("cash")
	require.NoError(t, err)
	require.Equal(t, 10, weekly.Weeks())
	assert.True(t, same(cash, weekly.Week(4)))
	paths, err := r.WeeklyPaths("cash", 70) // more than a block, less than all
	require.NoError(t, err)
	require.Len(t, paths, 70)
	for i := range paths {
		require.Len(t, paths[i], 10)
		assert.Equal(t, weekly.Week(4)[i], paths[i][4])
	}
	paths, err = r.WeeklyPaths("cash", 1000)
	require.NoError(t, err)
	assert.Len(t, paths, 120)
	bands, err := r.WeeklyBands("cash")
	require.NoError(t, err)
	assert.Equal(t, analysis.BandOf(cash), bands[4])
	bands, err = r.WeeklyBands("won")
	require.NoError(t, err)
	assert.Equal(t, 120, bands[9].Missing)

	in, err := r.Input("channels.radio.response")
	require.NoError(t, err)
	assert.Equal(t, fill(small(), 77).Inputs[0], in[77])
	slice, err := r.Slice(plan.SliceRow{Dimension: "channel", Name: "radio, AM"}, "spend")
	require.NoError(t, err)
	assert.Equal(t, fill(small(), 77).Slices[4], slice[77])
	quarters, names, err := r.QuarterBands("won")
	require.NoError(t, err)
	assert.Equal(t, []string{"2013Q4", "2014Q1"}, names)
	months, err := r.Months("won")
	require.NoError(t, err)
	assert.InDelta(t, analysis.Mean(months[0], analysis.Ties{}).Value+analysis.Mean(months[1], analysis.Ties{}).Value, quarters[0].Mean, 1e-9)

	for want, err := range map[string]error{
		`there is no outcome "x"`:                         second(r.Outcome("x")),
		`there is no uncertain input "x"`:                 second(r.Input("x")),
		`there is no weekly column "x"`:                   second(r.Weekly("x")),
		`there is no months column "x"`:                   second(r.MonthBands("x")),
		`there is no slices column "x"`:                   second(r.Slice(plan.SliceRow{}, "x")),
		`there is no slice a "b"`:                         second(r.Slice(plan.SliceRow{Dimension: "a", Name: "b"}, "won")),
		"replications run from 0 to 119: there is no 120": second(r.Record(120)),
	} {
		assert.EqualError(t, err, want)
	}
}

func second[T any](_ T, err error) error { return err }

func TestSliceTotals(t *testing.T) {
	r := run(t, "", 120, nil)
	var won, spend []float64
	for i := range 120 {
		rec := fill(small(), i)
		won, spend = append(won, rec.Slices[3]), append(spend, rec.Slices[4])
	}
	lines, err := r.SliceTotals([]string{"channel"}, []string{"won", "cac"})
	require.NoError(t, err)
	assert.Equal(t, []analysis.SliceLine{
		{Dimension: "channel", Name: "radio, AM", Column: "won", Unit: "customers", Statistic: "mean", Estimate: analysis.Mean(won, analysis.Ties{Cube: plan.Hypercube})},
		{Dimension: "channel", Name: "radio, AM", Column: "cac", Unit: "USD", Statistic: "ratio of totals", Estimate: analysis.Ratio(spend, won, 2, analysis.Ties{Cube: plan.Hypercube})},
	}, lines)
	all, err := r.SliceTotals(nil, []string{"won", "spend", "cac"})
	require.NoError(t, err)
	require.Len(t, all, 9)
	assert.Equal(t, lines[1], all[5])
}

// A run whose tables are over the limit for rows gives the quantiles of the
// same rows.
func TestBandsAreExact(t *testing.T) {
	r := run(t, "", 120, nil)
	var out bytes.Buffer
	require.NoError(t, r.writeBands(table.On(r.Manifest.TableFormat, &out), weeklyPanel(r.Schema, r.Start)))
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	assert.Equal(t, "measure,week,first_day,n,missing,mean,p5,p25,p50,p75,p95", lines[0])
	require.Len(t, lines, 1+3*10)
	weekly, err := r.Weekly("cash")
	require.NoError(t, err)
	b := analysis.BandOf(weekly.Week(2))
	want := []byte("cash,3,2013-11-26,120,0")
	for _, x := range []float64{b.Mean, b.P5, b.P25, b.P50, b.P75, b.P95} {
		want = append(want, ","+decimals(x)...)
	}
	assert.Equal(t, string(want), lines[1+10+2])
	assert.Equal(t, "won,10,2014-01-14,0,120,,,,,,", lines[10])

	out.Reset()
	require.NoError(t, r.writeBands(table.On(r.Manifest.TableFormat, &out), quarterPanel(r.Schema)))
	assert.Equal(t, "measure,quarter,n,missing,mean,p5,p25,p50,p75,p95", strings.Split(out.String(), "\n")[0])
	out.Reset()
	require.NoError(t, r.writeTotals(table.On(r.Manifest.TableFormat, &out)))
	assert.Equal(t, "dimension,name,measure,statistic,n,value,error,missing_share", strings.Split(out.String(), "\n")[0])
}

// However little memory bands have, which are sorted while no more is read, they are the same.
func TestMemoryMovesNoBand(t *testing.T) {
	r := run(t, "", 120, nil)
	for _, p := range []panel{weeklyPanel(r.Schema, r.Start), monthPanel(r.Schema), quarterPanel(r.Schema)} {
		written := func(memory int) string {
			r.memory = memory
			var out bytes.Buffer
			require.NoError(t, r.writeBands(table.On(r.Manifest.TableFormat, &out), p))
			return out.String()
		}
		whole := written(0)
		for _, numbers := range []int{1, 2, 3, 7, 25} {
			require.Equal(t, whole, written(8*120*numbers), "%s, %d numbers", p.name, numbers)
		}
	}
}

// However small the pieces in which a table is read, the numbers are the same.
func TestPiecesAreTheWhole(t *testing.T) {
	r := run(t, "", 120, nil)
	for _, p := range []panel{weeklyPanel(r.Schema, r.Start), monthPanel(r.Schema), quarterPanel(r.Schema)} {
		for c := range p.columns {
			var whole, pieces []float64
			require.NoError(t, r.eachPeriod(p, []int{c}, func(_, _ int, values []float64) error {
				whole = append(whole, values...)
				return nil
			}, nil))
			for _, q := range p.periods {
				one := p
				one.periods = []period{q}
				require.NoError(t, r.eachPeriod(one, []int{c}, func(_, _ int, values []float64) error {
					pieces = append(pieces, values...)
					return nil
				}, nil))
			}
			assert.True(t, same(whole, pieces), p.name)
		}
	}
}

func TestOpenRefusesWhatItCannotRead(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(dir)
	assert.EqualError(t, err, dir+" is not a results folder: it has no manifest.json")

	f := begin(t, filepath.Join(dir, "unfinished"), 120, nil)
	_, err = Open(f.Dir)
	assert.EqualError(t, err, f.Dir+" holds an unfinished run; finish it with: windfall run 'my plan.toml' --out "+f.Dir+" --resume")

	shard := filepath.Join(dir, "shard")
	run(t, shard, 120, func(m *Manifest) { m.Shard = &store.Shard{Index: 1, Count: 2} })
	_, err = Open(shard)
	assert.EqualError(t, err, shard+" holds shard 1/2 of a run; merge the shards first")

	whole := filepath.Join(dir, "whole")
	run(t, whole, 120, nil)
	require.NoError(t, os.Remove(filepath.Join(whole, "blocks", "000001.block")))
	r, err := Open(whole)
	require.NoError(t, err)
	_, err = r.Outcome("won")
	assert.ErrorContains(t, err, "000001.block: no such file")

	require.NoError(t, os.WriteFile(filepath.Join(whole, "columns.json"), []byte("{}"), 0o600))
	_, err = Open(whole)
	assert.ErrorContains(t, err, "columns.json: it was changed since the run")
	require.NoError(t, os.WriteFile(filepath.Join(whole, "manifest.json"), []byte(`{"format": 9}`), 0o600))
	_, err = Open(whole)
	assert.ErrorContains(t, err, "manifest.json: it was not written by windfall")
}

// failing is a file on a disk that fills up.
type failing struct {
	io.WriteCloser
	left *int
}

func (f failing) Write(p []byte) (int, error) {
	if *f.left -= len(p); *f.left < 0 {
		return 0, errDiskFull
	}
	return f.WriteCloser.Write(p)
}

var errDiskFull = errors.New("no space left on device")

func TestAnUnwritableBlockIsAClearError(t *testing.T) {
	dir := t.TempDir()
	want := filepath.Join(dir, "want")
	run(t, want, 230, nil)
	f := begin(t, filepath.Join(dir, "full"), 230, nil)
	left := 30_000
	blocks := f.Folder()
	whole := blocks.Create
	blocks.Create = func(path string) (io.WriteCloser, error) {
		file, err := whole(path)
		return failing{file, &left}, err
	}
	var err error
	for _, b := range f.Missing() {
		if err = f.Put(filledBlock(f, b)); err != nil {
			break
		}
	}
	require.ErrorIs(t, err, errDiskFull)
	assert.Regexp(t, `^writing block \d: no space left on device$`, err.Error())
	kept := f.Done()
	assert.Positive(t, kept)
	names, _ := filepath.Glob(filepath.Join(f.Dir, "blocks", "*"))
	assert.Len(t, names, kept/store.BlockSize, "whole blocks and nothing else")

	f.Close()
	f = begin(t, f.Dir, 230, nil)
	assert.Equal(t, kept, f.Done())
	fillBlocks(t, f)

	// The tables do not fit: the blocks stay, and a later run makes them.
	left = 10_000
	whole = f.top.Create
	f.top.Create = func(path string) (io.WriteCloser, error) {
		file, err := whole(path)
		return failing{file, &left}, err
	}
	_, err = f.Finish(nil)
	assert.EqualError(t, err, "writing the tables (the blocks are kept; --resume tries again): no space left on device")
	assert.NoFileExists(t, filepath.Join(f.Dir, "summary.json"))
	f.Close()
	f = begin(t, f.Dir, 230, nil)
	assert.Equal(t, 230, f.Done())
	_, err = f.Finish(nil)
	require.NoError(t, err)
	for _, name := range []string{"summary.json", "weekly.csv", "replications.csv"} {
		a, err := os.ReadFile(filepath.Join(want, name))
		require.NoError(t, err)
		b, err := os.ReadFile(filepath.Join(f.Dir, name))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(a, b), name)
	}
}

func TestSummaryOfAFolder(t *testing.T) {
	dir := t.TempDir()
	made := run(t, dir, 120, func(m *Manifest) {
		m.Goals = []GoalText{{"cheap", "mean(cac) <= 1e9"}}
		m.Warnings = []string{"look out"}
	})
	r, err := Open(dir)
	require.NoError(t, err)
	s, err := r.Summary()
	require.NoError(t, err)
	assert.Equal(t, analysis.Met, s.Goals[0].Verdict)
	assert.Equal(t, []string{"look out", "margins of error are wider than they need be: with uncertain inputs, fewer than 200 runs are taken as independent draws; --replications 200 or more"}, s.Warnings)
	assert.Equal(t, "replications", s.ErrorsFrom)
	assert.Equal(t, 10, s.Ruin.HorizonWeeks)
	load, err := made.weeklyMean("load.inside")
	require.NoError(t, err)
	assert.InDelta(t, 0.5, load, 0.05)
	assert.False(t, math.IsNaN(s.Outcome("cac").Estimate.Error))
}

func TestOfAnUnfinishedRunTheFirstBlocksAreSeen(t *testing.T) {
	dir := t.TempDir()
	f := begin(t, filepath.Join(dir, "begun"), 230, nil)
	_, err := OpenPartial(f.Dir)
	assert.EqualError(t, err, f.Dir+" holds an unfinished run without its first block; go on with: windfall run 'my plan.toml' --out "+f.Dir+" --resume")
	for _, b := range []int{0, 1, 3} {
		require.NoError(t, f.Put(filledBlock(f, b)))
	}
	r, err := OpenPartial(f.Dir)
	require.NoError(t, err)
	assert.Equal(t, 100, r.Replications(), "block 3 lies behind a gap")
	assert.Equal(t, 230, r.Unfinished.Wanted)
	assert.Equal(t, 150, r.Unfinished.Done)
	seen, err := r.Summary()
	require.NoError(t, err)

	shorter, err := run(t, filepath.Join(dir, "shorter"), 100, nil).Summary()
	require.NoError(t, err)
	want, err := shorter.Encode()
	require.NoError(t, err)
	got, err := seen.Encode()
	require.NoError(t, err)
	assert.Equal(t, string(want), string(got), "as if it had been a run of 100")

	fillBlocks(t, f)
	_, err = f.Finish(nil)
	require.NoError(t, err)
	r, err = OpenPartial(f.Dir)
	require.NoError(t, err)
	assert.Nil(t, r.Unfinished)

	shard := filepath.Join(dir, "shard")
	begin(t, shard, 120, func(m *Manifest) { m.Shard = &store.Shard{Index: 1, Count: 2} })
	_, err = OpenPartial(shard)
	assert.EqualError(t, err, shard+" holds shard 1/2 of a run; merge the shards first")
}

// A slice in which nobody was won has no LTV/CAC, whatever it cost: its record keeps 0, and tables, slices and totals
// leave it out.
func TestASliceWithoutAWinHasNoRatio(t *testing.T) {
	schema := small()
	schema.Slice[2] = plan.Column{Name: "ltv_cac", Unit: "ratio", Over: "won", Under: "spend", NoneAtZero: true,
		Missing: "nobody was won"}
	f, err := Create(t.TempDir(), Setup{Manifest: Manifest{
		Manifest: store.Manifest{Version: "test", Command: []string{"windfall", "run", "x"}},
		Run:      &Run{Scenario: "x", Digest: "plan-1", Seed: 3, Replications: 2}},
		Schema: schema, Start: firstDay, Scenario: "x = 1\n"})
	require.NoError(t, err)
	b := store.NewBlock(f.Shape, 0, 2)
	for i := range 2 {
		rec := fill(schema, i)
		copy(rec.Slices, []float64{4, 100, 0.04, 0, 100, 0, 0, 0, math.NaN()}) // the channel costs and wins nobody
		if i == 1 {
			copy(rec.Slices[3:], []float64{2, 100, 0.02})
		}
		Set(b, schema, i, rec)
	}
	require.NoError(t, f.Put(b))
	r, err := f.Finish(nil)
	require.NoError(t, err)
	defer f.Close()
	got, err := r.Slice(schema.SliceRows[1], "ltv_cac")
	require.NoError(t, err)
	assert.True(t, same([]float64{math.NaN(), 0.02}, got))
	lines, err := r.SliceTotals(nil, []string{"ltv_cac"})
	require.NoError(t, err)
	assert.Equal(t, 0.04, lines[0].Estimate.Value)
	assert.Equal(t, 0.01, lines[1].Estimate.Value, "of all that it cost")
	assert.Equal(t, 0.5, lines[1].MissingShare)
	assert.True(t, math.IsNaN(lines[2].Estimate.Value))
	text, err := os.ReadFile(filepath.Join(r.Dir, "slices.csv"))
	require.NoError(t, err)
	assert.Contains(t, string(text), "0,channel,\"radio, AM\",0,100,\n")
	assert.Contains(t, string(text), "1,channel,\"radio, AM\",2,100,0.02\n")
	reopened, err := Open(r.Dir)
	require.NoError(t, err)
	assert.Equal(t, schema, reopened.Schema)
}

// However little memory a pass over the blocks has, what it comes to is the same.
func TestMemoryMovesNoNumber(t *testing.T) {
	dir := t.TempDir()
	run(t, dir, 120, nil)
	with := func(memory int) (summary []byte, lines []analysis.SliceLine, outcomes [][]float64) {
		r, err := Open(dir)
		require.NoError(t, err)
		r.memory = memory
		s, err := r.summarize()
		require.NoError(t, err)
		summary, err = s.Encode()
		require.NoError(t, err)
		var names []string
		for _, c := range r.Schema.Slice {
			names = append(names, c.Name)
		}
		lines, err = r.SliceTotals(nil, names)
		require.NoError(t, err)
		for c := len(r.Schema.Outcomes) - 1; c >= 0; c-- { // backwards, from group to group
			values, err := r.scalar(Outcomes, c)
			require.NoError(t, err)
			outcomes = append(outcomes, values)
			require.LessOrEqual(t, len(r.cache), max(1, r.budget()/8/120))
		}
		return summary, lines, outcomes
	}
	summary, lines, outcomes := with(0)
	for _, numbers := range []int{1, 2, 3, 5} {
		s, l, o := with(8 * 120 * numbers)
		require.JSONEq(t, string(summary), string(s))
		require.Equal(t, fmt.Sprint(lines), fmt.Sprint(l))
		require.Equal(t, fmt.Sprint(outcomes), fmt.Sprint(o))
	}
}

// While the tables of a long run are written it is told how far they are, to the last of their series.
func TestTablesTellHowFarTheyAre(t *testing.T) {
	f := begin(t, t.TempDir(), 120, func(m *Manifest) { m.TableFormat = table.XLSX }) // whose tables are bands and totals
	fillBlocks(t, f)
	var told []int
	total := 0
	r, err := f.Finish(func(r *Result, _ *analysis.Summary) error {
		r.memory = 8 * 120 * 2
		r.Tabled = func(done, of int) { told, total = append(told, done), of }
		return nil
	})
	require.NoError(t, err)
	defer f.Close()
	assert.Nil(t, r.Tabled, "what is read later is no table")
	require.True(t, slices.IsSorted(told))
	require.Greater(t, len(told), 10)
	assert.Equal(t, total, told[len(told)-1])
}
