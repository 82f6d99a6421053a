package result

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"windfall/sim/analysis"
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
	where, err := locate(parts)
	if err != nil {
		return nil, err
	}
	if err := missingBlocks(parts, where); err != nil {
		return nil, err
	}
	scenario, err := scenarioIn(first.Dir, first.Manifest)
	if err != nil {
		return nil, err
	}
	m := *first.Manifest
	m.Shard, m.Complete, m.Tables = nil, false, TableKinds{}
	m.Host = ThisHost(1)
	folder, err := Create(out, Setup{Manifest: m, Schema: first.Schema, Start: first.Start, Scenario: string(scenario)})
	if err != nil {
		return nil, err
	}
	r, err := folder.gather(where, summed)
	if err != nil {
		folder.Close()
	}
	return r, err
}

// gather copies the blocks that are missing from other folders, and finishes.
func (f *Folder) gather(where map[int]*Folder, summed func(*Result, *analysis.Summary) error) (*Result, error) {
	for _, b := range f.Missing() {
		content, err := where[b].content(b)
		if err != nil {
			return nil, err
		}
		if err := f.putFile(b, f.Manifest.countOf(b), content); err != nil {
			return nil, err
		}
	}
	return f.Finish(summed)
}

// errShort is about the last block of a run that was to be extended.
var errShort = errors.New("fewer replications than the run has there")

// content reads a whole block file and checks it.
func (f *Folder) content(block int) ([]byte, error) {
	r, err := f.openBlock(block, true)
	if err != nil {
		return nil, err
	}
	defer r.file.Close()
	if r.Count < f.Manifest.countOf(block) {
		return nil, fmt.Errorf("%s: %w", f.blocks.name(block), errShort)
	}
	return io.ReadAll(io.NewSectionReader(r.file, 0, r.file.Size()))
}

// locate finds for every block of the run a folder that has it, checks every
// copy, and compares copies with each other.
func locate(parts []*Folder) (map[int]*Folder, error) {
	where := map[int]*Folder{}
	for _, f := range parts {
		blocks, err := f.blocks.list()
		if err != nil {
			return nil, fmt.Errorf("reading the blocks: %w", err)
		}
		for _, b := range blocks {
			if b >= f.Manifest.Blocks {
				continue // of an extension that was given up
			}
			content, err := f.content(b)
			if errors.Is(err, errShort) {
				continue // to be made again, as if it were not there
			}
			if err != nil {
				return nil, fmt.Errorf("%w; remove that file and make it again with: %s", err,
					f.Manifest.commandFor(f.Manifest.Shard, f.Dir))
			}
			earlier := where[b]
			if earlier == nil {
				where[b] = f
				continue
			}
			other, err := earlier.content(b)
			if err != nil {
				return nil, err
			}
			if !bytes.Equal(content, other) {
				return nil, fmt.Errorf("block %d differs between %s and %s, which the same plan and seed cannot make", b,
					earlier.Dir, f.Dir)
			}
		}
	}
	return where, nil
}

// mostListed is the number of missing blocks that are named.
const mostListed = 20

// MissingError lists the blocks that no folder has, and the commands that make
// them.
type MissingError struct {
	Blocks []int
	Of     int // blocks in the run
	Lines  []string
}

// Error implements error.
func (e *MissingError) Error() string {
	return fmt.Sprintf("%d of %d blocks are missing:\n  %s", len(e.Blocks), e.Of, strings.Join(e.Lines, "\n  "))
}

// missingBlocks names the blocks that no folder has. A missing block belongs to
// a shard of the cut that the folders were made with; the command is that of
// another shard, with its own number.
func missingBlocks(parts []*Folder, where map[int]*Folder) error {
	m := parts[0].Manifest
	e := &MissingError{Of: m.Blocks}
	cut := m
	for _, f := range parts {
		if f.Manifest.Shard != nil {
			cut = f.Manifest
			break
		}
	}
	byShard := map[int][]string{}
	for b := range m.Blocks {
		if where[b] != nil {
			continue
		}
		e.Blocks = append(e.Blocks, b)
		shard := 0
		if cut.Shard != nil {
			shard = b % cut.Shard.Count
		}
		byShard[shard] = append(byShard[shard], fmt.Sprint(b))
	}
	if len(e.Blocks) == 0 {
		return nil
	}
	for index := range slices.Max(e.Blocks) + 1 {
		blocks := byShard[index]
		if len(blocks) == 0 {
			continue
		}
		var shard *Shard
		if cut.Shard != nil {
			shard = &Shard{index, cut.Shard.Count}
		}
		dir := ""
		for _, f := range parts {
			if shard == nil && f.Manifest.Shard == nil || shard != nil && f.Manifest.Shard != nil &&
				*f.Manifest.Shard == *shard {
				dir = f.Dir
				break
			}
		}
		noun := "block "
		if len(blocks) > 1 {
			noun = "blocks "
		}
		if more := len(blocks) - mostListed; more > 0 {
			blocks = append(blocks[:mostListed:mostListed], fmt.Sprintf("and %d more", more))
		}
		e.Lines = append(e.Lines, noun+strings.Join(blocks, ", ")+": "+cut.commandFor(shard, dir))
	}
	return e
}
