package sim

import (
	"fmt"

	"windfall/sim/analysis"
	"windfall/sim/result"
	"windfall/sim/store"
)

// roundBlocks is the number of blocks of a round of a run that goes on until something
// is known well enough. Shards run the current round, their merging looks at it, and
// where the target is not reached names the next. The end is that of a single process,
// which looks at each block: what a round has beyond is discarded.
const roundBlocks = leastUncertain

// Round is the number of replications in a round of a run that goes on until something is known; 0: it does not.
func (d *Design) Round() int {
	if d.target() == "" {
		return 0
	}
	return min(roundBlocks*BlockSize, d.AtMost())
}

// round runs the part of a shard in the first round that is not merged.
type round struct {
	fixed
	end int // blocks, with this round
}

// newRound is the round after so many merged blocks, of at most so many; end is the number with which the target was
// reached, 0: it was not.
func newRound(s *store.Series, end, merged, most int) *round {
	r := &round{fixed: fixed{series: s}, end: end}
	if end == 0 {
		r.end = min(merged-merged%roundBlocks+roundBlocks, most)
	}
	r.total = s.Done()
	for b := range r.end {
		if s.Shard.Has(b) && s.Count(b) < BlockSize {
			r.todo, r.total = append(r.todo, b), r.total+BlockSize-s.Count(b)
		}
	}
	r.left = len(r.todo)
	return r
}

// length implements rule: of a shard the target is not known to be reached.
func (r *round) length() (int, bool, string) { return r.end * BlockSize, false, "" }

// look takes note of the blocks that are there, up to the first that is not, and tells
// how many they are.
func (p *stoppingRule) look() (blocks int, err error) {
	for p.end == 0 && p.blocks < p.most && p.series.Count(p.blocks) == BlockSize {
		b, err := p.series.Read(p.blocks)
		if err != nil {
			return 0, err
		}
		p.put(b)
	}
	return p.blocks, nil
}

// NextRound says that the rounds so far are merged in a folder, and another is to be
// run before there is an answer.
type NextRound struct {
	Dir      string
	Rounds   int        // that are merged
	Commands [][]string // of the parts that were merged
}

// Error implements error.
func (e *NextRound) Error() string { return "another round is to be run" }

// Lines are the commands of the next round.
func (e *NextRound) Lines() (lines []string) {
	for _, c := range e.Commands {
		lines = append(lines, store.ShellLine(append(store.Without(c, "--after", "--resume!"), "--after", e.Dir)))
	}
	return lines
}

// Merge puts the shards of a run together (see result.Merge). Of a run with a precision
// target it looks whether it is reached; if not, the error is a *NextRound.
func Merge(dirs []string, out string, summed func(*result.Result, *analysis.Summary) error) (*result.Result, error) {
	folder, commands, err := result.Merge(dirs, out)
	if err != nil {
		return nil, err
	}
	r, err := finish(folder, commands, summed)
	if err != nil {
		folder.Close()
	}
	return r, err
}

// finish makes the tables of merged shards, if they are the whole run.
func finish(folder *result.Folder, commands [][]string,
	summed func(*result.Result, *analysis.Summary) error) (*result.Result, error) {
	m := folder.Manifest
	if m.Precision == "" || commands == nil {
		return folder.Finish(summed)
	}
	if m.Precision == result.UntilVerdict {
		return finishVerdict(folder, commands, summed)
	}
	target, err := ParsePrecision(m.Precision, folder.Schema.Outcomes)
	if err != nil {
		return nil, err
	}
	p, err := newStoppingRule(target, m.AtMost, folder.Schema, folder.Series)
	if err != nil {
		return nil, err
	}
	blocks, err := p.look()
	if err != nil {
		return nil, err
	}
	if p.end == 0 {
		return nil, another(folder, blocks, commands)
	}
	if err := end(folder, p); err != nil {
		return nil, err
	}
	return folder.Finish(summed)
}

// another says that a round is to be run beyond the blocks that are there.
func another(folder *result.Folder, blocks int, commands [][]string) error {
	if err := folder.SaveManifest(); err != nil {
		return err
	}
	return &NextRound{Dir: folder.Dir, Rounds: blocks / roundBlocks, Commands: commands}
}

// finishVerdict is finish of a run that goes on until its verdict is known.
func finishVerdict(folder *result.Folder, commands [][]string,
	summed func(*result.Result, *analysis.Summary) error) (*result.Result, error) {
	v := newVerdict(folder.Manifest, folder.Schema, folder.Series)
	blocks, err := v.look()
	if err != nil {
		return nil, err
	}
	if v.end == 0 {
		return nil, another(folder, blocks, commands)
	}
	if err := v.close(folder); err != nil {
		return nil, err
	}
	return folder.Finish(summed)
}

// end fixes the length of a run whose rule is content.
func end(folder *result.Folder, r rule) error {
	length, reached, warning := r.length()
	if warning != "" {
		folder.Manifest.Warnings = append(folder.Manifest.Warnings, warning)
	}
	return folder.EndAt(length, reached)
}

// after takes over the blocks of the rounds that were merged in another folder.
func (d *Design) after(folder *result.Folder) error {
	if d.After == "" {
		return nil
	}
	if err := folder.TakeFrom(d.After); err != nil {
		return usage("after: %v", err)
	}
	return nil
}

// rule makes the rule of a design, of a number of replications or of a target.
func (d *Design) rule(folder *result.Folder) (rule, error) {
	schema, series := folder.Schema, folder.Series
	switch {
	case d.ToVerdict: // of a shard
		return newVerdict(folder.Manifest, schema, series).round()
	case d.Precision.Metric == "":
		return newFixed(series), nil
	}
	p, err := newStoppingRule(d.Precision, d.AtMost(), schema, series)
	if err != nil {
		return nil, fmt.Errorf("precision: %w", err)
	}
	if d.Shard != nil {
		merged, err := p.look()
		return newRound(series, p.end, merged, p.most), err
	}
	p.least = series.Blocks() // of a finished run nothing is thrown away
	p.check = p.least
	return p, nil
}
