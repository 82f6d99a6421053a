package rng

import (
	"math"
	"math/bits"
)

// hypercubeOffset keeps the addresses of hypercubes apart from those of replications.
const hypercubeOffset = 0xa54ff53a5f1d36f1

// hypercubeKey is the address of one input in one block.
func hypercubeKey(seed uint64, block int, input uint64) Key {
	return Key(Mix(seed + hypercubeOffset)).Child(uint64(int64(block))).Child(input)
}

// Hypercube fills into[0:size] with the uniforms of one input in one block of a Latin hypercube
// (McKay, Beckman and Conover 1979): exactly one lies in each stratum [i/size, (i+1)/size). The
// order of the strata is addressed by (seed, block, input), the place inside a stratum by (seed,
// block, input, i), so blocks and inputs can be drawn in any order and on any machine. input is
// the [Label] of the input's name; size is at most 2^19.
func Hypercube(seed uint64, block int, input uint64, size int, into []float64) {
	k := hypercubeKey(seed, block, input)
	into = into[:size]
	for i := range into {
		into[i] = float64(i)
	}
	for i := size - 1; i > 0; i-- {
		// The high word of the product is uniform on 0..i but for a bias below 2^-44.
		j, _ := bits.Mul64(k.Word(uint64(size+i)), uint64(i+1))
		into[i], into[j] = into[j], into[i]
	}
	for i := range into {
		// The place inside has 32 bits, so that rounding cannot carry it over the edge.
		into[i] = (into[i] + Unit32(uint32(k.Word(uint64(i))>>32))) / float64(size)
	}
}

// Cholesky is the lower triangular L with L L' = corr, and whether there is one: corr must be
// square, symmetric and positive semi-definite (within 1e-10; a direction without variance, as
// from a correlation of 1, gets a column of zeros).
func Cholesky(corr [][]float64) ([][]float64, bool) {
	const tolerance = 1e-10
	n := len(corr)
	for i := range corr {
		if len(corr[i]) != n {
			return nil, false
		}
	}
	lower := make([][]float64, n)
	for i := range lower {
		lower[i] = make([]float64, n)
		for j := 0; j <= i; j++ {
			if !(math.Abs(corr[i][j]-corr[j][i]) <= tolerance) {
				return nil, false
			}
			rest := corr[i][j]
			for c := 0; c < j; c++ {
				rest -= float64(lower[i][c] * lower[j][c])
			}
			switch {
			case i == j && rest > tolerance:
				lower[i][i] = math.Sqrt(rest)
			case i == j && !(rest >= -tolerance):
				return nil, false
			case i == j:
				lower[i][i] = 0
			case lower[j][j] > 0:
				lower[i][j] = rest / lower[j][j]
			case !(math.Abs(rest) <= math.Sqrt(tolerance)):
				return nil, false
			}
		}
	}
	return lower, true
}
