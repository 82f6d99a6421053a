package main

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"windfall/bench/clock"
	"windfall/model"
	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios"
)

// load is work that is done by one worker, and by two at the same time, in turn.
type load struct {
	name string
	work func(worker, round int)

	throughput [2][]float64 // of one worker and of two: pieces of work per second
	time       [2][]float64 // processor time of a piece of work
	ratios     []float64    // of throughputs in the same round
}

// round does a piece of work on one worker, then one on each of two.
func (l *load) round(round int) {
	for i := range 2 {
		spent := make([]float64, i+1)
		begin := time.Now()
		var group sync.WaitGroup
		for w := range i + 1 {
			group.Go(func() {
				runtime.LockOSThread()
				begin := clock.Thread()
				l.work(w, round)
				spent[w] = clock.Thread() - begin
			})
		}
		group.Wait()
		l.throughput[i] = append(l.throughput[i], float64(i+1)/time.Since(begin).Seconds())
		l.time[i] = append(l.time[i], spent...)
	}
	l.ratios = append(l.ratios, l.throughput[1][round]/l.throughput[0][round])
}

// best is the ratio of the best throughputs: what other work on the machine disturbed least.
func (l *load) best() float64 { return slices.Max(l.throughput[1]) / slices.Max(l.throughput[0]) }

// undisturbed is the ratio that the processor times leave, were two processors all theirs.
func (l *load) undisturbed() float64 { return 2 * median(l.time[0]) / median(l.time[1]) }

// workers compares two workers with one, and with what the machine gives to loops that share nothing.
func (b *bench) workers() error {
	p, err := scenarios.Load("phone-system")
	if err != nil {
		return err
	}
	prepared, err := model.Prepare(p)
	if err != nil {
		return err
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	states, records := []*model.State{prepared.NewState(), prepared.NewState()},
		[]*plan.Record{prepared.Schema().NewRecord(), prepared.Schema().NewRecord()}
	var group sync.WaitGroup
	for w := range states {
		group.Go(func() {
			for r := range first {
				states[w].Replicate(1, r, records[w])
			}
		})
	}
	group.Wait()
	runtime.GC()
	runtime.ReadMemStats(&after)
	size := float64(after.HeapAlloc-before.HeapAlloc) / 2 / (1 << 20)

	engine := &load{name: "engine", work: func(w, round int) { states[w].Replicate(1, first+round, records[w]) }}
	hashes := &load{name: "hashes", work: func(w, round int) {
		var sum uint64
		for i := range uint64(1 << 28) {
			sum += rng.Mix(i)
		}
		records[w].Outcomes[0] = float64(sum)
	}}
	rounds := 3*b.rounds - 1
	runtime.ReadMemStats(&before)
	for r := range rounds {
		engine.round(r)
		hashes.round(r)
	}
	runtime.ReadMemStats(&after)
	b.part(fmt.Sprintf("two workers over one: throughput in %d turns, phone-system", rounds))
	const format = "%.2f (median of turns %.2f; by processor time %.2f)"
	b.judge("best throughput of two over best of one", engine.best(), atLeast(1.9), atLeast(1.95), format,
		median(engine.ratios), engine.undisturbed())
	b.add("the same of a loop of hashes, without memory", format, hashes.best(), median(hashes.ratios),
		hashes.undisturbed())
	if !b.quick {
		processes, err := b.processes()
		if err != nil {
			return err
		}
		b.add("the engine in two processes, by processor time", "%.2f", processes)
	}
	b.add("memory of one worker's state", "%.0f MB", size)
	b.add("meanwhile", "%d collections, %d allocations in %d replications", after.NumGC-before.NumGC,
		after.Mallocs-before.Mallocs, 3*rounds)
	return nil
}

// processes is what workers measures by processor time, of two processes.
func (b *bench) processes() (float64, error) {
	program, err := b.build("", "./bench/replicate")
	if err != nil {
		return 0, err
	}
	var alone, beside []float64
	for range b.rounds / 2 {
		for n := 1; n <= 2; n++ {
			var times [2]float64
			var errs [2]error
			var group sync.WaitGroup
			for i := range n {
				group.Go(func() { times[i], errs[i] = replicate(program, "phone-system", 2) })
			}
			group.Wait()
			if err := errors.Join(errs[:]...); err != nil {
				return 0, err
			}
			if n == 1 {
				alone = append(alone, times[0])
			} else {
				beside = append(beside, times[:]...)
			}
		}
	}
	return 2 * median(alone) / median(beside), nil
}
