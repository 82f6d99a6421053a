package model

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/rng"
)

// Who finds no dormant firm left is found in two ways, by the number of those in doubt: both agree.
func TestProposalsWithoutAFirmAreFoundEitherWay(t *testing.T) {
	t.Parallel()
	dropped := 0
	for r := range more(300, 20) {
		key := rng.Root(3, r)
		var b newborn
		dormant := []int{int(key.Unit(1) * 20), int(key.Unit(2) * 8), 0}
		n := int(key.Unit(3) * 40)
		b.grow(n)
		b.resize(n)
		for i := range n {
			k := key.Child(uint64(i))
			b.cell[i] = uint16(k.Unit(1) * 3)
			b.tick[i] = uint32(k.Unit(2) * 10) // with ties
			b.slot[i] = uint64(k.Unit(3) * float64(max(1, dormant[b.cell[i]])<<32))
		}
		var all []int32
		for i := range n {
			all = append(all, int32(i))
		}
		one, other := b.judge(slices.Clone(all), dormant), b.sweep(nil, dormant)
		slices.Sort(one)
		slices.Sort(other)
		require.True(t, slices.Equal(one, other), "%v and %v", one, other)
		dropped += len(one)
	}
	require.Greater(t, dropped, 500)
}
