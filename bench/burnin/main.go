//go:build stages

// Burnin prints which share of the processor time of a replication goes into the burn-in, and which into the opening
// state. Bench builds and starts it.
//
//	go run -tags stages ./bench/burnin -n 10 metro
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"

	"windfall/bench/clock"
	"windfall/model"
	"windfall/scenarios"
)

func main() {
	n := flag.Int("n", 5, "replications, after a first one that is not timed")
	flag.Parse()
	if err := measure(flag.Arg(0), *n); err != nil {
		fmt.Fprintln(os.Stderr, "burnin:", err)
		os.Exit(1)
	}
}

func measure(scenario string, n int) error {
	plan, err := scenarios.Load(scenario)
	if err != nil {
		return err
	}
	prepared, err := model.Prepare(plan)
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	var begin, last, burnIn, opening float64
	model.OnStage = func(s model.Stage) {
		now := clock.Thread()
		switch s {
		case model.StageBetween:
			begin = now
		case model.StageOpenRun:
			burnIn += last - begin
			opening += now - last
		}
		last = now
	}
	state, record := prepared.NewState(), prepared.Schema().NewRecord()
	state.Replicate(1, 0, record)
	burnIn, opening = 0, 0
	start := clock.Thread()
	for r := range n {
		state.Replicate(1, 1+r, record)
	}
	all := clock.Thread() - start
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{"burn_in": burnIn / all, "opening": opening / all})
}
