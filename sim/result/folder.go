package result

import (
	"fmt"
	"time"

	"windfall/model/plan"
	"windfall/sim/store"
	"windfall/sim/table"
)

// Names of the files in a results folder.
const (
	scenarioName   = "scenario.toml"
	dictionaryName = "columns.json"
	columnsName    = "columns.csv"
	summaryName    = "summary.json"
	blocksName     = "blocks"
)

// Folder is a results folder while its run is being made; or, without a
// directory, the same in memory.
type Folder struct {
	Dir      string // empty: in memory
	Manifest *Manifest
	Schema   *plan.Schema
	Start    plan.Date

	*store.Series // the blocks

	top     *store.Folder // nil in memory, and of a folder that is only read
	started time.Time
	was     *Manifest // of the finished run that is there, if it has these numbers
}

// Setup is what a folder is made for.
type Setup struct {
	Manifest Manifest // what the numbers depend on, shard, precision, command
	Schema   *plan.Schema
	Start    plan.Date
	Scenario string // text of scenario.toml
	// MustExist refuses a folder that does not hold an earlier part of the run.
	MustExist bool
}

// Create makes the folder of a run, or takes up an earlier part of the same
// run: blocks that are whole stay, and a larger number of replications extends
// it. A folder with anything else in it is refused and left as it is. An empty
// dir keeps the run in memory. The folder is this process's until it is closed.
func Create(dir string, s Setup) (f *Folder, err error) {
	f = &Folder{Dir: dir, Manifest: &s.Manifest, Schema: s.Schema, Start: s.Start, started: time.Now()}
	words := table.DictionaryOf(s.Schema, s.Start)
	text := words.JSON()
	m := f.Manifest
	m.Columns, m.Start, m.Weeks, m.Inputs = table.Digest(text), s.Start.String(), s.Schema.Weeks, len(s.Schema.Inputs)
	m.fillIn()
	m.Started = stamp(f.started)
	if dir == "" {
		f.Series = m.series(f.Schema).InMemory()
		return f, nil
	}
	files := map[string][]byte{scenarioName: []byte(s.Scenario), dictionaryName: text, columnsName: words.CSV()}
	m.Files = map[string]store.Sum{}
	for name, content := range files {
		m.Files[name] = store.SumOf(content)
	}
	old := ofRun()
	top, begun, err := store.Take(dir, Kind, s.MustExist, old)
	if err != nil {
		return nil, err
	}
	f.top = top
	defer func() {
		if err != nil {
			top.Close()
		}
	}()
	if begun {
		if err := old.check(); err != nil {
			return nil, &store.OccupiedError{Dir: dir, Why: fmt.Sprintf("%s: %v", store.ManifestName, err), Ours: true}
		}
		if err := f.continueRun(old); err != nil {
			return nil, err
		}
	}
	if f.was == nil { // else what is there stays valid until it is finished again
		if err := f.SaveManifest(); err != nil {
			return nil, err
		}
	}
	blocks, err := top.Sub(blocksName)
	if err != nil {
		return nil, fmt.Errorf("making the results folder: %w", err)
	}
	for name, content := range files {
		if store.Intact(dir, map[string]store.Sum{name: m.Files[name]}) {
			continue
		}
		if err := top.WriteBytes(name, content); err != nil {
			return nil, fmt.Errorf("writing the results folder: %w", err)
		}
	}
	f.Series, err = m.series(f.Schema).In(blocks)
	return f, err
}

// Close gives the folder back to other processes.
func (f *Folder) Close() { f.top.Close() }

// continueRun takes over what stands in the manifest of the earlier part.
func (f *Folder) continueRun(old *Manifest) error {
	m := f.Manifest
	occupied := func(format string, args ...any) error {
		return &store.OccupiedError{Dir: f.Dir, Why: fmt.Sprintf(format, args...), Ours: true}
	}
	if d := m.unlike(old); d != "" {
		return occupied("it holds another run: %s", d)
	}
	if !m.Shard.Same(old.Shard) {
		return occupied("it holds another part of the run: shard %s there, %s here", old.Shard.Called(), m.Shard.Called())
	}
	if !old.Complete && m.Precision != old.Precision {
		return occupied("it holds an unfinished run with precision %q there, %q here", old.Precision, m.Precision)
	}
	if m.Precision != "" && old.Complete {
		m.Replications = max(m.Replications, old.Replications)
	}
	if m.Replications < old.Replications {
		return occupied("it holds %d runs and %d are asked for", old.Replications, m.Replications)
	}
	m.fillIn()
	if !old.Complete || m.Replications != old.Replications ||
		m.TableFormat != old.TableFormat || m.Precision != old.Precision {
		return nil
	}
	// A finished folder to which nothing is added keeps its history. What is said of
	// its numbers is of the plan at hand: its goals and title may be others.
	f.was = old
	m.Complete, m.Reached, m.Tables = true, old.Reached, old.Tables
	m.Command, m.Host, m.Started, m.Finished, m.Seconds = old.Command, old.Host, old.Started, old.Finished, old.Seconds
	return nil
}

// SaveManifest writes the manifest as it stands, after all else that was written.
func (f *Folder) SaveManifest() error {
	if f.Dir == "" {
		return nil
	}
	if err := f.top.Commit(f.Manifest); err != nil {
		return fmt.Errorf("writing the results folder: %w", err)
	}
	return nil
}

// EndAt fixes the number of replications of a run with a precision target: the
// blocks beyond are discarded.
func (f *Folder) EndAt(replications int, reached bool) error {
	m := f.Manifest
	if m.Replications != replications {
		m.Complete, f.was = false, nil
	}
	m.Replications, m.Reached = replications, reached
	m.fillIn()
	return f.Series.EndAt(replications)
}
