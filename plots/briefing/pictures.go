package briefing

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/plots"
	"windfall/plots/page"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/sim/store"
)

// Names of bands and lines in legends.
const (
	nineTenths = "9 of 10 runs"
	half       = "half of the runs"
	median     = "median"
)

// pictures are the charts, one subject each. Of one run they draw the pictures
// of the gallery and their CSV; of several the same numbers side by side.
func (b *briefing) pictures() (out []report.Block, err error) {
	for _, make := range []func() (report.Chart, error){b.weeks, b.channels, b.outcomes, b.funnel, b.cac, b.value,
		b.retention, b.retained, b.brand} {
		c, err := make()
		if err != nil {
			return nil, err
		}
		if len(c.Views) > 0 {
			out = append(out, c)
		}
	}
	if b.detail != details[0] {
		out = append(out, report.Notice{Tone: page.Unsure, Text: "Some pictures are left out, so that the page stays " +
			"below 3 MB; windfall report DIR --pictures all draws every one into the results folder."})
	}
	return out, nil
}

// weekly are the columns that the chart of weeks offers.
var weekly = []string{"live_customers", "cash", "signups", "leads", "won", "mrr", "revenue", "in_sales"}

// atWeekEnd are those that hold a state.
var atWeekEnd = []string{"live_customers", "cash", "mrr", "in_sales"}

// weeks is a fan of a weekly number, which the reader chooses.
func (b *briefing) weeks() (report.Chart, error) {
	c := report.Chart{Title: "Week by week", Choice: "Number"}
	for _, column := range weekly[:min(len(weekly), b.detail.weekly)] {
		v, err := b.fan(column, "")
		if err != nil {
			return c, err
		}
		if v != nil {
			c.Views = append(c.Views, *v)
		}
	}
	return c, nil
}

// channels is a fan of the sign-ups of a channel.
func (b *briefing) channels() (report.Chart, error) {
	c := report.Chart{Title: "Sign-ups by channel", Choice: "Channel"}
	var names []string
	for _, r := range b.runs {
		for _, column := range r.Result.Schema.Weekly {
			if name, ok := strings.CutPrefix(column.Name, "signups."); ok && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	leads := b.leads()
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(leads[b], leads[a]) })
	if len(names) > b.detail.channels {
		if b.detail.channels > 0 {
			c.Note = fmt.Sprintf("The %d channels with the most leads, of %d; the tables of the results folder have all.",
				b.detail.channels, len(names))
		}
		names = names[:b.detail.channels]
	}
	for _, name := range names {
		v, err := b.fan("signups."+name, name)
		if err != nil {
			return c, err
		}
		if v != nil {
			c.Views = append(c.Views, *v)
		}
	}
	return c, nil
}

// leads are the leads of each channel over all runs.
func (b *briefing) leads() map[string]float64 {
	leads := map[string]float64{}
	for _, r := range b.runs {
		for _, l := range r.summary.Slices {
			if l.Dimension == "channel" && l.Column == "leads" {
				leads[l.Name] += l.Estimate.Value
			}
		}
	}
	return leads
}

// fan is the view of a weekly column; nil if no run has it.
func (b *briefing) fan(column, name string) (*report.View, error) {
	var fans []plots.Fan
	var runs []*run
	for _, r := range b.runs {
		at := slices.IndexFunc(r.Result.Schema.Weekly, func(c plan.Column) bool { return c.Name == column })
		if at < 0 {
			continue
		}
		fan, ok := r.pictures["weekly-"+column].(plots.Fan)
		if !ok {
			if fan, ok = r.pictures["weekly-signups"].(plots.Fan); !ok {
				continue
			}
			fan.Measure, fan.AtWeekEnd, fan.RuinWeeks = measure(column, r.Result.Schema.Weekly[at].Unit),
				slices.Contains(atWeekEnd, column), nil
			if _, channel, ok := strings.Cut(column, "signups."); ok {
				fan.Measure.Label = "Sign-ups through " + channel
			}
			bands, err := r.Result.WeeklyBands(column)
			if err != nil {
				return nil, err
			}
			fan.P5, fan.P25, fan.P50, fan.P75, fan.P95 = nil, nil, nil, nil, nil
			for _, q := range bands {
				fan.P5, fan.P25, fan.P50, fan.P75, fan.P95 = append(fan.P5, q.P5), append(fan.P25, q.P25),
					append(fan.P50, q.P50), append(fan.P75, q.P75), append(fan.P95, q.P95)
			}
		}
		if !slices.ContainsFunc(fan.P50, func(x float64) bool { return !math.IsNaN(x) }) {
			continue
		}
		fans, runs = append(fans, fan), append(runs, r)
	}
	if len(fans) == 0 {
		return nil, nil
	}
	m := fans[0].Measure
	if name == "" {
		name = m.Called()
	}
	v := report.View{Name: name, File: "weekly-" + column + ".csv", X: report.Weekly(fans[0].AtWeekEnd),
		Y: report.Axis{Label: m.OnAxis(), Format: m.Format(), Zero: column == "cash" || !fans[0].AtWeekEnd}}
	if !fans[0].AtWeekEnd {
		v.Y.Label += " per week"
	}
	if b.single() {
		d, err := drawn(name, "weekly-"+column, fans[0])
		if err != nil {
			return nil, err
		}
		v.Finding, v.Picture, v.CSV = d.Finding, d.Picture, d.CSV
		v.Marks = []report.Mark{
			{Kind: report.Band, X: "date", Y: "p5", Y2: "p95", Name: nineTenths, Toggle: true},
			{Kind: report.Band, X: "date", Y: "p25", Y2: "p75", Name: half, Toggle: true},
			{Kind: report.Line, X: "date", Y: "p50", Name: median},
		}
		if n := len(fans[0].RuinWeeks); n > 0 {
			v.Notes = append(v.Notes, fmt.Sprintf("%s of %s go out of business within the run.", words.Thousands(n),
				words.Counted(fans[0].Replications, "run")))
		}
	} else if err := b.fansSideBySide(&v, fans, runs); err != nil {
		return nil, err
	}
	v.Spans = report.Spans(fans[0].Spans)
	return &v, nil
}

// fansSideBySide puts the bands of several runs into one view.
func (b *briefing) fansSideBySide(v *report.View, fans []plots.Fan, runs []*run) error {
	t := newTable("date")
	var drawings []plots.Drawing
	for i, f := range fans {
		color, name := b.color(runs[i]), runs[i].name
		v.Marks = append(v.Marks,
			report.Mark{Kind: report.Band, X: "date", Y: name + " p5", Y2: name + " p95", Name: name + ", " + nineTenths,
				Color: color, Toggle: true},
			report.Mark{Kind: report.Line, X: "date", Y: name + " p50", Name: name + ", " + median, Color: color, Toggle: true})
		for w := range f.P50 {
			date := f.Start.AddDate(0, 0, 7*w).Format("2006-01-02")
			t.set(date, name+" p5", f.P5[w])
			t.set(date, name+" p50", f.P50[w])
			t.set(date, name+" p95", f.P95[w])
		}
		drawings = append(drawings, f)
	}
	slices.SortFunc(t.rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	return take(v, t, b.ends(fans[0].Measure.Called(), fans, runs), drawings)
}

// ends is the finding of fans side by side: where their medians end.
func (b *briefing) ends(name string, fans []plots.Fan, runs []*run) string {
	var values []float64
	for _, f := range fans {
		last := len(f.P50) - 1
		for last > 0 && math.IsNaN(f.P50[last]) {
			last--
		}
		values = append(values, f.P50[last])
	}
	var parts []string
	for i, text := range fans[0].Measure.Format().Alike(values...) {
		parts = append(parts, text+" under "+runs[i].name)
	}
	return name + " in the last week, median: " + strings.Join(parts, ", ")
}

// color is that of a run on all charts.
func (b *briefing) color(r *run) report.Color {
	return report.Palette[slices.Index(b.runs, r)%len(report.Palette)]
}

// outcomes is the distribution of an outcome, which the reader chooses.
func (b *briefing) outcomes() (report.Chart, error) {
	c := report.Chart{Title: "How different single runs are", Choice: "Outcome"}
	for _, o := range b.runs[0].summary.Table() {
		d, ok := b.runs[0].pictures["outcome-"+o.Name].(plots.Distribution)
		if o.Unit == "chance" || !ok || len(c.Views) >= b.detail.outcomes {
			continue // a chance stands in the answer
		}
		var v report.View
		var err error
		if b.single() {
			v, err = distribution(d)
		} else {
			v, err = b.boxes(o.Name, d.Measure)
		}
		if err != nil {
			return c, err
		}
		c.Views = append(c.Views, v)
	}
	return c, nil
}

// distribution is the histogram of an outcome; few replications are dots.
func distribution(d plots.Distribution) (report.View, error) {
	m := d.Measure
	v, err := drawn(m.Called(), "outcome-"+m.Name, d)
	if err != nil {
		return v, err
	}
	v.X, v.Y = report.Axis{Label: m.OnAxis(), Format: m.Format()},
		report.Axis{Label: "Runs in each bar", Format: words.Count}
	v.Notes = d.LeftOut()
	item := func(name string) report.Where {
		return report.Where{Column: "item", Is: []string{store.AsText("item", name)}}
	}
	v.Marks = []report.Mark{{Kind: report.Bars, X: "low", X2: "high", Y: "value", Where: item("runs in bar"),
		Name: "runs"}}
	switch bars, runs := bytes.Contains(v.CSV, []byte("\nruns in bar,")), bytes.Contains(v.CSV, []byte("\nrun,")); {
	case !bars && !runs: // the same in every run
		v.Y.Label = ""
		v.Marks = []report.Mark{{Kind: report.Rule, X: "value", Where: item("p50"), Name: "every run", Color: report.Ink}}
		return v, nil
	case !bars:
		v.Marks = []report.Mark{{Kind: report.Point, X: "value", Y: "item", Where: item("run"), Name: "a run"}}
		return v, nil
	}
	headline := "mean"
	if d.Headline != nil {
		headline = d.Headline.Name
	}
	for _, rule := range []struct {
		item, name string
		color      report.Color
		dashed     bool
	}{{"p5", "5% below", report.Ink, true}, {"p50", median, report.Ink, false}, {headline, headline, report.Red, false},
		{"p95", "95% below", report.Ink, true}} {
		v.Marks = append(v.Marks, report.Mark{Kind: report.Rule, X: "value", Where: item(rule.item), Name: rule.name,
			Color: rule.color, Dashed: rule.dashed})
	}
	return v, nil
}

// boxes shows the spread of an outcome under each run.
func (b *briefing) boxes(outcome string, m words.Measure) (report.View, error) {
	v := report.View{Name: m.Called(), File: "outcome-" + outcome + ".csv",
		X: report.Axis{Label: m.OnAxis(), Format: m.Format()}}
	v.Marks = []report.Mark{
		{Kind: report.Reach, X: "p5", X2: "p95", Y: "run", Name: nineTenths},
		{Kind: report.Rows, X: "p75", X2: "p25", Y: "run", Name: half},
		{Kind: report.Point, X: "p50", Y: "run", Name: median, Color: report.Ink},
		{Kind: report.Point, X: "mean", Y: "run", Name: "mean, or ratio of totals", Color: report.Red},
	}
	t := newTable("run")
	var drawings []plots.Drawing
	var parts []string
	for _, r := range b.runs {
		o := r.summary.Outcome(outcome)
		if o == nil {
			continue
		}
		q := o.Quantiles
		for _, x := range []struct {
			column string
			value  float64
		}{{"mean", o.Estimate.Value}, {"p5", q.P5.Value}, {"p25", q.P25.Value}, {"p50", q.P50.Value}, {"p75", q.P75.Value},
			{"p95", q.P95.Value}} {
			t.set(r.name, x.column, x.value)
		}
		drawings = append(drawings, r.pictures["outcome-"+outcome])
		low, high := m.Format().Pair(q.P5.Value, q.P95.Value)
		parts = append(parts, fmt.Sprintf("%s to %s under %s", low, high, r.name))
	}
	return v, take(&v, t, m.Called()+" in 9 of 10 runs: "+strings.Join(parts, ", "), drawings)
}

// funnel is the way from buyers in the market to customers.
func (b *briefing) funnel() (report.Chart, error) {
	c := report.Chart{Title: "From buyers in the market to customers"}
	v := report.View{File: "funnel.csv",
		X: report.Axis{Label: "Mean over runs", Format: words.Count}}
	if _, ok := b.runs[0].pictures["funnel"]; !ok {
		return c, nil
	}
	for _, r := range b.runs {
		if f, ok := r.pictures["funnel"].(plots.Funnel); ok {
			for _, note := range f.Notes() {
				if !slices.Contains(v.Notes, note) {
					v.Notes = append(v.Notes, note)
				}
			}
		}
	}
	if b.single() {
		d, err := drawn("", "funnel", b.runs[0].pictures["funnel"])
		if err != nil {
			return c, err
		}
		v.Finding, v.Picture, v.CSV = d.Finding, d.Picture, d.CSV
		v.Marks = []report.Mark{{Kind: report.Rows, X: "mean", Y: "stage", Name: "mean"},
			{Kind: report.Reach, X: "p5", X2: "p95", Y: "stage", Name: nineTenths, Color: report.Ink, Toggle: true}}
		c.Views = []report.View{v}
		return c, nil
	}
	t := newTable("stage")
	var drawings []plots.Drawing
	for i, r := range b.runs {
		f, ok := r.pictures["funnel"].(plots.Funnel)
		if !ok {
			return c, nil
		}
		drawings = append(drawings, f)
		v.Marks = append(v.Marks, report.Mark{Kind: report.Rows, X: r.name + " mean", Y: "stage", Name: r.name,
			Color: b.color(r), Lane: i + 1, Lanes: len(b.runs)})
		for _, s := range f.Stages {
			t.set(s.Name, r.name+" mean", s.Mean)
			t.set(s.Name, r.name+" p5", s.P5)
			t.set(s.Name, r.name+" p95", s.P95)
		}
	}
	for i, r := range b.runs {
		v.Marks = append(v.Marks, report.Mark{Kind: report.Reach, X: r.name + " p5", X2: r.name + " p95", Y: "stage",
			Name: nineTenths, Color: report.Ink, Toggle: true, Lane: i + 1, Lanes: len(b.runs)})
	}
	err := take(&v, t, "From buyers in the market to customers won, mean numbers under "+words.List(b.names()), drawings)
	c.Views = []report.View{v}
	return c, err
}

// cac is the cost of a customer by channel.
func (b *briefing) cac() (report.Chart, error) {
	c := report.Chart{Title: "Cost of winning a customer, by channel"}
	v := report.View{File: "cac.csv", X: report.Axis{Label: b.currency() + " per customer won",
		Format: words.MoneyIn(b.currency())}}
	if b.single() {
		d, ok := b.runs[0].pictures["cac"]
		if !ok {
			return c, nil
		}
		single, err := drawn("", "cac", d)
		if err != nil {
			return c, err
		}
		v.Finding, v.Picture, v.CSV = single.Finding, single.Picture, single.CSV
		v.Marks = []report.Mark{
			{Kind: report.Rows, X: "cac", Y: "channel", Name: "fully loaded: with sales, onboarding and fees",
				Color: report.Blue, Lane: 1, Lanes: 3, Toggle: true},
			{Kind: report.Rows, X: "cac_media_brand", Y: "channel", Name: "media and brand", Color: report.Red, Lane: 2,
				Lanes: 3, Toggle: true},
			{Kind: report.Rows, X: "cac_media", Y: "channel", Name: "media alone", Color: report.Green, Lane: 3, Lanes: 3,
				Toggle: true},
		}
		c.Views = []report.View{v}
		return c, nil
	}
	t := newTable("channel")
	var drawings []plots.Drawing
	for i, r := range b.runs {
		d, ok := r.pictures["cac"].(plots.CAC)
		if !ok {
			continue
		}
		drawings = append(drawings, d)
		v.Marks = append(v.Marks, report.Mark{Kind: report.Rows, X: r.name, Y: "channel", Name: r.name, Color: b.color(r),
			Lane: i + 1, Lanes: len(b.runs)})
		for _, ch := range append(slices.Clone(d.Channels), *d.Company) {
			t.set(ch.Name, r.name, ch.Full)
		}
	}
	if len(drawings) == 0 {
		return c, nil
	}
	err := take(&v, t, "Fully loaded cost of a customer by channel, under "+words.List(b.names()), drawings)
	c.Views = []report.View{v}
	return c, err
}

// value is lifetime value against cost, a dot a channel; of several runs the
// slices say it.
func (b *briefing) value() (report.Chart, error) {
	c := report.Chart{Title: "What a customer is worth against what it costs, by channel"}
	d, ok := b.runs[0].pictures["value"]
	if !ok || !b.single() {
		return c, nil
	}
	v, err := drawn("", "value", d)
	money := words.MoneyIn(b.currency())
	v.X = report.Axis{Label: "Fully loaded CAC (" + b.currency() + ")", Format: money, Zero: true}
	v.Y = report.Axis{Label: "LTV (" + b.currency() + ")", Format: money, Zero: true}
	v.Slopes = []report.Slope{{Name: "LTV/CAC 3", Times: 3}, {Name: "LTV/CAC 1", Times: 1}}
	v.Marks = []report.Mark{{Kind: report.Dots, X: "cac", Y: "ltv", Label: "channel", Name: "LTV of a customer"}}
	c.Views = []report.View{v}
	return c, err
}

// retention is the share of customers left by months since the win.
func (b *briefing) retention() (report.Chart, error) {
	c := report.Chart{Title: "Still a customer, by months since the win", Choice: "By"}
	if !b.single() {
		return c, nil
	}
	for _, of := range []struct{ name, picture string }{{"Size", "retention-size"}, {"Channel", "retention-channel"}} {
		d, ok := b.runs[0].pictures[of.picture].(plots.Curve)
		if !ok {
			continue
		}
		v, err := drawn(of.name, of.picture, d)
		if err != nil {
			return c, err
		}
		v.X, v.Notes = report.Axis{Label: "Months since the win"}, d.Notes
		v.Y = report.Axis{Label: "Share of customers won", Format: words.Percent, Zero: true}
		for i, l := range d.Lines {
			v.Marks = append(v.Marks, report.Mark{Kind: report.Line, X: "x", Y: "value",
				Where: report.Where{Column: "line", Is: []string{store.AsText("line", l.Name)}},
				Name:  l.Name, Color: report.Palette[i%len(report.Palette)], Toggle: true})
		}
		c.Views = append(c.Views, v)
	}
	return c, nil
}

// retained is the share of customers left after a year, by slice.
func (b *briefing) retained() (report.Chart, error) {
	c := report.Chart{Title: "Still a customer after 12 months", Choice: "By"}
	d, ok := b.runs[0].pictures["retained"].(plots.Retained)
	if !ok || !b.single() {
		return c, nil
	}
	for _, g := range d.Groups {
		v, err := drawn(g.Name, "retained", d)
		if err != nil {
			return c, err
		}
		// The picture holds all groups; the sentence over the choice speaks of one.
		only := d
		only.Groups = []plots.RetainedGroup{g}
		p, err := plots.Compose(only)
		if err != nil {
			return c, err
		}
		v.Finding = p.Title
		if note := only.LeftOut(); note != "" {
			v.Notes = append(v.Notes, note)
		}
		of := report.Where{Column: "grouping", Is: []string{g.Name}}
		v.X = report.Axis{Label: "Share of customers won", Format: words.Percent}
		v.Marks = []report.Mark{
			{Kind: report.Reach, X: "low95", X2: "high95", Y: "name", Where: of, Name: "95% interval"},
			{Kind: report.Point, X: "retained", Y: "name", Where: of, Name: "still a customer"},
		}
		c.Views = append(c.Views, v)
	}
	return c, nil
}

// brand is the two brand stocks over time.
func (b *briefing) brand() (report.Chart, error) {
	c := report.Chart{Title: "The brand"}
	v := report.View{File: "brand.csv", X: report.Weekly(true),
		Y: report.Axis{Label: "Stock; 1 at reference spend", Format: words.Plain, Zero: true}}
	colors := report.Palette
	if b.single() {
		br, ok := b.runs[0].pictures["brand"].(plots.Brand)
		if !ok {
			return c, nil
		}
		d, err := drawn("", "brand", br)
		if err != nil {
			return c, err
		}
		v.Finding, v.Picture, v.CSV, v.Notes = d.Finding, d.Picture, d.CSV, br.LeftOut()
		for k, stock := range []struct {
			name string
			of   plots.Stock
		}{{"salience", br.Salience}, {"equity", br.Equity}} {
			v.Marks = append(v.Marks, report.Mark{Kind: report.Line, X: "date", Y: stock.name, Name: stock.name,
				Color: colors[k], Toggle: true})
			for _, s := range stock.of.Regions {
				v.Marks = append(v.Marks, report.Mark{Kind: report.Line, X: "date", Y: stock.name + "." + s.Name,
					Name: stock.name + ", " + s.Name, Color: colors[k], Dashed: true, Toggle: true, Off: true})
			}
		}
		v.Spans = report.Spans(br.Spans)
		c.Views = []report.View{v}
		return c, nil
	}
	t := newTable("date")
	var drawings []plots.Drawing
	for _, r := range b.runs {
		br, ok := r.pictures["brand"].(plots.Brand)
		if !ok {
			return c, nil
		}
		drawings = append(drawings, br)
		for _, stock := range []struct {
			name string
			mean []float64
		}{{"salience", br.Salience.Mean}, {"equity", br.Equity.Mean}} {
			column := r.name + " " + stock.name
			v.Marks = append(v.Marks, report.Mark{Kind: report.Line, X: "date", Y: column, Name: r.name + ", " + stock.name,
				Color: b.color(r), Dashed: stock.name == "equity", Toggle: true})
			for w, x := range stock.mean {
				t.set(br.Start.AddDate(0, 0, 7*w).Format("2006-01-02"), column, x)
			}
		}
	}
	slices.SortFunc(t.rows, func(a, b []string) int { return strings.Compare(a[0], b[0]) })
	err := take(&v, t, "Salience and equity of the brand under "+words.List(b.names()), drawings)
	c.Views = []report.View{v}
	return c, err
}

var svgHead = regexp.MustCompile(`(?s)^.*?<svg width="([0-9.]+)pt" height="([0-9.]+)pt"`)

var (
	pathData = regexp.MustCompile(` d="[^"]*"`)
	tenths   = regexp.MustCompile(`(\.\d)\d+`)
)
