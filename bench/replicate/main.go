// Replicate runs replications of a scenario one after the other and prints their
// mean processor time as a line of JSON. It needs nothing of the system, so it runs as
// WebAssembly too.
//
//	go run ./bench/replicate phone-system 3
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"windfall/bench/clock"
	"windfall/model"
	"windfall/scenarios"
)

func main() {
	if err := replicate(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func replicate(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("usage: replicate SCENARIO REPLICATIONS")
	}
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	plan, err := scenarios.Load(args[0])
	if err != nil {
		return err
	}
	prepared, err := model.Prepare(plan)
	if err != nil {
		return err
	}
	state, record := prepared.NewState(), prepared.Schema().NewRecord()
	// As many again before the clock starts: memory grows in the first, and WebAssembly is compiled anew
	// while it runs.
	for r := range n {
		state.Replicate(1, r, record)
	}
	begin := clock.CPU()
	for r := range n {
		state.Replicate(1, n+r, record)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{"cpu_ms": (clock.CPU() - begin).Seconds() * 1000 / float64(n)})
}
