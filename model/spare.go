package model

// spares are emptied lists of past steps whose memory later steps use again: it is still in the
// cache, and a list for each step would keep its largest length for ever.
type spares[T any] [][]T

// add gives the next entry of a list, whose fields hold what was there before. A list without memory
// takes a spare one's.
func (s *spares[T]) add(list *[]T) *T {
	n := len(*list)
	switch {
	case n < cap(*list):
		*list = (*list)[:n+1]
	case n == 0 && len(*s) > 0:
		last := len(*s) - 1
		*list = (*s)[last][:1]
		*s = (*s)[:last]
	default:
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
