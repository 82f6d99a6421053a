package result

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"windfall/model"
	"windfall/sim/analysis"
	"windfall/sim/store"
)

// ManifestFormat is the version of the layout of the results folder.
const ManifestFormat = 1

// Manifest says which run a folder holds, and who made it and when.
type Manifest struct {
	Windfall string `json:"windfall"` // kindOfRun: whose the folder is (package store)
	Format   int    `json:"format"`

	// What the numbers depend on.
	Version      string `json:"version"` // of the program
	Scenario     string `json:"scenario"`
	Title        string `json:"title"`
	Digest       string `json:"digest"` // of the resolved plan
	Seed         uint64 `json:"seed"`
	Replications int    `json:"replications"`
	BlockSize    int    `json:"block_size"`
	Start        string `json:"start"`
	Weeks        int    `json:"weeks"`
	Columns      string `json:"columns_digest"` // SHA-256 of columns.json
	Inputs       int    `json:"uncertain_inputs"`

	// How the run was cut and how long it was to go on.
	Blocks    int    `json:"blocks"` // in the whole run
	Shard     *Shard `json:"shard"`
	Precision string `json:"precision"` // the target, empty if there was none
	Reached   bool   `json:"precision_reached"`

	// What is in the folder.
	Complete    bool       `json:"complete"`
	TableFormat Format     `json:"table_format"`
	Tables      TableKinds `json:"tables"`
	// Files are those beside the blocks, which have sums of their own.
	Files        map[string]store.Sum `json:"files"`
	QuantileType int                  `json:"quantile_type"`

	// What the summary needs beside the numbers.
	Goals    []GoalText `json:"goals"`
	Warnings []string   `json:"plan_warnings"`

	// Who and when: nothing below this line is compared.
	Command  []string `json:"command"`
	Host     Host     `json:"host"`
	Started  string   `json:"started"`
	Finished string   `json:"finished"`
	Seconds  float64  `json:"seconds"`
}

// GoalText is a goal as the scenario has it.
type GoalText struct {
	Name   string `json:"name"`
	Expect string `json:"expect"`
}

// TableKinds says what a table holds: "rows" (every replication), "bands"
// (quantiles over replications), "totals" (means and ratios of totals over
// replications) or nothing.
type TableKinds struct {
	Replications string `json:"replications"`
	Weekly       string `json:"weekly"`
	Months       string `json:"months"`
	Quarters     string `json:"quarters"`
	Slices       string `json:"slices"`
}

// Host is the machine that made the folder.
type Host struct {
	Name    string `json:"name"`
	System  string `json:"system"`
	Go      string `json:"go"`
	CPUs    int    `json:"cpus"`
	Workers int    `json:"workers"`
}

// ThisHost describes the machine that the program runs on.
func ThisHost(workers int) Host {
	name, _ := os.Hostname()
	return Host{Name: name, System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(), CPUs: runtime.NumCPU(),
		Workers: workers}
}

// Shard is one of Count parts of a run, Index from 0. Block b belongs to shard
// b mod Count, so parts differ by at most one block and a longer run moves none.
type Shard struct {
	Index int `json:"index"`
	Count int `json:"count"`
}

// String writes the shard as I/N.
func (s Shard) String() string { return strconv.Itoa(s.Index) + "/" + strconv.Itoa(s.Count) }

// Has tells whether a block belongs to the shard; the whole run is nil.
func (s *Shard) Has(block int) bool { return s == nil || block%s.Count == s.Index }

// BlocksOf is the number of blocks of so many replications.
func BlocksOf(replications int) int { return (replications + BlockSize - 1) / BlockSize }

// countOf is the number of replications in a block of the run.
func (m *Manifest) countOf(block int) int { return min(BlockSize, m.Replications-block*BlockSize) }

// ties says which replications are not independent.
func (m *Manifest) ties() (t analysis.Ties) {
	if m.Inputs > 0 {
		t.Cube = model.Hypercube
	}
	return t
}

// kindOfRun marks the folder of a run, whole or a shard.
const kindOfRun = "run"

// fillIn sets what follows from the rest.
func (m *Manifest) fillIn() {
	m.Windfall, m.Format, m.BlockSize, m.QuantileType = kindOfRun, ManifestFormat, BlockSize, analysis.QuantileType
	m.Blocks = BlocksOf(m.Replications)
	if m.TableFormat == "" {
		m.TableFormat = CSV
	}
	if m.Goals == nil {
		m.Goals = []GoalText{}
	}
	if m.Warnings == nil {
		m.Warnings = []string{}
	}
}

// unlike names the first difference between two runs that cannot be put
// together; it is empty if there is none. The number of replications, shard and
// precision are not part of it.
func (m *Manifest) unlike(other *Manifest) string {
	for _, d := range []struct {
		what string
		a, b any
	}{
		{"layout of the folder", m.Format, other.Format},
		{"version of the program", m.Version, other.Version},
		{"plan (digest)", m.Digest, other.Digest},
		{"seed", m.Seed, other.Seed},
		{"size of a block", m.BlockSize, other.BlockSize},
		{"columns (digest)", m.Columns, other.Columns},
		{"first day", m.Start, other.Start},
		{"weeks", m.Weeks, other.Weeks},
		{"number of uncertain inputs", m.Inputs, other.Inputs},
	} {
		if d.a != d.b {
			return fmt.Sprintf("%s: %v here, %v there", d.what, d.a, d.b)
		}
	}
	return ""
}

// unlikeStory names the first difference in what is said of the same numbers.
func (m *Manifest) unlikeStory(other *Manifest) string {
	switch {
	case !slices.Equal(m.Goals, other.Goals):
		return fmt.Sprintf("goals: %v here, %v there", m.Goals, other.Goals)
	case m.Scenario != other.Scenario:
		return fmt.Sprintf("name of the scenario: %q here, %q there", m.Scenario, other.Scenario)
	case m.Title != other.Title:
		return fmt.Sprintf("title: %q here, %q there", m.Title, other.Title)
	case !slices.Equal(m.Warnings, other.Warnings):
		return fmt.Sprintf("warnings about the plan: %q here, %q there", m.Warnings, other.Warnings)
	}
	return ""
}

// String writes a goal as the scenario does.
func (g GoalText) String() string { return g.Name + " (" + g.Expect + ")" }

// readManifest reads the manifest of a folder.
func readManifest(dir string) (*Manifest, error) {
	m := new(Manifest)
	if err := store.ReadManifest(dir, kindOfRun, m); err != nil {
		return nil, err
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", filepath.Join(dir, store.ManifestName), err)
	}
	return m, nil
}

// check looks at everything that a manifest says of sizes, names and formats: it may
// come from someone else.
func (m *Manifest) check() error {
	if m.Format != ManifestFormat {
		return fmt.Errorf("a results folder of layout %d; this program reads layout %d", m.Format, ManifestFormat)
	}
	_, err := model.ParseDate(m.Start)
	for _, c := range []struct {
		what string
		ok   bool
	}{
		{"replications", allowed("run.replications", m.Replications)},
		{"block_size", m.BlockSize == BlockSize},
		{"blocks", m.Blocks == BlocksOf(m.Replications)},
		{"start", err == nil},
		{"weeks", allowed("run.weeks", m.Weeks)},
		{"shard", m.Shard == nil || m.Shard.Index >= 0 && m.Shard.Index < m.Shard.Count},
		{"table_format", m.TableFormat == CSV || m.TableFormat == Parquet},
		{"files", !slices.ContainsFunc(slices.Collect(maps.Keys(m.Files)), func(name string) bool {
			return name != store.Name(name)
		})},
	} {
		if !c.ok {
			return fmt.Errorf("its %s cannot be", c.what)
		}
	}
	return nil
}

// allowed tells whether a key of a scenario may have a value.
func allowed(key string, value int) bool {
	for _, p := range model.Params() {
		if p.Pattern == key {
			return p.Allows(float64(value))
		}
	}
	return false
}

// CommandLine is the command that made the run, as a shell takes it.
func (m *Manifest) CommandLine() string {
	words := make([]string, len(m.Command))
	for i, w := range m.Command {
		words[i] = quote(w)
	}
	return strings.Join(words, " ")
}

// commandFor is the command that makes the blocks of a shard, from the one
// that made another part of the same run.
func (m *Manifest) commandFor(shard *Shard, dir string) string {
	var words []string
	skip := false
	for _, w := range m.Command {
		name, _, joined := strings.Cut(w, "=")
		switch {
		case skip:
			skip = false
		case name == "--shard" || name == "--out":
			skip = !joined
		case w == "--resume":
		default:
			words = append(words, quote(w))
		}
	}
	if shard != nil {
		words = append(words, "--shard", shard.String())
	}
	if dir != "" {
		words = append(words, "--out", quote(dir), "--resume")
	}
	return strings.Join(words, " ")
}

// quote puts a word in quotes if a shell would cut or change it.
func quote(word string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./=:,+@%", r)
	}
	if word != "" && strings.IndexFunc(word, func(r rune) bool { return !plain(r) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// stamp writes a time for the manifest.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
