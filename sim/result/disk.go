package result

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// A disk writes whole files into one folder: under a temporary name, then
// renamed.
type disk struct {
	dir string
	// create opens a new file for writing; a test may let it fail.
	create func(path string) (io.WriteCloser, error)
}

func newDisk(dir string) disk {
	return disk{dir, func(path string) (io.WriteCloser, error) {
		return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	}}
}

// tempMark is in the name of every file that is being written.
const tempMark = ".tmp-"

func isTemp(name string) bool { return strings.Contains(name, tempMark) }

// tempCount tells apart the temporary files of one process.
var tempCount atomic.Int64

// write makes the file NAME of what content writes. If that fails there is no
// file, or the earlier one is left as it was.
func (d disk) write(name string, content func(io.Writer) error) (err error) {
	path := filepath.Join(d.dir, name)
	temp := path + tempMark + strconv.Itoa(os.Getpid()) + "-" + strconv.FormatInt(tempCount.Add(1), 10)
	f, err := d.create(temp)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<18)
	err = content(w)
	if err == nil {
		err = w.Flush()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		os.Remove(temp)
	}
	return err
}

func (d disk) writeBytes(name string, content []byte) error {
	return d.write(name, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

func (d disk) has(name string) bool {
	_, err := os.Stat(filepath.Join(d.dir, name))
	return err == nil
}

// removeTemps removes what killed runs left behind.
func (d disk) removeTemps() {
	entries, _ := os.ReadDir(d.dir)
	for _, e := range entries {
		if isTemp(e.Name()) {
			os.Remove(filepath.Join(d.dir, e.Name()))
		}
	}
}

// store is where block files are: a folder, or memory.
type store interface {
	put(block int, content []byte) error
	open(block int) (blockFile, error) // fs.ErrNotExist if there is none
	remove(block int) error
	list() ([]int, error) // ascending
	name(block int) string
}

// diskStore keeps blocks in a folder.
type diskStore struct{ disk }

const blockSuffix = ".block"

func blockName(block int) string { return fmt.Sprintf("%06d%s", block, blockSuffix) }

func (s diskStore) name(block int) string { return filepath.Join(s.dir, blockName(block)) }

func (s diskStore) put(block int, content []byte) error {
	return s.writeBytes(blockName(block), content)
}

func (s diskStore) open(block int) (blockFile, error) {
	f, err := os.Open(s.name(block))
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	return diskFile{f, info.Size()}, nil
}

func (s diskStore) remove(block int) error { return os.Remove(s.name(block)) }

func (s diskStore) list() ([]int, error) {
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

// WriteFile makes a file of what content writes, whole or not at all: if that
// fails there is no file, or the earlier one is left as it was.
func WriteFile(path string, content func(io.Writer) error) error {
	return newDisk(filepath.Dir(path)).write(filepath.Base(path), content)
}
