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
	said := x.said()
	d := &Document{Question: "why", Scenario: a.Scenario, Currency: x.money, Next: a.Next, Seed: a.Seed,
		Size:      fmt.Sprintf("run %d of %s", a.Replication, words.Thousands(a.Of)),
		Sentences: said.sentences(), Warnings: x.warnings(), Sheets: x.sheets(), Pictures: x.pictures()}
	data := whyData{Folder: a.Folder, Replication: a.Replication, Chosen: x.chosen(), Lines: said,
		Ruined: a.Ruined, Until: a.Until, Gap: a.Gap, Cash: a.Lines,
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
	Warnings    []string `json:"warnings,omitempty"`
	Folder      string   `json:"folder"`
	Replication int      `json:"replication"`
	Chosen      string   `json:"chosen"`
	Lines
	Ruined    int              `json:"failed_in_week,omitempty"`
	Until     int              `json:"until_week"`
	Gap       analysis.Number  `json:"cash_against_the_mean"`
	Cash      []why.Line       `json:"cash_lines"`
	Parted    analysis.Parting `json:"parted"`
	Causes    []why.Cause      `json:"causes"`
	Recession []string         `json:"recession"`
	Shocks    []string         `json:"shocks"`
	Weeks     []why.Week       `json:"weeks"`
	Journeys  []why.Journey    `json:"journeys"`
	Against   string           `json:"against,omitempty"`
}

// whyPage writes an answer in its currency.
type whyPage struct {
	*why.Answer
	money words.In
}

// causeWords say less of a cause, and what it is.
var causeWords = map[string]struct{ less, words string }{
	"journeys": {"fewer", "buyers in the market"}, "touches": {"fewer", "touches"}, "leads": {"fewer", "leads"},
	"signups": {"fewer", "sign-ups"}, "won": {"fewer", "customers won"}, "churned": {"fewer", "customers churned"},
	"customer_deaths": {"fewer", "customers whose firm died"}, "collections": {"less", "collected from customers"},
	"refunds": {"less", "refunds"}, "cost_of_revenue": {"less", "cost of revenue"}, "media": {"less", "media spend"},
	"brand": {"less", "brand spend"}, "pay": {"less", "pay of sales teams"}, "commission": {"less", "commission"},
	"onboarding": {"less", "onboarding cost"}, "fees": {"less", "fees and revenue shares"},
	"fixed_cost": {"less", "fixed cost"}, "financing": {"less", "financing"}, "recession": {"fewer", "weeks in " +
		"recession"},
}

// format is that of a weekly number.
func (x whyPage) format(name string) words.Format {
	i := slices.IndexFunc(x.Columns, func(c plan.Column) bool { return c.Name == name })
	if i < 0 {
		return words.Plain
	}
	return words.FormatOf(name, x.Columns[i].Unit)
}

// chosen names the run.
func (x whyPage) chosen() string {
	name := fmt.Sprintf("run %d", x.Replication)
	if x.Choose == why.Numbered {
		return name
	}
	value := words.FormatOf(x.Chosen.Name, x.Chosen.Unit).Text(x.Value)
	if x.Alike { // of which none is the worst
		return fmt.Sprintf("%s, with the same %s (%s) as all others", name, words.Said(x.Chosen.Name), value)
	}
	return fmt.Sprintf("%s, the %s by %s (%s)", name, x.Choose, words.Said(x.Chosen.Name), value)
}

// said is the answer.
func (x whyPage) said() Lines {
	return Lines{Finding: x.finding(), Do: x.do(),
		Sure: fmt.Sprintf("One run of %s: it shows how this happens, not how often.", words.Thousands(x.Of))}
}

// finding says when the run left the others or failed, and what did most of it.
func (x whyPage) finding() string {
	name := words.Capital(x.chosen())
	if x.Choose != why.Numbered {
		name += ","
	}
	if x.Verdict.Kind == decide.NotApplicable && x.Of > 1 && x.Ruined == 0 {
		return fmt.Sprintf("Not applicable: %s cannot be set beside the others: %s.", x.chosen(), x.Verdict.Why)
	}
	failed := "failed in " + ending(x.Plan.Run.Start, x.Ruined)
	switch {
	case x.Ruined > 0 && x.Failing >= mostFail:
		others := "do " + words.Percent.Text(x.Failing) + " of runs"
		if x.Failing == 1 {
			others = "all runs do"
		}
		return fmt.Sprintf("%s %s, as %s: %s.", name, failed, others, x.balance())
	case x.Parted.Week == 0 && x.Ruined > 0:
		return fmt.Sprintf("%s %s: %s.", name, failed, x.balance())
	case x.Parted.Week == 0 && x.Alike:
		return fmt.Sprintf("All %s have the same %s (%s), so none stands out: this is run %d.", words.Counted(x.Of, "run"),
			words.Said(x.Chosen.Name), words.FormatOf(x.Chosen.Name, x.Chosen.Unit).Text(x.Value), x.Replication)
	case x.Parted.Week == 0:
		return fmt.Sprintf("%s ends with the middle half of all runs: nothing sets its cash apart.", name)
	}
	way := "ran ahead"
	if x.Parted.Below {
		way = "fell behind"
	}
	text := fmt.Sprintf("%s %s from %s", name, way, ending(x.Plan.Run.Start, x.Parted.Week))
	switch x.Ruined {
	case 0:
	case x.Parted.Week:
		text = fmt.Sprintf("%s %s and %s", name, way, failed)
	default:
		text += " and " + failed
	}
	if c := x.main(); c != nil && math.Abs(*c.Dollars) > math.Abs(float64(x.Gap)) { // more than there is to explain
		return fmt.Sprintf("%s, its cash %s %s: %s, partly offset elsewhere.", text, x.gap(), x.meanRun(), x.effect(c))
	} else if c != nil {
		part := "most of it"
		if !x.most(c) {
			part = "the largest part of it"
		}
		return fmt.Sprintf("%s, its cash %s %s: %s is %s.", text, x.gap(), x.meanRun(), part, x.effect(c))
	}
	return fmt.Sprintf("%s, its cash %s %s.", text, x.gap(), x.meanRun())
}

// meanRun names what the run is set against: the mean run, of those that are still in business where some are not.
func (x whyPage) meanRun() string {
	if x.Beside > 0 && x.Beside < x.Of {
		return "the mean of runs still in business"
	}
	return "that of the mean run"
}

// meanOf is the head of the column of means.
func (x whyPage) meanOf() string {
	if x.Beside > 0 && x.Beside < x.Of {
		return "#mean of those in business"
	}
	return "#mean of all"
}

// mostFail is the share of runs from which on one that fails is no exception.
const mostFail = 0.5

// gap is how far the run is from the mean in cash.
func (x whyPage) gap() string {
	side := "above"
	if x.Gap < 0 {
		side = "below"
	}
	return x.money.Money().Text(math.Abs(float64(x.Gap))) + " " + side
}

// most says whether a cause did at least half of the gap.
func (x whyPage) most(c *why.Cause) bool {
	const half = 0.5
	return math.Abs(*c.Dollars) >= half*math.Abs(float64(x.Gap))
}

// main is the cause that did most of the gap: a drawn input that did half of it, else the line of cash that did most.
func (x whyPage) main() *why.Cause {
	for i := range x.Causes {
		c := &x.Causes[i]
		if c.Dollars == nil || *c.Dollars*float64(x.Gap) <= 0 {
			continue
		}
		if !c.Input || x.most(c) {
			return c
		}
	}
	return nil
}

// effect words what a cause did to cash.
func (x whyPage) effect(c *why.Cause) string {
	money := x.money.Money()
	size := money.Text(math.Abs(*c.Dollars))
	if c.Input {
		way := "above"
		if c.Score < 0 {
			way = "below"
		}
		return fmt.Sprintf("the draw of %s (%s, %.1f standard deviations %s the mean), worth "+
			"%s", x.inputName(c), x.inputFormat(c).Text(c.Sum),
			math.Abs(c.Score), way, size)
	}
	more := "more"
	if c.Sum < c.Mean {
		more = causeWords[c.Name].less
	}
	return fmt.Sprintf("%s %s %s", size, more, causeWords[c.Name].words)
}

// inputName is what people call an input that was drawn.
func (x whyPage) inputName(c *why.Cause) string {
	for _, in := range x.Inputs {
		if in.Name == c.Name {
			return inputs{x.money}.name(in)
		}
	}
	return c.Name
}

// inputFormat is that of an input that was drawn.
func (x whyPage) inputFormat(c *why.Cause) words.Format {
	for _, in := range x.Inputs {
		if in.Name == c.Name {
			return inputs{x.money}.format(in)
		}
	}
	return words.Plain
}

// balance says what came in until the end, and what went out most.
func (x whyPage) balance() string {
	money := x.money.Money()
	in, out := 0.0, []string{}
	for _, l := range x.Lines {
		switch {
		case l.Sum > 0:
			in += float64(l.Sum)
		case l.Sum < 0 && len(out) < 2:
			out = append(out, fmt.Sprintf("%s of %s", money.Text(float64(-l.Sum)), causeWords[l.Name].words))
		}
	}
	if len(out) == 0 {
		return "no line of its cash says why"
	}
	return fmt.Sprintf("it took in %s, and paid %s", money.Text(in), words.List(out))
}

// do says what to do with what was found.
func (x whyPage) do() string {
	c := x.main()
	switch {
	case x.Verdict.Kind == decide.NotApplicable && x.Ruined == 0:
		return "Ask about a run of several, in which cash is known."
	case x.Parted.Week > 0 && c != nil && c.Input:
		return fmt.Sprintf("Find out %s before you commit: it was drawn, and most of this goes with it.", x.inputName(c))
	case x.Ruined > 0 && x.Failing >= mostFail:
		return "Change the plan: this run is no exception."
	case x.Ruined > 0:
		if x.Open == 0 { // there is no input to discover
			return fmt.Sprintf("Decide first whether %s of runs that fail are too many: this is one of them.",
				words.Percent.Text(x.Failing))
		}
		return "Ask when that happens (discover) before you act on one run."
	case x.Parted.Week == 0 && x.Alike:
		return "Look at the plan: no run stands apart."
	case x.Parted.Week == 0:
		return "Look at another run: this one is like most."
	}
	return "Ask how often that happens before you act on one run."
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
		found = append(found, fmt.Sprintf("%s (%s against %s)", words.Said(n.Name), one, two))
	}
	return fmt.Sprintf("The two plans first differ in %s: %s. %s", ending(x.Plan.Run.Start, d.Week),
		strings.Join(found, ", "), firm(d.Firm, d.Run))
}

// firm names the first firm that differs.
func firm(f *why.Firm, other string) string {
	if f == nil {
		return "No firm becomes a lead at another time."
	}
	raises := func(h *why.Hand) string {
		return fmt.Sprintf("becomes a lead in week %s after %s", weekOf(h.Raised), h.Path)
	}
	var told string
	switch {
	case f.Here == nil:
		told = fmt.Sprintf("%s in %s and not at all here", raises(f.There), other)
	case f.There == nil:
		told = fmt.Sprintf("%s here and not at all in %s", raises(f.Here), other)
	default:
		told = fmt.Sprintf("%s here and in week %s after %s in "+
			"%s", raises(f.Here), weekOf(f.There.Raised), f.There.Path,
			other)
	}
	opened := "in week " + weekOf(f.Opened)
	if f.Opened < 0 {
		opened = beforeRun
	}
	return fmt.Sprintf("The first firm that differs (%s, %s %s) %s.", f.Name, f.Trigger, opened, told)
}

// beforeRun is what is said of a week before the first.
const beforeRun = "before week 1"

// weekOf is a time since the first day as people count weeks: the first one is 1.
func weekOf(since float64) string { return fmt.Sprintf("%.1f", since+1) }

func (x whyPage) warnings() (out []string) {
	for _, w := range x.Warnings {
		if few, ok := w.(decide.FewRuns); ok {
			out = append(out, fmt.Sprintf("the folder holds %s: the middle half of so few says little",
				words.Counted(few.Has, "run")))
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
	short := x.weeks("story", "The run in short", x.Spans(mostRows))
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
			in(words.Plain, faded(w.Brand)))
	}
	return s
}

// faded is salience, between 0 and 1, as people read it: what is left of it after years is none.
func faded(salience analysis.Number) analysis.Number {
	if math.Abs(float64(salience)) < 1e-6 {
		return 0
	}
	return salience
}

func (x whyPage) causes() *Sheet {
	s := NewSheet("causes", fmt.Sprintf("What set it apart, summed up to week %d", x.Until),
		fmt.Sprintf("up to week %d", x.Until), "#here", x.meanOf(), "#did to cash", "#standard deviations")
	s.Columns[0].File, s.Columns[0].Outcomes = "cause", true // the week is one of the numbers
	s.Shown = 5
	for i := range x.Causes {
		c := &x.Causes[i]
		f, name := x.format(c.Name), c.Name
		if c.Input {
			f, name = x.inputFormat(c), name+" (drawn)"
		}
		dollars := Words("")
		if c.Dollars != nil {
			dollars = Num(x.money.Money().Text(*c.Dollars), *c.Dollars)
		}
		s.Row(name, Num(f.Text(c.Sum), c.Sum), Num(f.Text(c.Mean), c.Mean), dollars,
			Num(strings.Replace(fmt.Sprintf("%+.1f", c.Score), "-", "−", 1), c.Score))
	}
	paid := func(input bool) bool {
		return slices.ContainsFunc(x.Causes, func(c why.Cause) bool { return c.Dollars != nil && c.Input == input })
	}
	if paid(true) && paid(false) {
		s.Notes = append(s.Notes, "Drawn inputs and lines of cash are two accounts of the same difference, not parts of one "+
			"sum. What a drawn input did is what cash of all runs moves with it.")
	}
	return s
}

func (x whyPage) journeys() *Sheet {
	s := NewSheet("journeys", "Buyers touched by the most channels", "firm", "trigger", "#in the market in week",
		"#lead in week", "touched by")
	s.Columns[2].File = "in week"
	week := func(since float64) Cell { // the first one is 1
		if since < 0 {
			return Num(beforeRun, since+1)
		}
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
		Currency: x.Currency}, Start: words.Day(x.Plan.Run.Start), AtWeekEnd: true,
		Spans: picture.Rounds(x.Plan), YName: x.money.Axis("Cash"),
		Finding: fmt.Sprintf("Cash of run %d beside that of all %s", x.Replication, words.Counted(x.Of, "run")),
		Bands:   "the middle half of all runs",
		Lines:   []picture.Line{{Name: fmt.Sprintf("Run %d", x.Replication), Seen: true}, {Name: "Median of all"}}}
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
	return []Picture{{Name: "cash", Data: c}}
}
