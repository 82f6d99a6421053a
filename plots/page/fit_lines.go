package page

import (
	"fmt"
	"math"
	"slices"

	"windfall/plots/words"
	"windfall/scenarios/company"
	"windfall/sim/analysis"
	"windfall/sim/decide/value"
	"windfall/sim/fit/learned"
)

// said is what stands first.
func (x fitPage) said() Lines {
	return Lines{Finding: x.finding() + x.ahead(), Do: x.do(), Sure: x.sure() + x.unlearned()}
}

// finding is what was learned, and whether the plan fits.
func (x fitPage) finding() string {
	learned, some, all := x.count(learned.Learned), x.count(learned.Partly), len(x.Unknowns)
	text := fmt.Sprintf("Your history teaches %d of %s", learned, words.Counted(all, "number"))
	if learned == all {
		text = fmt.Sprintf("Your history teaches all of %s", words.Counted(all, "number"))
	} else if learned == 0 && some == 0 {
		text = fmt.Sprintf("Your history teaches none of %s", words.Counted(all, "number"))
	}
	if some > 0 {
		text += fmt.Sprintf(", and %d in part", some)
	}
	outside := words.Percent.Text(x.Outside())
	switch x.verdict() {
	case fits:
		return fmt.Sprintf("%s; the plan fits%s: %s of the history lies outside the range of 95%% of runs.", text,
			x.exceptFor(), outside)
	case partly:
		return fmt.Sprintf("%s; the plan fits in part%s: %s of the history lies outside the range of 95%% of "+
			"runs, where chance leaves 5%%.", text, x.exceptFor(), outside)
	case misfits:
		return fmt.Sprintf("%s; the plan does not fit: %s of the history lies outside the range of 95%% of "+
			"runs, where chance leaves 5%%.", text, outside)
	}
	return text + "; how well it fits is not known."
}

// off says that a series lies outside of its bands in most of its periods.
func off(b *learned.Band) bool { return 2*b.Outside > b.Known }

// exceptFor names the series that a plan misses in most periods though it fits on the whole; empty: there is none.
func (x fitPage) exceptFor() string {
	var names []string
	for i := range x.Bands {
		if b := &x.Bands[i]; off(b) {
			names = append(names, fmt.Sprintf("%s (outside in %d of %s)", saidOf(b.Series), b.Outside,
				words.Counted(b.Known, "period")))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return " except for " + words.List(names)
}

// worst is the series that lies outside of its bands most often.
func (x fitPage) worst() *learned.Band {
	var worst *learned.Band
	for i := range x.Bands {
		if b := &x.Bands[i]; b.Known > 0 && (worst == nil || b.Outside*worst.Known > worst.Outside*b.Known) {
			worst = b
		}
	}
	return worst
}

// do says what to do with the plan, and what to measure next.
func (x fitPage) do() string {
	text := fmt.Sprintf("Run %s: it begins where the history ends.", x.Plan)
	if x.verdict() == misfits {
		text = fmt.Sprintf("Look at %s first, which is off most; then run %s.", saidOf(x.worst().Series), x.Plan)
	}
	for _, more := range []string{x.setBudgets(), x.measureNext()} {
		if more != "" {
			text += " " + more
		}
	}
	return text
}

// sure says how the plan predicts what it did not see, and where a naive forecast is better.
func (x fitPage) sure() string {
	rests := fmt.Sprintf("90%% intervals from %s of the history", words.Counted(x.Runs, "run"))
	if x.Share < 1 {
		rests += fmt.Sprintf(" with %s of the firms", words.Percent.Text(x.Share))
	}
	if n := len(x.Off); n > 0 {
		var some []string
		for _, name := range x.Off[:min(n, 3)] {
			some = append(some, x.summary(name).Text)
		}
		if n > 3 {
			some = append(some, fmt.Sprintf("%d more", n-3))
		}
		rests += ". What no values of these numbers make taught nothing: " + words.List(some)
	}
	if x.Misfit > 1 {
		rests += fmt.Sprintf(". No values of these numbers make the history, so that all its errors were taken %s times as "+
			"large", words.Plain.Text(x.Misfit))
	}
	unit := "week"
	if x.History.Monthly {
		unit = "month"
	}
	rests += x.missed(unit)
	b := x.BackTest
	if b == nil || len(b.Scores) == 0 {
		return rests + ". The history is too short to predict its end from the time before."
	}
	rests += fmt.Sprintf(". The last %s, predicted from the time before: %s of the numbers lie inside their 90%% "+
		"intervals.", words.Counted(b.Periods, unit), words.Percent.Text(b.Cover))
	naive := map[string][]string{}
	n := 0
	for i := range b.Scores {
		if better := b.Scores[i].Naive(); better != "" {
			naive[better] = append(naive[better], saidOf(b.Scores[i].Series))
			n++
		}
	}
	switch {
	case n == 0:
		return rests + " No naive forecast was better for any series."
	case n == len(b.Scores):
		rests += " A naive forecast was better for every series"
	default:
		rests += fmt.Sprintf(" A naive forecast was better for %d of %d series", n, len(b.Scores))
	}
	for _, s := range b.Scores {
		if s.Outcome == company.Won && s.Channel == "" && s.Team == "" {
			if better := s.Naive(); better != "" {
				return rests + fmt.Sprintf(", among them customers won (%s).", better)
			}
			return rests + ", not for customers won."
		}
	}
	return rests + "."
}

// missed says which predictions are wider by what the plan missed before, and by how much at most.
func (x fitPage) missed(unit string) string {
	var names []string
	most := 0.
	for i := range x.Missed {
		names, most = append(names, saidOf(x.Missed[i].Series)), max(most, x.Missed[i].SD)
	}
	switch n := len(names); {
	case n == 0:
		return ""
	case n > 3:
		names = append(names[:3:3], fmt.Sprintf("%d more", n-3))
	}
	atMost := ""
	if len(names) > 1 {
		atMost = "at most "
	}
	return fmt.Sprintf(". The plan misses more of %s than chance, so that predictions are wider by that: by %s%s in a %s",
		words.List(names), atMost, words.Percent.Text(math.Exp(most)-1), unit)
}

// unlearned says what the history cannot tell.
func (x fitPage) unlearned() string {
	if len(x.Cannot) == 0 {
		return ""
	}
	var names []string
	for _, u := range x.Cannot[:min(mostUnlearned, len(x.Cannot))] {
		names = append(names, "the "+x.called(u.Unknown).Text)
	}
	if n := len(x.Cannot) - len(names); n > 0 {
		names = append(names, fmt.Sprintf("%d more", n))
	}
	return fmt.Sprintf(" Your data cannot tell %s; the column \"what would teach it\" says what would.", words.List(names))
}

// mostUnlearned are named in a sentence.
const mostUnlearned = 3

// atEdge are the unknowns of which the history says something else than what was assumed of them.
func (x fitPage) atEdge() (out []*learned.Estimate) {
	for i := range x.Unknowns {
		if e := &x.Unknowns[i]; e.AtEdge() {
			out = append(out, e)
		}
	}
	return out
}

// warnings are what of the folder the plan does not have, and where the history disagrees with what was assumed.
func (x fitPage) warnings() []string {
	all := x.atEdge()
	if len(all) == 0 {
		return x.Notes
	}
	var names []string
	for _, e := range all[:min(mostAtEdge, len(all))] {
		now, before := factor(e.Mean, e.SD), factor(e.Prior.Mean, e.Prior.SD)
		names = append(names, fmt.Sprintf("the %s (%s times the first plan's number; %s to %s was assumed)", e.Label(),
			words.Plain.Text(now.Value), words.Plain.Text(before.Low), words.Plain.Text(before.High)))
	}
	check := "check its rows in history.csv and what it rests on, in the table unknowns"
	if len(all) > 1 {
		check = "check their rows in history.csv and what they rest on, in the table unknowns"
	}
	if n := len(all) - len(names); n > 0 {
		names = append(names, fmt.Sprintf("%d more", n))
	}
	return append(slices.Clip(x.Notes), fmt.Sprintf("your history disagrees with what is assumed of %s: %s",
		words.List(names), check))
}

// mostAtEdge are named in a warning.
const mostAtEdge = 4

// ahead says what the next year brings.
func (x fitPage) ahead() string {
	at := func(o company.Outcome) *learned.Forecast {
		if i := slices.IndexFunc(x.Forecast, func(f learned.Forecast) bool { return f.Outcome == o }); i >= 0 {
			return &x.Forecast[i]
		}
		return nil
	}
	won, cac := at(company.Won), at(learned.CAC)
	if won == nil || cac == nil {
		return ""
	}
	ends := func(f *learned.Forecast) string {
		return words.Ends(x.format(f.Outcome).Text, analysis.Estimate{Value: f.Median, Low: f.Low, High: f.High})
	}
	return fmt.Sprintf(" With the spend of the year before, the next %s bring %s customers at %s each (90%% "+
		"intervals).", words.Counted(won.Weeks, "week"), ends(won), ends(cac))
}

// fitData is the answer as programs read it, with what is said of it.
type fitData struct {
	Warnings []string `json:"warnings,omitempty"`
	Lines
	Verdict  verdict         `json:"verdict"`
	Outside  analysis.Number `json:"outside_95"`
	Unknowns []fitUnknown    `json:"unknowns"`
	Cannot   []fitCannot     `json:"unlearned"`
	// Unexplained are summaries that no values of the unknowns come near to, Misfit what all errors were multiplied by
	// since no values make the history; 1: some do.
	Unexplained []fitUnexplained `json:"unexplained"`
	Misfit      analysis.Number  `json:"misfit"`
	// Missed are series of which the plan misses more than chance: their predictions are wider by that.
	Missed []fitMissed `json:"missed"`
	// Measure is what knowing is worth before budgets are decided on; null: there is none.
	Measure  *value.BudgetsAnswer `json:"measure"`
	Forecast []fitForecast        `json:"forecast"`
	BackTest *fitBackTest         `json:"backtest,omitempty"`
	Runs     int                  `json:"runs"`
	Extra    int                  `json:"further_rounds"`
	Misses   analysis.Number      `json:"emulator_misses"`
	Moved    analysis.Number      `json:"last_move"`
	Share    float64              `json:"share_of_firms"`
	Seed     uint64               `json:"seed"`
	Plan     string               `json:"plan"`
	Currency string               `json:"currency"`
}

type fitUnknown struct {
	Name       string          `json:"name"`
	Label      string          `json:"label"`
	Kind       learned.Kind    `json:"kind"`
	Of         []string        `json:"of"`
	Verdict    learned.Verdict `json:"verdict"`
	Odds       bool            `json:"of_odds"`
	Before     [3]float64      `json:"before"` // low, middle and high of the 90% interval, as factors
	Now        [3]float64      `json:"now"`
	Left       analysis.Number `json:"width_left"`
	BeforeFrom string          `json:"before_from"`
}

type fitCannot struct {
	Unknown    string      `json:"unknown"`
	Why        learned.Why `json:"why"`
	Experiment string      `json:"experiment"`
}

type fitUnexplained struct {
	Summary  string          `json:"summary"`
	Seen     analysis.Number `json:"seen"`
	Expected analysis.Number `json:"expected"`
}

type fitMissed struct {
	Series string          `json:"series"`
	SD     analysis.Number `json:"relative_sd"`
	Stays  analysis.Number `json:"stays"`
}

type fitForecast struct {
	Outcome company.Outcome    `json:"outcome"`
	Weeks   int                `json:"weeks"`
	Ends    [3]analysis.Number `json:"low_middle_high"`
	Width   analysis.Number    `json:"relative_width"`
	Floor   analysis.Number    `json:"width_by_chance"`
}

type fitBackTest struct {
	Periods int             `json:"periods"`
	Cover   analysis.Number `json:"inside_90"`
	Scores  []fitScore      `json:"crps"`
	Missed  []fitMissed     `json:"missed"`
}

type fitScore struct {
	Series    string          `json:"series"`
	Cover     analysis.Number `json:"inside_90"`
	Fit       analysis.Number `json:"fit"`
	LastYear  analysis.Number `json:"last_year"`
	Smoothing analysis.Number `json:"smoothing"`
	Naive     string          `json:"naive_was_better,omitempty"`
}

// data is the answer for programs.
func (x fitPage) data(warnings []string, said Lines) fitData {
	d := fitData{Warnings: warnings, Lines: said, Verdict: x.verdict(), Outside: analysis.Number(x.Outside()),
		Runs:  x.Runs,
		Extra: x.Extra, Misses: analysis.Number(x.Misses), Moved: analysis.Number(x.Moved), Share: x.Share, Seed: x.Seed,
		Measure: x.next, Plan: x.Plan, Currency: x.Currency, Misfit: analysis.Number(x.Misfit)}
	three := func(mean, sd float64) [3]float64 {
		low, middle, high := factors(mean, sd)
		return [3]float64{low, middle, high}
	}
	for i := range x.Unknowns {
		e := &x.Unknowns[i]
		d.Unknowns = append(d.Unknowns, fitUnknown{e.Name, e.Label(), e.Kind, e.Of, e.Verdict, e.Kind.Odds(),
			three(e.Prior.Mean, e.Prior.SD), three(e.Mean, e.SD), analysis.Number(e.Ratio), e.Prior.Source})
	}
	for _, u := range x.Cannot {
		d.Cannot = append(d.Cannot, fitCannot{u.Unknown, u.Why, teaches[u.Why]})
	}
	d.Unexplained, d.Missed = x.unexplained(), missedOf(x.Missed)
	for i := range x.Forecast {
		f := &x.Forecast[i]
		d.Forecast = append(d.Forecast, fitForecast{f.Outcome, f.Weeks, [3]analysis.Number{analysis.Number(f.Low),
			analysis.Number(f.Median), analysis.Number(f.High)}, analysis.Number(f.Width), analysis.Number(f.Floor)})
	}
	if b := x.BackTest; b != nil && !math.IsNaN(b.Cover) {
		d.BackTest = &fitBackTest{Periods: b.Periods, Cover: analysis.Number(b.Cover), Missed: missedOf(b.Missed)}
		for i := range b.Scores {
			s := &b.Scores[i]
			d.BackTest.Scores = append(d.BackTest.Scores, fitScore{s.Name(), analysis.Number(s.Cover()),
				analysis.Number(s.Fit),
				analysis.Number(s.LastYear), analysis.Number(s.Smoothing), s.Naive()})
		}
	}
	return d
}

// unexplained are the summaries that no values of the unknowns come near to, with what the history has of each and what
// is expected of the fitted plan.
func (x fitPage) unexplained() []fitUnexplained {
	out := []fitUnexplained{}
	for _, name := range x.Off {
		u := fitUnexplained{name, analysis.Number(math.NaN()), analysis.Number(math.NaN())}
		if i := slices.IndexFunc(x.Summaries, func(s learned.Summary) bool { return s.Name == name }); i >= 0 {
			u.Seen, u.Expected = analysis.Number(x.Summaries[i].Seen), analysis.Number(x.Summaries[i].Expected)
		}
		out = append(out, u)
	}
	return out
}

func missedOf(all []learned.Missed) []fitMissed {
	out := []fitMissed{}
	for i := range all {
		m := &all[i]
		out = append(out, fitMissed{m.Name(), analysis.Number(m.SD), analysis.Number(m.Stays)})
	}
	return out
}
