package page

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/scenarios/company"
	"windfall/sim/analysis"
	"windfall/sim/decide/value"
	"windfall/sim/fit/learned"
)

// Fit lays out what a company's history says of its plan.
func Fit(a *learned.Fit, next *value.BudgetsAnswer) *Document {
	x := fitPage{a, next, words.In(a.Currency)}
	said := x.said()
	return &Document{Question: "fit", Scenario: a.Name, Currency: x.in, Seed: a.Seed, Warnings: x.warnings(),
		Size:      words.Counted(a.Runs, "run") + " of the history",
		Sentences: said.sentences(),
		Sheets: []*Sheet{x.measure(), x.budgets(), x.unknowns(), x.series(), x.backTest(), x.cannot(), x.forecast(),
			x.months(), x.summaries(), x.numbers()},
		Pictures: x.pictures(),
		Data:     func(warnings []string) any { return x.data(warnings, said) }}
}

// fitPage writes an answer in its currency.
type fitPage struct {
	*learned.Fit
	next *value.BudgetsAnswer // what to measure next; nil: there is nothing to decide on
	in   words.In
}

// verdict is whether the plan fits the history.
type verdict string

const (
	fits    verdict = "fits"
	partly  verdict = "fits in part"
	misfits verdict = "does not fit"
	unknown verdict = "not known"
)

// Shares of the history outside of 95% bands: chance leaves 5% there.
const mostFits, mostPartly = 0.08, 0.15

// verdict judges the plan by the share of the history outside of its bands.
func (x fitPage) verdict() verdict {
	switch outside := x.Outside(); {
	case math.IsNaN(outside):
		return unknown
	case outside <= mostFits:
		return fits
	case outside <= mostPartly:
		return partly
	}
	return misfits
}

// count is how many unknowns have a verdict.
func (x fitPage) count(v learned.Verdict) (n int) {
	for i := range x.Unknowns {
		if x.Unknowns[i].Verdict == v {
			n++
		}
	}
	return n
}

// format is how the numbers of a series are written.
func (x fitPage) format(o company.Outcome) words.Format {
	if o == learned.CAC || o.Money() {
		return x.in.Money()
	}
	return words.Plain
}

// saidOf names a series: customers won by team sales, leads from paid-search.
func saidOf(s learned.Series) string {
	name := map[company.Outcome]string{company.Won: "customers won", company.Churned: "customers lost",
		company.Signups: "sign-ups", learned.CAC: "cost per customer"}[s.Outcome]
	if name == "" {
		name = string(s.Outcome)
	}
	switch {
	case s.Channel != "":
		return name + " from " + s.Channel
	case s.Team != "":
		return name + " by team " + s.Team
	}
	return name
}

// bare90 are cells of a number with the ends of its 90% interval.
func bare90(f words.Format, low, middle, high float64) []any {
	return []any{bare(f, middle), bare(f, low), bare(f, high)}
}

// factors are those of an interval, as people say it.
func factors(mean, sd float64) (low, middle, high float64) {
	reach := float64(learned.Reach90 * sd)
	return learned.Factor(mean - reach), learned.Factor(mean), learned.Factor(mean + reach)
}

// coded is a cell of a text that programs know by another name.
func coded(text, code string) Cell { return Cell{Text: text, Code: code} }

// cellOf is the cell of a series.
func cellOf(s learned.Series) Cell { return coded(saidOf(s), s.Name()) }

// called is the cell of an unknown.
func (x fitPage) called(name string) Cell {
	for i := range x.Unknowns {
		if u := &x.Unknowns[i]; u.Name == name {
			return coded(u.Label(), name)
		}
	}
	return Words(name)
}

// verdicts are those of unknowns, as people say them.
var verdicts = map[learned.Verdict]string{learned.Learned: "learned", learned.Partly: "in part",
	learned.Unmoved: "not learned"}

// unknowns is the table of what was asked, prior beside posterior.
func (x fitPage) unknowns() *Sheet {
	s := NewSheet("unknowns", "What your history teaches: each number as a multiple of the first plan's, with its "+
		"90% interval", "unknown", "verdict", "±before", "±now", "#width left", "before from")
	for i := range x.Unknowns {
		e := &x.Unknowns[i]
		before, now := factor(e.Prior.Mean, e.Prior.SD), factor(e.Mean, e.SD)
		verdict := verdicts[e.Verdict]
		if e.AtEdge() {
			verdict += ", at edge"
		}
		s.Row(coded(e.Label(), e.Name), coded(verdict, string(e.Verdict)),
			withEnds(fmt.Sprintf("%s to %s", words.Plain.Text(before.Low), words.Plain.Text(before.High)), before),
			withEnds(words.Ends(words.Plain.Text, now), now), share100(e.Ratio), e.Prior.Source)
	}
	s.Shown = len(s.Rows)
	if len(x.atEdge()) > 0 {
		s.Notes = append(s.Notes, "At edge: the middle of what your history says lies at an end of the interval before, "+
			"or beyond it.")
	}
	s.Notes = append(s.Notes, "Width left: the width of the interval now, as a share of that before. Up to 50% is "+
		"learned, up to 90% in part. Of win rates, sign-ups per lead and search shares the odds are multiplied.",
		"Before from: C16 and the like are rows of the table of sources (docs/facts.md).")
	return s
}

// series is the table of how each series of the history lies in its bands.
func (x fitPage) series() *Sheet {
	s := NewSheet("fit", "How the plan fits: periods of each series outside the range of 95% of runs", "series",
		"#periods", "#outside", "#in all", "#middle of runs")
	for i := range x.Bands {
		b := &x.Bands[i]
		seen, runs := 0.0, 0.0
		for k, v := range b.Seen {
			if math.IsNaN(v) {
				continue
			}
			if b.Outcome == company.Customers || b.Outcome == company.Cash {
				seen, runs = 0, 0 // levels: the last
			}
			seen, runs = seen+v, runs+b.Median[k]
		}
		f := x.format(b.Outcome)
		s.Row(cellOf(b.Series), bare(words.Plain, float64(b.Known)), bare(words.Plain, float64(b.Outside)), bare(f, seen),
			bare(f, runs))
	}
	s.Notes = append(s.Notes, "Chance leaves 1 in 20 outside. In all: the sum over the periods that the history "+
		"knows; of customers and cash the last.")
	return s
}

// backTest is the table of the last quarter, predicted from the time before.
func (x fitPage) backTest() *Sheet {
	s := NewSheet("backtest", "The end of the history, predicted from the time before: mean error (CRPS), less is "+
		"better", "series", "#inside 90%", "#fit", "#as last year", "#smoothing", "best")
	if x.BackTest == nil {
		return s
	}
	for i := range x.BackTest.Scores {
		c := &x.BackTest.Scores[i]
		best := c.Naive()
		if best == "" {
			best = "the fit"
		}
		f := x.format(c.Outcome)
		s.Row(cellOf(c.Series), Num(fmt.Sprintf("%d of %d", c.Inside, c.Known), c.Cover()), bare(f, c.Fit),
			bare(f, c.LastYear), bare(f, c.Smoothing), best)
	}
	s.Notes = append(s.Notes, "Inside 90%: periods inside the plan's 90% interval. As last year: the "+
		"same time a year before. Smoothing: simple exponential smoothing. Each with the spread of its own errors.")
	return s
}

// teaches are what would teach what a history does not.
var teaches = map[learned.Why]string{
	learned.ConstantSpend: "vary the spend by 40% up and down, each channel at times of its own",
	learned.NoSpend:       "spend something on it",
	learned.TooFew:        "vary the spend more or for longer, or test it in regions: windfall experiment",
	learned.TooShort:      "count for longer: it shows with time",
	learned.NoColumn: "keep the column that shows it: leads by channel, customers won by team, customers lost, " +
		"revenue",
	learned.OneNumber: "a test in which it alone changes: windfall experiment",
}

// whys are the reasons, as a sentence says them.
var whys = map[learned.Why]string{
	learned.ConstantSpend: "the spend hardly varied", learned.NoSpend: "nothing was spent",
	learned.TooFew: "too few were counted to see it", learned.TooShort: "the history is too short to see it",
	learned.NoColumn:  "a column that shows it is missing",
	learned.OneNumber: "it moves one count together with another unknown",
}

// cannot is the table of what the history does not say.
func (x fitPage) cannot() *Sheet {
	s := NewSheet("unlearned", "What your data cannot tell, and what would", "unknown", "why not",
		"what would teach it")
	for _, u := range x.Cannot {
		s.Row(x.called(u.Unknown), whys[u.Why], teaches[u.Why])
	}
	s.Shown = len(s.Rows)
	return s
}

// forecast is the table of the time after the history.
func (x fitPage) forecast() *Sheet {
	s := NewSheet("forecast", "After the history, with the spend of the year before: 90% intervals", "outcome",
		"#weeks", "#middle", "#low", "#high", "#relative width", "#width by chance alone")
	for i := range x.Forecast {
		c := &x.Forecast[i]
		row := append([]any{cellOf(learned.Series{Outcome: c.Outcome}), bare(words.Plain, float64(c.Weeks))},
			bare90(x.format(c.Outcome), c.Low, c.Median, c.High)...)
		s.Row(append(row, share100(c.Width), share100(c.Floor))...)
	}
	return s
}

// months is the table of all bands, period by period.
func (x fitPage) months() *Sheet {
	s := NewSheet("bands", "The history beside the range of 95% of runs, period by period", "series", "period",
		"#seen", "#low", "#middle", "#high")
	s.Apart = true
	for i := range x.Bands {
		b := &x.Bands[i]
		f := x.format(b.Outcome)
		for k, v := range b.Seen {
			s.Row(cellOf(b.Series), x.History.Periods[k].From.String(), bare(f, v), bare(f, b.Low[k]), bare(f, b.Median[k]),
				bare(f, b.High[k]))
		}
	}
	return s
}

// summary is the cell of a number that was fitted; one of a series has its name: customers won, half-year 1.
func (x fitPage) summary(name string) Cell {
	said := func(known, text string) (string, bool) {
		rest, ok := strings.CutPrefix(name, known)
		return text + rest, ok && (rest == "" || rest[0] == ',')
	}
	for i := range x.Bands {
		s := x.Bands[i].Series
		if text, ok := said(s.Name(), saidOf(s)); ok {
			return coded(text, name)
		}
	}
	for known, text := range map[string]string{"log bill": "what a customer pays a month", "log revenue": "revenue"} {
		if text, ok := said(known, text); ok {
			return coded(text, name)
		}
	}
	return Words(name)
}

// summaries is the table of what was fitted.
func (x fitPage) summaries() *Sheet {
	s := NewSheet("summaries", "The numbers of the history that were fitted (docs/fit.md), with what they may be "+
		"off by", "summary", "#seen", "#expected", "#standard deviation")
	s.Apart = true
	for _, m := range x.Summaries {
		s.Row(x.summary(m.Name), bare(words.Plain, m.Seen), bare(words.Plain, m.Expected), bare(words.Plain, m.SD))
	}
	return s
}

// numbers is the table of the keys of the plan.
func (x fitPage) numbers() *Sheet {
	s := NewSheet("keys", "The keys of the plan that were fitted: middle of the draws", "key", "#middle", "#low",
		"#high")
	s.Apart = true
	for k, key := range x.Keys {
		var column []float64
		for _, row := range x.Values {
			column = append(column, row[k])
		}
		slices.Sort(column)
		at := func(q float64) float64 { return analysis.Quantile(column, q) }
		s.Row(append([]any{key}, bare90(words.Plain, at(0.05), at(0.5), at(0.95))...)...)
	}
	return s
}

// pictures are the history in its bands, and prior beside posterior.
func (x fitPage) pictures() (out []Picture) {
	source := picture.Source{Scenario: x.Name, Replications: x.Beside, Seed: x.Seed, Currency: x.Currency}
	add := func(ofChannels bool) {
		for i := range x.Bands {
			b := &x.Bands[i]
			aside := b.Outcome == company.Cash || b.Outcome == company.Churned // unless they are what does not fit
			if b.Team != "" || aside && !off(b) || ofChannels != (b.Channel != "") {
				continue
			}
			out = append(out, Picture{Name: "history-" + words.File(b.Name()), Title: words.Capital(saidOf(b.Series)),
				Small: true, Data: x.band(source, b)})
		}
	}
	add(false)
	add(true)
	source.Replications = x.Runs
	bars := picture.Bars{Source: source, Names: "unknown", ValueName: "Multiple of the first plan's number",
		Finding: "What is known of each number before and after the history",
		Lines:   []picture.Line{{Name: "before (prior)"}, {Name: "now (posterior)"}}, Ends: "90% intervals"}
	for i := range x.Unknowns {
		e := &x.Unknowns[i]
		pairs(&bars, e.Label(), factor(e.Prior.Mean, e.Prior.SD), factor(e.Mean, e.SD))
	}
	if len(bars.Labels) > 0 {
		out = append(out, Picture{Name: "unknowns", Title: "Before and after the history", Data: bars})
	}
	return out
}

// factor is a value with its 90% interval as a picture has it.
func factor(mean, sd float64) analysis.Estimate {
	low, middle, high := factors(mean, sd)
	return analysis.Estimate{Value: middle, Low: low, High: high}
}

// band is the picture of a series.
func (x fitPage) band(source picture.Source, b *learned.Band) picture.Curve {
	c := picture.Curve{Source: source, Start: words.Day(x.History.From()), Bands: "95% of runs",
		XName: "Date (middle of each period)",
		YName: words.Capital(saidOf(b.Series)) + " per period",
		Finding: fmt.Sprintf("%s: %d of %s lie outside the range of 95%% of runs", words.Capital(saidOf(b.Series)), b.Outside,
			words.Counted(b.Known, "period")),
		Lines: []picture.Line{{Name: "your history", Seen: true}, {Name: "the fitted plan"}}}
	if b.Outcome == company.Customers {
		c.YName = "Customers at the end of each period"
	}
	if b.Outcome.Money() {
		c.YName = x.in.Axis(words.Capital(saidOf(b.Series)) + " per period")
	}
	if b.Outcome == company.Cash {
		c.YName = x.in.Axis("Cash at the end of each period")
	}
	for k, v := range b.Seen {
		p := x.History.Periods[k]
		middle := (p.From+p.To)/2 - x.History.From()
		c.X = append(c.X, 1+math.Floor(float64(middle)/plan.DaysPerWeek))
		c.Lines[0].Points = append(c.Lines[0].Points, analysis.Estimate{Value: v, Low: v, High: v})
		c.Lines[1].Points = append(c.Lines[1].Points, analysis.Estimate{Value: b.Median[k], Low: b.Low[k],
			High: b.High[k]})
	}
	return c
}
