package main

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"windfall/model"
)

// build builds a program of this module for this run.
func (b *bench) build(pkg string, env ...string) (string, error) {
	out := filepath.Join(b.dir, strings.NewReplacer("/", "-", ".", "").Replace(pkg+strings.Join(env, "")))
	c := exec.Command("go", "build", "-o", out, pkg)
	c.Env = append(os.Environ(), env...)
	if text, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build %s: %w\n%s", pkg, err, text)
	}
	return out, nil
}

// numbers runs a program that prints a line of JSON.
func numbers(c *exec.Cmd) (map[string]float64, error) {
	c.Stderr = os.Stderr
	text, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c, err)
	}
	out := map[string]float64{}
	return out, json.Unmarshal(text, &out)
}

// dense compares with the program that steps every firm. The engine's burn-in
// counts as its work; the rival is timed with one of the same length, and
// without.
func (b *bench) dense() error {
	program, err := b.build("./bench/dense")
	if err != nil {
		return err
	}
	b.part("dense rival: every firm stepped every week, triggers and touches only (bench/dense)")
	for _, burnIn := range []string{"-1", "0"} {
		var ms []float64
		var n map[string]float64
		for range max(1, b.rounds/2) {
			if n, err = numbers(exec.Command(program, "-burn-in", burnIn)); err != nil {
				return err
			}
			ms = append(ms, n["cpu_ms"])
		}
		what, aim := "  with a burn-in of the same length", "at least 8, aim at 12"
		if burnIn == "0" {
			what, aim = "  without burn-in", ""
		}
		b.add(what, fmt.Sprintf("%.0f ms", median(ms)), fmt.Sprintf("%.1f x the engine", median(ms)/b.engine.ms), aim)
		if burnIn != "0" {
			b.add("  its journeys, touches, leads in millions",
				fmt.Sprintf("%.2f, %.2f, %.3f", n["journeys"]/1e6, n["touches"]/1e6, n["leads"]/1e6),
				fmt.Sprintf("engine %.2f, %.2f, %.3f", b.engine.outcome("journeys")/1e6, b.engine.outcome("touches")/1e6, b.engine.outcome("leads")/1e6), "near")
		}
	}
	return nil
}

// workers compares two goroutines with one, in alternation.
func (b *bench) workers() error {
	p, err := b.load("phone-system")
	if err != nil {
		return err
	}
	prepared, err := model.Prepare(p)
	if err != nil {
		return err
	}
	states := []*model.State{prepared.NewState(), prepared.NewState()}
	// throughput is in replications a second.
	throughput := func(workers, each int) float64 {
		begin := time.Now()
		var group sync.WaitGroup
		for w := range workers {
			group.Go(func() {
				record := prepared.Schema().NewRecord()
				for r := range each {
					states[w].Replicate(1, w*each+r, record)
				}
			})
		}
		group.Wait()
		return float64(workers*each) / time.Since(begin).Seconds()
	}
	throughput(2, 1)
	var ratios, ones []float64
	for range b.rounds {
		one := throughput(1, 2)
		ones = append(ones, one)
		ratios = append(ratios, throughput(2, 2)/one)
	}
	b.part("workers")
	b.add("  1 worker, replications a second", fmt.Sprintf("%.2f", median(ones)), "", "")
	b.add("  2 workers against 1", "", fmt.Sprintf("%.2f x", median(ratios)), "at least 1.9")
	return nil
}

// wasm compares WebAssembly under Node with native code.
func (b *bench) wasm() error {
	b.part("WebAssembly (Node) against native, the same program")
	if _, err := exec.LookPath("node"); err != nil {
		b.add("  not measured", "node is not installed", "", "")
		return nil
	}
	native, err := b.build("./bench/replicate")
	if err != nil {
		return err
	}
	wasm, err := b.build("./bench/replicate", "GOOS=js", "GOARCH=wasm")
	if err != nil {
		return err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	runner := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "go_js_wasm_exec")
	replications := strconv.Itoa(2 * b.rounds)
	n, err := numbers(exec.Command(native, "phone-system", replications))
	if err != nil {
		return err
	}
	w, err := numbers(exec.Command(runner, wasm, "phone-system", replications))
	if err != nil {
		return err
	}
	b.add("  native", fmt.Sprintf("%.0f ms", n["ms"]), "", "")
	b.add("  WebAssembly", fmt.Sprintf("%.0f ms", w["ms"]), fmt.Sprintf("%.1f x", w["ms"]/n["ms"]), "at most 3")
	return nil
}

// windfall runs the command itself, and gives its time and its largest memory.
func (b *bench) windfall(args ...string) (seconds, megabytes float64, err error) {
	program, err := b.build("./cmd/windfall")
	if err != nil {
		return 0, 0, err
	}
	out := filepath.Join(b.dir, "results")
	defer os.RemoveAll(out)
	c := exec.Command(program, append([]string{"run", "--quiet", "--out", out}, args...)...)
	c.Stderr = os.Stderr
	begin := time.Now()
	if err := c.Run(); err != nil && c.ProcessState.ExitCode() != 3 { // a missed goal is no failure here
		return 0, 0, err
	}
	usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return time.Since(begin).Seconds(), math.NaN(), nil
	}
	kilobytes := float64(usage.Maxrss)
	if runtime.GOOS == "darwin" { // there in bytes
		kilobytes /= 1024
	}
	return time.Since(begin).Seconds(), kilobytes / 1024, nil
}

// peak measures the memory of a full-size run of the command.
func (b *bench) peak() error {
	seconds, megabytes, err := b.windfall("phone-system", "--replications", strconv.Itoa(b.memory))
	if err != nil {
		return err
	}
	b.part(fmt.Sprintf("windfall run phone-system --replications %d", b.memory))
	note := ""
	if b.memory < 1000 {
		note = "; 1,000 with -full"
	}
	b.add("  peak memory", fmt.Sprintf("%.0f MB", megabytes), "", "under 500 MB for 1,000"+note)
	b.add("  wall time, tables and pictures included", fmt.Sprintf("%.0f s", seconds), fmt.Sprintf("%.0f ms a replication", 1000*seconds/float64(b.memory)), "")
	return nil
}

// metro measures what people play with.
func (b *bench) metro() error {
	n := 1000
	if b.quick {
		n = 100
	}
	b.part(fmt.Sprintf("windfall run metro --replications %d", n))
	bare, _, err := b.windfall("metro", "--replications", strconv.Itoa(n), "--no-pictures")
	if err != nil {
		return err
	}
	whole, _, err := b.windfall("metro", "--replications", strconv.Itoa(n))
	if err != nil {
		return err
	}
	b.add("  wall time, with tables, without pictures", fmt.Sprintf("%.1f s", bare), fmt.Sprintf("%.1f ms a replication", 1000*bare/float64(n)), "a few seconds")
	b.add("  with pictures", fmt.Sprintf("%.1f s", whole), "", "")
	return nil
}
