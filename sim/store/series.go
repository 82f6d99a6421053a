package store

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"sync"
)

// Series is the blocks of one design: in a folder, where several processes may
// have left them, or in memory. It may be used by several goroutines.
type Series struct {
	Identity
	Shape        Shape
	Replications int // of the design; with an open end those that are wanted in any case
	// OpenEnd says that the last block is not known yet: the design goes on until
	// something is known well enough.
	OpenEnd bool
	Shard   *Shard // the part that is to be there; nil: the whole

	files blockFiles

	mu   sync.Mutex
	done map[int]int // replications of each block that is there and whole
}

// InMemory keeps the blocks of a design in memory.
func (s *Series) InMemory() *Series {
	s.files, s.done = newMemoryFiles(), map[int]int{}
	return s
}

// In keeps the blocks of a design in a folder; nil: in memory. Those that are there
// and whole are taken; a damaged block, or one of another design, counts as missing
// and is made again.
func (s *Series) In(folder *Folder) (*Series, error) {
	if folder == nil {
		return s.InMemory(), nil
	}
	s.files = diskFiles{folder.Dir, folder}
	return s, s.Scan()
}

// ReadIn reads the blocks of a design in a folder, by its name. Scan finds those that are there.
func (s *Series) ReadIn(dir string) *Series {
	s.files, s.done = diskFiles{dir: dir}, map[int]int{}
	return s
}

// Folder is where blocks are written; nil: in memory, or nowhere.
func (s *Series) Folder() *Folder {
	if f, ok := s.files.(diskFiles); ok {
		return f.folder
	}
	return nil
}

// Upto is the same series with fewer replications, only to be read.
func (s *Series) Upto(replications int) *Series {
	return &Series{Identity: s.Identity, Shape: s.Shape, Replications: replications, files: s.files, done: map[int]int{}}
}

// Blocks is the number of blocks in the whole design.
func (s *Series) Blocks() int { return BlocksOf(s.Replications) }

// Wanted is the number of replications that the design wants of a block.
func (s *Series) Wanted(block int) int {
	if s.OpenEnd {
		return BlockSize
	}
	return min(BlockSize, s.Replications-block*BlockSize)
}

// Scan finds the blocks that are there and whole.
func (s *Series) Scan() error {
	blocks, err := s.files.list()
	if err != nil {
		return fmt.Errorf("reading the blocks: %w", err)
	}
	s.done = map[int]int{}
	for _, b := range blocks {
		r, err := s.Open(b, true)
		switch {
		case errors.Is(err, ErrCorrupt):
			continue
		case err != nil:
			return err
		}
		s.done[b] = r.Count
		r.Close()
	}
	return nil
}

// Open opens a block of this design; whole reads all of it to check it.
func (s *Series) Open(block int, whole bool) (*BlockReader, error) {
	file, err := s.files.open(block)
	if err != nil {
		return nil, fmt.Errorf("opening a block: %w", err)
	}
	r, err := openBlock(file, s.Shape)
	if err == nil && whole {
		err = r.verify()
	}
	if err == nil && r.header != (header{s.Identity, block, r.Count}) {
		err = corrupt("it belongs to another run", nil)
	}
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", s.Name(block), err)
	}
	return r, nil
}

// Name is what a block is called in messages.
func (s *Series) Name(block int) string { return s.files.name(block) }

// List lists the blocks that there is a file of, in their order.
func (s *Series) List() ([]int, error) { return s.files.list() }

// Count is the number of replications of a block that are there.
func (s *Series) Count(block int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.done[block]
}

// Has tells whether a block is there with all the replications that the design
// wants of it.
func (s *Series) Has(block int) bool { return s.Count(block) >= s.Wanted(block) }

// Missing lists the blocks of the part that are not there.
func (s *Series) Missing() (missing []int) {
	for b := range s.Blocks() {
		if s.Shard.Has(b) && !s.Has(b) {
			missing = append(missing, b)
		}
	}
	return missing
}

// Complete tells whether the whole design is there, and not only a part.
func (s *Series) Complete() bool {
	for b := range s.Blocks() {
		if !s.Has(b) {
			return false
		}
	}
	return true
}

// Done counts the replications of the design that are there.
func (s *Series) Done() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for b, count := range s.done {
		if s.OpenEnd || b < s.Blocks() {
			n += min(count, s.Wanted(b))
		}
	}
	return n
}

// Put keeps a block.
func (s *Series) Put(b *Block) error { return s.putFile(b.Number, b.Count, b.encode(s.Identity)) }

func (s *Series) putFile(block, count int, content []byte) error {
	if err := s.files.put(block, content); err != nil {
		return fmt.Errorf("writing block %d: %w", block, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.done[block] = count
	return nil
}

// Read gives a block that is there.
func (s *Series) Read(block int) (*Block, error) {
	r, err := s.Open(block, false)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b, err := r.Columns(all)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name(block), err)
	}
	return b, nil
}

// Column gathers a column over all replications.
func (s *Series) Column(column int) ([]float64, error) {
	var out []float64
	for b := range s.Blocks() {
		r, err := s.Open(b, false)
		if err != nil {
			return nil, err
		}
		numbers, err := r.Column(column)
		r.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.Name(b), err)
		}
		out = append(out, numbers[:s.Wanted(b)*s.Shape[column]]...)
	}
	return out, nil
}

// EndAt fixes the number of replications: the blocks beyond are discarded.
func (s *Series) EndAt(replications int) error {
	s.Replications, s.OpenEnd = replications, false
	blocks, err := s.files.list()
	if err != nil {
		return err
	}
	for _, b := range blocks {
		if b < s.Blocks() {
			continue
		}
		if err := s.files.remove(b); err != nil {
			return fmt.Errorf("discarding a block beyond the target: %w", err)
		}
		s.mu.Lock()
		delete(s.done, b)
		s.mu.Unlock()
	}
	return nil
}

// errShort is about a block that was begun, or was the last of a shorter design.
var errShort = errors.New("fewer replications than the run has there")

// content reads a whole block file and checks it.
func (s *Series) content(block int) ([]byte, error) {
	r, err := s.Open(block, true)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if r.Count < s.Wanted(block) {
		return nil, fmt.Errorf("%s: %w", s.Name(block), errShort)
	}
	return io.ReadAll(io.NewSectionReader(r.file, 0, r.file.Size()))
}

// blockFiles is where block files are: a folder, or memory.
type blockFiles interface {
	put(block int, content []byte) error
	open(block int) (blockFile, error) // fs.ErrNotExist if there is none
	remove(block int) error
	list() ([]int, error) // ascending
	name(block int) string
}

// Parts are the blocks of a design in several folders. The first copy of each is
// taken; all copies are checked.
type Parts []Part

// Part is the blocks of a design that one folder holds.
type Part struct {
	*Series
	Dir     string
	Command []string // that made them
}

// Locate finds for every block of the design a part that has it, checks every
// copy, and compares copies with each other.
func (parts Parts) Locate() (map[int]Part, error) {
	where := map[int]Part{}
	for _, p := range parts {
		blocks, err := p.List()
		if err != nil {
			return nil, fmt.Errorf("reading the blocks: %w", err)
		}
		for _, b := range blocks {
			if b >= p.Blocks() && !p.OpenEnd {
				continue // of an extension that was given up
			}
			if err := p.locate(b, where); err != nil {
				return nil, err
			}
		}
	}
	return where, nil
}

// DamagedError refuses to put together what holds a block that cannot be read.
type DamagedError struct {
	Err   error
	Again string // the command that makes it again
}

// Error implements error.
func (e *DamagedError) Error() string {
	return fmt.Sprintf("%v; remove that file and make it again with: %s", e.Err, e.Again)
}

// Unwrap gives what is wrong with the block.
func (e *DamagedError) Unwrap() error { return e.Err }

// BadInput marks it: nothing was written.
func (*DamagedError) BadInput() {}

// Once refuses folders of which one is named twice.
func Once(dirs []string) error {
	named := map[string]bool{}
	for _, dir := range dirs {
		whole, err := filepath.Abs(dir)
		if err != nil {
			return err
		}
		if named[whole] {
			return fmt.Errorf("%s is named twice", dir)
		}
		named[whole] = true
	}
	return nil
}

// locate checks a block of the part, against the copy of another part if there is one.
func (p Part) locate(b int, where map[int]Part) error {
	content, err := p.content(b)
	if errors.Is(err, errShort) {
		return nil // to be made again, as if it were not there
	}
	if err != nil {
		return &DamagedError{err, Again(p.Command, p.Shard, p.Dir)}
	}
	earlier, there := where[b]
	if !there {
		where[b] = p
		return nil
	}
	other, err := earlier.content(b)
	if err != nil {
		return err
	}
	if slices.Equal(content, other) {
		return nil
	}
	switch begun, err := p.begins(earlier, b); {
	case err != nil:
		return err
	case !begun:
		return fmt.Errorf("block %d differs between %s and %s, which the same plan and seed cannot make",
			b, earlier.Dir, p.Dir)
	}
	return nil
}

// begins tells whether of two unlike copies of a block the shorter is how the longer begins: it was made when fewer
// replications of the design were wanted.
func (p Part) begins(other Part, block int) (bool, error) {
	one, err := p.Read(block)
	if err != nil {
		return false, err
	}
	two, err := other.Read(block)
	if err != nil {
		return false, err
	}
	n := min(one.Count, two.Count)
	if one.Count == two.Count {
		return false, nil
	}
	return slices.Equal(one.Head(n).encode(p.Identity), two.Head(n).encode(p.Identity)), nil
}

// Gather copies the blocks that are missing from the parts that have them.
func (s *Series) Gather(where map[int]Part) error {
	for b, p := range where {
		if s.Has(b) {
			continue
		}
		content, err := p.content(b)
		if err != nil {
			return err
		}
		if err := s.putFile(b, s.Wanted(b), content); err != nil {
			return err
		}
	}
	return nil
}
