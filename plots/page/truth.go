package page

import (
	"fmt"
	"math"
	"slices"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/truth"
	"windfall/sim/panel"
)

// Truth lays out what is really brought beside what rules of attribution say.
func Truth(a *truth.Answer, cure Cure) *Document {
	x := truthPage{a, words.In(a.Currency).Money(), cure}
	said := x.said()
	d := &Document{Question: "truth", Scenario: a.Scenario, Currency: words.In(a.Currency), Next: a.Next, Seed: a.Seed,
		Size:      words.Counted(a.Replications, "run") + " of each of " + words.Counted(a.Plans, "plan"),
		Sentences: said.sentences(),
		Sheets:    []*Sheet{x.brings(), x.credits(), x.rules(), x.pairs(), x.shapley(), x.budgets()},
		Pictures:  x.pictures(),
		Data: func(warnings []string) any {
			return truthData{warnings, said, a}
		}}
	for _, w := range a.Warnings {
		if few, ok := w.(decide.FewRuns); ok {
			d.Warnings = append(d.Warnings, cure.few(few))
		}
	}
	return d
}

// truthData is the answer as programs read it, with what is said of it.
type truthData struct {
	Warnings []string `json:"warnings,omitempty"`
	Lines
	*truth.Answer
}

// TruthCost says before anything is run what Shapley values take; empty where they are not asked for.
func TruthCost(shapley bool, plans, runs int) []string {
	if !shapley {
		return nil
	}
	return []string{fmt.Sprintf("Shapley values need %s beside each other: %s; name fewer channels to have fewer",
		words.Counted(plans, "plan"), words.Counted(runs, "run"))}
}

// truthPage writes an answer.
type truthPage struct {
	*truth.Answer
	money words.Format
	cure  Cure
}

// last is the rule of the last touch.
func (x truthPage) last() *truth.Rule { return &x.Rules[0] }

// worst is the channel that the last touch is seen to credit with most beyond what it brings; nil: none.
func (x truthPage) worst() (worst *truth.Credit) {
	for i := range x.last().Credits {
		if c := &x.last().Credits[i]; c.Over != nil && c.Over.Low > 0 && (worst == nil || c.Over.Value > worst.Over.Value) {
			worst = c
		}
	}
	return worst
}

// flattered says that rules credit channels where no channel wins anybody.
func (x truthPage) flattered() bool { return x.Idle && x.worst() != nil }

// nearly is the share of a credit by which it may be too much and still be nearly right.
const nearly = 0.1

// near says whether a channel brings nearly what it is credited with.
func (x truthPage) near(c *truth.Credit) bool { return c.Over.High < nearly*c.Customers.Value }

// said is the answer.
func (x truthPage) said() Lines {
	l := Lines{Finding: x.finding(), Do: x.do(), Sure: sure(words.Sized(x.Replications, truth.Few, "pair")+
		" of each world", x.Inputs) + " Firms are matched one by one: where nothing differs the difference is exactly 0."}
	if x.Fails {
		l.Finding, l.Do = "Not applicable: what a channel brings does not show in it.", mendFirst
	}
	l.Finding = ruined(x.Ruined, x.Replications, " of the plan") + l.Finding
	return l
}

// finding is the channel that the last touch flatters most, or what is missed most.
func (x truthPage) finding() string {
	percent := words.Percent
	switch {
	case x.Idle && x.Won.Value == 0:
		return "Nothing to credit: nobody is won, with all that was taken out or without it."
	case x.flattered():
		return fmt.Sprintf("Nobody is won through anything that was taken out: the customers won, %s per run, are won "+
			"without it.", words.Plain.Text(x.Won.Value))
	}
	if c := x.worst(); c != nil {
		w := x.World(c.Channel)
		lost := fmt.Sprintf("%s would be lost", percent.Text(w.Share))
		if w.Share <= 0 || w.Won.Low <= 0 {
			lost = "none is seen to be lost"
		}
		if x.near(c) {
			return fmt.Sprintf("Last touch is nearly right: it credits %s, which it flatters most, with %s customers per run, "+
				"and %s would be lost without it.%s", c.Channel, words.Plain.Text(c.Customers.Value),
				words.Say(words.Plain, w.Won), x.overlap(c.Channel))
		}
		return fmt.Sprintf("%s is credited with %s of customers by last touch; without it %s: %s customers per run, "+
			"not the %s credited.%s", words.Capital(c.Channel), percent.Text(c.Share), lost, words.Say(words.Plain, w.Won),
			words.Plain.Text(c.Customers.Value), x.overlap(c.Channel))
	}
	w := &x.Worlds[0]
	switch {
	case w.Nothing:
		return fmt.Sprintf("Nothing is lost %s: not one customer and not one sign-up differs.%s", x.what(w),
			x.overlap(w.Name))
	case w.Won.Low > 0:
		return fmt.Sprintf("%s %s of customers would be lost: %s per run.%s", words.Capital(x.what(w)),
			percent.Text(w.Share), words.Say(words.Plain, w.Won), x.overlap(w.Name))
	}
	if x.Replications < 2 {
		change := words.Plain.Text(w.Won.Value) + " customers fewer"
		if w.Won.Value < 0 {
			change = words.Plain.Text(-w.Won.Value) + " customers more"
		}
		return fmt.Sprintf("Too close to call: one run gives no margin of error, so what differs in it may be chance: %s "+
			"are won %s.", change, x.what(w))
	}
	return fmt.Sprintf("Too close to call: nothing that was taken out is seen to change customers won; the largest "+
		"difference, %s, is %s per run.", x.what(w), words.Say(words.Plain, w.Won))
}

// overlap says what does most of what something did where that is missing, so that the loss shows without both; empty:
// of the pairs that were asked none is seen to.
func (x truthPage) overlap(name string) string {
	other, most := "", truth.Together{}
	for _, p := range x.Pairs {
		if p.Overlap.Low > 0 && p.Overlap.Value > most.Overlap.Value {
			switch name {
			case p.A:
				other, most = p.B, p
			case p.B:
				other, most = p.A, p
			}
		}
	}
	if other == "" {
		return ""
	}
	return fmt.Sprintf(" It overlaps with %s: without both, %s customers per run are lost, %s more than the two by "+
		"themselves.", other, words.Say(words.Plain, most.Won), words.Say(words.Plain, most.Overlap))
}

// what names what is taken out, in a sentence.
func (x truthPage) what(w *truth.World) string {
	if w.Pause > 0 {
		return fmt.Sprintf("with a pause of the brand for %s from %s", words.Counted(w.Pause, "week"), x.From)
	}
	return "without " + w.Name
}

// do says what to do about it.
func (x truthPage) do() string {
	switch {
	case x.Idle && x.Won.Value == 0:
		return "Ask what keeps customers away before what a channel brings: look at win rates, prices and teams."
	case x.flattered():
		return "Deal no budget out by attribution here: rules credit channels with customers who come anyway."
	}
	for _, b := range x.Budgets {
		if b.Rule != x.last().Rule {
			continue
		}
		switch b.Verdict().Kind {
		case decide.No:
			return fmt.Sprintf("Do not budget by last touch: that loses %s of customer lifetime margin against a budget by "+
				"what channels bring.", words.Say(x.money, b.AgainstTruth.Minus()))
		case decide.Yes:
			return fmt.Sprintf("Judge channels by what is lost without them, but do not deal the budget out by that alone: "+
				"by last touch it brings %s more. Ask what each channel's next dollar brings.", words.Say(x.money, b.AgainstTruth))
		}
		return fmt.Sprintf("Judge channels by what is lost without them. What a budget by last touch loses is too close to "+
			"call (%s); %s may tell.", words.Say(x.money, b.AgainstTruth), x.cure("replications",
			fmt.Sprint(4*x.Replications)))
	}
	if c := x.worst(); c != nil && !x.near(c) {
		return fmt.Sprintf("Judge %s by what is lost without it, not by last touch.", c.Channel)
	}
	return "Ask what the next dollar brings before you move a budget."
}

// brings is the table of what was taken out.
func (x truthPage) brings() *Sheet {
	head := []string{"without", "±customers it brings", "#share of customers", "±sign-ups", "±customer lifetime margin"}
	s := NewSheet("truth", "What each brings: the plan against the same plan without it, per run",
		append(head, labels()...)...)
	for i := range x.Worlds {
		w := &x.Worlds[i]
		name := w.Name
		if w.Pause > 0 {
			name = fmt.Sprintf("pause of %s", words.Counted(w.Pause, "week"))
		}
		row := []any{name, With(words.Plain, w.Won), share100(w.Share), With(words.Plain, w.Signups), With(x.money, w.Margin)}
		s.Row(append(row, firms(w.Firms)...)...)
	}
	s.Shown, s.Main = len(s.Rows), len(head)
	s.Notes = append(s.Notes, "Customers it brings: won only with it, less those won only without it. Of those won both "+
		"ways, later, sooner and other channel say how without it. Customer lifetime margin is after what it costs. "+
		"What was built before the first day, such as the brand, stays.")
	return s
}

// labels are the columns of firms by what becomes of them, and firms the cells.
func labels() (head []string) {
	for _, l := range panel.Labels {
		head = append(head, "±"+string(l))
	}
	return head
}

func firms(list []truth.Labelled) (cells []any) {
	for _, l := range list {
		cells = append(cells, With(words.Plain, l.Firms))
	}
	return cells
}

// share100 is a cell of a share.
func share100(v float64) Cell { return Num(words.Percent.Text(v), v) }

// credits is the table of channels and rules.
func (x truthPage) credits() *Sheet {
	head := []string{"channel", "#lost without it"}
	for _, r := range x.Rules {
		head = append(head, "#"+r.Rule)
	}
	s := NewSheet("credit", "Share of customers lost without a channel, and credited to it by each rule", head...)
	for _, c := range x.last().Credits {
		row := []any{c.Channel}
		if w := x.World(c.Channel); w != nil {
			row = append(row, share100(w.Share))
		} else {
			row = append(row, Num("not asked", math.NaN()))
		}
		for _, r := range x.Rules {
			row = append(row, share100(r.Credit(c.Channel).Share))
		}
		s.Row(row...)
	}
	s.Shown = len(s.Rows)
	s.Notes = append(s.Notes, fmt.Sprintf("Rules see the last %d touches of each firm and deal all customers out. What "+
		"is lost need not add up: one channel may do what another did, and some would buy anyway.",
		analysis.LastTouches))
	return s
}

// rules is the table of how far the rules are off.
func (x truthPage) rules() *Sheet {
	caption := "Whether each rule puts channels in the order of what is lost without them"
	if len(x.Budgets) > 0 {
		caption += ", and what a media budget dealt out by it brings"
	}
	s := NewSheet("rules", caption, "rule",
		"deals out", "#rank correlation", "#pairs in wrong order", "±against the plan", "±against a budget on the truth")
	row := func(name, how string, ranks, wrong Cell) {
		plan, truth := Words(""), Words("")
		for _, b := range x.Budgets {
			if b.Rule == name {
				plan, truth = With(x.money, b.AgainstPlan), With(x.money, b.AgainstTruth)
			}
		}
		s.Row(name, how, ranks, wrong, plan, truth)
	}
	if len(x.Budgets) > 0 {
		row(x.Budgets[0].Rule, "by customers lost without each", Num("1.00", 1), Num("0", 0))
	}
	for _, r := range x.Rules {
		ranks, wrong := Num("–", math.NaN()), Num("–", math.NaN())
		if words.Number(float64(r.Ranks)) {
			ranks = Num(fmt.Sprintf("%.2f", float64(r.Ranks)), float64(r.Ranks))
			wrong = Num(fmt.Sprintf("%d of %d", r.Wrong, r.Pairs), float64(r.Wrong))
		}
		row(r.Rule, r.How, ranks, wrong)
	}
	s.Notes = append(s.Notes, "Of the order alone: a rule with a rank correlation of 1 may still credit far too much.")
	if r := &x.Rules[0]; r.Pairs > 0 && !words.Number(float64(r.Ranks)) {
		s.Notes = append(s.Notes, "No order to hold the rules against: no channel brings more than another.")
	}
	switch {
	case len(x.Budgets) > 0:
		s.Notes = append(s.Notes, "Customer lifetime margin per run on another seed: the same money in all, each "+
			"channel's budget in proportion to its credit.")
	default:
		s.Notes = append(s.Notes, "No budget is dealt out by these rules: that needs all channels with a budget, asked "+
			"about together, and some that bring something.")
	}
	return s
}

// pairs is the table of two at a time.
func (x truthPage) pairs() *Sheet {
	s := NewSheet("pairs", "Two at a time: what they bring together, and beyond what each brings",
		append([]string{"pair", "±customers both bring", "±beyond each by itself"}, labels()...)...)
	for _, p := range x.Pairs {
		s.Row(append([]any{p.A + " and " + p.B, With(words.Plain, p.Won), With(words.Plain, p.Overlap)},
			firms(p.Firms)...)...)
	}
	s.Notes = append(s.Notes, "Beyond each by itself: customers lost without both, less those lost without the one and "+
		"those lost without the other. Above 0, each does what the other did when that is missing; below 0, each needs the "+
		"other.")
	return s
}

// shapley is the table of Shapley values.
func (x truthPage) shapley() *Sheet {
	s := NewSheet("shapley", "Shapley values: customers that each brings, on average over all orders", "channel",
		"±customers", "#sampling error")
	for _, v := range x.Shapley {
		sampling := Num("exact", 0)
		if !x.Exact {
			sampling = Num(words.Plain.Text(v.Sampling), v.Sampling)
		}
		s.Row(v.Name, With(words.Plain, v.Won), sampling)
	}
	if !x.Exact {
		s.Notes = append(s.Notes, fmt.Sprintf("From %d orders that were drawn; intervals have that in them. Up to %d "+
			"channels they are exact.", truth.Orders, truth.MostExact))
	}
	return s
}

// budgets is the table of how each rule deals the media budget out.
func (x truthPage) budgets() *Sheet {
	s := NewSheet("budgets", "Each channel's part of the media budget", "budget by", "channel", "#share")
	s.Apart = true
	for _, b := range x.Budgets {
		for _, c := range b.Shares {
			s.Row(b.Rule, c.Channel, share100(c.Part))
		}
	}
	return s
}

// pictures are what the last touch credits beside what is lost.
func (x truthPage) pictures() (out []Picture) {
	b := picture.Bars{Source: picture.Source{Scenario: x.Scenario, Replications: x.Replications, Seed: x.Seed,
		Currency: x.Currency, Note: picture.Uncertain(x.Inputs)}, Names: "channel", ValueName: "Customers per run",
		Finding: "Customers credited by last touch, and lost without the channel",
		Lines:   []picture.Line{{Name: "credited by last touch"}, {Name: "lost without it"}}}
	for _, c := range slices.Clone(x.last().Credits) {
		if w := x.World(c.Channel); w != nil {
			pairs(&b, c.Channel, c.Customers, w.Won)
		}
	}
	for i := range x.Worlds { // what reaches firms without a touch of its own is credited with nobody by any rule
		if w := &x.Worlds[i]; !w.Channel && w.Pause == 0 {
			pairs(&b, w.Name, analysis.Estimate{}, w.Won)
		}
	}
	if len(b.Labels) == 0 {
		return nil
	}
	return []Picture{{Name: "credited-and-lost", Data: b}}
}
