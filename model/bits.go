package model

import "math"

// The loops of a batch have no branch that depends on the draw: a processor would guess it wrong at every other turn.
// What they need in its place has its names here. All inline.

// below is 1 if a < b, else 0. Both lie below 2^63.
func below(a, b uint64) uint64 { return (a - b) >> 63 }

// bothBelow is 1 if a < b and c < d, else 0.
func bothBelow(a, b, c, d uint64) uint64 { return ((a - b) & (c - d)) >> 63 }

// isZero is 1 for 0, else 0.
func isZero(x uint64) uint64 { return ((x - 1) &^ x) >> 63 }

// bit is one bit of a set of 64.
func bit(set uint64, i uint) uint64 { return set >> (i & 63) & 1 }

// choose is a if the bit is 1, and b if it is 0.
func choose(bit, a, b uint64) uint64 { return b ^ (a^b)&-bit }

// negative is 1 for a number below 0, else 0: its sign.
func negative(x float64) uint64 { return math.Float64bits(x) >> 63 }
