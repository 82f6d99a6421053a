// Pair compares the engine of this working tree with that of an earlier commit: both in one process,
// step by step in turn, so that a machine whose speed drifts slows both alike. It prints the CPU time
// of each stage of a replication, and the time of a replication in hashes (calls of rng.Mix, timed
// in the same run).
//
//	go run ./bench/pair phone-system                        against the engine that the speed work began with
//	go run ./bench/pair -against HEAD~1 metro               against another commit
//	go run ./bench/pair -against . -new 'channels.*.weekly_budget*=1.5' phone-system    one engine, two plans
//	go run ./bench/pair -means -n 50 phone-system           are the outcomes still the same?
//
// Trust ratios, not times. Differences below 2% are noise.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"windfall/bench/history"
)

func main() {
	var sets, newSets list
	against := flag.String("against", "", "commit of the old engine; a dot: this working tree (default: the engine "+
		"before the speed work)")
	n := flag.Int("n", 3, "replications of each engine, after a first one that is not timed")
	means := flag.Bool("means", false, "compare the means of all outcomes, under different seeds")
	seed := flag.Int("seed", 1, "with -means: seed of the old engine; the new one has the next")
	asJSON := flag.Bool("json", false, "print JSON")
	flag.Var(&sets, "set", "override KEY=VALUE of both plans (repeatable)")
	flag.Var(&newSets, "new", "override KEY=VALUE of the new engine's plan alone (repeatable)")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: pair [flags] SCENARIO")
		flag.PrintDefaults()
		os.Exit(2)
	}
	args := []string{"-n", fmt.Sprint(*n), fmt.Sprintf("-means=%t", *means), fmt.Sprintf("-json=%t", *asJSON), "-seed",
		fmt.Sprint(*seed)}
	for _, s := range sets {
		args = append(args, "-set", s)
	}
	for _, s := range newSets {
		args = append(args, "-new", s)
	}
	if err := pair(os.Stdout, *against, append(args, flag.Arg(0))); err != nil {
		fmt.Fprintln(os.Stderr, "pair:", err)
		os.Exit(1)
	}
}

// list is a flag that may be given again.
type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// pair builds a module of both engines in a folder of its own, and runs it.
func pair(w io.Writer, against string, args []string) error {
	root, err := history.Root()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "windfall-pair-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := workingTree(root, dir, append([]string{"go.mod", "go.sum", "bench/clock", "bench/pair/driver"},
		engineParts...)); err != nil {
		return err
	}
	old := filepath.Join(dir, "old")
	switch against {
	case ".":
		err = workingTree(root, old, engineParts)
	case "":
		if against, err = history.First(root); err != nil {
			return fmt.Errorf("%w; name another with -against", err)
		}
		fallthrough
	default:
		err = history.Unpack(root, against, old, engineParts...)
	}
	if err != nil {
		return err
	}
	if err := rename(old); err != nil {
		return err
	}
	if err := writeOldEngine(filepath.Join(dir, "bench", "pair", "driver")); err != nil {
		return err
	}
	// With -trimpath the name of the folder is no part of the packages, so that the next build finds them built.
	build := exec.Command("go", "build", "-trimpath", "-tags", "stages,pair", "-o", "pair", "./bench/pair/driver")
	build.Dir = dir
	if text, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, text)
	}
	run := exec.Command(filepath.Join(dir, "pair"), args...)
	run.Stdout, run.Stderr = w, os.Stderr
	return run.Run()
}

// engineParts are the folders that an engine is built from.
var engineParts = []string{"model", "scenarios"}

// workingTree copies parts of the module as they stand.
func workingTree(root, dir string, parts []string) error {
	for _, part := range parts {
		from, to := filepath.Join(root, part), filepath.Join(dir, part)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if info, err := os.Stat(from); err != nil {
			return err
		} else if info.IsDir() {
			err = os.CopyFS(to, os.DirFS(from))
			if err != nil {
				return err
			}
			continue
		}
		data, err := os.ReadFile(from)
		if err != nil {
			return err
		}
		if err := os.WriteFile(to, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// ofOld lets Go code import the packages of the old engine.
func ofOld(code []byte) []byte { return imported.ReplaceAll(code, []byte(`"windfall/old/$1`)) }

var imported = regexp.MustCompile(`"windfall/(model|scenarios)`)

// writeOldEngine writes oldEngine into the driver, from its newEngine: their types differ by package.
func writeOldEngine(driver string) error {
	data, err := os.ReadFile(filepath.Join(driver, "engines.go"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(driver, "old.go"),
		bytes.ReplaceAll(ofOld(data), []byte("newEngine"), []byte("oldEngine")), 0o644)
}

// rename lets the packages of an old engine import each other, and drops its tests.
func rename(dir string) error {
	return filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		if strings.HasSuffix(path, "_test.go") {
			return os.Remove(path)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, ofOld(data), 0o644)
	})
}
