package paired

import (
	"encoding/gob"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"windfall/sim/result"
)

// kept is what a folder keeps of a setting: the measures of the replications
// that are done. A study that was interrupted goes on from there.
type kept struct {
	Identity string // of plan, seed and design; another one's numbers are not taken
	Leaves   []Leaf
	Done     []bool
	Values   [][]float64 // by leaf
}

func (d *Design) keptFile(i int) string {
	return filepath.Join(d.Folder, fmt.Sprintf("setting-%03d.gob", i))
}

// recall reads what the folder keeps of a setting; done is nil without any. Of
// more replications than the design has it takes the first.
func (d *Design) recall(i int, identity string, leaves []Leaf, p *Panel) (done []bool) {
	if d.Folder == "" {
		return nil
	}
	f, err := os.Open(d.keptFile(i))
	if err != nil {
		return nil
	}
	defer f.Close()
	var k kept
	if gob.NewDecoder(f).Decode(&k) != nil || k.Identity != identity || len(k.Leaves) != len(leaves) {
		return nil
	}
	for n, l := range leaves {
		if k.Leaves[n] != l || len(k.Values[n]) != len(k.Done) {
			return nil
		}
	}
	done = make([]bool, d.Replications)
	copy(done, k.Done)
	for n, l := range leaves {
		copy(p.values[l], k.Values[n])
	}
	return done
}

// remember writes what is done of a setting, whole or not at all.
func (d *Design) remember(i int, identity string, leaves []Leaf, done []bool, p *Panel) error {
	if d.Folder == "" {
		return nil
	}
	k := kept{Identity: identity, Leaves: leaves, Done: done}
	for _, l := range leaves {
		k.Values = append(k.Values, p.values[l])
	}
	return result.WriteFile(d.keptFile(i), func(w io.Writer) error { return gob.NewEncoder(w).Encode(&k) })
}
