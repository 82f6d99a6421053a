// Stream writes the words of package rng to standard output, 32 bits at a time in little-endian
// order, for programs that test random numbers. It ends when nobody reads any more.
//
// Words have addresses, not an order, so a test needs one: stream walks through addresses along
// one coordinate, the way a replication, a block of replications or a user would.
//
//	go run ./model/rng/stream -order journeys | smallcrush SmallCrush
package main

import (
	"bufio"
	"encoding/binary"
	"flag"
	"fmt"
	"maps"
	"math/bits"
	"os"
	"slices"
	"strings"

	"windfall/model/rng"
)

// orders are the walks: each gives word n of a seed.
var orders = map[string]func(seed uint64) func(n uint64) uint64{
	// One key, purpose after purpose, as a process in time that counts its words.
	"counter": func(seed uint64) func(uint64) uint64 {
		k := rng.Root(seed, 0).Child(rng.Label("counter"))
		return k.Word
	},
	// Sixteen purposes of one journey, then the next journey.
	"purposes": func(seed uint64) func(uint64) uint64 {
		k := rng.Root(seed, 0).Child(rng.Label("cell")).Child(7)
		return func(n uint64) uint64 { return k.Child(n / 16).Word(n % 16) }
	},
	// One purpose of journey after journey: 50 of each step and cell, 8 cells in turn.
	"journeys": func(seed uint64) func(uint64) uint64 {
		var cells [8]rng.Key
		for i := range cells {
			cells[i] = rng.Root(seed, 0).Child(rng.Label(fmt.Sprintf("cell %d", i)))
		}
		return func(n uint64) uint64 {
			return cells[n/50%8].Child(n / 400).Child(n % 50).Word(3)
		}
	},
	// The same purpose of the same journey in replication after replication.
	"replications": func(seed uint64) func(uint64) uint64 {
		cell := rng.Label("cell")
		return func(n uint64) uint64 { return rng.Root(seed, int(n)).Child(cell).Child(7).Child(41).Word(3) }
	},
	// The same draw under seed after seed.
	"seeds": func(seed uint64) func(uint64) uint64 {
		return func(n uint64) uint64 { return rng.Root(seed+n, 0).Child(7).Word(3) }
	},
}

// halves say which 32 bits of a word are written.
var halves = map[string]func(w uint64) []uint32{
	"both":     func(w uint64) []uint32 { return []uint32{uint32(w >> 32), uint32(w)} },
	"high":     func(w uint64) []uint32 { return []uint32{uint32(w >> 32)} },
	"low":      func(w uint64) []uint32 { return []uint32{uint32(w)} },
	"reversed": func(w uint64) []uint32 { w = bits.Reverse64(w); return []uint32{uint32(w >> 32), uint32(w)} },
}

func main() {
	order := flag.String("order", "journeys", "the coordinate to walk along: "+names(orders))
	half := flag.String("half", "both", "the bits of each word: "+names(halves))
	seed := flag.Uint64("seed", 1, "the seed of the run")
	flag.Parse()
	walk, known := orders[*order]
	split, valid := halves[*half]
	if !known || !valid || flag.NArg() > 0 {
		flag.Usage()
		os.Exit(2)
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<16)
	word := walk(*seed)
	var buffer [4]byte
	for n := uint64(0); ; n++ {
		for _, w := range split(word(n)) {
			binary.LittleEndian.PutUint32(buffer[:], w)
			if _, err := out.Write(buffer[:]); err != nil {
				return // The reader has seen enough.
			}
		}
	}
}

func names[F any](table map[string]F) string {
	return strings.Join(slices.Sorted(maps.Keys(table)), ", ")
}
