// Bench measures how fast Windfall is, on this machine, now. Every line of the
// table is measured in the same run, and every ratio is of two lines measured
// one after the other. docs/performance.md explains the lines.
//
//	go run ./bench           a few minutes
//	go run ./bench -quick    half a minute, for a look
//	go run ./bench -full     with 1,000 full-size replications for the memory
//
// Run it on a quiet machine with two free processors.
package main

import (
	"flag"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"

	"windfall/bench/clock"
	"windfall/model"
	"windfall/scenarios"
)

func main() {
	b := &bench{rounds: 5, memory: 200}
	quick := flag.Bool("quick", false, "fewer rounds and smaller sizes")
	full := flag.Bool("full", false, "1,000 full-size replications for the memory")
	only := flag.String("only", "", "one part: engine, dense, floor, functions, workers, firms, journeys, channels, wasm, memory, metro")
	flag.Parse()
	switch {
	case *quick:
		b.rounds, b.memory, b.quick = 1, 10, true
	case *full:
		b.memory = 1000
	}
	if err := b.run(*only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run of the benchmarks.
type bench struct {
	rounds int // of each measurement; the median counts
	memory int // full-size replications whose memory is measured
	quick  bool

	dir  string // of programs that are built for this run
	rows []row

	engine sample // the full-size replication, for the ratios
}

// row is a line of the table.
type row struct {
	what, value, ratio, aim string
}

func (b *bench) add(what, value, ratio, aim string) {
	b.rows = append(b.rows, row{what, value, ratio, aim})
	fmt.Fprintf(os.Stderr, "%s: %s %s\n", what, value, ratio)
}

// part adds a line that begins a part of the table.
func (b *bench) part(name string) { b.rows = append(b.rows, row{what: name}) }

func (b *bench) run(only string) error {
	var err error
	if b.dir, err = os.MkdirTemp("", "windfall-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	fmt.Printf("%s, %s/%s, %d processors, %s\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), time.Now().UTC().Format(time.DateOnly))
	parts := []struct {
		name string
		run  func() error
	}{{"engine", b.fullSize}, {"dense", b.dense}, {"floor", b.floor}, {"functions", b.functions}, {"workers", b.workers}, {"firms", b.firms}, {"journeys", b.journeys},
		{"channels", b.channels}, {"wasm", b.wasm}, {"memory", b.peak}, {"metro", b.metro}}
	for _, p := range parts {
		// The ratios of dense, floor and wasm are to the full-size replication.
		if only != "" && p.name != only && !(p.name == "engine" && slices.Contains([]string{"dense", "floor"}, only)) {
			continue
		}
		if err := p.run(); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	b.print()
	return nil
}

func (b *bench) print() {
	w := table.NewWriter()
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Format.Header = text.FormatDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	w.SetStyle(style)
	w.AppendHeader(table.Row{"what", "measured", "ratio", "aim"})
	w.SetColumnConfigs([]table.ColumnConfig{{Number: 2, Align: text.AlignRight, AlignHeader: text.AlignRight}, {Number: 3, Align: text.AlignRight, AlignHeader: text.AlignRight}})
	w.SuppressTrailingSpaces()
	for _, r := range b.rows {
		w.AppendRow(table.Row{r.what, r.value, r.ratio, r.aim})
	}
	fmt.Println(w.Render())
}

// sample is what replications of one plan cost.
type sample struct {
	plan     *model.Plan
	schema   *model.Schema
	outcomes []float64 // mean over replications
	ms       float64   // CPU time a replication, the median over rounds
	spread   float64   // half of the range over rounds, relative
	allocs   float64   // allocations a replication, after the first
}

// outcome gives the mean of a named outcome.
func (s *sample) outcome(name string) float64 {
	for i, c := range s.schema.Outcomes {
		if c.Name == name {
			return s.outcomes[i]
		}
	}
	return math.NaN()
}

// weeks is the number of weeks of a replication, the burn-in too.
func (s *sample) weeks() float64 { return s.plan.Run.Weeks + s.plan.Opening.BurnInWeeks }

// all scales a count of the run to the burn-in too.
func (s *sample) all(count float64) float64 { return count * s.weeks() / s.plan.Run.Weeks }

// cost measures replications of a plan on one goroutine, in rounds.
func (b *bench) cost(p *model.Plan, replications int) (sample, error) {
	prepared, err := model.Prepare(p)
	if err != nil {
		return sample{}, err
	}
	s := sample{plan: p, schema: prepared.Schema()}
	s.outcomes = make([]float64, len(s.schema.Outcomes))
	state, record := prepared.NewState(), s.schema.NewRecord()
	// The first replications make the memory that the others use again.
	const first = 2
	for r := range first {
		state.Replicate(1, r, record)
	}
	runtime.GC()
	var times []float64
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for round := range b.rounds {
		begin := clock.CPU()
		for r := range replications {
			state.Replicate(1, first+round*replications+r, record)
			for i, x := range record.Outcomes {
				s.outcomes[i] += x / float64(b.rounds*replications)
			}
		}
		times = append(times, (clock.CPU()-begin).Seconds()*1000/float64(replications))
	}
	runtime.ReadMemStats(&after)
	s.allocs = float64(after.Mallocs-before.Mallocs) / float64(b.rounds*replications)
	s.ms = median(times)
	s.spread = (slices.Max(times) - slices.Min(times)) / 2 / s.ms
	return s, nil
}

func (b *bench) load(name string, sets ...string) (*model.Plan, error) {
	return scenarios.Load(name, scenarios.Set(sets...))
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	if n := len(x); n%2 == 0 {
		return (x[n/2-1] + x[n/2]) / 2
	}
	return x[len(x)/2]
}

// fullSize measures the replication of the shipped national vendor.
func (b *bench) fullSize() error {
	p, err := b.load("phone-system")
	if err != nil {
		return err
	}
	if b.engine, err = b.cost(p, 2); err != nil {
		return err
	}
	e := &b.engine
	b.part(fmt.Sprintf("phone-system, %.2f million firms, %.0f weeks and %.0f of burn-in, %d channels", p.Population.Firms/1e6, p.Run.Weeks, p.Opening.BurnInWeeks, len(p.Channels)))
	b.add("  CPU time a replication", fmt.Sprintf("%.0f ms ± %.0f%%", e.ms, 100*e.spread), "", "250 to 400 ms")
	b.add("  a journey (burn-in counted)", fmt.Sprintf("%.0f ns", e.ms*1e6/e.all(e.outcome("journeys"))), "", "")
	b.add("  journeys in the run", fmt.Sprintf("%.3f million", e.outcome("journeys")/1e6), "", "")
	b.add("  allocations after the first", fmt.Sprintf("%.1f", e.allocs), "", "0")
	return nil
}
