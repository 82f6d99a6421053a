package answer

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"windfall/model"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/decide"
	"windfall/sim/panel"
	"windfall/sim/store"
)

// Simulated is a design of a question as the engine runs it.
func Simulated(d *decide.Design) *sim.Design {
	run := &sim.Design{Measures: d.Measures, Replications: d.Replications, SeedsPerDraw: d.SeedsPerDraw,
		Seed: d.Seed, At: d.At,
		Points: d.Points}
	for _, s := range d.Settings {
		run.Settings = append(run.Settings, sim.Setting{Name: s.Name, Plan: s.Plan, Digest: scenarios.Digest(s.Plan)})
	}
	return run
}

// Once is the sequence of one round, whose panels are left there.
type Once struct {
	Parts  []decide.Part
	Panels []*panel.Panel
	begun  bool
}

// Next implements decide.Sequence.
func (o *Once) Next(panels []*panel.Panel) ([]decide.Part, error) {
	if o.begun {
		o.Panels = panels
		return nil, nil
	}
	o.begun = true
	return o.Parts, nil
}

// Progress implements decide.Sequence.
func (o *Once) Progress() (done, total int) {
	for _, p := range o.Parts {
		total += Simulated(p.Design).Total()
	}
	return 0, total
}

// SequenceOf is a design as it is run: in its rounds, or at once. Panel gives what it came to.
func SequenceOf(d *decide.Design) (s decide.Sequence, panel func() *panel.Panel) {
	if d.Rounds != nil {
		s := decide.NewInRounds(d)
		return s, s.Panel
	}
	once := &Once{Parts: []decide.Part{{Design: d}}}
	return once, once.panel
}

// panel is that of the first part.
func (o *Once) panel() *panel.Panel { return o.Panels[0] }

// InMemory runs designs that wait for none of each other, and keeps nothing.
func InMemory(ctx context.Context, workers int, parts ...decide.Part) (out []*panel.Panel, err error) {
	for _, p := range parts {
		d := Simulated(p.Design)
		d.Workers = workers
		numbers, err := sim.Measure(ctx, *d)
		if err != nil {
			return nil, err
		}
		out = append(out, numbers)
	}
	return out, nil
}

// Follow runs the rounds of a sequence until it can be answered. Of a shard the error is a *sim.PartError, unless
// all shards of the rounds are there.
func (f *Folder) Follow(ctx context.Context, s decide.Sequence, tell func(sim.Progress)) error {
	var panels []*panel.Panel
	for {
		round, err := s.Next(panels)
		if err != nil || len(round) == 0 {
			return err
		}
		done, total := s.Progress()
		if panels, err = f.measure(ctx, round, done, total, tell); err != nil {
			return err
		}
	}
}

// measure runs the designs of a round, none of which waits for another.
func (f *Folder) measure(ctx context.Context, round []decide.Part, done, total int,
	tell func(sim.Progress)) (out []*panel.Panel, begun error) {
	for _, part := range round {
		d := Simulated(part.Design)
		blocks, err := f.Sub(filepath.Join(blocksFolder, part.Name))
		if err != nil {
			return nil, err
		}
		d.Folder, d.Out, d.Shard, d.Version, d.Apart = blocks, f.Dir, f.place.Shard.Shifted(part.Turn), f.place.Version,
			f.apart
		d.Workers, d.Turn = f.place.Workers, part.Turn
		d.FirstDays = f.firstDays(part)
		before := done
		d.Progress = func(s sim.Progress) {
			s.Done, s.Resumed = before+s.Done, before+s.Resumed
			s.Total = max(total, s.Done)
			tell(s)
		}
		whole, err := f.join(part.Name, d)
		if err != nil {
			return nil, err
		}
		if whole { // the round was merged: it is a shard no longer
			d.Shard = nil
		}
		numbers, err := sim.Measure(ctx, *d)
		if part := new(sim.PartError); errors.As(err, &part) {
			begun = err // the other designs of the round have parts, too
		} else if err != nil {
			return nil, err
		}
		out, done = append(out, numbers), done+d.Total()
	}
	for _, part := range round {
		f.blocks[part.Name] = part.Design.Replications / store.BlockSize
	}
	f.rounds++
	return out, begun
}

// firstDays is what keeps first days for a design: that of the one before it, if that is to be run again.
func (f *Folder) firstDays(part decide.Part) *model.FirstDays {
	switch {
	case !part.Again:
		f.days = nil
	case f.days == nil:
		f.days = sim.NewFirstDays(f.place.Workers)
	}
	return f.days
}

// apart keeps in the manifest which settings are run by themselves. It says nothing to a user: the numbers are the
// same, and whose plans start from different states is told so.
func (f *Folder) apart(lines []string) {
	for _, line := range lines {
		if !slices.Contains(f.manifest.Apart, line) {
			f.manifest.Apart = append(f.manifest.Apart, line)
		}
	}
}

// join puts the blocks of a design that other folders hold into that of the answer, and
// tells whether they were all of them.
func (f *Folder) join(name string, d *sim.Design) (whole bool, err error) {
	if f.place.Joined == nil {
		return false, nil
	}
	var parts store.Parts
	for _, p := range f.place.Joined {
		there := d.Blocks(p.Shard.Shifted(d.Turn)).ReadIn(filepath.Join(p.Dir, blocksFolder, name))
		parts = append(parts, store.Part{Series: there, Dir: p.Dir, Command: p.Command})
	}
	series, err := d.Blocks(nil).In(d.Folder)
	if err != nil {
		return false, err
	}
	where, err := parts.Locate()
	if err != nil {
		return false, err
	}
	if err := series.Gather(where); err != nil {
		return false, err
	}
	missing := parts.Complete(where)
	switch {
	case f.merged && series.Complete(): // by what was merged before
		return true, nil
	case f.merged && len(where) == f.blocks[name] && f.rounds > 0: // nobody has begun it: it waits for what is merged
		next := &sim.NextRound{Dir: f.Dir, Rounds: f.rounds}
		for _, p := range f.place.Joined {
			next.Commands = append(next.Commands, p.Command)
		}
		return false, next
	case f.merged:
		return false, missing
	}
	return missing == nil, nil
}

// Begun is what there is of an answer that is not finished, as programs read it.
type Begun struct {
	Command  string       `json:"command"`
	Folder   string       `json:"folder"`
	Complete bool         `json:"complete"` // the answer is there
	Shard    *store.Shard `json:"shard"`
	Rounds   int          `json:"rounds"` // that are merged
	Next     []string     `json:"next"`   // command lines
}

// BegunBy is what a command left that ended with a shard (dir and shard say which), or in need of another round; nil:
// it ended otherwise. A shard has no next lines.
func BegunBy(err error, command, dir string, shard *store.Shard) *Begun {
	part, next := new(sim.PartError), new(sim.NextRound)
	switch {
	case errors.As(err, &part):
		return &Begun{Command: command, Folder: dir, Shard: shard}
	case errors.As(err, &next):
		return &Begun{Command: command, Folder: next.Dir, Rounds: next.Rounds, Next: next.Lines()}
	}
	return nil
}

// Settled keeps what became of a question that was followed and tells what was begun of its answer, if it is not
// finished.
func (f *Folder) Settled(err error) (*Begun, error) {
	if f == nil { // it was not taken
		return nil, nil
	}
	b := BegunBy(err, f.place.Windfall, f.Dir, f.place.Shard)
	if b == nil {
		return nil, nil
	}
	f.manifest.Complete = b.Shard != nil
	return b, f.Commit(f.manifest)
}
