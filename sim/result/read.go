package result

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/safely"
	"windfall/sim/store"
	"windfall/sim/table"
)

// What a pass over the blocks keeps in memory, in bytes: a number of bytes, or of a long run so many numbers of each
// replication that its blocks are not opened for each number anew. Tables take more, for they let go of each group
// before the next; outcomes are kept while the summary and pictures are made of them.
const (
	memoryBudget          = 32 << 20
	outcomesAtATime       = 8
	numbersOfTableAtATime = 24
)

// budget is what the outcomes of this run that are kept at once take in memory, in bytes.
func (r *Result) budget() int { return r.budgetOf(outcomesAtATime) }

// tableBudget is what a group of numbers of a table takes in memory, in bytes.
func (r *Result) tableBudget() int { return r.budgetOf(numbersOfTableAtATime) }

// long says that a group of numbers of a table takes more than a run usually does.
func (r *Result) long() bool { return r.tableBudget() > memoryBudget }

func (r *Result) budgetOf(numbers int) int {
	if r.memory > 0 {
		return r.memory
	}
	return max(memoryBudget, 8*numbers*r.Replications())
}

// Result is a finished run, to be read. Numbers come from the blocks, column by
// column, so that a run larger than memory can be read too. It may be used by
// several goroutines.
type Result struct {
	Dir      string // empty: in memory
	Manifest Manifest
	Schema   *plan.Schema
	Start    plan.Date // first day of the run
	// Unfinished is set for the part of a run that OpenPartial found.
	Unfinished *Unfinished
	// Unchanged says that the folder was finished before and nothing was added, so
	// that what was made of it then still shows these numbers.
	Unchanged bool

	// Folder is where more may be written until it is closed; nil: the run is only
	// read, or in memory.
	Folder *store.Folder

	memory int // of a pass over the blocks, for tests; 0: that of the run

	// Tabled, if it is not nil, is told how many of the series that the tables of a long run are made from are read:
	// each is a number of a week, month, quarter or slice in all replications.
	Tabled  func(done, total int)
	tabling progress
	blocks  *store.Series
	whole   sync.Map // blocks whose sums were found right

	mu      sync.Mutex
	cache   map[int][]float64 // outcomes, then inputs
	summing sync.Mutex
	summary *analysis.Summary
}

// Close gives the folder back to other processes.
func (r *Result) Close() { r.Folder.Close() }

// Open reads the folder of a finished run.
func Open(dir string) (*Result, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	m := f.Manifest
	switch {
	case m.Shard != nil:
		return nil, fmt.Errorf("%s holds shard %s of a run; merge the shards first", dir, m.Shard)
	case !m.Complete:
		return nil, fmt.Errorf("%s holds an unfinished run; finish it with: %s", dir, store.Again(m.Command, nil, dir))
	}
	return f.result(), nil
}

// mostDictionary is the size of a dictionary in bytes; the largest have some hundred
// thousand.
const mostDictionary = 64 << 20

// openFolder reads manifest and dictionary of a folder, finished or not.
func openFolder(dir string) (*Folder, error) {
	switch info, err := os.Stat(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: no such folder; name one that a run with --out wrote", dir)
	case err == nil && !info.IsDir():
		return nil, fmt.Errorf("%s is a file, not a results folder", dir)
	}
	m, err := readManifest(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s is not a results folder: it has no %s", dir, store.ManifestName)
	}
	if err != nil {
		return nil, fmt.Errorf("results folder: %w", err)
	}
	text, err := store.ReadFile(filepath.Join(dir, dictionaryName), mostDictionary)
	if err != nil {
		return nil, fmt.Errorf("results folder: %w", err)
	}
	f := &Folder{Dir: dir, Manifest: m}
	if f.Schema, f.Start, err = decodeDictionary(text, m); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, dictionaryName), err)
	}
	f.Series = m.series(f.Schema).ReadIn(filepath.Join(dir, blocksName))
	f.OpenEnd = f.OpenEnd && !m.Complete
	return f, nil
}

// decodeDictionary reads a dictionary, which must be the one that the manifest
// names by its digest.
func decodeDictionary(text []byte, m *Manifest) (*plan.Schema, plan.Date, error) {
	if table.Digest(text) != m.Columns {
		return nil, 0, fmt.Errorf("it was changed since the run (its digest is not the manifest's)")
	}
	s, start, err := table.ReadDictionary(text)
	if err == nil && (s.Weeks != m.Weeks || len(s.Inputs) != m.Inputs || start.String() != m.Start) {
		err = fmt.Errorf("weeks, uncertain inputs or first day are not the manifest's")
	}
	return s, start, err
}

// Hold takes the folder of a run to write what is made of it.
func Hold(dir string) (*store.Folder, error) {
	folder, _, err := store.Take(dir, Kind, true, new(Manifest))
	return folder, err
}

func (f *Folder) result() *Result {
	return &Result{Dir: f.Dir, Manifest: f.Manifest.clone(), Schema: f.Schema, Start: f.Start, Folder: f.top,
		blocks: f.Series.Upto(f.Manifest.Replications)}
}

// Scenario gives the text of the scenario that is kept with a run.
func (r *Result) Scenario() ([]byte, error) { return scenarioIn(r.Dir, &r.Manifest) }

func scenarioIn(dir string, m *Manifest) ([]byte, error) {
	path := filepath.Join(dir, scenarioName)
	text, err := store.ReadFile(path, mostDictionary)
	if err != nil {
		return nil, fmt.Errorf("results folder: %w", err)
	}
	if store.SumOf(text) != m.Files[scenarioName] {
		return nil, fmt.Errorf("%s is damaged, or was changed since the run; %s", path, m.again(dir))
	}
	return text, nil
}

// again says how what is damaged in a folder is made again.
func (m *Manifest) again(dir string) string {
	return "make it again with: " + store.Again(m.Command, m.Shard, dir)
}

// Replications is the number of replications.
func (r *Result) Replications() int { return r.Manifest.Replications }

// open opens a block; the first time it reads all of it to check it.
func (r *Result) open(block int) (*store.BlockReader, error) {
	_, whole := r.whole.Load(block)
	b, err := r.blocks.Open(block, !whole)
	if err == nil && b.Replications() < r.blocks.Wanted(block) {
		b.Close()
		err = fmt.Errorf("%s: %w: it holds fewer replications than the run", r.blocks.Name(block), store.ErrCorrupt)
	}
	if err != nil {
		if errors.Is(err, store.ErrCorrupt) || errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%w; %s", err, r.Manifest.again(r.Dir))
		}
		return nil, err
	}
	r.whole.Store(block, true)
	return b, nil
}

// read gathers rows [lo,hi) of some columns of a table over all replications:
// out[k][(row-lo)*n+replication] is of columns[k]. It stands in the buffer, if there is one, which grows as needed, so
// that groups that are read one after the other take the memory of one.
func (r *Result) read(t Table, columns []int, lo, hi int, buffer *[]float64) ([][]float64, error) {
	each := (hi - lo) * r.Replications()
	if buffer == nil {
		buffer = new([]float64)
	}
	if size := len(columns) * each; cap(*buffer) < size {
		*buffer = nil
		if 8*size > memoryBudget {
			runtime.GC() // what was read before is garbage now, as much as this will be
		}
		*buffer = make([]float64, size)
	}
	out := make([][]float64, len(columns))
	for k := range out {
		out[k] = (*buffer)[:cap(*buffer)][k*each : (k+1)*each : (k+1)*each]
	}
	var workers errgroup.Group
	var next atomic.Int64
	// Rather than a goroutine for each block, whose stacks would all have to grow.
	for range min(runtime.GOMAXPROCS(0), r.Manifest.Blocks) {
		safely.Go(&workers, func() error {
			for {
				b := int(next.Add(1)) - 1
				if b >= r.Manifest.Blocks {
					return nil
				}
				if err := r.readBlock(b, t, columns, lo, hi, out); err != nil {
					return err
				}
			}
		})
	}
	return out, workers.Wait()
}

// readBlock puts the replications of one block into what read gathers.
func (r *Result) readBlock(b int, t Table, columns []int, lo, hi int, out [][]float64) error {
	f, err := r.open(b)
	if err != nil {
		return err
	}
	defer f.Close()
	n := r.Replications()
	_, rows := shape(r.Schema, t)
	for k, c := range columns {
		numbers, err := f.Column(column(r.Schema, t, c))
		if err != nil {
			return fmt.Errorf("%s: %w", r.blocks.Name(b), err)
		}
		for i := range r.blocks.Wanted(b) {
			for row := lo; row < hi; row++ {
				x := numbers[i*rows+row]
				if t == Slices {
					x = r.Schema.Slice[c].Recorded(x)
				}
				out[k][(row-lo)*n+b*store.BlockSize+i] = x
			}
		}
	}
	return nil
}

// scalar gives a column of Outcomes or Inputs by replication. As many as fit into the budget are kept: all of them, or
// those around the last that was read.
func (r *Result) scalar(t Table, column int) ([]float64, error) {
	first, columns := 0, len(r.Schema.Outcomes)
	if t == Inputs {
		first, columns = columns, len(r.Schema.Inputs)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if values, ok := r.cache[first+column]; ok {
		return values, nil
	}
	fit := r.budget() / 8 / r.Replications()
	from := column - column%fit
	some := span(from, min(from+fit, columns))
	if r.cache == nil || len(r.cache)+len(some) > fit {
		r.cache = map[int][]float64{}
	}
	numbers, err := r.read(t, some, 0, 1, nil)
	if err != nil {
		return nil, err
	}
	for i, values := range numbers {
		r.cache[first+from+i] = values
	}
	return r.cache[first+column], nil
}

// forget lets go of the columns that were read, where they are not all of a run that fits into memory.
func (r *Result) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if 8*r.Replications()*(len(r.Schema.Outcomes)+len(r.Schema.Inputs)) > r.budget() {
		r.cache = nil
		runtime.GC() // what was read of hundreds of thousands of replications is garbage now, as much as there was room for
	}
}

// span is the whole numbers from lo up to before hi.
func span(lo, hi int) []int {
	out := make([]int, 0, hi-lo)
	for i := lo; i < hi; i++ {
		out = append(out, i)
	}
	return out
}

// Outcome gives a named outcome by replication. It is not to be changed.
func (r *Result) Outcome(name string) ([]float64, error) {
	i, err := find(r.Schema.Outcomes, name, "outcome")
	if err != nil {
		return nil, err
	}
	return r.scalar(Outcomes, i)
}

// Input gives the values drawn for a named uncertain input by replication. It
// is not to be changed.
func (r *Result) Input(name string) ([]float64, error) {
	for i, n := range r.Schema.Inputs {
		if n == name {
			return r.scalar(Inputs, i)
		}
	}
	return nil, fmt.Errorf("there is no uncertain input %q", name)
}

// Weekly gives the numbers of a named weekly column.
func (r *Result) Weekly(name string) (analysis.Paths, error) {
	rows, err := r.panelRows(weeklyPanel(r.Schema, r.Start), name)
	return analysis.PathsByWeek(rows), err
}

// WeeklyPaths gives a named weekly column of the first replications, at most so
// many: out[i][w] is week w (from 0) of replication i.
func (r *Result) WeeklyPaths(name string, most int) ([][]float64, error) {
	c, err := find(r.Schema.Weekly, name, "weekly column")
	if err != nil {
		return nil, err
	}
	_, weeks := shape(r.Schema, Weekly)
	var out [][]float64
	for b := 0; b < r.Manifest.Blocks && len(out) < most; b++ {
		f, err := r.open(b)
		if err != nil {
			return nil, err
		}
		numbers, err := f.Column(column(r.Schema, Weekly, c))
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", r.blocks.Name(b), err)
		}
		for i := 0; i < r.blocks.Wanted(b) && len(out) < most; i++ {
			out = append(out, slices.Clone(numbers[i*weeks:(i+1)*weeks]))
		}
	}
	return out, nil
}

// WeeklyBands gives the distribution of a named weekly column by week.
func (r *Result) WeeklyBands(name string) ([]analysis.Band, error) {
	return r.panelBands(weeklyPanel(r.Schema, r.Start), name)
}

// Months gives the numbers of a named monthly column by calendar month.
func (r *Result) Months(name string) ([][]float64, error) {
	return r.panelRows(monthPanel(r.Schema), name)
}

// MonthBands gives the distribution of a named monthly column by calendar month.
func (r *Result) MonthBands(name string) ([]analysis.Band, error) {
	return r.panelBands(monthPanel(r.Schema), name)
}

// QuarterBands gives the distribution of a named monthly column by calendar
// quarter, with the names of the quarters.
func (r *Result) QuarterBands(name string) ([]analysis.Band, []string, error) {
	p := quarterPanel(r.Schema)
	bands, err := r.panelBands(p, name)
	var names []string
	for _, q := range p.periods {
		names = append(names, q.name)
	}
	return bands, names, err
}

func (r *Result) panelRows(p panel, name string) ([][]float64, error) {
	c, err := find(p.columns, name, p.name+" column")
	if err != nil {
		return nil, err
	}
	out := make([][]float64, 0, len(p.periods))
	err = r.eachPeriod(p, []int{c}, func(_, _ int, values []float64) error {
		out = append(out, slices.Clone(values))
		return nil
	}, nil)
	return out, err
}

func (r *Result) panelBands(p panel, name string) ([]analysis.Band, error) {
	c, err := find(p.columns, name, p.name+" column")
	if err != nil {
		return nil, err
	}
	out := make([]analysis.Band, 0, len(p.periods))
	err = r.eachPeriod(p, []int{c}, func(_, _ int, values []float64) error {
		out = append(out, analysis.BandOf(values))
		return nil
	}, nil)
	return out, err
}

// Slice gives the numbers of a named slices column for one slice by replication.
func (r *Result) Slice(row plan.SliceRow, name string) ([]float64, error) {
	c, err := find(r.Schema.Slice, name, "slices column")
	if err != nil {
		return nil, err
	}
	for i, known := range r.Schema.SliceRows {
		if known == row {
			out, err := r.read(Slices, []int{c}, i, i+1, nil)
			if err != nil {
				return nil, err
			}
			return out[0], nil
		}
	}
	return nil, fmt.Errorf("there is no slice %s %q", row.Dimension, row.Name)
}

// Record gives all that one replication reported.
func (r *Result) Record(replication int) (*plan.Record, error) {
	if replication < 0 || replication >= r.Replications() {
		return nil, fmt.Errorf("replications run from 0 to %[2]d: there is no %[1]d", replication, r.Replications()-1)
	}
	f, err := r.open(replication / store.BlockSize)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := f.Columns(func(int) bool { return true })
	if err != nil {
		return nil, err
	}
	record := r.Schema.NewRecord()
	get(b, r.Schema, replication%store.BlockSize, record)
	return record, nil
}

// Sample gives the outcomes to package analysis.
func (r *Result) Sample() *analysis.Sample {
	return &analysis.Sample{
		Columns: r.Schema.Outcomes, N: r.Replications(), Ties: r.Manifest.ties(),
		Outcome: func(i int) ([]float64, error) { return r.scalar(Outcomes, i) },
	}
}

// find gives the place of a named column.
func find(columns []plan.Column, name, what string) (int, error) {
	for i, c := range columns {
		if c.Name == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("there is no %s %q", what, name)
}
