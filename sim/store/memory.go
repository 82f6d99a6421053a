package store

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"
)

// memoryFiles keeps block files in memory, for runs without a folder.
type memoryFiles struct {
	mu     sync.Mutex
	blocks map[int][]byte
}

func newMemoryFiles() *memoryFiles { return &memoryFiles{blocks: map[int][]byte{}} }

func (s *memoryFiles) name(block int) string { return fmt.Sprintf("block %d", block) }

func (s *memoryFiles) put(block int, content []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.blocks[block] = content
	return nil
}

func (s *memoryFiles) open(block int) (blockFile, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	content, ok := s.blocks[block]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return memoryFile{bytes.NewReader(content)}, nil
}

func (s *memoryFiles) remove(block int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.blocks, block)
	return nil
}

func (s *memoryFiles) list() ([]int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.blocks)), nil
}

// memoryFile is a block file in memory.
type memoryFile struct{ *bytes.Reader }

func (memoryFile) Close() error { return nil }
