// Replicate runs replications of a scenario one after the other and prints their
// mean processor time as a line of JSON. It needs nothing of the system, so it runs as
// WebAssembly too.
//
//	go run ./bench/replicate phone-system 3
//	go run ./bench/replicate -draws           random draws in loops of nothing else, nanoseconds each
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"

	"windfall/bench/clock"
	"windfall/bench/draws"
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
	if len(args) == 1 && args[0] == "-draws" {
		return timeDraws()
	}
	if len(args) != 2 {
		return fmt.Errorf("usage: replicate SCENARIO REPLICATIONS, or replicate -draws")
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
	ms := (clock.CPU() - begin).Seconds() * 1000 / float64(n)
	return json.NewEncoder(os.Stdout).Encode(map[string]float64{"cpu_ms": ms})
}

// timeDraws prints the least processor time of each kind of draw. Short calls come first: WebAssembly is
// compiled anew while it runs, and takes the new code at the next call.
func timeDraws() error {
	const short, long = 1 << 12, 1 << 18
	least := map[string]float64{}
	for _, v := range draws.All() {
		for range 8 * long / short {
			v.Draw(short)
		}
		for range 15 {
			begin := clock.CPU()
			v.Draw(long)
			ns := float64((clock.CPU() - begin).Nanoseconds()) / long
			if was, ok := least[v.Name]; !ok || ns < was {
				least[v.Name] = ns
			}
		}
	}
	return json.NewEncoder(os.Stdout).Encode(least)
}
