//go:build pair

// Driver runs two engines step by step in turn; package pair builds and starts it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"

	"windfall/bench/clock"
	"windfall/model"
)

func main() {
	var sets, newSets list
	n := flag.Int("n", 3, "")
	seed := flag.Int("seed", 1, "")
	means := flag.Bool("means", false, "")
	asJSON := flag.Bool("json", false, "")
	flag.Var(&sets, "set", "")
	flag.Var(&newSets, "new", "")
	flag.Parse()
	name := flag.Arg(0)
	old, err := oldEngine(name, sets)
	if err == nil {
		var now *engine
		if now, err = newEngine(name, append(sets, newSets...)); err == nil {
			if *means {
				compareMeans(old, now, *n, *seed)
				return
			}
			err = report(measure(old, now, *n), *asJSON)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// engine is one of the two that are compared.
type engine struct {
	replicate func(seed uint64, r int)
	outcomes  func() []float64 // of the last replication
	names     []string
	onStage   func(func(stage int))
}

type list []string

func (l *list) String() string     { return strings.Join(*l, " ") }
func (l *list) Set(s string) error { *l = append(*l, s); return nil }

// side is one engine and what its stages took.
type side struct {
	engine *engine
	turn   chan bool
	ended  chan bool
	other  *side
	times  [model.Stages][][]float64 // by stage and how often it came in a replication: a time for each replication
	at     [model.Stages]int
	last   float64
	hashes []float64 // time of one hash, taken at each turn
}

// stage takes the time of a stage, and at the end of a step gives the turn to the other engine.
func (s *side) stage(k int) {
	now := clock.Thread()
	if s.at[k] == len(s.times[k]) {
		s.times[k] = append(s.times[k], nil)
	}
	s.times[k][s.at[k]] = append(s.times[k][s.at[k]], now-s.last)
	s.at[k]++
	if k := model.Stage(k); k == model.StageReturn || k == model.StageOpenRun || k == model.StageReset {
		s.hashes = append(s.hashes, clock.Hash())
		s.pass()
	}
	s.last = clock.Thread()
}

// pass gives the turn to the other engine and waits to get it back, unless that one has ended: a
// replication that ends in ruin has fewer steps.
func (s *side) pass() {
	select {
	case <-s.other.ended:
		return
	default:
	}
	s.other.turn <- true
	select {
	case <-s.turn:
	case <-s.other.ended:
	}
}

// measure runs n replications of each engine, after one that is not timed.
func measure(old, now *engine, n int) [2]*side {
	a, b := &side{engine: old, turn: make(chan bool, 1), ended: make(chan bool)},
		&side{engine: now, turn: make(chan bool, 1), ended: make(chan bool)}
	a.other, b.other = b, a
	done := make(chan bool)
	for _, s := range []*side{a, b} {
		s.engine.onStage(s.stage)
		go func() {
			runtime.LockOSThread()
			<-s.turn
			for r := range n + 1 {
				s.at = [model.Stages]int{}
				s.last = clock.Thread()
				s.engine.replicate(1, r)
				if r == 0 {
					s.times = [model.Stages][][]float64{}
					runtime.GC()
				}
			}
			close(s.ended)
			done <- true
		}()
	}
	a.turn <- true
	<-done
	<-done
	return [2]*side{a, b}
}

// total sums over the calls of a stage what they took: at the least, or in the middle.
func (s *side) total(stage model.Stage, least bool) (sum float64) {
	for _, t := range s.times[stage] {
		t = slices.Sorted(slices.Values(t))
		if least {
			sum += t[0]
		} else {
			sum += t[len(t)/2]
		}
	}
	return sum
}

// result is what is printed: times in milliseconds a replication.
type result struct {
	Hash         float64 `json:"hash_ns"`
	Old, New     float64
	Ratio        float64 `json:"ratio"`
	RatioOfLeast float64 `json:"ratio_of_least"`
	OldHashes    float64 `json:"old_million_hashes"`
	NewHashes    float64 `json:"new_million_hashes"`
	OldBy, NewBy map[string]float64
}

func report(sides [2]*side, asJSON bool) error {
	hashes := slices.Sorted(slices.Values(append(sides[0].hashes, sides[1].hashes...)))
	r := result{Hash: hashes[len(hashes)/2], OldBy: map[string]float64{}, NewBy: map[string]float64{}}
	var least [2]float64
	for k := range model.Stages {
		r.OldBy[k.String()], r.NewBy[k.String()] = sides[0].total(k, false)/1e6, sides[1].total(k, false)/1e6
		r.Old += r.OldBy[k.String()]
		r.New += r.NewBy[k.String()]
		for i, s := range sides {
			least[i] += s.total(k, true)
		}
	}
	r.Ratio, r.RatioOfLeast = r.New/r.Old, least[1]/least[0]
	r.OldHashes, r.NewHashes = r.Old/r.Hash, r.New/r.Hash
	if asJSON {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	fmt.Printf("%-10s %10s %10s %7s\n", "stage", "old ms", "new ms", "ratio")
	for k := range model.Stages {
		name := k.String()
		fmt.Printf("%-10s %10.2f %10.2f %7.3f\n", name, r.OldBy[name], r.NewBy[name], r.NewBy[name]/r.OldBy[name])
	}
	fmt.Printf("%-10s %10.2f %10.2f %7.3f   (of the least times %.3f)\n", "all", r.Old, r.New, r.Ratio, r.RatioOfLeast)
	fmt.Printf("one hash %.2f ns; million hashes a replication: old %.0f, new %.0f\n", r.Hash, r.OldHashes, r.NewHashes)
	return nil
}

// compareMeans prints the outcomes of both engines, each over n replications under a seed of its own.
func compareMeans(old, now *engine, n, seed int) {
	var sums, squares [2][]float64
	for i, e := range []*engine{old, now} {
		sums[i], squares[i] = make([]float64, len(e.names)), make([]float64, len(e.names))
		for r := range n {
			e.replicate(uint64(seed+i), r)
			for k, x := range e.outcomes() {
				sums[i][k] += x
				squares[i][k] += x * x
			}
		}
	}
	beyond, compared := 0, 0
	for k, name := range now.names {
		j := slices.Index(old.names, name)
		if j < 0 {
			fmt.Printf("%-32s new\n", name)
			continue
		}
		m := float64(n)
		a, b := sums[0][j]/m, sums[1][k]/m
		va, vb := (squares[0][j]/m-a*a)/(m-1), (squares[1][k]/m-b*b)/(m-1)
		z := 0.0
		if se := math.Sqrt(max(0, va+vb)); se > 0 {
			z = (b - a) / se
		} else if a != b && !(math.IsNaN(a) && math.IsNaN(b)) {
			z = math.Inf(1)
		}
		compared++
		mark := ""
		if !(math.Abs(z) <= 2) {
			beyond++
			mark = " *"
		}
		fmt.Printf("%-32s old %14.6g  new %14.6g  z %6.2f%s\n", name, a, b, z, mark)
	}
	fmt.Printf("%d outcomes, %d beyond 2 standard errors (expected by chance: %.1f)\n", compared, beyond,
		0.0455*float64(compared))
}
