package result

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"windfall/sim/store"
)

// Merge puts the blocks of shards (or of any folders of one run) together in
// out, of which Folder.Finish makes the tables, byte for byte as a single run would.
// Commands are those of the shards of a run with a precision target, which may go on;
// nil: it is whole.
//
// All folders must be of the same program version, plan, seed, columns and
// number of replications; the first difference is named and nothing is written.
// Blocks may be in several folders as long as they are the same. A damaged
// block is an error, and missing blocks are an error that names the commands
// that make them. Which folder brings which block, and in what order the
// folders are given, makes no difference; the folders are left as they are.
func Merge(dirs []string, out string) (folder *Folder, commands [][]string, err error) {
	if len(dirs) == 0 {
		return nil, nil, errors.New("nothing to merge: name the folders of the shards")
	}
	if err := store.Once(dirs); err != nil {
		return nil, nil, err
	}
	var parts []*Folder
	for _, dir := range dirs {
		f, err := openFolder(dir)
		if err != nil {
			return nil, nil, err
		}
		parts = append(parts, f)
	}
	if err := alike(parts); err != nil {
		return nil, nil, err
	}
	first := parts[0]
	var blocks store.Parts
	for _, f := range parts {
		blocks = append(blocks, store.Part{Series: f.Series, Dir: f.Dir, Command: f.Manifest.Command})
	}
	where, err := blocks.Locate()
	if err != nil {
		return nil, nil, err
	}
	if err := blocks.Complete(where); err != nil {
		return nil, nil, err
	}
	scenario, err := scenarioIn(first.Dir, first.Manifest)
	if err != nil {
		return nil, nil, err
	}
	m := first.Manifest.clone()
	m.Shard, m.Complete, m.Tables = nil, false, TableKinds{}
	m.Host, m.Command = ThisHost(1), store.Whole(m.Command, out)
	for _, f := range parts {
		if m.Precision != "" && f.Manifest.Shard != nil {
			commands = append(commands, f.Manifest.Command)
		}
	}
	setup := Setup{Manifest: m, Schema: first.Schema, Start: first.Start, Scenario: string(scenario)}
	if folder, err = Create(out, setup); err != nil {
		return nil, nil, err
	}
	if err = folder.Gather(where); err != nil {
		folder.Close()
	}
	return folder, commands, err
}

// alike names the first difference between folders that are not parts of one run.
func alike(parts []*Folder) error {
	first := parts[0]
	for _, f := range parts[1:] {
		difference := first.Manifest.unlike(f.Manifest)
		if difference == "" && first.Manifest.Replications != f.Manifest.Replications {
			difference = fmt.Sprintf("replications: %d here, %d there", first.Manifest.Replications, f.Manifest.Replications)
		}
		a, b := first.Manifest, f.Manifest
		if difference == "" && b.Shard != nil && (a.Precision != b.Precision || a.AtMost != b.AtMost) {
			difference = fmt.Sprintf("precision: %s, at most %d here, %s, at most %d there",
				a.Precision, a.AtMost, b.Precision, b.AtMost)
		}
		if difference == "" { // else the order of the folders would decide
			difference = first.Manifest.unlikeStory(f.Manifest)
		}
		if difference != "" {
			if a.Digest != b.Digest {
				difference += "; to see how the plans differ: " + store.ShellLine([]string{"windfall", "diff",
					filepath.Join(first.Dir, scenarioName), filepath.Join(f.Dir, scenarioName)})
			}
			return fmt.Errorf("%s (here) and %s (there) are not parts of one run: %s", first.Dir, f.Dir, difference)
		}
	}
	return nil
}

// TakeFrom copies the blocks that another folder of the same run has and this has not;
// a folder that is not there has none.
func (f *Folder) TakeFrom(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	other, err := openFolder(dir)
	if err != nil {
		return err
	}
	if d := f.Manifest.unlike(other.Manifest); d != "" {
		return fmt.Errorf("%s holds another run: %s", dir, d)
	}
	if other.Manifest.Complete {
		return fmt.Errorf("%s holds the whole run", dir)
	}
	where, err := store.Parts{{Series: other.Series, Dir: dir, Command: other.Manifest.Command}}.Locate()
	if err != nil {
		return err
	}
	return f.Gather(where)
}
