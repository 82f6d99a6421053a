// Bench measures how fast Windfall is, on this machine, now: what a replication costs in hashes, and ratios
// of things measured in turn. docs/performance.md explains the lines of its table and holds the last one.
//
//	go run ./bench                some ten minutes of processor time
//	go run ./bench -quick         less than one, for a look: fewer rounds, smaller sizes
//	go run ./bench -full          with 1,000 full-size replications for the memory
//	go run ./bench -only beyond   one part
//	go run ./bench -markdown      the table as Markdown
//
// Run it on a quiet machine with two free processors, in a clone with its history: some lines build the
// program as it was before the speed work.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"windfall/bench/clock"
)

func main() {
	b := &bench{rounds: 5, memory: 50}
	var names []string
	for _, p := range parts {
		names = append(names, p.name)
	}
	quick := flag.Bool("quick", false, "fewer rounds and smaller sizes")
	full := flag.Bool("full", false, "1,000 full-size replications for the memory")
	only := flag.String("only", "", "some parts, separated by commas: "+strings.Join(names, ", "))
	flag.BoolVar(&b.markdown, "markdown", false, "print the table as Markdown")
	flag.Parse()
	switch {
	case *quick:
		b.rounds, b.memory, b.quick = 1, 10, true
	case *full:
		b.memory = 1000
	}
	var some []string
	if *only != "" {
		some = strings.Split(*only, ",")
	}
	for _, name := range some {
		if !slices.Contains(names, name) {
			fmt.Fprintf(os.Stderr, "bench: -only %s: no such part; there are %s\n", name, strings.Join(names, ", "))
			os.Exit(2)
		}
	}
	if err := b.run(some); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// bench is one run of the benchmarks.
type bench struct {
	rounds   int // of each measurement; the median counts
	memory   int // full-size replications whose memory is measured
	quick    bool
	markdown bool

	dir   string // of programs that are built for this run
	built map[string]string
	rows  []row

	nationwide *sample // see fullSize
}

// parts are the parts of the table, in their order. Memory comes first: the system counts the memory of the program
// that starts another as that other's, and this one is small only at its start.
var parts = []struct {
	name string
	run  func(*bench) error
	long bool // left out of a quick run
}{
	{"memory", (*bench).peak, true}, {"engine", (*bench).engine, false}, {"beyond", (*bench).beyond, false},
	{"groups", (*bench).groups, false}, {"small", (*bench).small, false}, {"command", (*bench).command, false},
	{"workers", (*bench).workers, false}, {"wasm", (*bench).wasm, false}, {"allocations", (*bench).allocations, false},
	{"floor", (*bench).floor, false},
	{"dense", (*bench).dense, true}, {"functions", (*bench).functions, false}, {"firms", (*bench).firms, true},
	{"journeys", (*bench).journeys, true}, {"channels", (*bench).channels, true},
	{"questions", (*bench).questions, true},
}

func (b *bench) run(only []string) error {
	var err error
	if b.dir, err = os.MkdirTemp("", "windfall-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.dir)
	b.built = map[string]string{}
	begin := clock.All()
	for _, p := range parts {
		if named := slices.Contains(only, p.name); !named && (len(only) > 0 || b.quick && p.long) {
			continue
		}
		if err := p.run(b); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	b.print()
	fmt.Printf("\n%s, %s/%s, %d processors, one hash %.2f ns, %s; %.0f s of processor time\n", runtime.Version(),
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), hash(),
		time.Now().UTC().Format(time.DateOnly), (clock.All() - begin).Seconds())
	return nil
}

// results is where a command of this run writes.
func (b *bench) results() string { return filepath.Join(b.dir, "results") }
