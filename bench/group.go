package main

import (
	"fmt"
	"math"
	"runtime"

	"windfall/bench/clock"
	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
)

// settings of a group, and how many of them are run alone beside it.
var settings = []int{2, 6, 18}

const alone = 3

// groups measures plans that have one opening plan and are run together, against what each of them costs alone.
func (b *bench) groups() error {
	for _, scenario := range []string{"metro", "phone-system"} {
		n := b.rounds
		if scenario == "metro" {
			n *= 4
		} else if b.quick {
			continue
		}
		burnIn, err := b.build("", "./bench/burnin", "GOFLAGS=-tags=stages")
		if err != nil {
			return err
		}
		var share struct {
			BurnIn  float64 `json:"burn_in"`
			Opening float64
		}
		if err := output(&share, burnIn, "-n", fmt.Sprint(n), scenario); err != nil {
			return err
		}
		b.part("settings of one opening plan run together: " + scenario +
			", budget of paid-search times 0.7 to 1.3; over one of them alone, median of replications in turn")
		b.add("burn-in's share of a replication", "%.3f (of the opening state %.3f)", share.BurnIn, share.Opening)
		for _, k := range settings {
			if err := b.group(scenario, k, n, share.BurnIn); err != nil {
				return err
			}
		}
	}
	return nil
}

// group measures some settings of a scenario whose burn-in takes a share of a replication.
func (b *bench) group(scenario string, k, n int, burnIn float64) error {
	base, err := scenarios.Load(scenario)
	if err != nil {
		return err
	}
	var plans []*model.Prepared
	var records []*plan.Record
	for i := range k {
		c := base.Final("paid-search", base.Run.Start, 0)
		factor := 0.7 + 0.6*float64(i)/float64(k-1)
		c.Effects = []plan.Effect{{Key: "channels.paid-search.weekly_budget", Multiply: true, Value: factor, Input: -1}}
		prepared, err := model.Prepare(base.With(c))
		if err != nil {
			return err
		}
		plans, records = append(plans, prepared), append(records, prepared.Schema().NewRecord())
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var singles []*subject
	for i := range min(k, alone) {
		s, err := newSubject(plans[i*(k-1)/(min(k, alone)-1)].Plan())
		if err != nil {
			return err
		}
		s.warmUp()
		singles = append(singles, s)
	}
	before := heap()
	g := model.NewGroup(plans)
	for r := range first {
		g.Replicate(1, r, records)
	}
	memory := heap() - before
	var ratios []float64
	for r := range n {
		single := 0.0
		for _, s := range singles {
			single += s.replicate(first+r, 1) / float64(len(singles))
		}
		begin := clock.Thread()
		g.Replicate(1, first+r, records)
		ratios = append(ratios, (clock.Thread()-begin)/1e6/single)
	}
	at := func(each float64) bound { return atMost(math.Round(100*(1+each*float64(k-1))) / 100) }
	x := median(ratios)
	b.judge(fmt.Sprintf("%d settings", k), x, at(1-burnIn+0.02), at(0.7),
		"%.2f (each after the first %.3f; memory of the group %.0f MB)", (x-1)/float64(k-1), memory)
	runtime.KeepAlive(g)
	return nil
}

// heap is the memory in use, in MB.
func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / (1 << 20)
}
