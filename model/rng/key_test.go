package rng_test

import (
	"math"
	"math/bits"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"windfall/model/rng"
)

// TestWordsAreThoseOfSplitMix64 compares with the first outputs of the published generator
// (Vigna's splitmix64.c) from state 0: the words of key 0 at purposes 1, 2, 3.
func TestWordsAreThoseOfSplitMix64(t *testing.T) {
	for i, want := range []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f} {
		assert.Equal(t, want, rng.Key(0).Word(uint64(i)+1))
	}
}

// TestLabelIsMixedFNV1a compares with the published test vectors of the 64-bit FNV-1a hash.
func TestLabelIsMixedFNV1a(t *testing.T) {
	assert.Equal(t, rng.Mix(0xcbf29ce484222325), rng.Label(""))
	assert.Equal(t, rng.Mix(0xaf63dc4c8601ec8c), rng.Label("a"))
	assert.Equal(t, rng.Mix(0x85944171f73967e8), rng.Label("foobar"))
}

func TestUnitsAreOpenAndSymmetric(t *testing.T) {
	assert.Equal(t, 0x1p-53, rng.Unit(0))
	assert.Equal(t, 1-0x1p-53, rng.Unit(math.MaxUint64))
	assert.Equal(t, 0x1p-33, rng.Unit32(0))
	assert.Equal(t, 1-0x1p-33, rng.Unit32(math.MaxUint32))
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.Uint64().Draw(t, "w")
		if rng.Unit(w) != 1-rng.Unit(^w) {
			t.Fatalf("Unit(%#x) is not the complement of Unit of its complement", w)
		}
	})
}

// TestMixAvalanches flips each input bit of 20,000 words: every output bit flips half of the time.
// The standard error of a share is 0.0035; the bound is 6 of them, over 4096 shares.
func TestMixAvalanches(t *testing.T) {
	const n = 20_000
	var flips [64][64]int
	for i := uint64(0); i < n; i++ {
		w := rng.Root(3, 0).Word(i)
		for in := range flips {
			for d := rng.Mix(w) ^ rng.Mix(w^1<<in); d != 0; d &= d - 1 {
				flips[in][bits.TrailingZeros64(d)]++
			}
		}
	}
	for in := range flips {
		for out, count := range flips[in] {
			assert.InDelta(t, 0.5, float64(count)/n, 6*0.0035, "input bit %d, output bit %d", in, out)
		}
	}
}

// TestAddressesDoNotCollide walks a tree of addresses and finds no word twice: a birthday among
// 2^20 words of 64 bits has a chance of 3e-8.
func TestAddressesDoNotCollide(t *testing.T) {
	seen := map[uint64]bool{}
	add := func(w uint64) { seen[w] = true }
	count := 0
	for seed := uint64(0); seed < 4; seed++ {
		for replication := -8; replication < 8; replication++ {
			root := rng.Root(seed, replication)
			for cell := uint64(0); cell < 8; cell++ {
				for step := uint64(0); step < 16; step++ {
					for number := uint64(0); number < 8; number++ {
						journey := root.Child(cell).Child(step - 8).Child(number)
						for purpose := uint64(0); purpose < 16; purpose++ {
							add(journey.Word(purpose))
							count++
						}
					}
				}
			}
		}
	}
	assert.Len(t, seen, count)
}

func TestDrawsDependOnNothingButTheirAddress(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rng.Key(rapid.Uint64().Draw(t, "key"))
		purpose := rapid.Uint64().Draw(t, "purpose")
		g := rng.NewGamma(2, 0.7)
		first := []float64{rng.Exponential(k, purpose), rng.Normal(k, purpose), g.Draw(k, purpose)}
		rng.Normal(k, purpose+1)
		rng.Exponential(k.Child(purpose), purpose)
		again := []float64{rng.Exponential(k, purpose), rng.Normal(k, purpose), g.Draw(k, purpose)}
		for i := range first {
			if first[i] != again[i] {
				t.Fatalf("draw %d changed from %v to %v", i, first[i], again[i])
			}
		}
		if from := rng.ExponentialFrom(k.Word(purpose), k, purpose); from != first[0] {
			t.Fatalf("ExponentialFrom gives %v, Exponential %v", from, first[0])
		}
	})
}

// TestSamplersAllocateNothing holds for everything that a run calls per draw.
func TestSamplersAllocateNothing(t *testing.T) {
	k := rng.Root(1, 2)
	g := rng.NewGamma(3, 1.4)
	table := rng.NewPoissonTable(90)
	law := rng.NewPareto(1, 5, 1.06)
	into := make([]float64, 50)
	sum, n := 0.0, uint64(0)
	allocations := testing.AllocsPerRun(2000, func() {
		n++
		u := k.Unit(n)
		sum += rng.Exponential(k, n) + rng.Normal(k, n) + g.Draw(k, n) + rng.Gamma(0.3, k, n) + law.At(u)
		sum += float64(rng.Poisson(70, u) + table.Draw(u) + rng.Binomial(1000, 0.2, u))
		sum += rng.BetaQuantile(2, 3, u) + rng.GammaQuantile(2, u) + rng.NormalCDF(rng.NormalQuantile(u))
		rng.Hypercube(1, int(n), 7, len(into), into)
		table.Reset(80 + u)
	})
	require.Zero(t, allocations)
	require.Positive(t, sum)
}
