package decide

import (
	"fmt"
	"math"
	"slices"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/metric"
	"windfall/sim/panel"
)

// MostPrecise is the number of replications of each setting at which a target is given up, unless it is told.
const MostPrecise = 10_000

// blocksOfRound is the number of blocks of replications, or of draws with their seeds, before the first look at an
// error and before each further one: who looks at the error of fewer stops where it came out small by chance.
const blocksOfRound = 4

// Precise is a target for the margins of error of a design's differences: its settings go on, all of them, until half
// of the 95% interval of what a metric of each is above that of the first is below a number, or below a share of what
// the first has.
type Precise struct {
	*metric.Precision
	text   string
	design *Design
}

// UntilPrecise makes a design go on until METRIC=250 or METRIC=1% is reached, or so many replications are run; 0:
// MostPrecise. The error is a *Problem.
func (d *Design) UntilPrecise(text string, most int) (*Precise, error) {
	if d.Rounds != nil || len(d.Settings) < 2 {
		return nil, Wrong("precision", text, "the question has a rule of its own for when to end")
	}
	target, err := metric.ParsePrecision(text, panel.Columns(model.NewSchema(d.Settings[0].Plan)))
	if err != nil {
		return nil, Invalid("precision", err)
	}
	p := &Precise{target, text, d}
	for _, s := range d.Settings {
		for _, l := range target.Metric.Leaves(s.Name) {
			if !slices.Contains(d.Measures, l) {
				d.Measures = append(d.Measures, l)
			}
		}
	}
	d.Rounds = &Rounds{Size: blocksOfRound * plan.BlockSize * max(1, d.SeedsPerDraw), Left: UntilAll(d, p.reached)}
	if d.Replications = most; most == 0 {
		d.Replications = MostPrecise * max(1, d.SeedsPerDraw)
	}
	d.Asked = append(d.Asked, "until "+text)
	return p, nil
}

// reached implements enough of UntilAll.
func (t *Precise) reached(p *panel.Panel, _ int) (bool, error) { return t.widest(p) < 1, nil }

// widest is the largest half of an interval over that asked for. A difference that is the same in every replication is
// known; one that cannot be told yet is infinitely far.
func (t *Precise) widest(p *panel.Panel) (widest float64) {
	of := make([]panel.Statistic, len(t.design.Settings))
	for i, s := range t.design.Settings {
		var err error
		if of[i], err = t.Metric.Of(p, s.Name); err != nil {
			panic(err) // the metric was parsed against the columns that are kept
		}
	}
	want := t.HalfWidth
	if t.Relative {
		want = float64(want * math.Abs(p.Estimate(of[0]).Value))
	}
	for _, x := range of[1:] {
		e := p.Difference(of[0], x)
		switch h := e.HalfWidth(); {
		case !e.Known() || math.IsNaN(h):
			return math.Inf(1)
		case h > 0:
			widest = max(widest, h/want)
		}
	}
	return widest
}

// Short says that the target was not reached, and what would reach it; none: it was, or there is none.
func (t *Precise) Short(p *panel.Panel) []string {
	if t == nil {
		return nil
	}
	widest := t.widest(p)
	text := fmt.Sprintf("precision %s was not reached in %d runs of each plan", t.text, p.Replications)
	switch {
	case widest < 1:
		return nil
	case math.IsInf(widest, 0):
		return []string{text + ": the margin of error of a difference is not known"}
	}
	return []string{text + fmt.Sprintf(": half of the widest 95%% interval is %.3g times what was asked for; some %.2g "+
		"times as many runs would do (--at-most)", widest, float64(widest*widest))}
}
