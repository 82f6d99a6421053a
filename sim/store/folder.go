package store

import (
	"bufio"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"syscall"
)

// Folder is a folder that this process writes to.
type Folder struct {
	Dir string

	lock *os.File // nil: of a folder in another
	made bool     // it was not there before it was taken
	top  *Folder  // that has the lock
	// Create opens a new file for writing; a test may let it fail.
	Create func(path string) (io.WriteCloser, error)

	mu      sync.Mutex
	sums    map[string]Sum // of files written, by name
	written []string       // paths that are not yet safe on the disk
}

// OccupiedError refuses a folder that holds something else.
type OccupiedError struct {
	Dir, Why string
	Ours     bool // results of another kind, or of another run
}

// Error implements error.
func (e *OccupiedError) Error() string {
	text := fmt.Sprintf("%s is not empty: %s; nothing was written: choose another --out", e.Dir, e.Why)
	if e.Ours {
		text += ", or remove the folder"
	}
	return text
}

// BadInput marks it: nothing was written.
func (*OccupiedError) BadInput() {}

// NoFolderError refuses to write results where a file is in the way.
type NoFolderError struct{ Dir string }

// Error implements error.
func (e *NoFolderError) Error() string {
	return e.Dir + " is a file or below one, not a folder; nothing was written: choose another --out"
}

// BadInput marks it: nothing was written.
func (*NoFolderError) BadInput() {}

// UnmadeError refuses the name of a folder that the system does not let us make.
type UnmadeError struct {
	Dir string
	Why error // of the system
}

// Error implements error.
func (e *UnmadeError) Error() string {
	return fmt.Sprintf("the results folder %s cannot be made there (%v): choose another --out", e.Dir, e.Why)
}

// BadInput marks it: nothing was written.
func (*UnmadeError) BadInput() {}

// unmade is why a folder could not be made: a place where no folders are made, or something else.
func unmade(dir string, err error) error {
	for _, why := range []error{fs.ErrNotExist, fs.ErrPermission, syscall.EROFS, syscall.ENAMETOOLONG} {
		var path *fs.PathError
		if errors.Is(err, why) && errors.As(err, &path) {
			return &UnmadeError{dir, path.Err}
		}
	}
	return fmt.Errorf("making the results folder: %w", err)
}

// NothingError refuses to go on with what was never begun.
type NothingError struct{ Dir string }

// Error implements error.
func (e *NothingError) Error() string {
	return fmt.Sprintf("nothing to resume: %s holds no earlier run", e.Dir)
}

// BadInput marks it: nothing was written.
func (*NothingError) BadInput() {}

// Take takes a folder for the results of a command (kind) and locks it. It is made if
// it is not there. If it holds results of that kind their manifest is read and begun is
// true; if it holds anything else it is refused and left as it is. With resume, one
// without results is refused too.
func Take(dir, kind string, resume bool, manifest any) (f *Folder, begun bool, err error) {
	look := func() error {
		if begun, err = holds(dir, kind, manifest); err == nil && resume && !begun {
			err = &NothingError{dir}
		}
		return err
	}
	if err := look(); err != nil {
		return nil, false, err
	}
	_, err = os.Stat(dir)
	made := errors.Is(err, fs.ErrNotExist)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, false, unmade(dir, err)
	}
	f = newFolder(dir)
	f.made = made
	if f.lock, err = takeLock(dir); err != nil {
		return nil, false, err
	}
	if err := look(); err != nil { // whoever held the lock may have filled it
		f.Close()
		return nil, false, err
	}
	f.sweep()
	return f, begun, nil
}

func newFolder(dir string) *Folder {
	f := &Folder{Dir: dir, sums: map[string]Sum{}, Create: func(path string) (io.WriteCloser, error) {
		return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	}}
	f.top = f
	return f
}

// holds tells whether a folder holds results of a kind. It refuses one with anything
// else in it.
func holds(dir, kind string, manifest any) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, syscall.ENOTDIR) {
		return false, &NoFolderError{dir}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, fmt.Errorf("results folder: %w", err)
	}
	err = ReadManifest(dir, kind, manifest)
	if err == nil {
		return true, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return false, &OccupiedError{Dir: dir, Why: err.Error(), Ours: !errors.Is(err, errForeign)}
	}
	for _, e := range entries {
		if !isTemp(e.Name()) && e.Name() != lockName && !isEmpty(filepath.Join(dir, e.Name())) {
			why := fmt.Sprintf("it holds %s and no %s", e.Name(), ManifestName)
			if slices.ContainsFunc(entries, func(e fs.DirEntry) bool {
				return e.Name() == kind+".json" || e.Name() == "answer.json"
			}) {
				why += " (windfall 0.1.0 wrote none: its answers stay as they are, and are made again with a new --out)"
			}
			return false, &OccupiedError{Dir: dir, Why: why}
		}
	}
	return false, nil
}

// isEmpty tells whether there is a folder with nothing in it.
func isEmpty(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && len(entries) == 0
}

// Close gives the folder back.
func (f *Folder) Close() {
	if f != nil && f.lock != nil {
		releaseLock(f.lock)
		f.lock = nil
		if f.made {
			os.Remove(f.Dir) // where nothing was written into it; else it stays
		}
	}
}

// Sub is a folder in this one.
func (f *Folder) Sub(name string) (*Folder, error) {
	sub := newFolder(filepath.Join(f.Dir, name))
	sub.top, sub.Create = f.top, f.Create
	return sub, os.MkdirAll(sub.Dir, 0o777)
}

// temporary matches the names of files that are being written, and those that version
// 0.1.0 gave them.
var temporary = regexp.MustCompile(`^(\.windfall-[0-9a-f]{16}\.tmp|(manifest\.json|\d{6,}\.block)\.tmp-\d+-\d+)$`)

func isTemp(name string) bool { return temporary.MatchString(name) }

// tempIn is the path of a new temporary file in a folder.
func tempIn(dir string) string {
	var r [8]byte
	rand.Read(r[:])
	return filepath.Join(dir, ".windfall-"+hex.EncodeToString(r[:])+".tmp")
}

// sweep removes what killed processes left behind under temporary names.
func (f *Folder) sweep() {
	_ = filepath.WalkDir(f.Dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && isTemp(e.Name()) {
			os.Remove(path)
		}
		return nil
	})
}

// Write makes the file NAME of what content writes. If that fails there is no file, or
// the earlier one is left as it was.
func (f *Folder) Write(name string, content func(io.Writer) error) error {
	path := filepath.Join(f.Dir, name)
	sum, err := write(path, f.Create, content, false)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.sums[name] = sum
	f.mu.Unlock()
	f.top.mu.Lock()
	f.top.written = append(f.top.written, path)
	f.top.mu.Unlock()
	return nil
}

// WriteBytes makes the file NAME of some bytes.
func (f *Folder) WriteBytes(name string, content []byte) error {
	return f.Write(name, bytesTo(content))
}

func bytesTo(content []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	}
}

// WriteFile makes a file of some bytes, whole or not at all, outside of the folders
// that this process has taken.
func WriteFile(path string, content []byte) error {
	_, err := write(path, newFolder("").Create, bytesTo(content), false)
	return err
}

// write makes a file, and with safe waits until its content is on the disk before it
// has its name.
func write(path string, create func(string) (io.WriteCloser, error), content func(io.Writer) error, safe bool) (sum Sum,
	err error) {
	temp := tempIn(filepath.Dir(path))
	file, err := create(temp)
	if err != nil {
		return Sum{}, err
	}
	h := crc32.New(castagnoli)
	counted := &counter{}
	w := bufio.NewWriterSize(io.MultiWriter(file, h, counted), 1<<18)
	err = content(w)
	if err == nil {
		err = w.Flush()
	}
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err == nil && safe {
		err = syncFile(temp)
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		os.Remove(temp)
	}
	return Sum{counted.n, fmt.Sprintf("%08x", h.Sum32())}, err
}

// counter counts bytes.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// Remove removes files of ours, those that are there.
func (f *Folder) Remove(names ...string) error {
	for _, name := range names {
		if err := os.Remove(filepath.Join(f.Dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		f.mu.Lock()
		delete(f.sums, name)
		f.mu.Unlock()
	}
	return nil
}

// RemoveBelow removes, in a folder in this one and in those below it, the files whose
// names match a pattern, and then the folders that are empty. All else is left alone.
func (f *Folder) RemoveBelow(name, pattern string) error {
	dir := filepath.Join(f.Dir, name)
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		ours, err := filepath.Match(pattern, e.Name())
		switch {
		case err != nil:
			return err
		case e.IsDir():
			err = f.RemoveBelow(filepath.Join(name, e.Name()), pattern)
		case ours && e.Type().IsRegular():
			err = os.Remove(filepath.Join(dir, e.Name()))
		}
		if err != nil {
			return err
		}
	}
	if isEmpty(dir) {
		return os.Remove(dir)
	}
	return nil
}

// Sums are the sums of the files that this process wrote into the folder.
func (f *Folder) Sums() map[string]Sum {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.sums)
}

// Commit writes the manifest of the folder, once all that was written before is safe on
// the disk.
func (f *Folder) Commit(manifest any) error {
	text, err := Seal(manifest)
	if err != nil {
		return err
	}
	f.mu.Lock()
	written := f.written
	f.written = nil
	f.mu.Unlock()
	folders := map[string]bool{f.Dir: true}
	for _, path := range written {
		folders[filepath.Dir(path)] = true
		if err := syncFile(path); err != nil && !errors.Is(err, fs.ErrNotExist) { // removed since
			return err
		}
	}
	for dir := range folders {
		syncFolder(dir)
	}
	path := filepath.Join(f.Dir, ManifestName)
	if _, err := write(path, f.Create, bytesTo(text), true); err != nil {
		return err
	}
	syncFolder(f.Dir)
	return nil
}

// syncFile waits until a file is on the disk.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	err = f.Sync()
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// syncFolder waits until the names in a folder are on the disk. Not every system can.
func syncFolder(dir string) {
	if f, err := os.Open(dir); err == nil {
		_ = f.Sync()
		f.Close()
	}
}
