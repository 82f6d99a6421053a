package sim

import "windfall/sim/store"

// rule says which blocks a design has and when there are enough of them. What it says
// follows from what is in the blocks, in their order: not from who ran them, when, or
// in which run. One goroutine at a time calls it.
type rule interface {
	// next gives the next block that is not there and is to be run.
	next() (block int, ok bool, err error)
	// put takes note of a block that is there.
	put(b *store.Block)
	// endsBefore tells whether the design was found to end before a block.
	endsBefore(block int) bool
	// finished tells whether every block that is needed is there.
	finished() bool
	// forecast is the number of replications, or a guess at it.
	forecast() (replications int, guess bool)
	// length is the number of replications of a finished design, whether its target was
	// reached, and if it had one and did not, why.
	length() (replications int, reached bool, warning string)
}

// fixed ends at a number of replications.
type fixed struct {
	series *store.Series
	todo   []int
	left   int // blocks that are not finished
	total  int // replications of the part
}

func newFixed(s *store.Series) *fixed {
	f := &fixed{series: s, todo: s.Missing(), total: s.Replications}
	f.left = len(f.todo)
	if s.Shard != nil {
		f.total = s.Done()
		for _, b := range f.todo {
			f.total += s.Wanted(b) - s.Count(b)
		}
	}
	return f
}

func (f *fixed) next() (block int, ok bool, err error) {
	if len(f.todo) == 0 {
		return 0, false, nil
	}
	block, f.todo = f.todo[0], f.todo[1:]
	return block, true, nil
}

func (f *fixed) put(*store.Block)            { f.left-- }
func (f *fixed) endsBefore(int) bool         { return false }
func (f *fixed) finished() bool              { return f.left == 0 }
func (f *fixed) forecast() (int, bool)       { return f.total, false }
func (f *fixed) length() (int, bool, string) { return f.series.Replications, false, "" }
