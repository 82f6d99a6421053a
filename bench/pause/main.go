// Pause is a benchmark for whoever estimates what a pause of the brand does: 240 worlds, of each 200 panels as an
// analyst has them, the truth that no analyst has, and what three reference estimators find (docs/benchmark.md).
//
//	go run ./bench/pause -write DIR               all panels, as DIR/WORLD/000.csv.gz
//	go run ./bench/pause -check                   make all panels and hold them against the checksums of the release
//	go run ./bench/pause -results                 compute everything anew: the release file and docs/benchmark.md
//	go run ./bench/pause -check -worlds 'halo-strong_*_regional_3w' -panels 5
//
// -results keeps each group of worlds that is done in the folder -work, and goes on from there.
package main

import (
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"windfall/bench/clock"
	"windfall/sim/export"
	"windfall/sim/store"
)

// Where the release and its page are, from the root of the module.
const (
	releaseFile = "bench/pause/release/pause-benchmark-1.jsonl.gz"
	pageFile    = "docs/benchmark.md"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// command is what was asked for.
type command struct {
	write, worlds, release, work, page string
	check, results                     bool
	panels, workers                    int
	out                                io.Writer
}

// mistake is an error of whoever asked: exit code 2.
type mistake struct{ error }

func wrong(format string, args ...any) error { return mistake{fmt.Errorf(format, args...)} }

// run runs the command and gives its exit code: 2 if it was asked for what cannot be, or a checksum does not hold.
func run(ctx context.Context, args []string, out, problems io.Writer) int {
	c := &command{out: out}
	flags := flag.NewFlagSet("pause", flag.ContinueOnError)
	flags.SetOutput(problems)
	flags.StringVar(&c.write, "write", "", "write all panels into this folder, which must not exist")
	flags.BoolVar(&c.check, "check", false, "make panels and hold them against the checksums of the release")
	flags.BoolVar(&c.results, "results", false, "compute the release file and its page anew")
	flags.StringVar(&c.worlds, "worlds", "", "some worlds by name, * for any part of one, separated by commas")
	flags.IntVar(&c.panels, "panels", panels, "panels of each world")
	flags.IntVar(&c.workers, "workers", runtime.GOMAXPROCS(0), "workers (default: one per CPU)")
	flags.StringVar(&c.release, "release", releaseFile, "the release file")
	flags.StringVar(&c.page, "page", pageFile, "the page that -results writes")
	flags.StringVar(&c.work, "work", filepath.Join("results", "pause-benchmark"), "what -results has done so far")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	begin, cpu := time.Now(), clock.All()
	err := c.do(ctx, flags.NArg())
	if err == nil {
		fmt.Fprintf(out, "%.0f s, %.0f s of processor time\n", time.Since(begin).Seconds(), (clock.All() - cpu).Seconds())
		return 0
	}
	fmt.Fprintln(problems, "pause:", err)
	var asked mistake
	if errors.As(err, &asked) {
		return 2
	}
	return 1
}

func (c *command) do(ctx context.Context, rest int) error {
	asked := 0
	for _, yes := range []bool{c.write != "", c.check, c.results} {
		if yes {
			asked++
		}
	}
	switch {
	case rest > 0 || asked != 1:
		return wrong("ask for one of -write DIR, -check and -results; -help says what they do")
	case c.panels < 1 || c.panels > panels:
		return wrong("-panels %d: a world has 1 to %d panels", c.panels, panels)
	case c.workers < 1:
		return wrong("-workers %d: at least 1", c.workers)
	case c.results && (c.worlds != "" || c.panels != panels):
		return wrong("-results is of all worlds and panels")
	}
	chosen, err := choose(groups(), c.worlds)
	if err != nil {
		return mistake{err}
	}
	switch {
	case c.results:
		return c.renew(ctx, chosen)
	case c.write != "":
		return c.panelsTo(ctx, chosen)
	}
	return c.hold(ctx, chosen)
}

// renew computes the release and its page.
func (c *command) renew(ctx context.Context, all []group) error {
	if err := os.MkdirAll(filepath.Dir(c.release), 0o777); err != nil {
		return err
	}
	say := func(format string, args ...any) { fmt.Fprintf(c.out, format+"\n", args...) }
	if err := collect(ctx, c.work, c.release, c.workers, all, say); err != nil {
		return err
	}
	r, err := open(c.release)
	if err != nil {
		return err
	}
	return store.WriteFile(c.page, []byte(r.page()))
}

// panelsTo writes panels.
func (c *command) panelsTo(ctx context.Context, chosen []group) error {
	if _, err := os.Lstat(c.write); err == nil {
		return wrong("-write %s: exists already; name a new folder, or remove it", c.write)
	}
	var count struct {
		sync.Mutex
		files, bytes, packed int
	}
	err := together(ctx, c.workers, chosen, func(ctx context.Context, g *group) error {
		return g.each(ctx, c.panels, func(i, k int, _ *Panel, csv []byte, _, _ *export.Panel) error {
			dir := filepath.Join(c.write, g.worlds[i].Name)
			if err := os.MkdirAll(dir, 0o777); err != nil {
				return err
			}
			size, err := writeZip(filepath.Join(dir, fmt.Sprintf("%03d.csv.gz", k)), csv)
			count.Lock()
			defer count.Unlock()
			count.files, count.bytes, count.packed = count.files+1, count.bytes+len(csv), count.packed+size
			return err
		})
	})
	const mb = 1e6
	fmt.Fprintf(c.out, "%d panels, %.1f MB of CSV in %.1f MB\n", count.files, float64(count.bytes)/mb,
		float64(count.packed)/mb)
	return err
}

// writeZip writes a compressed file and gives its size.
func writeZip(file string, text []byte) (size int, err error) {
	f, err := os.Create(file)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	zip, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return 0, err
	}
	if _, err := zip.Write(text); err != nil {
		return 0, err
	}
	if err := zip.Close(); err != nil {
		return 0, err
	}
	at, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return 0, err
	}
	return int(at), f.Close()
}

// hold makes panels and holds them against the release.
func (c *command) hold(ctx context.Context, chosen []group) error {
	r, err := open(c.release)
	if err != nil {
		return mistake{err}
	}
	var count struct {
		sync.Mutex
		same  int
		other []string
	}
	err = together(ctx, c.workers, chosen, func(ctx context.Context, g *group) error {
		for _, w := range g.worlds {
			if r.byName[w.Name] == nil || len(r.byName[w.Name].Panels) < c.panels {
				return wrong("%s has not %d panels of %s", c.release, c.panels, w.Name)
			}
		}
		return g.each(ctx, c.panels, func(i, k int, _ *Panel, csv []byte, _, _ *export.Panel) error {
			name := g.worlds[i].Name
			count.Lock()
			defer count.Unlock()
			if checksum(csv) == r.byName[name].Panels[k].Checksum {
				count.same++
			} else {
				count.other = append(count.other, fmt.Sprintf("panel %d of %s", k, name))
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	if n := len(count.other); n > 0 {
		return wrong("%d of %d panels are not those of %s, %s among them", n, n+count.same, c.release, count.other[0])
	}
	fmt.Fprintf(c.out, "%d panels are those of the release\n", count.same)
	return nil
}
