package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// diskFiles keeps blocks in a folder.
type diskFiles struct {
	dir    string
	folder *Folder // nil: they are only read
}

const blockSuffix = ".block"

// BlockFiles matches the names of the files of blocks.
const BlockFiles = "*" + blockSuffix

func blockName(block int) string { return fmt.Sprintf("%06d%s", block, blockSuffix) }

func (s diskFiles) name(block int) string { return filepath.Join(s.dir, blockName(block)) }

func (s diskFiles) put(block int, content []byte) error {
	return s.folder.WriteBytes(blockName(block), content)
}

func (s diskFiles) open(block int) (blockFile, error) {
	info, err := os.Stat(s.name(block))
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, corrupt("no file", nil)
	}
	f, err := os.Open(s.name(block))
	if err != nil {
		return nil, err
	}
	return diskFile{f, info.Size()}, nil
}

func (s diskFiles) remove(block int) error { return s.folder.Remove(blockName(block)) }

func (s diskFiles) list() ([]int, error) {
	entries, err := os.ReadDir(s.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var blocks []int
	for _, e := range entries {
		if b, err := strconv.Atoi(strings.TrimSuffix(e.Name(), blockSuffix)); err == nil && e.Name() == blockName(b) {
			blocks = append(blocks, b)
		}
	}
	slices.Sort(blocks) // a seventh digit sorts before by name
	return blocks, err
}

type diskFile struct {
	*os.File
	size int64
}

func (f diskFile) Size() int64 { return f.size }
