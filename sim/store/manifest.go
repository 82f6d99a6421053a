package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"regexp"
)

// ManifestName is the file that says whose a folder is and what it holds.
const ManifestName = "manifest.json"

// A Manifest is what that file says of any folder; that of a run says more.
type Manifest struct {
	Windfall string         `json:"windfall"`          // the command
	Subject  string         `json:"subject,omitempty"` // of an answer: the scenario or the study
	Design   string         `json:"design,omitempty"`  // of an answer: equal ones have equal numbers
	Version  string         `json:"version"`           // of the program
	Command  []string       `json:"command"`
	Shard    *Shard         `json:"shard"` // the part that is here; null: the whole
	Complete bool           `json:"complete"`
	Files    map[string]Sum `json:"files"` // of the answer, or of the one that is being replaced; beside the blocks
	// Apart is the settings of an answer that did not share the work of others when they were run, and why.
	Apart []string `json:"run_apart,omitempty"`
}

// mostManifest is the size of a manifest in bytes; ours have some thousands.
const mostManifest = 8 << 20

// Sum is what a file must be: its length and its CRC-32C.
type Sum struct {
	Bytes int64  `json:"bytes"`
	CRC   string `json:"crc32c"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sealed is the end of a manifest: the sum of all before.
var sealed = regexp.MustCompile(`,\n  "checksum": "([0-9a-f]{8})"\n}\n$`)

func checksum(text []byte) string { return fmt.Sprintf("%08x", crc32.Checksum(text, castagnoli)) }

// Seal writes a manifest as JSON with its sum at its end.
func Seal(manifest any) ([]byte, error) {
	text, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	body := text[:len(text)-len("\n}")]
	return fmt.Appendf(body, ",\n  \"checksum\": %q\n}\n", checksum(body)), nil
}

// errForeign says that a manifest is none of ours.
var errForeign = errors.New("it was not written by windfall")

// OlderError says that a manifest is of a version that did not mark its folders.
type OlderError struct{ Version string }

// Error implements error.
func (e *OlderError) Error() string {
	return fmt.Sprintf("it was written by windfall %s, whose folders this version neither reads nor goes on with; run "+
		"its command again, with a new --out", e.Version)
}

// Unseal reads a manifest that Seal wrote, whole, of results of a kind.
func Unseal(text []byte, kind string, into any) error {
	var mark struct {
		Windfall string `json:"windfall"`
		Version  string `json:"version"`
		Columns  string `json:"columns_digest"`
	}
	switch err := json.Unmarshal(text, &mark); {
	case err == nil && mark.Windfall == "" && mark.Version != "" && mark.Columns != "": // 0.1.0
		return &OlderError{mark.Version}
	case err != nil || mark.Windfall == "":
		return errForeign
	}
	if mark.Windfall != kind {
		return fmt.Errorf("it is of %q, not of %q", mark.Windfall, kind)
	}
	at := sealed.FindSubmatchIndex(text)
	if at == nil || checksum(text[:at[0]]) != string(text[at[2]:at[3]]) {
		return errors.New("it is damaged, or was changed by hand: its checksum does not match")
	}
	return json.Unmarshal(text, into)
}

// Kind is the command whose results a folder holds.
func Kind(dir string) (string, error) {
	text, err := ReadFile(filepath.Join(dir, ManifestName), mostManifest)
	if err != nil {
		return "", err
	}
	var mark struct {
		Windfall string `json:"windfall"`
	}
	if err := json.Unmarshal(text, &mark); err != nil || mark.Windfall == "" {
		return "", fmt.Errorf("%s: %w", filepath.Join(dir, ManifestName), errForeign)
	}
	return mark.Windfall, nil
}

// ReadManifest reads the manifest of a folder.
func ReadManifest(dir, kind string, into any) error {
	path := filepath.Join(dir, ManifestName)
	text, err := ReadFile(path, mostManifest)
	if err != nil {
		return err
	}
	if err := Unseal(text, kind, into); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// ReadFile reads a regular file of at most so many bytes: no pipe, which would wait,
// and no device, which would not end.
func ReadFile(path string, most int64) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > most {
		return nil, fmt.Errorf("%s is no file of up to %d MB", path, most>>20)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, most))
}

// SumOf sums up the content of a file.
func SumOf(content []byte) Sum { return Sum{int64(len(content)), checksum(content)} }

// Intact tells whether a folder has every file as its manifest has it.
func Intact(dir string, files map[string]Sum) bool {
	for name, want := range files {
		if got, err := sumOf(filepath.Join(dir, name)); err != nil || got != want {
			return false
		}
	}
	return true
}

// Changed tells whether there is a file that is not what it was.
func Changed(path string, was Sum) bool {
	sum, err := sumOf(path)
	return err == nil && sum != was
}

// sumOf reads a file and sums it up.
func sumOf(path string) (Sum, error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return Sum{}, errors.Join(err, errors.New("no file"))
	}
	f, err := os.Open(path)
	if err != nil {
		return Sum{}, err
	}
	defer f.Close()
	h := crc32.New(castagnoli)
	n, err := io.Copy(h, f)
	return Sum{n, fmt.Sprintf("%08x", h.Sum32())}, err
}
