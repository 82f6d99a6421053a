package model

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
