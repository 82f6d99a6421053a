package result

import (
	"errors"
	"fmt"

	"windfall/sim/analysis"
	"windfall/sim/store"
)

// Merge puts the blocks of shards (or of any folders of one run) together in
// out and makes the tables, byte for byte as a single run would. For summed see
// Folder.Finish.
//
// All folders must be of the same program version, plan, seed, columns and
// number of replications; the first difference is named and nothing is written.
// Blocks may be in several folders as long as they are the same. A damaged
// block is an error, and missing blocks are an error that names the commands
// that make them. Which folder brings which block, and in what order the
// folders are given, makes no difference; the folders are left as they are.
func Merge(dirs []string, out string, summed func(*Result, *analysis.Summary) error) (*Result, error) {
	if len(dirs) == 0 {
		return nil, errors.New("nothing to merge: name the folders of the shards")
	}
	var parts []*Folder
	for _, dir := range dirs {
		f, err := openFolder(dir)
		if err != nil {
			return nil, err
		}
		parts = append(parts, f)
	}
	first := parts[0]
	for _, f := range parts[1:] {
		difference := first.Manifest.unlike(f.Manifest)
		if difference == "" && first.Manifest.Replications != f.Manifest.Replications {
			difference = fmt.Sprintf("replications: %d here, %d there", first.Manifest.Replications, f.Manifest.Replications)
		}
		if difference == "" { // else the order of the folders would decide
			difference = first.Manifest.unlikeStory(f.Manifest)
		}
		if difference != "" {
			return nil, fmt.Errorf("%s (here) and %s (there) are not parts of one run: %s", first.Dir, f.Dir, difference)
		}
	}
	var blocks store.Parts
	for _, f := range parts {
		blocks = append(blocks, store.Part{Series: f.Series, Dir: f.Dir, Command: f.Manifest.Command})
	}
	where, err := blocks.Locate()
	if err != nil {
		return nil, err
	}
	if err := blocks.Complete(where); err != nil {
		return nil, err
	}
	scenario, err := scenarioIn(first.Dir, first.Manifest)
	if err != nil {
		return nil, err
	}
	m := *first.Manifest
	m.Shard, m.Complete, m.Tables = nil, false, TableKinds{}
	m.Host, m.Command = ThisHost(1), store.Whole(m.Command, out)
	folder, err := Create(out, Setup{Manifest: m, Schema: first.Schema, Start: first.Start, Scenario: string(scenario)})
	if err != nil {
		return nil, err
	}
	if err = folder.Gather(where); err == nil {
		var r *Result
		if r, err = folder.Finish(summed); err == nil {
			return r, nil
		}
	}
	folder.Close()
	return nil, err
}
