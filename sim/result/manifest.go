package result

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/store"
	"windfall/sim/table"
)

// ManifestFormat is the version of the layout of the results folder.
const ManifestFormat = 1

// Manifest is manifest.json of a run's folder: what that of any folder says, and of the run.
type Manifest struct {
	store.Manifest
	*Run
}

// Run is what the manifest of a run says beside.
type Run struct {
	Format int `json:"format"`

	// What the numbers depend on.
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
	// Draws are the tables of joint draws of the plan and its opening plan: the hash of each by its name.
	Draws map[string]string `json:"draws,omitempty"`

	Baseline *Baseline `json:"baseline,omitempty"` // what the run is held against

	// How long it was to go on.
	Blocks    int    `json:"blocks"`    // in the whole run
	Precision string `json:"precision"` // the target, empty if there was none; or UntilVerdict
	AtMost    int    `json:"at_most"`   // replications at which the target is given up
	Reached   bool   `json:"precision_reached"`

	// What is in the folder.
	TableFormat  table.Format `json:"table_format"`
	Tables       TableKinds   `json:"tables"`
	QuantileType int          `json:"quantile_type"`

	// What the summary needs beside the numbers.
	Goals    []GoalText `json:"goals"`
	Warnings []string   `json:"plan_warnings"`

	// Who and when: nothing below this line is compared.
	Host     Host    `json:"host"`
	Started  string  `json:"started"`
	Finished string  `json:"finished"`
	Seconds  float64 `json:"seconds"`
}

// ofRun is a manifest to be read: what it does not say of a run is nothing.
func ofRun() *Manifest { return &Manifest{Run: new(Run)} }

// clone is a copy that may be changed.
func (m *Manifest) clone() Manifest {
	out, run := *m, *m.Run
	out.Run = &run
	return out
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

// Build is which program this is.
type Build struct {
	Version  string `json:"version"`
	Go       string `json:"go"`
	System   string `json:"system"`
	Commit   string `json:"commit"` // empty if the build does not know it
	Modified bool   `json:"modified"`
}

// ThisBuild describes the program, whose version it is given.
func ThisBuild(version string) Build {
	b := Build{Version: version, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				b.Commit = s.Value
			case "vcs.modified":
				b.Modified = s.Value == "true"
			}
		}
	}
	return b
}

// series is the blocks of the run, of all that its replications report.
func (m *Manifest) series(s *plan.Schema) *store.Series {
	of := store.Identity{Version: m.Version, Digest: m.Digest, Seed: m.Seed, Columns: m.Baseline.columns(m.Columns)}
	shape := Shape(s)
	if m.Baseline != nil {
		shape = append(shape, m.Baseline.shape(s)...)
	}
	return &store.Series{Identity: of, Shape: shape,
		Replications: m.Replications, OpenEnd: m.Precision != "", Shard: m.Shard}
}

// ties says which replications are not independent.
func (m *Manifest) ties() (t analysis.Ties) {
	if m.Inputs > 0 {
		t.Cube = plan.Hypercube
	}
	return t
}

// Kind marks the folder of a run, whole or a shard.
const Kind = "run"

// fillIn sets what follows from the rest.
func (m *Manifest) fillIn() {
	m.Windfall, m.Format, m.BlockSize, m.QuantileType = Kind, ManifestFormat, store.BlockSize, analysis.QuantileType
	m.Blocks = store.BlocksOf(m.Replications)
	if m.TableFormat == "" {
		m.TableFormat = table.CSV
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
	for _, name := range slices.Sorted(maps.Keys(m.Draws)) {
		if a, b := m.Draws[name], other.Draws[name]; b != "" && a != b {
			return fmt.Sprintf("draws.%s is another table here (hash %.12s) than there (%.12s): its file was edited, cut short "+
				"or written anew; scenario.toml in a folder has the table of its run", name, a, b)
		}
	}
	for _, d := range []struct {
		what string
		a, b any
	}{
		{"layout of the folder", m.Format, other.Format},
		{"version of the program", m.Version, other.Version},
		{"plan (digest)", m.Digest, other.Digest},
		{"baseline (digest)", m.Baseline.same(), other.Baseline.same()},
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
	m := ofRun()
	if err := store.ReadManifest(dir, Kind, m); err != nil {
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
	_, err := plan.ParseDate(m.Start)
	for _, c := range []struct {
		what string
		ok   bool
	}{
		{"replications", allowed("run.replications", m.Replications)},
		{"block_size", m.BlockSize == store.BlockSize},
		{"blocks", m.Blocks == store.BlocksOf(m.Replications)},
		{"start", err == nil},
		{"weeks", allowed("run.weeks", m.Weeks)},
		{"baseline", m.Baseline.check(m.Weeks)},
		{"shard", m.Shard == nil || m.Shard.Index >= 0 && m.Shard.Index < m.Shard.Count},
		{"table_format", slices.Contains(table.Formats, m.TableFormat)},
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
	for _, p := range plan.Params() {
		if p.Pattern == key {
			return p.Allows(float64(value))
		}
	}
	return false
}

// CommandLine is the command that made the run, as a shell takes it.
func (m *Manifest) CommandLine() string { return store.ShellLine(m.Command) }

// stamp writes a time for the manifest.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
