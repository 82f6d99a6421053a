// Replicate runs replications of a scenario one after the other and prints their
// mean time as a line of JSON. It needs nothing of the system, so it runs as
// WebAssembly too.
//
//	go run ./bench/replicate phone-system 3
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"time"

	"windfall/model"
	"windfall/scenarios"
)

// warmUp is the number of replications before the clock starts: memory grows in
// the first, and WebAssembly is compiled again while it runs.
const warmUp = 3

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
	for r := range warmUp {
		state.Replicate(1, r, record)
	}
	begin := time.Now()
	for r := range n {
		state.Replicate(1, warmUp+r, record)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{"ms": float64(time.Since(begin).Microseconds()) / 1000 / float64(n)})
}
