package result

import (
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/safely"
	"windfall/sim/table"
)

// MostRowNumbers is the largest table, in numbers (replications x periods or
// slices x columns), that is written with all its rows: about 100 MB of table.CSV.
// Larger ones are written as bands or totals over replications. The blocks keep
// all rows in any case.
const MostRowNumbers = 10_000_000

// period is a stretch of rows [lo,hi) of a table that are summed.
type period struct {
	number int       // of a week, from 1
	name   string    // of a month or quarter
	from   plan.Date // first day
	lo, hi int
}

// panel is a table of numbers by replication and period.
type panel struct {
	name    string // of the file
	of      Table  // where the numbers come from
	unit    string // week, month or quarter
	columns []plan.Column
	periods []period
}

func weeklyPanel(s *plan.Schema, start plan.Date) panel {
	p := panel{name: "weekly", of: Weekly, unit: "week", columns: s.Weekly}
	for w := range s.Weeks {
		p.periods = append(p.periods, period{number: w + 1, from: start + plan.Date(7*w), lo: w, hi: w + 1})
	}
	return p
}

func monthPanel(s *plan.Schema) panel {
	p := panel{name: "months", of: Months, unit: "month", columns: s.Months}
	for i, d := range s.MonthStart {
		year, month, _ := d.YMD()
		p.periods = append(p.periods, period{name: fmt.Sprintf("%04d-%02d", year, month), from: d, lo: i, hi: i + 1})
	}
	return p
}

func quarterPanel(s *plan.Schema) panel {
	p := panel{name: "quarters", of: Months, unit: "quarter", columns: s.Months}
	for i, d := range s.MonthStart {
		year, month, _ := d.YMD()
		name := fmt.Sprintf("%04dQ%d", year, (month+2)/3)
		if last := len(p.periods) - 1; last >= 0 && p.periods[last].name == name {
			p.periods[last].hi = i + 1
			continue
		}
		p.periods = append(p.periods, period{name: name, from: d, lo: i, hi: i + 1})
	}
	return p
}

// key writes the columns that say which period a row is of.
func (p *panel) key(t table.Writer, q period) {
	if p.unit == "week" {
		t.Whole(q.number)
		t.Date(q.from)
		return
	}
	t.Text(q.name)
}

func (p *panel) keyColumns() []table.Column {
	if p.unit == "week" {
		return append(table.Whole.Named("week"), table.Date.Named("first_day")...)
	}
	return table.Text.Named(p.unit)
}

// rowsFit tells whether a table of so many numbers a replication is written
// with all its rows. A workbook is for people, who read what they come to.
func (r *Result) rowsFit(numbers int) bool {
	return r.Manifest.TableFormat != table.XLSX && r.Replications()*numbers <= MostRowNumbers
}

// called is what a column is called where it is a row: its label in a workbook, else its name.
func (r *Result) called(c *plan.Column) string {
	if r.Manifest.TableFormat == table.XLSX {
		return c.Label
	}
	return c.Name
}

// kind says what the table of a panel holds.
func (r *Result) kind(p panel) string {
	if r.rowsFit(len(p.periods) * len(p.columns)) {
		return "rows"
	}
	return "bands"
}

// eachPeriod hands over the numbers of every column and period by replication,
// the periods of a column in order, reading as many at a time as fit into the
// memory budget. What is handed over may be changed, and is there until read, if there is one, was called: after all
// that was read together is handed over.
func (r *Result) eachPeriod(p panel, columns []int, each func(column, period int, values []float64) error,
	read func() error) error {
	n := r.Replications()
	fit := max(1, r.tableBudget()/8/n) // rows of one column
	widest := 1                        // rows of a period
	for _, q := range p.periods {
		widest = max(widest, q.hi-q.lo)
	}
	var buffer []float64
	atOnce := max(1, fit/(len(p.periods)*widest)) // columns
	for len(columns) > 0 {
		some := columns[:min(atOnce, len(columns))]
		columns = columns[len(some):]
		step := max(1, fit/(len(some)*widest)) // periods
		for from := 0; from < len(p.periods); from += step {
			periods := p.periods[from:min(from+step, len(p.periods))]
			lo := periods[0].lo
			numbers, err := r.read(p.of, some, lo, periods[len(periods)-1].hi, &buffer)
			if err != nil {
				return err
			}
			for k, column := range some {
				for i, q := range periods {
					values := numbers[k][(q.lo-lo)*n : (q.lo-lo+1)*n : (q.lo-lo+1)*n]
					for row := q.lo + 1; row < q.hi; row++ {
						for j, x := range numbers[k][(row-lo)*n : (row-lo+1)*n] {
							values[j] += x
						}
					}
					if err := each(column, from+i, values); err != nil {
						return err
					}
				}
			}
			if read != nil {
				if err := read(); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// writePanel writes a panel with all its rows, or as bands.
func (r *Result) writePanel(open table.Opener, p panel) error {
	if r.kind(p) == "bands" {
		return r.writeBands(open, p)
	}
	t := open(slices.Concat(table.Whole.Named("replication"), p.keyColumns(), numbers(p.columns)))
	_, rows := shape(r.Schema, p.of)
	err := r.eachBlock([]Table{p.of}, func(b tabled, i int) error {
		for _, q := range p.periods {
			t.Whole(b.First() + i)
			p.key(t, q)
			for c := range p.columns {
				numbers := b.Column(p.of, c)[i*rows : (i+1)*rows]
				sum := numbers[q.lo]
				for _, x := range numbers[q.lo+1 : q.hi] {
					sum += x
				}
				t.Number(sum)
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

// mostSorted is how many series are sorted at once, each in a copy.
const mostSorted = 8

// writeBands writes for every column and period the distribution over
// replications. The sorting is shared out to all processors, some periods at a
// time, so that memory stays bounded.
func (r *Result) writeBands(open table.Opener, p panel) error {
	t := open(slices.Concat(table.Text.Named("measure"), p.keyColumns(),
		table.Whole.Named("n", "missing"), table.Number.Named("mean", "p5", "p25", "p50", "p75", "p95")))
	bands := make([]analysis.Band, len(p.columns)*len(p.periods))
	var workers errgroup.Group
	workers.SetLimit(min(runtime.GOMAXPROCS(0), mostSorted))
	err := r.eachPeriod(p, span(0, len(p.columns)), func(column, period int, values []float64) error {
		r.tabled(1)
		safely.Go(&workers, func() error {
			bands[column*len(p.periods)+period] = analysis.BandOf(values)
			return nil
		})
		return nil
	}, workers.Wait)
	if err = firstError(err, workers.Wait()); err != nil {
		return err
	}
	for i, b := range bands {
		t.Text(r.called(&p.columns[i/len(p.periods)]))
		p.key(t, p.periods[i%len(p.periods)])
		t.Whole(b.N)
		t.Whole(b.Missing)
		for _, x := range []float64{b.Mean, b.P5, b.P25, b.P50, b.P75, b.P95} {
			t.Number(x)
		}
		if err := t.EndRow(); err != nil {
			return err
		}
	}
	return t.Close()
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// eachBlock hands over every replication in order, with the tables asked for.
func (r *Result) eachBlock(which []Table, each func(b tabled, i int) error) error {
	for number := range r.Manifest.Blocks {
		f, err := r.open(number)
		if err != nil {
			return err
		}
		b, err := readTables(f, r.Schema, which...)
		f.Close()
		if err != nil {
			return fmt.Errorf("%s: %w", r.blocks.Name(number), err)
		}
		for i := range r.blocks.Wanted(number) {
			if err := each(b, i); err != nil {
				return err
			}
		}
	}
	return nil
}
