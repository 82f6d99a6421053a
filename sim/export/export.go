package export

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/safely"
	"windfall/sim/store"
	"windfall/sim/table"
)

// Options say what is exported.
type Options struct {
	Plan                *plan.Plan
	First, Replications int            // the first replication, from 0, and how many; 0: one
	Formats             []table.Format // CSV, Parquet; none: CSV
	Layout              Layout         // beside the tables, one that a tool reads; none: NoLayout
	Journeys            bool           // the tables touches and leads
	Customers           bool           // the tables customers and truth_customers
	Population          bool           // the table population
	Workers             int            // 0: one per CPU

	Version, Digest string   // of the program, of the plan: for the manifest
	Command         []string // likewise
	Progress        func(done, total int)
}

// Kind marks the folder of an export.
const Kind = "export"

// Manifest is the manifest of an export.
type Manifest struct {
	store.Manifest
	Seed         uint64 `json:"seed"`
	Digest       string `json:"digest"` // of the plan
	First        int    `json:"first_replication"`
	Replications int    `json:"replications"`
	Weeks        int    `json:"weeks"`
	Start        string `json:"start"`
	Regions      int    `json:"regions"`
	Channels     int    `json:"channels"`
	Media        int    `json:"brand_media"`
	// Failed counts the replications that end out of business before the last week: their tables end there.
	Failed int    `json:"out_of_business,omitempty"`
	Layout Layout `json:"layout,omitempty"`
}

// ExistsError refuses a folder that exists.
type ExistsError struct{ Dir string }

// Error implements error.
func (e *ExistsError) Error() string {
	return e.Dir + " exists already; nothing was written: choose another --out, or remove it"
}

// BadInput marks it: nothing was written.
func (*ExistsError) BadInput() {}

// exporter writes the tables of a plan.
type exporter struct {
	Options
	cells     []model.Cell
	lacks     []string     // what worlds lack
	worlds    []*plan.Plan // the plan, then those
	searched  []bool       // by channel: it captures searches
	channelOf map[string]int
	sheets    []*sheet
	layout    *layout
	open      map[string]table.Writer

	failed  int // replications that end out of business before the last week
	telling sync.Mutex
	done    int // runs
}

// Write writes a new folder. It is made beside its place and put there when it is whole, so that whatever stops it,
// there is all of it or nothing.
func Write(ctx context.Context, dir string, o Options) (*Manifest, error) {
	switch _, err := os.Lstat(dir); {
	case err == nil:
		return nil, &ExistsError{dir}
	case errors.Is(err, syscall.ENOTDIR):
		return nil, &store.NoFolderError{Dir: dir}
	case !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("the folder of the export: %w", err)
	}
	x, err := newExporter(o)
	if err != nil {
		return nil, err
	}
	m, part := x.manifest(), dir+".part"
	f, begun, err := store.Take(part, Kind, false, new(Manifest))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if begun { // what a killed export left
		for _, files := range []string{"*.csv", "*.parquet", "*.json"} {
			if err := f.RemoveBelow("", files); err != nil {
				return nil, err
			}
		}
	}
	if err := x.into(ctx, f, m); err != nil {
		f.Close()
		return nil, errors.Join(err, os.RemoveAll(part))
	}
	f.Close()
	return m, os.Rename(part, dir)
}

// into writes all files, and a manifest first: from then on the folder is known as ours.
func (x *exporter) into(ctx context.Context, f *store.Folder, m *Manifest) error {
	if err := f.Commit(m); err != nil {
		return err
	}
	if err := x.fill(ctx, f); err != nil {
		return err
	}
	m.Failed, m.Files, m.Complete = x.failed, f.Sums(), true
	return f.Commit(m)
}

// DirOf is the folder of an export that is given none.
func DirOf(o *Options) string {
	h := sha256.New()
	fmt.Fprintln(h, o.Version, o.Digest, o.Plan.Run.Seed, o.First, max(1, o.Replications), o.Formats, o.Layout, o.Journeys,
		o.Customers, o.Population)
	return filepath.Join("results", Kind+"-"+store.Name(o.Plan.Name)+"-"+hex.EncodeToString(h.Sum(nil))[:12])
}

// ParseFormats reads csv, parquet or both.
func ParseFormats(text string) ([]table.Format, error) {
	switch text {
	case string(table.CSV), string(table.Parquet):
		return []table.Format{table.Format(text)}, nil
	case "both":
		return []table.Format{table.CSV, table.Parquet}, nil
	}
	return nil, fmt.Errorf("%q: csv, parquet or both", text)
}

// newExporter fills in what is not said.
func newExporter(o Options) (*exporter, error) {
	x := &exporter{Options: o, cells: model.Cells(o.Plan), channelOf: map[string]int{}, open: map[string]table.Writer{}}
	x.Replications = max(1, o.Replications)
	if x.Workers == 0 {
		x.Workers = runtime.NumCPU()
	}
	if len(x.Formats) == 0 {
		x.Formats = []table.Format{table.CSV}
	}
	names, plans, err := lacking(o.Plan)
	if err != nil {
		return nil, err
	}
	x.lacks, x.worlds = names, append([]*plan.Plan{o.Plan}, plans...)
	for _, name := range names {
		x.channelOf[name] = -1
	}
	for c := range o.Plan.Channels {
		ch := &o.Plan.Channels[c]
		x.channelOf[ch.Name] = c
		x.searched = append(x.searched, ch.Captures != "")
	}
	x.sheets = []*sheet{&panelSheet, &regionsSheet, weeksSheet(o.Plan.Dimension("product")), &channelsSheet, &curvesSheet,
		&brandSheet, &mediaSheet}
	if o.Population {
		x.sheets = append(x.sheets, &populationSheet)
	}
	if o.Journeys {
		x.sheets = append(x.sheets, &touchesSheet, &leadsSheet)
	}
	if o.Customers {
		x.sheets = append(x.sheets, &customersSheet, &lifetimesSheet)
	}
	if o.Layout == NoLayout {
		return x, nil
	}
	first, err := Observe(o.Plan, o.First)
	if err != nil {
		return nil, err
	}
	x.layout = newLayout(o.Layout, first, x.Replications > 1)
	x.sheets = append(x.sheets, x.layout.sheets...)
	return x, x.layout.tell(x, first)
}

func (x *exporter) manifest() *Manifest {
	of := store.Manifest{Windfall: Kind, Subject: x.Plan.Name, Version: x.Version, Command: x.Command}
	run := &x.Plan.Run
	return &Manifest{Manifest: of, Seed: uint64(run.Seed), Digest: x.Digest, First: x.First, Replications: x.Replications,
		Weeks: int(run.Weeks), Start: run.Start.String(), Regions: len(x.Plan.Population.Regions),
		Channels: len(x.Plan.Channels), Media: len(x.Plan.Media), Layout: x.Layout}
}

// fill writes the files of the folder.
func (x *exporter) fill(ctx context.Context, f *store.Folder) error {
	if err := x.openTables(f, x.sheets, func() error {
		if err := x.panels(ctx); err != nil {
			return err
		}
		return x.firms(ctx)
	}); err != nil {
		return err
	}
	if x.layout != nil {
		if err := f.WriteBytes(string(x.Layout)+".json", x.layout.mapping()); err != nil {
			return err
		}
	}
	d := x.dictionary()
	if err := f.WriteBytes("dictionary.json", d.json()); err != nil {
		return err
	}
	return f.Write("dictionary.csv", d.csv)
}

// openTables opens the files of some tables, all at a time, fills them, and closes them.
func (x *exporter) openTables(f *store.Folder, sheets []*sheet, fill func() error) error {
	if len(sheets) == 0 {
		return fill()
	}
	s := sheets[0]
	var columns []table.Column
	for _, c := range s.columns {
		columns = append(columns, c.Column)
	}
	var writers fan
	var open func(formats []table.Format) error
	open = func(formats []table.Format) error {
		if len(formats) == 0 {
			x.open[s.name] = writers
			return x.openTables(f, sheets[1:], fill)
		}
		return f.Write(formats[0].FileOf(s.name), func(out io.Writer) error {
			w := table.New(formats[0], out, columns)
			writers = append(writers, w)
			if err := open(formats[1:]); err != nil {
				return err
			}
			return w.Close()
		})
	}
	return open(x.Formats)
}

// panels runs the replications, some at a time, and writes their rows in order. It holds the panels of one replication
// per worker. Where there are more workers than replications, the worlds of one are shared out over some: panels are
// those of each world alone, whoever runs it beside which other.
func (x *exporter) panels(ctx context.Context) error {
	lanes := min(x.Workers, x.Replications)
	parts := min(x.Workers/lanes, len(x.worlds))
	crews := make([]*crew, lanes)
	for i := range crews {
		var err error
		if crews[i], err = x.crew(ctx, parts); err != nil {
			return err
		}
	}
	for at := 0; at < x.Replications; at += lanes {
		now := crews[:min(lanes, x.Replications-at)]
		failed := make([]error, len(now)*parts)
		var wait sync.WaitGroup
		for i, c := range now {
			for part, r := range c.runners {
				wait.Go(func() {
					failed[i*parts+part] = safely.Do(func() error {
						r.Run(uint64(x.Plan.Run.Seed), x.First+at+i)
						return ctx.Err()
					})
				})
			}
		}
		wait.Wait()
		if err := errors.Join(failed...); err != nil {
			return err
		}
		for i, c := range now {
			if err := x.write(&replicated{x.First + at + i, c.panels[0], c.panels[1:]}); err != nil {
				return err
			}
		}
	}
	return nil
}

// crew is who runs the worlds of a replication side by side.
type crew struct {
	runners []*Runner
	panels  []*Panel // by world
}

// crew makes runners, each of some worlds. They tell of each that is done, and stop when ctx ends.
func (x *exporter) crew(ctx context.Context, parts int) (*crew, error) {
	c := &crew{panels: make([]*Panel, len(x.worlds))}
	for part := range parts {
		var plans []*plan.Plan
		for i := part; i < len(x.worlds); i += parts {
			plans = append(plans, x.worlds[i])
		}
		r, err := NewRunner(plans...)
		if err != nil {
			return nil, err
		}
		r.group.Finished = func(int) bool {
			x.tell()
			return ctx.Err() == nil
		}
		for k, p := range r.panels {
			c.panels[part+k*parts] = p
		}
		c.runners = append(c.runners, r)
	}
	return c, nil
}

// write writes the rows of a replication.
func (x *exporter) write(r *replicated) error {
	if r.Lived < r.Weeks {
		x.failed++
	}
	for _, s := range x.sheets {
		if s.rows == nil {
			continue
		}
		if err := s.rows(x, x.open[s.name], r); err != nil {
			return fmt.Errorf("table %s: %w", s.name, err)
		}
	}
	return nil
}

// tell says that one more run is done.
func (x *exporter) tell() {
	x.telling.Lock()
	defer x.telling.Unlock()
	if x.done++; x.Progress != nil {
		x.Progress(x.done, x.Runs())
	}
}

// Runs are those that the export takes.
func (x *exporter) Runs() int {
	each := len(x.worlds)
	if x.Journeys || x.Customers {
		each += passes
	}
	return each * x.Replications
}

// inCents rounds money to whole cents.
func inCents(usd float64) float64 { return math.Round(usd*100) / 100 }

// fan is a table in several formats.
type fan []table.Writer

func (f fan) Text(s string) {
	for _, w := range f {
		w.Text(s)
	}
}

func (f fan) Date(d plan.Date) {
	for _, w := range f {
		w.Date(d)
	}
}

func (f fan) Whole(i int) {
	for _, w := range f {
		w.Whole(i)
	}
}

func (f fan) Number(n float64) {
	for _, w := range f {
		w.Number(n)
	}
}

func (f fan) EndRow() error {
	var failed []error
	for _, w := range f {
		failed = append(failed, w.EndRow())
	}
	return errors.Join(failed...)
}

func (f fan) Close() error { return nil } // by who opened them
