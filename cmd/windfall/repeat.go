package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"windfall/plots/words"
	"windfall/sim"
	"windfall/sim/panel"
	"windfall/sim/store"
)

// repeatFlags are the flags of every command that runs designs: who works on them,
// which part, and whether an earlier part goes on.
type repeatFlags struct {
	workers numberFlag
	shard   shardFlag
	after   string
	resume  bool
}

func (f *repeatFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	f.workers = workersFlag()
	flags.Var(&f.workers, "workers", "goroutines (default: one a processor); results never depend on it")
	flags.Var(&f.shard, "shard", "run one of N parts, `I/N` with I from 0; auto: as the array job says; windfall "+
		"merge gives the answer")
	flags.BoolVar(&f.resume, "resume", false, "go on with an interrupted one, and refuse to begin anew")
}

// registerAfter is for the commands of several rounds.
func registerAfter(cmd *cobra.Command, dir *string) {
	cmd.Flags().StringVar(dir, "after", "", "with --shard: the folder, `DIR`, in which the rounds before were merged; "+
		"one that is not there: none were")
	_ = cmd.MarkFlagDirname("after")
}

// shardFlag is a part of a design.
type shardFlag struct{ *store.Shard }

// String implements pflag.Value.
func (f *shardFlag) String() string {
	if f.Shard == nil {
		return ""
	}
	return f.Shard.String()
}

// Type implements pflag.Value.
func (f *shardFlag) Type() string { return "I/N" }

// Set implements pflag.Value.
func (f *shardFlag) Set(text string) (err error) {
	f.Shard, err = sim.ParseShard(text, os.Getenv)
	return err
}

// suffix is what a shard adds to the name of a folder.
func (f *shardFlag) suffix() string {
	if f.Shard == nil {
		return ""
	}
	return fmt.Sprintf("-shard-%d-of-%d", f.Index, f.Count)
}

// design is a design of a command and its name among them; a command that has one
// design calls it nothing.
type design struct {
	name string
	*sim.Design
}

// measure runs the designs of a round, none of which waits for another, in the folder
// of the answer. Of a shard the error is a *sim.PartError, unless all shards of the
// round are there.
func (f *answerFolder) measure(ctx context.Context, progress *progress, round ...design) ([]*panel.Panel, error) {
	var out []*panel.Panel
	var begun error
	before, total := 0, 0
	for _, d := range round {
		total += d.Total()
	}
	for _, d := range round {
		blocks, err := f.Sub(filepath.Join(blocksFolder, d.name))
		if err != nil {
			return nil, err
		}
		d.Folder, d.Out, d.Shard, d.Version, d.Apart = blocks, f.Dir, f.shard.Shifted(d.Turn), version, f.apart
		if d.Progress == nil {
			d.Progress = func(s sim.Progress) {
				s.Done, s.Resumed, s.Total = before+s.Done, before+s.Resumed, max(total, before+s.Total)
				progress.replicated(s)
			}
		}
		whole, err := f.join(d)
		if err != nil {
			return nil, err
		}
		if whole { // the round was merged: it is a shard no longer
			d.Shard = nil
		}
		numbers, err := sim.Measure(ctx, *d.Design)
		if part := new(sim.PartError); errors.As(err, &part) {
			begun = err // the other designs of the round have parts, too
		} else if err != nil {
			return nil, err
		}
		out = append(out, numbers)
		before += d.Total()
	}
	for _, d := range round {
		f.blocks[d.name] = d.Replications / store.BlockSize
	}
	f.rounds++
	return out, begun
}

// apart keeps in the manifest which settings are run by themselves. It says nothing to a user: the numbers are the
// same, and whose plans start from different states is told so.
func (f *answerFolder) apart(lines []string) {
	for _, line := range lines {
		if !slices.Contains(f.manifest.Apart, line) {
			f.manifest.Apart = append(f.manifest.Apart, line)
		}
	}
}

// part is a folder whose blocks are put together with others.
type part struct {
	dir      string
	manifest answerManifest
}

// join puts the blocks of a design that other folders hold into that of the answer, and
// tells whether they were all of them.
func (f *answerFolder) join(d design) (whole bool, err error) {
	if f.joined == nil {
		return false, nil
	}
	var parts store.Parts
	for _, p := range f.joined {
		there := d.Blocks(p.manifest.Shard.Shifted(d.Turn)).ReadIn(filepath.Join(p.dir, blocksFolder, d.name))
		parts = append(parts, store.Part{Series: there, Dir: p.dir, Command: p.manifest.Command})
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
	case f.merged && len(where) == f.blocks[d.name] && f.rounds > 0: // nobody has begun it: it waits for what is merged
		next := &sim.NextRound{Dir: f.Dir, Rounds: f.rounds}
		for _, p := range f.joined {
			next.Commands = append(next.Commands, p.manifest.Command)
		}
		return false, next
	case f.merged:
		return false, missing
	}
	return missing == nil, nil
}

// settled is what became of a command that runs designs: of a shard, or of the rounds
// of one, it is told what comes next.
func (f *answerFolder) settled(t *teller, err error) error {
	var done *sim.PartError
	var next *sim.NextRound
	switch {
	case errors.As(err, &done):
		f.manifest.Complete = true
		if err := f.Commit(f.manifest); err != nil {
			return err
		}
		t.part(begunAnswer{Command: f.manifest.Windfall, Folder: f.Dir, Shard: f.shard,
			Next: []string{fmt.Sprintf("windfall merge DIR... --out WHOLE, with the folders of all %s",
				words.Counted(f.shard.Count, "shard"))}},
			fmt.Sprintf("Shard %s of %s is in %s.", f.shard, f.manifest.Windfall, f.Dir))
	case errors.As(err, &next):
		if err := f.Commit(f.manifest); err != nil {
			return err
		}
		t.round(f.manifest.Windfall, next)
	}
	return err
}

// begunAnswer is what is there of an answer, for other programs.
type begunAnswer struct {
	Command  string       `json:"command"`
	Folder   string       `json:"folder"`
	Complete bool         `json:"complete"` // the answer is there
	Shard    *store.Shard `json:"shard"`
	Rounds   int          `json:"rounds"` // that are merged
	Next     []string     `json:"next"`
}

// part tells what is there of an answer.
func (t *teller) part(a begunAnswer, text string) {
	switch {
	case t.flags.json:
		_ = printJSON(t.out, a)
	case t.flags.quiet:
		t.print("%s\n", a.Folder)
	default:
		t.print("%s\n", text)
		for _, line := range a.Next {
			t.print("next: %s\n", line)
		}
	}
}

// round tells that some rounds are merged, and what the next are run with.
func (t *teller) round(command string, next *sim.NextRound) {
	verb := "are"
	if next.Rounds == 1 {
		verb = "is"
	}
	t.part(begunAnswer{Command: command, Folder: next.Dir, Rounds: next.Rounds, Next: next.Lines()},
		fmt.Sprintf("%s of %s %s merged in %s; the next is to be run, and merged again.",
			words.Counted(next.Rounds, "round"), command, verb, next.Dir))
}

// after is the folder of the rounds that are merged; nothing if it is not there.
func (p *program) after(dir, command, design string, shard *store.Shard) ([]part, error) {
	if shard == nil {
		return nil, usagef("--after %s: rounds are those of shards; add --shard I/N", dir)
	}
	var m answerManifest
	err := store.ReadManifest(dir, command, &m)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, usagef("--after: %v", err)
	}
	switch {
	case m.Shard != nil:
		return nil, usagef("--after: %s holds a shard; name the folder in which the rounds were merged", dir)
	case m.Complete:
		return nil, usagef("--after: %s holds the answer", dir)
	case m.Design != design:
		return nil, usagef("--after: %s holds rounds of another answer (other plans, seed or number of runs): %s", dir,
			shellLine(m.Command))
	}
	return []part{{dir, m}}, nil
}

// mergeAnswers puts the shards of an answer together: the command that was typed is
// followed again, with the blocks of the shards in place of runs.
func (p *program) mergeAnswers(kind string, flags *reportFlags, dirs []string, changed []string) error {
	var whole []string
	for _, dir := range dirs {
		var m answerManifest
		if err := store.ReadManifest(dir, kind, &m); err != nil {
			return refused(err)
		}
		command := store.Without(m.Command, "--shard", "--after", "--workers", "--out", "--resume!")
		switch first := p.joined; {
		case m.Shard == nil && m.Complete:
			return usagef("%s holds the answer, and none of the blocks that it was made of", dir)
		case first == nil:
			whole = store.Whole(m.Command, flags.out)
		case first[0].manifest.Version != m.Version:
			return usagef("%s (here) and %s (there) are not parts of one answer: version of the program: %s here, %s there",
				first[0].dir, dir, first[0].manifest.Version, m.Version)
		case first[0].manifest.Design != m.Design:
			other := store.Without(first[0].manifest.Command, "--shard", "--after", "--workers", "--out", "--resume!")
			return usagef("%s (here) and %s (there) are not parts of one answer: command: %s here, %s there", first[0].dir,
				dir, store.ShellLine(other), store.ShellLine(command))
		}
		p.joined = append(p.joined, part{dir, m})
	}
	p.args = whole[1:]
	root := p.root()
	root.SetArgs(append(slices.Clone(p.args), changed...))
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	return root.Execute()
}
