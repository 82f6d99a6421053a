package main

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"windfall/bench/draws"
)

// wasm compares WebAssembly under Node with native code: the same program, in turn.
func (b *bench) wasm() error {
	b.part("WebAssembly (Node) over native: the same program, processor time, median of turns")
	if _, err := exec.LookPath("node"); err != nil {
		b.add("not measured", "node is not installed")
		return nil
	}
	native, err := b.build("", "./bench/replicate")
	if err != nil {
		return err
	}
	wasm, err := b.build("", "./bench/replicate", "GOOS=js", "GOARCH=wasm")
	if err != nil {
		return err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return err
	}
	runner := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "go_js_wasm_exec")
	for _, c := range []struct {
		scenario     string
		replications int
	}{{"metro", 30}, {"town", 300}} {
		if b.quick {
			c.replications /= 2
		}
		var ratios, natives, wasms []float64
		for range b.rounds {
			n, err := replicate(native, c.scenario, c.replications)
			if err != nil {
				return err
			}
			w, err := replicate(runner, wasm, c.scenario, c.replications)
			if err != nil {
				return err
			}
			ratios, natives, wasms = append(ratios, w/n), append(natives, n), append(wasms, w)
		}
		b.judge(c.scenario, median(ratios), atMost(2.5), atMost(2), "%.2f (of the least times %.2f; %.1f ms over %.1f ms)",
			slices.Min(wasms)/slices.Min(natives), median(wasms), median(natives))
	}
	// How much of that is what the compilers make of the same loops.
	var fast, slow map[string]float64
	if err := output(&fast, native, "-draws"); err != nil {
		return err
	}
	if err := output(&slow, runner, wasm, "-draws"); err != nil {
		return err
	}
	for _, v := range draws.All() {
		b.add("a loop of "+v.Name, "%.2f (%.1f ns over %.1f ns)", slow[v.Name]/fast[v.Name], slow[v.Name], fast[v.Name])
	}
	return nil
}

// replicate runs bench/replicate, and gives the processor time of a replication in milliseconds.
func replicate(name string, args ...any) (float64, error) {
	var text []string
	for _, a := range args {
		text = append(text, fmt.Sprint(a))
	}
	var out struct {
		CPU float64 `json:"cpu_ms"`
	}
	err := output(&out, name, text...)
	return out.CPU, err
}
