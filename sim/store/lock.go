package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// lockName is the file whose lock is that of the folder. It says who holds it.
const lockName = ".windfall.lock"

// holder is the process that writes to a folder.
type holder struct {
	Process int    `json:"process"`
	Host    string `json:"host"`
	Since   string `json:"since"`
}

// BusyError refuses a folder that another process writes to.
type BusyError struct {
	Dir string
	holder
}

// Error implements error.
func (e *BusyError) Error() string {
	who := "another process"
	if e.Process != 0 {
		who = fmt.Sprintf("process %d on %s, since %s", e.Process, e.Host, e.Since)
	}
	return fmt.Sprintf("%s is being written by %s; nothing was written: wait until that ends, or choose another --out",
		e.Dir, who)
}

// BadInput marks it: nothing was written.
func (*BusyError) BadInput() {}

// errHeld says that another process holds a lock.
var errHeld = errors.New("the lock is held")

// takeLock locks a folder for this process.
func takeLock(dir string) (*os.File, error) {
	path := filepath.Join(dir, lockName)
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, err
		}
		if err := lockFile(f); err != nil {
			busy := &BusyError{Dir: dir}
			text, _ := io.ReadAll(io.LimitReader(f, 4096))
			f.Close()
			if !errors.Is(err, errHeld) {
				return nil, fmt.Errorf("locking %s: %w", dir, err)
			}
			_ = json.Unmarshal(text, &busy.holder) // empty: it has only just begun
			return nil, busy
		}
		// The file may have been removed by its last holder in the meantime.
		held, err := f.Stat()
		if err == nil {
			var there os.FileInfo
			if there, err = os.Stat(path); err == nil && os.SameFile(held, there) {
				return f, sign(f)
			}
		}
		f.Close()
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
}

// sign writes into the lock file who holds it. A disk without room for that is found
// by the first file that matters.
func sign(f *os.File) error {
	host, _ := os.Hostname()
	text, err := json.Marshal(holder{os.Getpid(), host, time.Now().UTC().Format(time.RFC3339)})
	if err != nil {
		return err
	}
	_ = f.Truncate(0)
	_, _ = f.WriteAt(text, 0)
	return nil
}

// releaseLock gives a lock back.
func releaseLock(f *os.File) {
	os.Remove(f.Name()) // while it is held: who opened it before looks again
	f.Close()
}
