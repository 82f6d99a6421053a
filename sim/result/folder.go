package result

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"windfall/model"
)

// Names of the files in a results folder.
const (
	manifestName   = "manifest.json"
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

	top     disk
	blocks  store
	started time.Time

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
// dir keeps the run in memory.
func Create(dir string, s Setup) (*Folder, error) {
	f := &Folder{Dir: dir, Manifest: &s.Manifest, Schema: s.Schema, Start: s.Start, started: time.Now(), done: map[int]int{}}
	words := newDictionary(s.Schema, s.Start)
	text := words.encode()
	f.Manifest.Columns, f.Manifest.Start, f.Manifest.Weeks, f.Manifest.Inputs = digest(text), s.Start.String(), s.Schema.Weeks, len(s.Schema.Inputs)
	f.Manifest.fillIn()
	f.Manifest.Started = stamp(f.started)
	if dir == "" {
		f.blocks = newMemoryStore()
		return f, nil
	}
	f.top = newDisk(dir)
	f.blocks = diskStore{newDisk(filepath.Join(dir, blocksName))}
	if err := f.takeUp(s.MustExist); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, blocksName), 0o777); err != nil {
		return nil, fmt.Errorf("making the results folder: %w", err)
	}
	if err := f.SaveManifest(); err != nil {
		return nil, err
	}
	for name, content := range map[string][]byte{scenarioName: []byte(s.Scenario), dictionaryName: text} {
		if err := f.top.writeBytes(name, content); err != nil {
			return nil, fmt.Errorf("writing the results folder: %w", err)
		}
	}
	if err := f.top.write(columnsName, words.writeCSV); err != nil {
		return nil, fmt.Errorf("writing the results folder: %w", err)
	}
	return f, f.scan()
}

// takeUp looks at what is in the folder already, and refuses what is not an
// earlier part of this run.
func (f *Folder) takeUp(mustExist bool) error {
	entries, err := os.ReadDir(f.Dir)
	if errors.Is(err, syscall.ENOTDIR) {
		return &NoFolderError{f.Dir}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("results folder: %w", err)
	}
	other := ""
	for _, e := range entries {
		if !isTemp(e.Name()) {
			other = e.Name()
		}
	}
	text, err := os.ReadFile(filepath.Join(f.Dir, manifestName))
	if errors.Is(err, fs.ErrNotExist) {
		switch {
		case other != "":
			return &OccupiedError{f.Dir, fmt.Sprintf("it holds %s and no %s", other, manifestName)}
		case mustExist:
			return &NothingError{f.Dir}
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("results folder: %w", err)
	}
	old, err := decodeManifest(text)
	if err != nil {
		return &OccupiedError{f.Dir, fmt.Sprintf("%s: %v", manifestName, err)}
	}
	return f.continueRun(old)
}

// continueRun takes over what stands in the manifest of the earlier part.
func (f *Folder) continueRun(old *Manifest) error {
	m := f.Manifest
	if d := m.unlike(old); d != "" {
		return &OccupiedError{f.Dir, "it holds another run: " + d}
	}
	if (m.Shard == nil) != (old.Shard == nil) || m.Shard != nil && *m.Shard != *old.Shard {
		return &OccupiedError{f.Dir, fmt.Sprintf("it holds another part of the run: shard %s there, %s here", shardName(old.Shard), shardName(m.Shard))}
	}
	if !old.Complete && m.Precision != old.Precision {
		return &OccupiedError{f.Dir, fmt.Sprintf("it holds an unfinished run with precision %q there, %q here", old.Precision, m.Precision)}
	}
	if m.Precision != "" && old.Complete {
		m.Replications = max(m.Replications, old.Replications)
	}
	if m.Replications < old.Replications {
		return &OccupiedError{f.Dir, fmt.Sprintf("it holds %d replications and %d are asked for", old.Replications, m.Replications)}
	}
	m.fillIn()
	// A finished folder to which nothing is added keeps its history.
	if old.Complete && m.Replications == old.Replications && m.TableFormat == old.TableFormat && m.Precision == old.Precision {
		f.Manifest = old
	}
	return nil
}

func shardName(s *Shard) string {
	if s == nil {
		return "the whole"
	}
	return s.String()
}

// OccupiedError refuses a folder that holds something else.
type OccupiedError struct {
	Dir, Why string
}

// Error implements error.
func (e *OccupiedError) Error() string {
	return fmt.Sprintf("%s is not empty: %s; nothing was written: choose another --out, or remove the folder", e.Dir, e.Why)
}

// NoFolderError refuses to write results where a file is in the way.
type NoFolderError struct{ Dir string }

// Error implements error.
func (e *NoFolderError) Error() string {
	return e.Dir + " is a file or below one, not a folder; nothing was written: choose another --out"
}

// NothingError refuses to go on with a run that was never begun.
type NothingError struct{ Dir string }

// Error implements error.
func (e *NothingError) Error() string {
	return fmt.Sprintf("nothing to resume: %s holds no earlier run", e.Dir)
}

// SaveManifest writes the manifest as it stands.
func (f *Folder) SaveManifest() error {
	if f.Dir == "" {
		return nil
	}
	if err := f.top.writeBytes(manifestName, f.Manifest.encode()); err != nil {
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

func openIn(s store, m *Manifest, schema *model.Schema, block int, whole bool) (*blockReader, error) {
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
	m.Complete = m.Complete && m.Replications == replications
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
