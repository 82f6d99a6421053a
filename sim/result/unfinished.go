package result

import (
	"fmt"

	"windfall/sim/store"
)

// OpenPartial reads the folder of a run, finished or not. Of an unfinished run it
// takes the blocks from the first on up to the first that is missing, so that
// how long a block took has no say in what is seen; Unfinished tells so, and
// the summary is made anew. Shards are refused.
func OpenPartial(dir string) (*Result, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, err
	}
	if f.Manifest.Complete || f.Manifest.Shard != nil {
		return Open(dir)
	}
	if err := f.Scan(); err != nil {
		return nil, err
	}
	m := f.Manifest.clone()
	m.Blocks, m.Replications = 0, 0
	for count := f.Count(0); count > 0; count = f.Count(m.Blocks) {
		m.Blocks++
		m.Replications += count
		if count < store.BlockSize {
			break
		}
	}
	if m.Blocks == 0 {
		return nil, fmt.Errorf("%s holds an unfinished run without its first block; go on with: %s",
			dir, store.Again(f.Manifest.Command, nil, dir))
	}
	r := f.result()
	r.blocks = f.Upto(m.Replications)
	r.Manifest, r.Unfinished = m, &Unfinished{Wanted: f.Manifest.Replications, Done: f.Done(),
		Again: store.Again(f.Manifest.Command, nil, dir)}
	_, err = r.Summary()
	return r, err
}

// Unfinished says how far a run has come that is not finished.
type Unfinished struct {
	Wanted int    // replications of the whole run; with a precision target, the least
	Done   int    // replications that are there, also behind a gap
	Again  string // the command that goes on
}
