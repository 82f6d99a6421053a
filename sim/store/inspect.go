package store

import (
	"bufio"
	"encoding/binary"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Inspect counts the files of blocks in a folder and below it, and names those that are damaged: whatever they are the
// blocks of.
func Inspect(dir string) (blocks int, damaged []string, err error) {
	err = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || !strings.HasSuffix(path, blockSuffix) {
			return err
		}
		blocks++
		whole, err := intact(path)
		if err == nil && !whole {
			damaged = append(damaged, path)
		}
		return err
	})
	return blocks, damaged, err
}

// intact tells whether a file of a block has the sum of all before at its end.
func intact(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() < checksumLen {
		return false, err
	}
	r, h, end := bufio.NewReaderSize(f, 1<<18), crc32.New(castagnoli), [checksumLen]byte{}
	if _, err := io.CopyN(h, r, info.Size()-checksumLen); err != nil {
		return false, err
	}
	if _, err := io.ReadFull(r, end[:]); err != nil {
		return false, err
	}
	return binary.LittleEndian.Uint32(end[:]) == h.Sum32(), nil
}
