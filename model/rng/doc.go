// Package rng is where chance comes from: random words that have addresses, samplers that read them, and
// the elementary functions that samplers need, all with the same bits on every processor.
//
// # Addresses
//
// There is no generator that is drawn from in order. Every random word is a function of where it
// is needed: (seed, replication, entity, purpose). The seed and the replication give a [Key], the
// root of a tree; each level of the entity (cell, kind, step, journey...) is a [Key.Child] with a
// label, a number or the [Label] of a name; the purpose picks one word of that key, [Key.Word].
//
//	journey := rng.Root(seed, replication).Child(rng.Label("cell/tiny/retail/west")).Child(step).Child(number)
//	window := rng.Exponential(journey, purposeWindow)
//
// So two plans that are compared share the random numbers of everything that exists in both, whatever else
// one of them draws, skips or reorders; and work can be split over goroutines, machines and
// restarts without a change of a single bit.
//
// A purpose is a small whole number, named by a constant in package model, or a counter: a process
// in time may use purpose+0, +1, +2 ... as its successive words if it reserves that range. A
// sampler takes a key and a purpose. Its first word is k.Word(purpose); when it must reject and
// try again it takes further words from an address of its own that lies below (key, purpose) and
// that no Child and no Word of the caller reaches. One purpose is therefore enough for one draw of
// any law, and draws that differ in key or purpose share a word no more often than chance has it,
// once in 2^64.
//
// # Which sampler for which draw
//
// The samplers that invert one uniform ([ExponentialInv], [Poisson], [Binomial], [Pareto],
// [LogNormal] of a [NormalQuantile]) are monotone: a small change of a parameter moves the draw a
// little and in one direction. Use them wherever two plans may differ in the parameter. The
// ziggurats ([Exponential], [Normal]) and [Gamma] are quicker, and scale with a mean exactly,
// but their shape is not monotone in the uniform: use them for what plans share.
//
// # The same bits everywhere
//
// A compiler may fuse x*y + z into one instruction that rounds once (Go does on arm64, s390x,
// ppc64, riscv64 and amd64 at GOAMD64=v3; the Go specification forbids it across an explicit
// conversion), and math.Exp, Log, Pow and friends have assembly that differs between processors.
// Therefore, in every package whose numbers reach a result:
//
//   - a product that is added to or subtracted from something is written float64(a*b), also if the
//     sum stands in another statement or in another function that may be inlined;
//   - of package math only what is exact or correctly rounded is used (Sqrt, Floor, Abs, bits...);
//     Exp, Log, Pow and the rest come from here;
//   - a float becomes an integer only inside the range of the integer: outside it processors
//     disagree;
//   - tables are constants in the source (tables.go, written by generate.go in 320-bit
//     arithmetic), never computed at start with a library's functions.
//
// TestNoFusableProducts looks for fused products in what the compiler makes for arm64, TestOnlyExactMath at the use of
// package math, and a table of known answers in testdata holds the bits of every function. The quality of the words is
// tested by smallcrush/run.sh, which puts them through TestU01 in several orders of their addresses.
package rng

//go:generate go run generate.go
