package result

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/store"
)

// Baseline says what a run was held against: another plan, of which some numbers stand behind those of the run in
// every block.
type Baseline struct {
	Scenario string   `json:"scenario"`
	Title    string   `json:"title"`
	Digest   string   `json:"digest"` // of the resolved plan
	Inputs   int      `json:"uncertain_inputs"`
	Metric   string   `json:"metric"`   // the outcome that gives the verdict
	Channels []string `json:"channels"` // of either plan
	// First and Last are the weeks in which the two plans differ; 0: they do not differ for some weeks alone.
	First int `json:"first_week"`
	Last  int `json:"last_week"`
}

// UntilVerdict is the target of a run that goes on until it is known whether its plan is better or worse than its
// baseline.
const UntilVerdict = "verdict"

// NewBaseline fills in what the columns of both plans say.
func NewBaseline(b Baseline, s, of *plan.Schema) *Baseline {
	b.Inputs, b.Channels = len(of.Inputs), []string{}
	for _, rows := range [][]plan.SliceRow{s.SliceRows, of.SliceRows} {
		for _, r := range rows {
			if r.Dimension == "channel" && r.Name != plan.Unassigned && !slices.Contains(b.Channels, r.Name) {
				b.Channels = append(b.Channels, r.Name)
			}
		}
	}
	return &b
}

// The number that is kept of every week and channel of a baseline.
const signups = "signups"

// shape is that of the columns of a baseline: outcomes, weekly sign-ups, sign-ups by channel.
func (b *Baseline) shape(s *plan.Schema) (out store.Shape) {
	for range s.Outcomes {
		out = append(out, 1)
	}
	return append(out, s.Weeks, len(b.Channels))
}

// same says whether two runs were held against the same.
func (b *Baseline) same() string {
	if b == nil {
		return "none"
	}
	return b.Digest
}

// columns names the columns of a run and of its baseline.
func (b *Baseline) columns(of string) string {
	if b == nil {
		return of
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%q", of, b.Digest, b.Channels))
	return hex.EncodeToString(sum[:])
}

// Set copies the record of the i-th replication of the baseline into a block of the run. A number that the baseline
// has not is missing.
func (b *Baseline) Set(s, of *plan.Schema) func(block *store.Block, i int, r *plan.Record) {
	at := len(Shape(s))
	from := make([]int, len(s.Outcomes))
	for c, column := range s.Outcomes {
		from[c] = slices.IndexFunc(of.Outcomes, func(x plan.Column) bool { return x.Name == column.Name })
	}
	weekly, _ := find(of.Weekly, signups, "")
	slice, _ := find(of.Slice, signups, "")
	rows := rowsOf(of, b.Channels)
	return func(block *store.Block, i int, r *plan.Record) {
		for c, k := range from {
			block.Of(at+c, i)[0] = math.NaN()
			if k >= 0 {
				block.Of(at+c, i)[0] = r.Outcomes[k]
			}
		}
		weeks, channels := block.Of(at+len(from), i), block.Of(at+len(from)+1, i)
		for w := range weeks {
			weeks[w] = r.Weekly[w*len(of.Weekly)+weekly]
		}
		for k, row := range rows {
			channels[k] = 0
			if row >= 0 {
				channels[k] = r.Slices[row*len(of.Slice)+slice]
			}
		}
	}
}

// rowsOf are the slices of channels; -1: the plan has none.
func rowsOf(s *plan.Schema, channels []string) []int {
	rows := make([]int, len(channels))
	for k, name := range channels {
		rows[k] = slices.Index(s.SliceRows, plan.SliceRow{Dimension: "channel", Name: name})
	}
	return rows
}

// PairsOf are the numbers of a plan and of its baseline in the blocks of a series, in their order.
func PairsOf(s *plan.Schema, b *Baseline, series *store.Series) *analysis.Pairs {
	p := &analysis.Pairs{Columns: s.Outcomes, First: b.First, Last: b.Last, Channels: b.Channels}
	if b.Inputs > 0 || len(s.Inputs) > 0 {
		p.Ties.Cube = plan.Hypercube
	}
	at := len(Shape(s))
	p.Outcome = func(side, c int) ([]float64, error) {
		if side == 0 {
			return series.Column(at + c)
		}
		return series.Column(column(s, Outcomes, c))
	}
	return p
}

// fill adds what happens by week and channel.
func (b *Baseline) fill(p *analysis.Pairs, s *plan.Schema, series *store.Series) error {
	at := len(Shape(s)) + len(s.Outcomes)
	weekly, err := find(s.Weekly, signups, "weekly column")
	if err != nil {
		return err
	}
	slice, err := find(s.Slice, signups, "slices column")
	if err != nil {
		return err
	}
	for side, columns := range [2][2]int{{at, at + 1}, {column(s, Weekly, weekly), column(s, Slices, slice)}} {
		weeks, err := series.Column(columns[0])
		if err != nil {
			return err
		}
		p.Weekly[side] = byRow(weeks, s.Weeks, span(0, s.Weeks))
		channels, err := series.Column(columns[1])
		if err != nil {
			return err
		}
		if side == 0 {
			p.Signups[side] = byRow(channels, len(b.Channels), span(0, len(b.Channels)))
		} else {
			p.Signups[side] = byRow(channels, len(s.SliceRows), rowsOf(s, b.Channels))
		}
	}
	return nil
}

// byRow gathers rows of numbers that lie replication by replication; a row below 0 holds zeros.
func byRow(numbers []float64, rows int, wanted []int) [][]float64 {
	out := make([][]float64, len(wanted))
	n := 0
	if rows > 0 {
		n = len(numbers) / rows
	}
	for k, row := range wanted {
		out[k] = make([]float64, n)
		for i := range out[k] {
			if row >= 0 {
				out[k][i] = numbers[i*rows+row]
			}
		}
	}
	return out
}

// heldAgainst is what the run says against its baseline; nil: it has none.
func (r *Result) heldAgainst() (*analysis.Baseline, error) {
	b := r.Manifest.Baseline
	if b == nil {
		return nil, nil
	}
	p := PairsOf(r.Schema, b, r.blocks)
	if err := b.fill(p, r.Schema, r.blocks); err != nil {
		return nil, err
	}
	out, err := analysis.HeldAgainst(p, b.Metric)
	out.Scenario, out.Title, out.Pairs = b.Scenario, b.Title, r.Replications()
	if r.Manifest.Precision == UntilVerdict {
		out.AtMost = r.Manifest.AtMost
	}
	return &out, err
}

// check looks at what a manifest says of a baseline: it may come from someone else.
func (b *Baseline) check(weeks int) bool {
	return b == nil || b.Inputs >= 0 && b.First >= 0 && b.First <= b.Last && b.Last <= weeks &&
		(b.First > 0 || b.Last == 0) && len(b.Channels) <= mostChannels
}

// mostChannels is more than a plan can have.
const mostChannels = 1 << 16
