package page

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/model/plan"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/why"
)

// Why lays out what happened in a replication.
func Why(a *why.Answer, _ Cure) *Document {
	x := whyPage{a, words.In(a.Currency)}
	d := &Document{Question: "why", Scenario: a.Scenario, Currency: x.money, Next: a.Next, Seed: a.Seed,
		Size:      fmt.Sprintf("replication %d of %s", a.Replication, words.Thousands(a.Of)),
		Sentences: []string{x.sentence()}, Warnings: x.warnings(), Sheets: x.sheets(), Pictures: x.pictures()}
	data := whyData{Folder: a.Folder, Replication: a.Replication, Chosen: x.chosen(), Said: d.Sentences[0],
		Parted: a.Parted, Causes: a.Causes, Recession: x.economy(), Shocks: x.shocks(), Weeks: a.Weeks,
		Journeys: a.Journeys}
	if a.Against != nil {
		data.Against = x.against()
		d.Sentences = append(d.Sentences, data.Against)
	}
	d.Data = func(warnings []string) any { data.Warnings = warnings; return data }
	return d
}

// whyData is the answer as programs read it, with what is said of it.
type whyData struct {
	Warnings    []string         `json:"warnings,omitempty"`
	Folder      string           `json:"folder"`
	Replication int              `json:"replication"`
	Chosen      string           `json:"chosen"`
	Said        string           `json:"answer"`
	Parted      analysis.Parting `json:"parted"`
	Causes      []analysis.Cause `json:"causes"`
	Recession   []string         `json:"recession"`
	Shocks      []string         `json:"shocks"`
	Weeks       []why.Week       `json:"weeks"`
	Journeys    []why.Journey    `json:"journeys"`
	Against     string           `json:"against,omitempty"`
}

// whyPage writes an answer in its currency.
type whyPage struct {
	*why.Answer
	money words.In
}

// causeWords say less of a cause, and what it is.
var causeWords = map[string]struct{ less, words string }{
	"journeys": {"fewer", "journeys"}, "touches": {"fewer", "touches"}, "leads": {"fewer", "leads"},
	"signups": {"fewer", "sign-ups"}, "won": {"fewer", "customers won"}, "churned": {"fewer", "customers churned"},
	"customer_deaths": {"fewer", "customers whose firm died"}, "revenue": {"less", "revenue"},
	"cost_of_revenue": {"less", "cost of revenue"}, "media": {"less", "media spend"}, "brand": {"less", "brand spend"},
	"pay": {"less", "pay of sales teams"}, "commission": {"less", "commission"},
	"onboarding": {"less", "onboarding cost"}, "fees": {"less", "one-off fees"}, "fixed_cost": {"less", "fixed cost"},
	"financing": {"less", "financing"}, "recession": {"fewer", "weeks in recession"},
}

// format is that of a weekly number.
func (x whyPage) format(name string) words.Format {
	i := slices.IndexFunc(x.Columns, func(c plan.Column) bool { return c.Name == name })
	if i < 0 {
		return words.Plain
	}
	return words.FormatOf(name, x.Columns[i].Unit)
}

// chosen names the replication.
func (x whyPage) chosen() string {
	name := fmt.Sprintf("replication %d", x.Replication)
	if x.Choose == why.Numbered {
		return name
	}
	return fmt.Sprintf("%s, the %s by %s (%s)", name, x.Choose, x.Chosen.Name,
		words.FormatOf(x.Chosen.Name, x.Chosen.Unit).Text(x.Value))
}

// sentence is the answer.
func (x whyPage) sentence() string {
	switch {
	case x.Verdict.Kind == decide.NotApplicable && x.Of > 1:
		return fmt.Sprintf("Cash of %s cannot be set beside that of the others: %s.", x.chosen(), x.Verdict.Why)
	case x.Parted.Week == 0:
		return fmt.Sprintf("Cash of %s ends with the middle half of all replications.", x.chosen())
	}
	side, beside := "above", ""
	if x.Parted.Below {
		side = "below"
	}
	if len(x.Causes) > 0 {
		c := x.Causes[0]
		cause, f, more := causeWords[c.Name], x.format(c.Name), "more"
		if c.Score < 0 {
			more = cause.less
		}
		beside = fmt.Sprintf("; by then it had %s %s than the mean of all: %s against %s (%.1f standard deviations)", more,
			cause.words, f.Text(c.Sum), f.Text(c.Mean), math.Abs(c.Score))
	}
	return fmt.Sprintf("Cash of %s parted from the others in week %d, %s the middle half to the end%s.", x.chosen(),
		x.Parted.Week, side, beside)
}

// against says in what the replication first differs from that of another plan.
func (x whyPage) against() string {
	d := x.Against
	if d.Week == 0 {
		return "The two plans give the same weeks to the last bit."
	}
	const most = 5
	var found []string
	for _, n := range d.Numbers[:min(len(d.Numbers), most)] {
		one, two := words.Plain.Text(n.Here), words.Plain.Text(n.There)
		if one == two {
			one, two = words.Plain.Pair(n.Here, n.There)
		}
		found = append(found, fmt.Sprintf("%s (%s against %s)", n.Name, one, two))
	}
	return fmt.Sprintf("The two plans first differ in week %d: %s. %s", d.Week, strings.Join(found, ", "),
		firm(d.Firm, d.Run))
}

// firm names the first firm that differs.
func firm(f *why.Firm, other string) string {
	if f == nil {
		return "No firm raises its hand otherwise."
	}
	raises := func(h *why.Hand) string {
		return fmt.Sprintf("raises its hand in week %s after %s", weekOf(h.Raised), h.Path)
	}
	var told string
	switch {
	case f.Here == nil:
		told = fmt.Sprintf("%s in %s and not at all here", raises(f.There), other)
	case f.There == nil:
		told = fmt.Sprintf("%s here and not at all in %s", raises(f.Here), other)
	default:
		told = fmt.Sprintf("%s here and in week %s after %s in %s", raises(f.Here), weekOf(f.There.Raised), f.There.Path,
			other)
	}
	return fmt.Sprintf("The first firm that differs (%s, %s in week %s) %s.", f.Name, f.Trigger, weekOf(f.Opened), told)
}

// weekOf is a time since the first day as people count weeks: the first one is 1.
func weekOf(since float64) string { return fmt.Sprintf("%.1f", since+1) }

func (x whyPage) warnings() (out []string) {
	for _, w := range x.Warnings {
		if few, ok := w.(decide.FewRuns); ok {
			out = append(out, fmt.Sprintf("the run has %s: the middle half of so few says little",
				words.Counted(few.Has, few.Of)))
		}
	}
	return out
}

// economy words the turns of the economy.
func (x whyPage) economy() (out []string) {
	for _, t := range x.Economy {
		name := "expansion"
		if t.Recession {
			name = "recession"
		}
		out = append(out, fmt.Sprintf("%s from week %d", name, t.Week))
	}
	return out
}

func (x whyPage) shocks() (out []string) {
	for _, s := range x.Shocks {
		out = append(out, fmt.Sprintf("%s from %s to %s", s.Name, s.First, s.Last))
	}
	return out
}

// sheets are the weeks, the journeys, and what set the replication apart.
func (x whyPage) sheets() []*Sheet {
	short := x.weeks("story", "The replication in short", x.Spans(mostRows))
	economy := "expansion throughout"
	if len(x.Economy) > 0 {
		economy = strings.Join(x.economy(), ", ")
	}
	short.Notes = append(short.Notes, "Economy: "+economy+".")
	if len(x.Shocks) > 0 {
		short.Notes = append(short.Notes, "Shocks: "+strings.Join(x.shocks(), ", ")+".")
	}
	out := []*Sheet{short, x.causes(), x.journeys()}
	weeks := x.weeks("weeks", "Week by week", x.Weeks)
	weeks.Apart = true
	return append(out, weeks)
}

func (x whyPage) weeks(name, caption string, list []why.Week) *Sheet {
	s := NewSheet(name, caption, "#to week", "#cash", "#sign-ups", "#won", "#lost", "#customers",
		"#monthly recurring revenue", "#salience")
	in := func(f words.Format, n analysis.Number) Cell { return Num(f.Text(float64(n)), float64(n)) }
	money := x.money.Money()
	for _, w := range list {
		s.Row(Num(strconv.Itoa(w.Week), float64(w.Week)), in(money, w.Cash), in(words.Count, w.Signups),
			in(words.Count, w.Won), in(words.Count, w.Lost), in(words.Count, w.Live), in(money, w.MRR),
			in(words.Plain, w.Brand))
	}
	return s
}

func (x whyPage) causes() *Sheet {
	s := NewSheet("causes", fmt.Sprintf("What set it apart, summed up to week %d", x.Parted.Week),
		fmt.Sprintf("up to week %d", x.Parted.Week), "#here", "#mean of all", "#standard deviations")
	s.Columns[0].File = "cause" // the week is one of the numbers
	s.Shown = 5
	for _, c := range x.Causes {
		f := x.format(c.Name)
		s.Row(c.Name, Num(f.Text(c.Sum), c.Sum), Num(f.Text(c.Mean), c.Mean),
			Num(strings.Replace(fmt.Sprintf("%+.1f", c.Score), "-", "−", 1), c.Score))
	}
	FewFor(s, x.Of, why.Few, "replication")
	return s
}

func (x whyPage) journeys() *Sheet {
	s := NewSheet("journeys", "Journeys with the most channels", "firm", "trigger", "#in week", "#hand raised in week",
		"touched by")
	week := func(since float64) Cell { // the first one is 1
		return Num(words.Plain.Texts([]float64{since + 1}, 0.1)[0], since+1)
	}
	for _, j := range x.Journeys {
		s.Row(j.Firm, j.Trigger, week(j.Opened), week(j.Raised), strings.Join(j.Path, ", "))
	}
	return s
}

// pictures is that of cash: this replication among the others.
func (x whyPage) pictures() []Picture {
	c := picture.Curve{Source: picture.Source{Scenario: x.Scenario, Replications: x.Of, Seed: x.Seed,
		Currency: x.Currency}, XName: "Week of the run", YName: x.money.Axis("Cash"),
		Finding: fmt.Sprintf("Cash of replication %d among those of all", x.Replication),
		Bands:   "half of all replications", Lines: []picture.Line{{Name: "This one"}, {Name: "Median of all"}}}
	for w, b := range x.Bands {
		cash := float64(x.Weeks[w].Cash)
		if math.IsNaN(cash) || math.IsNaN(b.P50) {
			continue
		}
		c.X = append(c.X, float64(w+1))
		c.Lines[0].Points = append(c.Lines[0].Points, analysis.Estimate{Value: cash, Low: cash, High: cash, N: 1})
		c.Lines[1].Points = append(c.Lines[1].Points, analysis.Estimate{Value: b.P50, Low: b.P25, High: b.P75, N: x.Of})
	}
	if len(c.X) < 2 {
		return nil
	}
	return []Picture{{"cash", c}}
}
