package sim

import (
	"context"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/panel"
	"windfall/sim/result"
	"windfall/sim/store"
)

const (
	// LeastPairs is the number of pairs of a plan and its baseline before the first look at their difference. Student's
	// quantiles are right for no fewer (analysis.Looks).
	LeastPairs = 20
	// roundPairs are those of each further round.
	roundPairs = 20
)

// verdict looks for the round after which it is known whether a plan is better or worse than its baseline. It looks
// after the first pairs, then after each round; what is in the blocks, in their order, says where it ends.
type verdict struct {
	series   *store.Series
	schema   *plan.Schema
	baseline *result.Baseline
	most     int // pairs

	end   int // pairs; 0: not known
	known bool
}

func newVerdict(m *result.Manifest, s *plan.Schema, series *store.Series) *verdict {
	return &verdict{series: series, schema: s, baseline: m.Baseline, most: m.AtMost}
}

// judge says whether the first pairs are enough.
func (v *verdict) judge(pairs int) (bool, error) {
	c, err := result.PairsOf(v.schema, v.baseline, v.series.Upto(pairs)).Compare(v.baseline.Metric)
	if err != nil {
		return false, err
	}
	looks := 1 + max(0, v.most-LeastPairs+roundPairs-1)/roundPairs
	v.known = analysis.Looks{Times: looks, Numbers: 1}.Sure(c.Difference, c.Groups)
	if v.known || pairs >= v.most {
		v.end = pairs
	}
	return v.end > 0, nil
}

// further is the number of pairs at the look after one at so many.
func (v *verdict) further(pairs int) int {
	if pairs < LeastPairs {
		return min(LeastPairs, v.most)
	}
	return min(pairs+roundPairs, v.most)
}

// look goes through the blocks that are there, up to the first that is not, and tells how many they are.
func (v *verdict) look() (blocks int, err error) {
	for v.series.Count(blocks) == BlockSize {
		blocks++
	}
	for n := v.further(0); n <= blocks*BlockSize; n = v.further(n) {
		if enough, err := v.judge(n); err != nil || enough {
			return blocks, err
		}
	}
	return blocks, nil
}

// toVerdict runs rounds until the verdict is known.
func (d *Design) toVerdict(ctx context.Context, folder *result.Folder, engines []*Engine, keep []kept) error {
	v := newVerdict(folder.Manifest, folder.Schema, folder.Series)
	tell := d.Progress
	for n := max(v.further(0), folder.Manifest.Replications); ; n = v.further(n) {
		v.series.Replications, v.series.OpenEnd = n, false
		round := *d
		if tell != nil {
			round.Progress = func(p Progress) {
				p.Forecast = n < v.most
				tell(p)
			}
		}
		if len(v.series.Missing()) > 0 {
			if err := round.fill(ctx, v.series, newFixed(v.series), engines, keep); err != nil {
				return err
			}
		}
		if enough, err := v.judge(n); err != nil {
			return err
		} else if enough {
			return v.close(folder)
		}
	}
}

// close ends the run where the verdict is known: what is beyond is discarded.
func (v *verdict) close(folder *result.Folder) error {
	if err := folder.EndAt(v.end, v.known); err != nil {
		return err
	}
	last := v.series.Blocks() - 1
	if v.series.Count(last) <= v.series.Wanted(last) {
		return nil
	}
	b, err := v.series.Read(last)
	if err != nil {
		return err
	}
	return v.series.Put(b.Head(v.series.Wanted(last)))
}

// round is the part of a shard in the first round that is not merged, of whole blocks.
func (v *verdict) round() (*round, error) {
	merged, err := v.look()
	if err != nil {
		return nil, err
	}
	return newRound(v.series, store.BlocksOf(v.end), merged, store.BlocksOf(v.most)), nil
}

// beside are what is kept of a run: all of the plan, and of its baseline what is held against it.
func (d *Design) beside(folder *result.Folder, engines []*Engine) []kept {
	first := engines[0].Schema
	keep := []kept{{set: func(b *store.Block, i int, seen *panel.Seen) { result.Set(b, first, i, seen.Record) }}}
	for _, e := range engines[1:] {
		set := folder.Manifest.Baseline.Set(first, e.Schema)
		keep = append(keep, kept{set: func(b *store.Block, i int, seen *panel.Seen) { set(b, i, seen.Record) }})
	}
	return keep
}

// target is what a run goes on for; empty: a number of replications.
func (d *Design) target() string {
	if d.ToVerdict {
		return result.UntilVerdict
	}
	return d.Precision.String()
}

// Until words what a run goes on for.
func (d *Design) Until() string {
	if d.ToVerdict {
		return "the difference from " + d.Settings[1].Plan.Name + " is known"
	}
	return d.Precision.String()
}

// against describes the baseline of a run; nil: it has none.
func (d *Design) against(engines []*Engine) *result.Baseline {
	if len(d.Settings) < 2 {
		return nil
	}
	s := d.Settings[1]
	return result.NewBaseline(result.Baseline{Scenario: s.Plan.Name, Title: s.Plan.Title, Digest: s.Digest,
		Metric: verdictMetric, First: d.Differ[0], Last: d.Differ[1]}, engines[0].Schema, engines[1].Schema)
}

// verdictMetric is the outcome that says whether a plan is better than its baseline.
const verdictMetric = "lifetime_margin"
