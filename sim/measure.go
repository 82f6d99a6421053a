package sim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/panel"
	"windfall/sim/store"
)

// mostKept is the size in bytes of what is kept of a design.
const mostKept = 4 << 30

// Check says what is wrong with a design that measures, before anything is run: a
// setting that does not exist, or a measure that its plan does not have.
func (d *Design) Check() error {
	schema := map[string]*plan.Schema{}
	var names []string
	for _, s := range d.Settings {
		schema[s.Name] = model.NewSchema(s.Plan)
		names = append(names, s.Name)
	}
	for _, l := range d.Measures {
		s := schema[l.Setting]
		if s == nil {
			return usage("there is no setting %s%s", l.Setting, plan.DidYouMean(plan.Nearest(l.Setting, names)))
		}
		if _, err := l.Measure.In(s); err != nil {
			return fmt.Errorf("setting %s: %w", l.Setting, err)
		}
		if against := l.Measure.Against; against != "" && !slices.ContainsFunc(d.Measures, func(o panel.Leaf) bool {
			return o.Setting == against
		}) {
			return usage("setting %s is held against %s, of which nothing is measured", l.Setting, against)
		}
	}
	if most := mostKept / 8 / max(1, len(d.Measures)); d.Replications > most {
		return usage("%d replications of %d numbers each do not fit into %d GB: at most %d replications",
			d.Replications, len(d.Measures), mostKept>>30, most)
	}
	return nil
}

// Measure runs every setting with the same seed and replications, or what an earlier
// run in the same folder left undone, and gives what was measured. If ctx ends, the
// error is an *Interrupted; of a shard it is a *PartError.
func Measure(ctx context.Context, d Design) (*panel.Panel, error) {
	if err := d.Check(); err != nil {
		return nil, err
	}
	m := d.measured()
	series, err := m.series().In(d.Folder)
	if err != nil {
		return nil, err
	}
	if len(series.Missing()) > 0 {
		if err := m.fill(ctx, series); err != nil {
			return nil, err
		}
	} else if d.Progress != nil {
		n := len(m.d.Settings) * series.Done()
		d.Progress(Progress{Done: n, Resumed: n, Total: n})
	}
	if d.Shard != nil {
		return nil, &PartError{Shard: *d.Shard}
	}
	return m.panel(series)
}

// PartError says that a shard is done: what it is a part of is known when its shards
// are merged.
type PartError struct{ Shard store.Shard }

// Error implements error.
func (e *PartError) Error() string { return fmt.Sprintf("shard %s is done", e.Shard) }

// Total is the number of replications that Measure makes, over all settings.
func (d *Design) Total() int { return len(d.measured().d.Settings) * d.Replications }

// Blocks are those of a design that measures, or of a shard of it, wherever they are.
func (d *Design) Blocks(shard *store.Shard) *store.Series {
	s := d.measured().series()
	s.Shard = shard
	return s
}

// measured is a design with the settings of which something is measured, and what is,
// each measure once.
type measured struct {
	d      Design
	leaves [][]panel.Leaf // by setting
}

func (d *Design) measured() *measured {
	m := &measured{d: *d}
	m.d.Settings = nil
	for _, s := range d.Settings {
		var leaves []panel.Leaf
		for _, l := range d.Measures {
			if l.Setting == s.Name && !slices.Contains(leaves, l) {
				leaves = append(leaves, l)
			}
		}
		if leaves != nil {
			m.d.Settings, m.leaves = append(m.d.Settings, s), append(m.leaves, leaves)
		}
	}
	return m
}

// series is the blocks of the design: one column a setting and measure.
func (m *measured) series() *store.Series {
	digest, columns := sha256.New(), sha256.New()
	fmt.Fprintf(digest, "%d%s\n", m.d.SeedsPerDraw, m.d.Points)
	s := &store.Series{Replications: m.d.Replications, Shard: m.d.Shard}
	for i, setting := range m.d.Settings {
		fmt.Fprintf(digest, "%q %s\n", setting.Name, setting.Digest)
		text, err := json.Marshal(m.leaves[i])
		if err != nil {
			panic(err) // texts and numbers always encode
		}
		columns.Write(text)
		for range m.leaves[i] {
			s.Shape = append(s.Shape, 1)
		}
	}
	s.Identity = store.Identity{Version: m.d.Version, Digest: hex.EncodeToString(digest.Sum(nil)), Seed: m.d.Seed,
		Columns: hex.EncodeToString(columns.Sum(nil))}
	return s
}

// fill runs the blocks that are not there.
func (m *measured) fill(ctx context.Context, series *store.Series) error {
	engines, err := m.d.prepare()
	if err != nil {
		return err
	}
	var keep []kept
	first := 0 // column of the setting
	for i, s := range m.d.Settings {
		k, err := measures(s.Plan, engines[i].Schema, m.leaves[i], first)
		if err != nil {
			return err
		}
		keep = append(keep, k)
		first += len(m.leaves[i])
	}
	m.pair(keep)
	return m.d.fill(ctx, series, newFixed(series), engines, keep)
}

// pair asks of settings what others are held against.
func (m *measured) pair(keep []kept) {
	for i, leaves := range m.leaves {
		for _, l := range leaves {
			if l.Measure.Against == "" {
				continue
			}
			for k, s := range m.d.Settings {
				if s.Name == l.Measure.Against {
					keep[k].asks |= keep[i].asks & model.Wins
				}
			}
		}
	}
}

// measures keeps some measures of a setting in the columns from first on.
func measures(p *plan.Plan, s *plan.Schema, leaves []panel.Leaf, first int) (k kept, err error) {
	read := make([]func(*panel.Seen) float64, len(leaves))
	for i, l := range leaves {
		if read[i], err = l.Measure.Reader(p, s); err != nil {
			return k, err
		}
		k.asks |= l.Measure.Asks()
		k.paired = k.paired || l.Measure.Against != ""
	}
	k.set = func(b *store.Block, i int, seen *panel.Seen) {
		for c, number := range read {
			b.Columns[first+c][i] = number(seen)
		}
	}
	return k, nil
}

// panel reads what was measured from the blocks, in their order.
func (m *measured) panel(series *store.Series) (*panel.Panel, error) {
	ties := analysis.Ties{SeedsPerDraw: m.d.SeedsPerDraw}
	for _, s := range m.d.Settings {
		if len(s.Plan.Inputs) > 0 && m.d.At == nil {
			ties.Cube = plan.Hypercube
		}
	}
	columns := make([][]float64, len(series.Shape))
	for b := range series.Blocks() {
		block, err := series.Read(b)
		if err != nil {
			return nil, err
		}
		for c := range columns {
			columns[c] = append(columns[c], block.Columns[c][:series.Wanted(b)]...)
		}
	}
	values := map[panel.Leaf][]float64{}
	for _, leaves := range m.leaves {
		for _, l := range leaves {
			values[l], columns = columns[0], columns[1:]
		}
	}
	p := panel.NewPanel(ties, values)
	p.Replications = m.d.Replications
	return p, nil
}
