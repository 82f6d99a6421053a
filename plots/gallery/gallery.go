// Package gallery makes the pictures of a run: it takes the numbers of a results
// folder and gives them to package plots, under the names that the files have.
//
// It computes only differences of paired plans, pair by pair:
// distributions, bands and ratios come from packages result and analysis, dates
// to be shaded from the plan.
package gallery

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"windfall/model"
	"windfall/model/plan"
	"windfall/plots"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/result"
	"windfall/sim/safely"
	"windfall/sim/store"
)

// Folder is where the pictures lie in a results folder.
const Folder = "plots"

// Named is a picture with its name: its files are NAME.png, NAME.svg, NAME.csv.
type Named struct {
	Name string
	plots.Drawing
}

// Names are the names of all pictures that a run can have, in the order of Of.
func Names() []string {
	names := []string{"outcomes"}
	for _, f := range fans {
		names = append(names, "weekly-"+f.column)
	}
	names = append(names, "paths-cash", "brand", "funnel", "cac", "value", "heat-ltv_cac", "retained", "retention-size",
		"retention-channel")
	for _, o := range model.Headlines() {
		names = append(names, single+o)
	}
	return names
}

// NamesOf are the names of some pictures.
func NamesOf(pictures []Named) []string {
	names := make([]string, len(pictures))
	for i, h := range pictures {
		names[i] = h.Name
	}
	return names
}

// single begins the names of the pictures of one outcome each.
const single = "outcome-"

// ByDefault tells whether a picture is drawn without being asked for. Those of one
// outcome each are not: the picture "outcomes" shows them all, small.
func ByDefault(name string) bool { return !strings.HasPrefix(name, single) }

// Clear removes pictures from the folder of a run's results, if they are there.
func Clear(dir string, names []string) error {
	for _, name := range store.Names(names) {
		for _, suffix := range plots.Suffixes {
			if err := os.Remove(filepath.Join(dir, Folder, name+suffix)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("removing a picture of other numbers: %w", err)
			}
		}
	}
	return nil
}

// LeftOutError names pictures whose numbers make none, with the reasons. All others
// are drawn.
type LeftOutError struct{ Names, Reasons []string }

// Error implements error.
func (e *LeftOutError) Error() string { return strings.Join(e.Warnings(), "; ") }

// Warnings says which pictures there are not, and why.
func (e *LeftOutError) Warnings() (out []string) {
	for i, name := range e.Names {
		out = append(out, fmt.Sprintf("the picture %s is left out: %s", name, e.Reasons[i]))
	}
	return out
}

// Write draws pictures into the folder of a run's results, several at a time.
// After each it calls drawn (if that is not nil) with their number so far, never
// twice at once. Pictures that cannot be drawn are an error of type *LeftOutError.
func Write(pictures []Named, dir string, workers int, drawn func(n int)) error {
	dir = filepath.Join(dir, Folder)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("making the folder of the pictures: %w", err)
	}
	var (
		group errgroup.Group
		mu    sync.Mutex
		n     int
		out   LeftOutError
	)
	group.SetLimit(max(1, workers))
	files := store.Names(NamesOf(pictures))
	for i, h := range pictures {
		safely.Go(&group, func() error {
			err := plots.Draw(h.Drawing, filepath.Join(dir, files[i]))
			var undrawable *plots.UndrawableError
			if err != nil && !errors.As(err, &undrawable) {
				return fmt.Errorf("picture %s: %w", h.Name, err)
			}
			mu.Lock()
			defer mu.Unlock()
			if undrawable != nil {
				out.Names, out.Reasons = append(out.Names, h.Name), append(out.Reasons, undrawable.Error())
			}
			if n++; drawn != nil {
				drawn(n)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil || len(out.Names) == 0 {
		return err
	}
	return &out
}

// fans are the weekly numbers that are drawn.
var fans = []struct {
	column    string
	atWeekEnd bool
}{{"signups", false}, {"live_customers", true}, {"cash", true}}

// stages are the outcomes of the funnel, each of which is a part of the one before. Engaged journeys are not among
// them: a firm can become a lead before its need is met.
var stages = []struct{ outcome, name string }{
	{"journeys", "Buyers in the market"}, {"reached", "Reached"}, {"leads", "Leads"},
	{"real_leads", "Real leads"}, {"signups", "Sign-ups"}, {"opportunities", "Opportunities"}, {"won", "Customers won"},
}

// Of gives the pictures of a run. The plan says which dates to shade; without
// one none are.
func Of(r *result.Result, plan *plan.Plan) ([]Named, error) {
	s, err := r.Summary()
	if err != nil {
		return nil, err
	}
	h := &collector{result: r, summary: s, spans: mediaSpans(plan), rounds: picture.Rounds(plan)}
	h.source = picture.Source{Scenario: s.Scenario, Replications: s.Replications, Seed: s.Seed,
		Currency: r.Schema.Currency(), Note: picture.Uncertain(r.Manifest.Inputs)}
	for _, hang := range []func() error{h.panel, h.fans, h.paths, h.brand, h.funnel, h.cac, h.value, h.heat, h.retained,
		func() error { return h.retention("size") }, func() error { return h.retention("channel") }, h.singles} {
		if err := hang(); err != nil {
			return nil, err
		}
	}
	return h.pictures, nil
}

type collector struct {
	result   *result.Result
	summary  *analysis.Summary
	source   picture.Source
	spans    []picture.Span
	rounds   []picture.Span       // marked where cash is drawn
	outcomes []plots.Distribution // the headline outcomes, as their page shows them
	pictures []Named
}

func (h *collector) add(name string, d plots.Drawing) {
	h.pictures = append(h.pictures, Named{name, d})
}

func (h *collector) start() time.Time { return words.Day(h.result.Start) }

// ratioOfTotals is the statistic that the summary gives of a ratio.
const ratioOfTotals = "ratio of totals"

// distribution takes one outcome over replications.
func (h *collector) distribution(o *analysis.Outcome) (plots.Distribution, error) {
	values, err := h.result.Outcome(o.Name)
	d := plots.Distribution{Source: h.source, Measure: words.Measure{Name: o.Name, Unit: o.Unit},
		Sample: plots.NewSample(values)}
	if o.Statistic == ratioOfTotals && o.Estimate.Known() {
		d.Headline = &plots.Mark{Name: ratioOfTotals, Value: o.Estimate.Value}
	}
	return d, err
}

// panel adds all headline outcomes on one page.
func (h *collector) panel() error {
	for _, o := range h.summary.Table() {
		d, err := h.distribution(o)
		if err != nil {
			return err
		}
		h.outcomes = append(h.outcomes, d)
	}
	h.add("outcomes", plots.Panel{Source: h.source, Outcomes: h.outcomes})
	return nil
}

// singles adds a page for each headline outcome.
func (h *collector) singles() error {
	for _, d := range h.outcomes {
		h.add(single+d.Measure.Name, d)
	}
	return nil
}

func (h *collector) fans() error {
	for _, f := range fans {
		bands, err := h.result.WeeklyBands(f.column)
		if err != nil {
			return err
		}
		fan := plots.Fan{Source: h.source, Measure: words.Measure{Name: f.column,
			Unit: unitOf(h.result.Schema.Weekly, f.column)},
			Start: h.start(), AtWeekEnd: f.atWeekEnd, Spans: h.spans}
		for _, b := range bands {
			fan.P5, fan.P25, fan.P50 = append(fan.P5, b.P5), append(fan.P25, b.P25), append(fan.P50, b.P50)
			fan.P75, fan.P95 = append(fan.P75, b.P75), append(fan.P95, b.P95)
		}
		if f.column == "cash" {
			fan.Spans = h.onCash()
			if fan.RuinWeeks, err = h.ruinWeeks(); err != nil {
				return err
			}
		}
		h.add("weekly-"+f.column, fan)
	}
	return nil
}

// onCash are the spans of pictures of cash.
func (h *collector) onCash() []picture.Span { return slices.Concat(h.spans, h.rounds) }

func (h *collector) ruinWeeks() ([]int, error) {
	weeks, err := h.result.Outcome("week_of_ruin")
	var out []int
	for _, w := range weeks {
		if w != plan.Never {
			out = append(out, int(w))
		}
	}
	return out, err
}

func (h *collector) brand() error {
	b := plots.Brand{Source: h.source, Start: h.start(), Spans: h.spans}
	ruined, err := h.ruinWeeks()
	if err != nil {
		return err
	}
	b.Ruined = len(ruined)
	left := h.inBusiness(ruined)
	for name, stock := range map[string]*plots.Stock{"salience": &b.Salience, "equity": &b.Equity} {
		if stock.Mean, err = h.meanInBusiness(name, left); err != nil {
			return err
		}
		regions := h.regions()
		if len(regions) < 2 {
			continue
		}
		for _, r := range regions {
			mean, err := h.meanInBusiness(name+"."+r, left)
			if err != nil {
				return err
			}
			stock.Regions = append(stock.Regions, plots.Series{Name: r, Values: mean})
		}
	}
	h.add("brand", b)
	return nil
}

func (h *collector) regions() (names []string) {
	for _, row := range h.result.Schema.SliceRows {
		if row.Dimension == "region" {
			names = append(names, row.Name)
		}
	}
	return names
}

// inBusiness counts by week the runs that are in business when it begins; weeks of ruin are from 1.
func (h *collector) inBusiness(ruined []int) []int {
	left := make([]int, h.result.Schema.Weeks)
	for _, at := range ruined {
		if at < len(left) { // the week of ruin has its stocks still
			left[at]--
		}
	}
	n := h.source.Replications
	for w := range left {
		n += left[w]
		left[w] = n
	}
	return left
}

// meanInBusiness is the mean of a weekly column over the runs that are in business in that week; it is 0 in the others.
// In a week in which none is left it is missing.
func (h *collector) meanInBusiness(column string, left []int) ([]float64, error) {
	bands, err := h.result.WeeklyBands(column)
	var mean []float64
	for w, b := range bands {
		mean = append(mean, b.Mean*float64(h.source.Replications)/float64(left[w]))
		if left[w] == 0 {
			mean[w] = math.NaN()
		}
	}
	return mean, err
}

func (h *collector) funnel() error {
	f := plots.Funnel{Source: h.source}
	leads := h.summary.Outcome("leads")
	for _, s := range stages {
		if o := h.summary.Outcome(s.outcome); o != nil {
			if s.outcome == "real_leads" && leads != nil && o.Estimate.Value == leads.Estimate.Value {
				continue // every lead is real
			}
			f.Stages = append(f.Stages, plots.Stage{Name: s.name, Mean: o.Estimate.Value, P5: o.Quantiles.P5.Value,
				P95: o.Quantiles.P95.Value})
		}
	}
	if f.Stages, f.LeftOut = plots.Narrowing(f.Stages); len(f.Stages) > 1 {
		h.add("funnel", f)
	}
	return nil
}

// cac adds the cost of a customer by channel, of the channels that won any.
func (h *collector) cac() error {
	lines, err := h.result.SliceTotals([]string{"company", "channel"},
		[]string{"won", "cac_media", "cac_media_brand", "cac"})
	if err != nil {
		return err
	}
	c := plots.CAC{Source: h.source}
	for len(lines) >= 4 {
		won, media, brand, full := lines[0], lines[1], lines[2], lines[3]
		lines = lines[4:]
		cost := plots.ChannelCost{Name: won.Name, Won: won.Estimate.Value, Media: media.Estimate.Value,
			WithBrand: brand.Estimate.Value, Full: full.Estimate.Value}
		switch {
		case won.Dimension == "company":
			c.Company = &cost
		case won.Name != plan.Unassigned && cost.Won > 0:
			c.Channels = append(c.Channels, cost)
		}
	}
	if len(c.Channels) > 0 {
		h.add("cac", c)
	}
	return nil
}

func unitOf(columns []plan.Column, name string) string {
	for _, c := range columns {
		if c.Name == name {
			return c.Unit
		}
	}
	return ""
}

// Files are the files of pictures in a results folder.
func Files(dir string, names []string) []string {
	files := []string{}
	for _, name := range names {
		files = append(files, filepath.Join(dir, Folder, name+".svg"))
	}
	return files
}
