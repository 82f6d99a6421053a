package sim

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"runtime"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/metric"
	"windfall/sim/panel"
	"windfall/sim/result"
	"windfall/sim/store"
	"windfall/sim/table"
)

// BlockSize is the number of replications in a block.
const BlockSize = store.BlockSize

// Setting is a plan of a design.
type Setting struct {
	Name   string
	Plan   *plan.Plan
	Digest string // of the resolved plan: equal digests are equal plans
}

// Design is all that is run at once: settings, each as often, with the same random
// numbers. The zero value of a field means what its comment says; Settings are
// required, one of them for a run with tables.
type Design struct {
	Settings []Setting
	Measures []panel.Leaf // what Measure keeps of the replications; Run keeps all that they report
	Version  string       // of the program

	Seed         uint64       // 0 is a seed like any other
	Replications int          // 0: the plan's; with a precision target, which says how many, 0
	Workers      int          // goroutines; 0: one a processor
	Shard        *store.Shard // shifted by Turn
	Turn         int          // of several designs: which of them it is, so that small ones are work for all shards
	// SeedsPerDraw is the number of neighbouring replications that share one draw of the
	// uncertain inputs (a nested design); 0 or 1: none do.
	SeedsPerDraw int
	// At gives replication i its inputs, on the scale of probabilities in the order
	// of model.Prepared.Inputs, and the address of its chance, which is that of all settings;
	// nil: drawn. Points names what it gives, so that what a folder keeps of others is not
	// taken.
	At        func(i int, inputs []float64) (chance int)
	Points    string
	Precision Precision // zero: none
	// ToVerdict makes a run of a plan and its baseline go on until it is known which is better.
	ToVerdict bool
	Most      int    // replications at most with a target; 0: MostReplications, to a verdict those of the plan
	Differ    [2]int // first and last week in which a plan differs from its baseline; 0: not for some weeks alone

	// Folder keeps the blocks of what Measure runs, so that an interrupted design goes
	// on from there; nil: in memory.
	Folder *store.Folder

	// Of a run with tables.
	Scenario string   // text of the resolved scenario, kept with the results
	Command  []string // as typed, kept with the results; merge proposes it for missing shards

	Out    string // results folder; empty: in memory, for callers that want no files
	Resume bool   // refuse to begin a new folder
	After  string // folder in which earlier rounds of a shard with a precision target were merged; not there: none were
	Format table.Format

	// Progress is called after each replication of a setting, by one goroutine at a time.
	Progress func(Progress)
	// Summed is called when all blocks are done and summed up, before the tables are
	// written; an error of it ends the run as one of a table does. It is not called for
	// a shard.
	Summed func(*result.Result, *analysis.Summary) error
	// Apart is told, before anything is run, which settings share nothing with the first and
	// are run by themselves, and why; nil: nobody asks.
	Apart func(lines []string)
	// FirstDays keeps what settings share of a replication for designs that are run later; nil: it is forgotten.
	FirstDays *model.FirstDays
	// Prepare makes the engine; nil: that of package model.
	Prepare func(*plan.Plan) (*Engine, error)
}

// Progress is how far a run is.
type Progress struct {
	Done    int // replications, those of earlier runs of the folder too
	Resumed int // of them: from earlier runs
	Total   int // replications wanted; with a precision target a forecast
	// Forecast says that Total is a guess from the error so far; before the
	// first check it is the least number of replications.
	Forecast bool
	// Part is what of a question with several parts is run now; "": it has one.
	Part string
	// Work is what so many runs take, of all parts; nil: all take the same.
	Work func(runs int) float64
}

// UsageError is a design that cannot be run as it stands.
type UsageError struct {
	Problem string
	Err     error // what is wrong with a text in it; nil: nothing
}

// Error implements error.
func (e *UsageError) Error() string {
	if e.Err == nil {
		return e.Problem
	}
	return e.Problem + ": " + e.Err.Error()
}

// Unwrap gives what is wrong with a text.
func (e *UsageError) Unwrap() error { return e.Err }

// BadInput marks it: nothing was written.
func (*UsageError) BadInput() {}

func usage(format string, args ...any) error {
	return &UsageError{Problem: fmt.Sprintf(format, args...)}
}

// check looks for what would only be noticed at the end of the run.
func (d *Design) check(schema *plan.Schema) error {
	if d.replications() < 1 {
		return usage("%d replications: at least 1 is needed", d.replications())
	}
	if d.Shard != nil && (d.Shard.Count < 1 || d.Shard.Index < 0 || d.Shard.Index >= d.Shard.Count) {
		return usage("shard %s: the index runs from 0 to the count less 1", d.Shard)
	}
	if d.After != "" && (d.Shard == nil || d.target() == "") {
		return usage("after %s: rounds are those of shards of a run with a precision target or a baseline", d.After)
	}
	if d.ToVerdict && len(d.Settings) < 2 {
		return usage("a run goes on to a verdict against a baseline only")
	}
	if d.Precision.Metric != "" {
		if d.Replications != 0 {
			return usage("%d replications: a precision target says how many are run; a number at most limits it", d.Replications)
		}
		if _, err := metric.ParseMetric(d.Precision.Metric, schema.Outcomes); err != nil {
			return &UsageError{"precision", err}
		}
	}
	if d.Shard != nil && d.Out == "" {
		return usage("a shard needs a results folder")
	}
	for _, g := range d.plan().Goals {
		if _, err := metric.ParseGoal(g.Expect, schema.Outcomes); err != nil {
			return &UsageError{"goal " + g.Name, err}
		}
	}
	return nil
}

func (d *Design) replications() int {
	if d.Replications == 0 {
		return int(d.plan().Run.Replications)
	}
	return d.Replications
}

func (d *Design) workers() int {
	if d.Workers > 0 {
		return d.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// plan is the plan of a design of one setting.
func (d *Design) plan() *plan.Plan { return d.Settings[0].Plan }

// prepare makes the engines of the settings.
func (d *Design) prepare() (out []*Engine, err error) {
	prepare := d.Prepare
	if prepare == nil {
		prepare = Prepare
	}
	for _, s := range d.Settings {
		e, err := prepare(s.Plan)
		if err != nil && len(d.Settings) > 1 {
			err = fmt.Errorf("setting %s: %w", s.Name, err)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, e)
	}
	return out, nil
}

// setup describes the run for the results folder.
func (d *Design) setup(engines []*Engine) result.Setup {
	e := engines[0]
	of := store.Manifest{Version: d.Version, Shard: d.Shard, Command: d.Command}
	m := result.Manifest{Manifest: of, Run: &result.Run{
		Scenario: d.plan().Name, Title: d.plan().Title, Digest: d.Settings[0].Digest, Seed: d.Seed,
		Replications: d.replications(), Precision: d.target(), TableFormat: d.Format,
		Warnings: e.Warnings, Host: result.ThisHost(d.workers()), Baseline: d.against(engines),
	}}
	if m.Precision != "" {
		m.Replications, m.AtMost = d.Least(), d.AtMost()
	}
	for p := d.plan(); p != nil; p = p.OpeningPlan {
		for _, x := range p.Draws {
			if m.Draws == nil {
				m.Draws = map[string]string{}
			}
			m.Draws[x.Name] = x.Hash
		}
	}
	for _, g := range d.plan().Goals {
		m.Goals = append(m.Goals, result.GoalText(g))
	}
	return result.Setup{Manifest: m, Schema: e.Schema, Start: d.plan().Run.Start, Scenario: d.Scenario,
		MustExist: d.Resume}
}

// DefaultOut is the results folder of a run for which the user names none:
// results/run-SCENARIO-DIGEST, with the shard if there is one. The digest is of
// everything that the numbers depend on, so the same run finds its folder again
// and another run never meets it.
func (d *Design) DefaultOut() string {
	replications := d.replications()
	if d.target() != "" {
		replications = 0
	}
	key := fmt.Appendf(nil, "%s\n%s\n%d\n%d\n%s", d.Version, d.Settings[0].Digest, d.Seed, replications, d.target())
	for _, s := range d.Settings[1:] {
		key = fmt.Appendf(key, "\n%s", s.Digest)
	}
	sum := sha256.Sum256(key)
	name := "run-" + store.Name(d.plan().Name) + "-" + hex.EncodeToString(sum[:5])
	if d.Shard != nil {
		name += fmt.Sprintf("-shard-%d-of-%d", d.Shard.Index, d.Shard.Count)
	}
	return filepath.Join("results", name)
}
