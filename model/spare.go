package model

import (
	"cmp"
	"math"
	"slices"
)

// spares are emptied lists of past steps whose memory later steps use again: it is still in the
// cache, and a list for each step would keep its largest length for ever.
type spares[T any] [][]T

// add is next of a list that takes spare memory if it has none.
func (s *spares[T]) add(list *[]T) *T {
	if last := len(*s) - 1; cap(*list) == 0 && last >= 0 {
		*list = (*s)[last]
		*s = (*s)[:last]
	}
	return next(list)
}

// next makes a list longer by an entry, whose fields hold what was there before, and gives it to be
// filled in place: a wide entry that is appended would be made elsewhere and copied.
func next[T any](list *[]T) *T {
	n := len(*list)
	if n < cap(*list) {
		*list = (*list)[:n+1]
	} else {
		*list = append(*list, *new(T))
	}
	return &(*list)[n]
}

// take empties a list and keeps its memory.
func (s *spares[T]) take(list *[]T) {
	if cap(*list) > 0 {
		*s = append(*s, (*list)[:0])
		*list = nil
	}
}

// roomy gives a list that a first replication has filled room for what chance adds to it in any other:
// ten standard deviations of a count of that size.
func roomy[T any](list []T) []T {
	n := cap(list)
	return slices.Grow(list[:0], n+10*int(math.Sqrt(float64(n)))+16)
}

// roomy gives all spare lists the room of the longest, and adds some.
func (s *spares[T]) roomy() {
	if len(*s) == 0 {
		return
	}
	longest := slices.MaxFunc(*s, func(a, b []T) int { return cmp.Compare(cap(a), cap(b)) })
	capacity, n := cap(roomy(longest)), len(*s)+len(*s)/4+8
	*s = make([][]T, n, n+64)
	for i := range *s {
		(*s)[i] = make([]T, 0, capacity)
	}
}
