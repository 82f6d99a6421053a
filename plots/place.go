package plots

import (
	"sort"

	"gonum.org/v1/plot/vg"
)

// spread places labels along a line: each as near as it can be to where it
// wants to stand, none nearer than gap to its neighbour, all between lo and hi.
// It returns the centres, in the order given. Labels that touch form a block
// that stands at the mean of what its members want; blocks that touch merge.
// Where the labels need more room than there is, they overlap evenly.
func spread(want, size []vg.Length, gap, lo, hi vg.Length) []vg.Length {
	type block struct {
		members []int
		wish    vg.Length // sum over members of the start that each wants for the block
		length  vg.Length
		start   vg.Length
	}
	settle := func(b *block) {
		b.start = b.wish / vg.Length(len(b.members))
		b.start = max(lo, min(b.start, hi-b.length))
	}
	order := make([]int, len(want))
	total := -gap
	for i := range order {
		order[i] = i
		total += size[i] + gap
	}
	if total > hi-lo && len(want) > 1 {
		gap -= (total - (hi - lo)) / vg.Length(len(want)-1)
	}
	sort.SliceStable(order, func(a, b int) bool { return want[order[a]] < want[order[b]] })

	var blocks []block
	for _, i := range order {
		b := block{members: []int{i}, wish: want[i] - size[i]/2, length: size[i]}
		settle(&b)
		for len(blocks) > 0 {
			left := blocks[len(blocks)-1]
			if left.start+left.length+gap <= b.start {
				break
			}
			// A member of b wants the merged block to start earlier by all that
			// stands left of it.
			shift := left.length + gap
			b = block{
				members: append(left.members, b.members...),
				wish:    left.wish + b.wish - shift*vg.Length(len(b.members)),
				length:  shift + b.length,
			}
			settle(&b)
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}

	centre := make([]vg.Length, len(want))
	for _, b := range blocks {
		at := b.start
		for _, i := range b.members {
			centre[i] = at + size[i]/2
			at += size[i] + gap
		}
	}
	return centre
}
