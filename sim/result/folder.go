package result

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"windfall/model"
	"windfall/sim/store"
)

// Names of the files in a results folder.
const (
	scenarioName   = "scenario.toml"
	dictionaryName = "columns.json"
	columnsName    = "columns.csv"
	summaryName    = "summary.json"
	blocksName     = "blocks"
)

// Folder is a results folder while its run is being made; or, without a
// directory, the same in memory.
type Folder struct {
	Dir      string // empty: in memory
	Manifest *Manifest
	Schema   *model.Schema
	Start    model.Date

	top     *store.Folder // nil in memory, and of a folder that is only read
	blocks  blockStore
	started time.Time
	was     *Manifest // of the finished run that is there, if it has these numbers

	mu   sync.Mutex
	done map[int]int // replications of each block that is there and whole
}

// Setup is what a folder is made for.
type Setup struct {
	Manifest Manifest // what the numbers depend on, shard, precision, command
	Schema   *model.Schema
	Start    model.Date
	Scenario string // text of scenario.toml
	// MustExist refuses a folder that does not hold an earlier part of the run.
	MustExist bool
}

// Create makes the folder of a run, or takes up an earlier part of the same
// run: blocks that are whole stay, and a larger number of replications extends
// it. A folder with anything else in it is refused and left as it is. An empty
// dir keeps the run in memory. The folder is this process's until it is closed.
func Create(dir string, s Setup) (f *Folder, err error) {
	f = &Folder{Dir: dir, Manifest: &s.Manifest, Schema: s.Schema, Start: s.Start, started: time.Now(),
		done: map[int]int{}}
	words := newDictionary(s.Schema, s.Start)
	text := words.encode()
	m := f.Manifest
	m.Columns, m.Start, m.Weeks, m.Inputs = digest(text), s.Start.String(), s.Schema.Weeks, len(s.Schema.Inputs)
	m.fillIn()
	m.Started = stamp(f.started)
	if dir == "" {
		f.blocks = newMemoryStore()
		return f, nil
	}
	files := map[string][]byte{scenarioName: []byte(s.Scenario), dictionaryName: text, columnsName: words.csv()}
	m.Files = map[string]store.Sum{}
	for name, content := range files {
		m.Files[name] = store.SumOf(content)
	}
	old := new(Manifest)
	top, begun, err := store.Take(dir, kindOfRun, s.MustExist, old)
	if err != nil {
		return nil, err
	}
	f.top = top
	defer func() {
		if err != nil {
			top.Close()
		}
	}()
	if begun {
		if err := old.check(); err != nil {
			return nil, &store.OccupiedError{Dir: dir, Why: fmt.Sprintf("%s: %v", store.ManifestName, err), Ours: true}
		}
		if err := f.continueRun(old); err != nil {
			return nil, err
		}
	}
	if f.was == nil { // else what is there stays valid until it is finished again
		if err := f.SaveManifest(); err != nil {
			return nil, err
		}
	}
	blocks, err := top.Sub(blocksName)
	if err != nil {
		return nil, fmt.Errorf("making the results folder: %w", err)
	}
	f.blocks = diskStore{blocks.Dir, blocks}
	for name, content := range files {
		if store.Intact(dir, map[string]store.Sum{name: m.Files[name]}) {
			continue
		}
		if err := top.WriteBytes(name, content); err != nil {
			return nil, fmt.Errorf("writing the results folder: %w", err)
		}
	}
	return f, f.scan()
}

// Close gives the folder back to other processes.
func (f *Folder) Close() { f.top.Close() }

// continueRun takes over what stands in the manifest of the earlier part.
func (f *Folder) continueRun(old *Manifest) error {
	m := f.Manifest
	occupied := func(format string, args ...any) error {
		return &store.OccupiedError{Dir: f.Dir, Why: fmt.Sprintf(format, args...), Ours: true}
	}
	if d := m.unlike(old); d != "" {
		return occupied("it holds another run: %s", d)
	}
	if (m.Shard == nil) != (old.Shard == nil) || m.Shard != nil && *m.Shard != *old.Shard {
		return occupied("it holds another part of the run: shard %s there, %s here", shardName(old.Shard), shardName(m.Shard))
	}
	if !old.Complete && m.Precision != old.Precision {
		return occupied("it holds an unfinished run with precision %q there, %q here", old.Precision, m.Precision)
	}
	if m.Precision != "" && old.Complete {
		m.Replications = max(m.Replications, old.Replications)
	}
	if m.Replications < old.Replications {
		return occupied("it holds %d replications and %d are asked for", old.Replications, m.Replications)
	}
	m.fillIn()
	if !old.Complete || m.Replications != old.Replications || m.TableFormat != old.TableFormat ||
		m.Precision != old.Precision {
		return nil
	}
	// A finished folder to which nothing is added keeps its history. What is said of
	// its numbers is of the plan at hand: its goals and title may be others.
	f.was = old
	m.Complete, m.Reached, m.Tables = true, old.Reached, old.Tables
	m.Command, m.Host, m.Started, m.Finished, m.Seconds = old.Command, old.Host, old.Started, old.Finished, old.Seconds
	return nil
}

func shardName(s *Shard) string {
	if s == nil {
		return "the whole"
	}
	return s.String()
}

// SaveManifest writes the manifest as it stands, after all else that was written.
func (f *Folder) SaveManifest() error {
	if f.Dir == "" {
		return nil
	}
	if err := f.top.Commit(f.Manifest); err != nil {
		return fmt.Errorf("writing the results folder: %w", err)
	}
	return nil
}

// scan finds the blocks that are there and whole. A damaged block counts as
// missing, and is made again.
func (f *Folder) scan() error {
	blocks, err := f.blocks.list()
	if err != nil {
		return fmt.Errorf("reading the blocks: %w", err)
	}
	for _, b := range blocks {
		r, err := f.openBlock(b, true)
		switch {
		case errors.Is(err, errCorrupt):
			continue
		case err != nil:
			return err
		}
		f.done[b] = r.Count
		r.file.Close()
	}
	return nil
}

// openBlock opens a block file of this run; whole reads all of it to check it.
func (f *Folder) openBlock(block int, whole bool) (*blockReader, error) {
	return openIn(f.blocks, f.Manifest, f.Schema, block, whole)
}

func openIn(s blockStore, m *Manifest, schema *model.Schema, block int, whole bool) (*blockReader, error) {
	file, err := s.open(block)
	if err != nil {
		return nil, fmt.Errorf("opening a block: %w", err)
	}
	r, err := openBlock(file, schema)
	if err == nil && whole {
		err = r.verify()
	}
	if err == nil && r.blockHeader != m.header(block, r.Count) {
		err = corrupt("it belongs to another run", nil)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", s.name(block), err)
	}
	return r, nil
}

// Has tells whether a block is there with all the replications that the run
// wants of it.
func (f *Folder) Has(block int) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.done[block] >= f.Manifest.countOf(block)
}

// Missing lists the blocks of the folder's part of the run that are not there.
func (f *Folder) Missing() []int {
	var missing []int
	for b := range f.Manifest.Blocks {
		if f.Manifest.Shard.Has(b) && !f.Has(b) {
			missing = append(missing, b)
		}
	}
	return missing
}

// Done counts the replications of the run that are there.
func (f *Folder) Done() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for b, count := range f.done {
		switch {
		case f.Manifest.Precision != "": // its end is not known yet
			n += count
		case b < f.Manifest.Blocks:
			n += min(count, f.Manifest.countOf(b))
		}
	}
	return n
}

// Put keeps a finished block. It may be called by several goroutines.
func (f *Folder) Put(b *Block) error {
	return f.putFile(b.Number, b.Count, b.encode(f.Manifest))
}

func (f *Folder) putFile(block, count int, content []byte) error {
	if err := f.blocks.put(block, content); err != nil {
		return fmt.Errorf("writing block %d: %w", block, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.done[block] = count
	return nil
}

// Read gives a block that is there.
func (f *Folder) Read(block int) (*Block, error) {
	r, err := f.openBlock(block, false)
	if err != nil {
		return nil, err
	}
	defer r.file.Close()
	return r.block(Outcomes, Inputs, Weekly, Months, Slices)
}

// EndAt fixes the number of replications of a run with a precision target: the
// blocks beyond are discarded.
func (f *Folder) EndAt(replications int, reached bool) error {
	m := f.Manifest
	if m.Replications != replications {
		m.Complete, f.was = false, nil
	}
	m.Replications, m.Reached = replications, reached
	m.fillIn()
	blocks, err := f.blocks.list()
	if err != nil {
		return err
	}
	for _, b := range blocks {
		if b >= m.Blocks {
			if err := f.blocks.remove(b); err != nil {
				return fmt.Errorf("discarding a block beyond the target: %w", err)
			}
			delete(f.done, b)
		}
	}
	return nil
}

// Count is the number of replications of a block that are there.
func (f *Folder) Count(block int) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.done[block]
}

// Wanted is the number of replications that the run wants of a block.
func (f *Folder) Wanted(block int) int { return f.Manifest.countOf(block) }
