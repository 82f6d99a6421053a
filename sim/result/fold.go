package result

import (
	"fmt"
	"io"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/safely"
	"windfall/sim/store"
	"windfall/sim/table"
)

// Finish makes summary and tables from the blocks, all of which must be there, and
// closes the manifest. As soon as there is a summary, and before the tables, it
// calls summed (if that is not nil). For a shard it only closes the manifest.
func (f *Folder) Finish(summed func(*Result, *analysis.Summary) error) (*Result, error) {
	if missing := f.Missing(); len(missing) > 0 {
		return nil, fmt.Errorf("block %d is missing", missing[0])
	}
	r := f.result()
	m := f.Manifest
	r.Unchanged = f.was != nil && m.unlikeStory(f.was) == "" && store.Intact(f.Dir, f.was.Files)
	if m.Shard == nil {
		defer r.bounded()()
		s, err := r.Summary()
		if err != nil {
			return nil, fmt.Errorf("summing up (the blocks are kept; --resume tries again): %w", err)
		}
		if summed != nil {
			if err := summed(r, s); err != nil {
				return nil, err
			}
		}
	}
	if r.Unchanged {
		return r, nil
	}
	if m.Shard == nil && f.Dir != "" {
		if err := f.writeTables(r); err != nil {
			return nil, fmt.Errorf("writing the tables (the blocks are kept; --resume tries again): %w", err)
		}
	}
	r.Tabled = nil
	now := time.Now()
	m.Complete, m.Finished, m.Seconds = true, stamp(now), now.Sub(f.started).Seconds()
	r.Manifest = m.clone()
	return r, f.SaveManifest()
}

// bounded keeps the garbage of a long run small while it is summed up and tabled: without a limit as much is kept as is
// in use. The limit is that of the whole program; it is soft, and given back by release.
func (r *Result) bounded() (release func()) {
	if !r.long() {
		return func() {}
	}
	const groups = 3 // the outcomes that are kept, a group of numbers, and what is computed of them
	was := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(was, int64(groups*r.tableBudget())))
	return func() { debug.SetMemoryLimit(was) }
}

// writeTables writes the tables, several at a time, and the summary.
func (f *Folder) writeTables(r *Result) error {
	m := f.Manifest
	m.Tables = TableKinds{Replications: "rows", Slices: r.slicesKind()}
	tables := []written{{"slices", r.writeSlices}, {"replications", r.writeReplications}}
	for _, p := range []struct {
		panel
		kind *string
	}{
		{weeklyPanel(r.Schema, r.Start), &m.Tables.Weekly},
		{monthPanel(r.Schema), &m.Tables.Months},
		{quarterPanel(r.Schema), &m.Tables.Quarters},
	} {
		*p.kind = r.kind(p.panel)
		tables = append(tables, written{p.name, func(open table.Opener) error { return r.writePanel(open, p.panel) }})
		if *p.kind == "bands" {
			r.tabling.total += len(p.columns) * len(p.periods)
		}
	}
	if m.Tables.Slices == "totals" {
		r.tabling.total += len(r.Schema.Slice) * len(r.Schema.SliceRows)
	}
	if err := f.writeEach(r, tables); err != nil {
		return err
	}
	text, err := r.summary.Encode()
	if err != nil {
		return err
	}
	if err := f.top.WriteBytes(summaryName, text); err != nil {
		return err
	}
	maps.Copy(m.Files, f.top.Sums())
	return nil
}

// progress is how far the tables are.
type progress struct {
	mu          sync.Mutex
	done, total int // series
}

// tabled tells that so many more series are read.
func (r *Result) tabled(more int) {
	if r.Tabled == nil {
		return
	}
	r.tabling.mu.Lock()
	defer r.tabling.mu.Unlock()
	r.tabling.done += more
	r.Tabled(r.tabling.done, r.tabling.total)
}

// written is a table that can be written.
type written struct {
	name  string
	write func(table.Opener) error
}

// writeEach writes tables, each as a file or all as one workbook, and removes those of another format.
func (f *Folder) writeEach(r *Result, tables []written) error {
	format := f.Manifest.TableFormat
	for _, t := range tables {
		for _, other := range table.Formats { // of a shorter run
			if other != format {
				if err := f.top.Remove(other.FileOf(t.name)); err != nil {
					return err
				}
			}
		}
	}
	if format == table.XLSX {
		return r.writeBook(f.top, tables)
	}
	var group errgroup.Group
	group.SetLimit(max(1, r.Manifest.Host.Workers))
	if r.long() { // one group of numbers is enough in memory; each is read on all CPUs
		group.SetLimit(1)
	}
	for _, t := range tables {
		safely.Go(&group, func() error {
			return f.top.Write(format.FileOf(t.name), func(out io.Writer) error { return t.write(table.On(format, out)) })
		})
	}
	return group.Wait()
}

// numbers are the columns of a table that a schema names.
func numbers(columns []plan.Column) (out []table.Column) {
	for _, c := range columns {
		out = append(out, table.Number.Named(c.Name)...)
	}
	return out
}

// writeReplications writes one row a replication.
func (r *Result) writeReplications(open table.Opener) error {
	columns := append(table.Whole.Named("replication"), numbers(r.Schema.Outcomes)...)
	for _, name := range r.Schema.Inputs {
		columns = append(columns, table.Number.Named("input."+name)...)
	}
	t := open(columns)
	err := r.eachBlock([]Table{Outcomes, Inputs}, func(b tabled, i int) error {
		t.Whole(b.First() + i)
		for c := range r.Schema.Outcomes {
			t.Number(b.Column(Outcomes, c)[i])
		}
		for c := range r.Schema.Inputs {
			t.Number(b.Column(Inputs, c)[i])
		}
		return t.EndRow()
	})
	if err != nil {
		return err
	}
	return t.Close()
}

func (r *Result) slicesKind() string {
	if r.rowsFit(len(r.Schema.SliceRows) * len(r.Schema.Slice)) {
		return "rows"
	}
	return "totals"
}

// writeSlices writes one row a replication and slice, or the totals.
func (r *Result) writeSlices(open table.Opener) error {
	if r.slicesKind() == "totals" {
		return r.writeTotals(open)
	}
	t := open(slices.Concat(table.Whole.Named("replication"),
		table.Text.Named("dimension", "name"), numbers(r.Schema.Slice)))
	rows := len(r.Schema.SliceRows)
	err := r.eachBlock([]Table{Slices}, func(b tabled, i int) error {
		for k, row := range r.Schema.SliceRows {
			t.Whole(b.First() + i)
			t.Text(row.Dimension)
			t.Text(store.AsText(row.Dimension, row.Name))
			for c := range r.Schema.Slice {
				t.Number(r.Schema.Slice[c].Recorded(b.Column(Slices, c)[i*rows+k]))
			}
			if err := t.EndRow(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return t.Close()
}

// writeTotals writes one row a slice and column.
func (r *Result) writeTotals(open table.Opener) error {
	t := open(slices.Concat(
		table.Text.Named("dimension", "name", "measure", "statistic"), table.Whole.Named("n"),
		table.Number.Named("value", "error", "missing_share")))
	var names []string
	for _, c := range r.Schema.Slice {
		names = append(names, c.Name)
	}
	lines, err := r.SliceTotals(nil, names)
	if err != nil {
		return err
	}
	for i, l := range lines {
		measure := r.called(&r.Schema.Slice[i%len(names)])
		for _, s := range []string{l.Dimension, store.AsText(l.Dimension, l.Name), measure, l.Statistic} {
			t.Text(s)
		}
		t.Whole(l.Estimate.N)
		for _, x := range []float64{l.Estimate.Value, l.Estimate.Error, l.MissingShare} {
			t.Number(x)
		}
		if err := t.EndRow(); err != nil {
			return err
		}
	}
	return t.Close()
}

// SliceTotals gives named slices columns over all replications: means, or for
// ratios the quotients of totals with jackknife errors. The slices are those of
// the dimensions asked for (nil: all), in the order of the schema, the columns
// of a slice together.
func (r *Result) SliceTotals(dimensions, columns []string) ([]analysis.SliceLine, error) {
	wanted := map[string]bool{}
	for _, d := range dimensions {
		wanted[d] = true
	}
	var rows []int
	for i, row := range r.Schema.SliceRows {
		if dimensions == nil || wanted[row.Dimension] {
			rows = append(rows, i)
		}
	}
	lines := make([]analysis.SliceLine, len(rows)*len(columns))
	for k, name := range columns {
		c, err := find(r.Schema.Slice, name, "slices column")
		if err != nil {
			return nil, err
		}
		err = r.sliceTotals(r.Schema.Slice[c], rows, func(i int, line analysis.SliceLine) { lines[i*len(columns)+k] = line })
		if err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// sliceTotals makes the totals of one column, as many slices at a time as fit
// into the memory budget.
func (r *Result) sliceTotals(column plan.Column, rows []int, put func(i int, line analysis.SliceLine)) error {
	names := []string{column.Name}
	if column.Over != "" {
		names = append(names, column.Over, column.Under)
	}
	var need []int
	for _, name := range names {
		c, err := find(r.Schema.Slice, name, "slices column")
		if err != nil {
			return err
		}
		need = append(need, c)
	}
	n := r.Replications()
	ties := r.Manifest.ties()
	step := max(1, r.tableBudget()/8/n/len(need))
	var buffer []float64
	for from := 0; from < len(rows); {
		lo, to := rows[from], from
		for to < len(rows) && rows[to] < lo+step {
			to++
		}
		numbers, err := r.read(Slices, need, lo, rows[to-1]+1, &buffer)
		if err != nil {
			return err
		}
		for i := from; i < to; i++ {
			part := func(k int) []float64 { return numbers[k][(rows[i]-lo)*n : (rows[i]-lo+1)*n] }
			row := r.Schema.SliceRows[rows[i]]
			line := analysis.SliceLine{Dimension: row.Dimension, Name: row.Name, Column: column.Name, Unit: column.Unit,
				Statistic: analysis.Statistic(column), MissingShare: analysis.MissingShare(part(0))}
			if column.Over != "" {
				line.Estimate = analysis.RatioOf(&column, part(1), part(2), ties)
			} else {
				line.Estimate = analysis.Mean(part(0), ties)
			}
			put(i, line)
		}
		r.tabled(to - from)
		from = to
	}
	return nil
}

// What the summary says of every slice but channel by size.
var (
	summaryDimensions = []string{"company", "channel", "size", "industry", "region", "product", "team"}
	summaryColumns    = []string{"leads", "won", "acquisition_cost", "cac", "ltv", "ltv_cac"}
)

// Summary gives the summary of the run, made from its blocks.
func (r *Result) Summary() (*analysis.Summary, error) {
	r.summing.Lock()
	defer r.summing.Unlock()
	if r.summary == nil {
		var err error
		if r.summary, err = r.summarize(); err != nil {
			return nil, err
		}
		r.forget()
	}
	return r.summary, nil
}

// summarize makes the summary from the blocks.
func (r *Result) summarize() (*analysis.Summary, error) {
	m := &r.Manifest
	study := &analysis.Study{
		Run: analysis.Run{Scenario: m.Scenario, Title: m.Title, Version: m.Version, Digest: m.Digest, Seed: m.Seed,
			Replications: m.Replications, Start: m.Start, Weeks: m.Weeks, Inputs: m.Inputs},
		Sample:    *r.Sample(),
		Warnings:  m.Warnings,
		TeamLoads: map[string]float64{},
		Inputs:    r.Schema.Inputs,
		Input:     func(i int) ([]float64, error) { return r.scalar(Inputs, i) },
	}
	goals := make([]plan.Goal, len(m.Goals))
	for i, g := range m.Goals {
		goals[i] = plan.Goal(g)
	}
	var err error
	if study.Goals, err = metric.JudgeGoals(goals, &study.Sample); err != nil {
		return nil, err
	}
	for _, c := range r.Schema.Weekly {
		team, isLoad := strings.CutPrefix(c.Name, "load.")
		if !isLoad {
			continue
		}
		load, err := r.weeklyMean(c.Name)
		if err != nil {
			return nil, err
		}
		study.TeamLoads[team] = load
	}
	var columns []string
	for _, name := range summaryColumns {
		if _, err := find(r.Schema.Slice, name, ""); err == nil {
			columns = append(columns, name)
		}
	}
	if study.Slices, err = r.SliceTotals(summaryDimensions, columns); err != nil {
		return nil, err
	}
	out, err := analysis.Summarize(study)
	if err != nil {
		return nil, err
	}
	out.Baseline, err = r.heldAgainst()
	return out, err
}

// weeklyMean is the mean of a weekly column over weeks and replications.
func (r *Result) weeklyMean(name string) (float64, error) {
	p := weeklyPanel(r.Schema, r.Start)
	c, err := find(p.columns, name, "weekly column")
	if err != nil {
		return 0, err
	}
	var sum float64
	n := 0
	err = r.eachPeriod(p, []int{c}, func(_, _ int, values []float64) error {
		for _, x := range values {
			if x == x {
				sum += x
				n++
			}
		}
		return nil
	}, nil)
	return sum / float64(n), err
}
