package result

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// memoryStore keeps block files in memory, for runs without a folder.
type memoryStore struct {
	mu     sync.Mutex
	blocks map[int][]byte
}

func newMemoryStore() *memoryStore { return &memoryStore{blocks: map[int][]byte{}} }

func (s *memoryStore) name(block int) string { return fmt.Sprintf("block %d", block) }

func (s *memoryStore) put(block int, content []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blocks[block] = content
	return nil
}

func (s *memoryStore) open(block int) (blockFile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	content, ok := s.blocks[block]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return memoryFile{bytes.NewReader(content)}, nil
}

func (s *memoryStore) remove(block int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.blocks, block)
	return nil
}

func (s *memoryStore) list() ([]int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.blocks)), nil
}

// memoryFile is a block file in memory.
type memoryFile struct{ *bytes.Reader }

func (memoryFile) Close() error { return nil }
