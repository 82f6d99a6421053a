package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/model"
	"windfall/plots"
	"windfall/plots/decide"
	"windfall/plots/gallery"
	"windfall/plots/report"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// balances draws the dollars of each pause: what is not spent against the gross
// margin lost, from the first week of the run on.
func balances(a *pauseAnswer) (out []gallery.Hung) {
	for i := range a.Pauses {
		x := &a.Pauses[i]
		c := plots.Curve{Source: plots.Source{Scenario: a.Scenario, Replications: a.Replications, Seed: a.Seed, Currency: string(a.Currency)}, XName: "Week of the run", YName: a.Currency.Axis("Since the first day"),
			Finding: fmt.Sprintf("Pause of %s: the gross margin lost does not pass what is not spent within the run", words.Counted(x.Length, "week")),
			Lines:   []plots.Line{{Name: "Not spent", Points: x.SavedBy}, {Name: "Gross margin lost", Points: x.LostBy}}}
		if x.Crossing > 0 {
			c.Finding = fmt.Sprintf("Pause of %s: the gross margin lost passes what is not spent %s", words.Counted(x.Length, "week"), x.crossing())
		}
		for w := range x.SavedBy {
			c.X = append(c.X, float64(w+1))
		}
		if len(c.X) > 1 {
			out = append(out, gallery.Hung{Name: x.file("dollars"), Drawing: c})
		}
	}
	return out
}

// pauseAnswer is what pause writes and prints as JSON.
type pauseAnswer struct {
	name  string // as typed
	typed []string
	doubts
	inMoney

	Scenario     string         `json:"scenario"`
	What         string         `json:"what"`
	Regions      string         `json:"regions,omitempty"`
	From         string         `json:"from"`
	Replications int            `json:"replications"`
	Seed         uint64         `json:"seed"`
	Weeks        int            `json:"weeks"`
	Years        float64        `json:"ltv_horizon_years"`
	Pauses       []pauseOutcome `json:"pauses"`
}

// pauseOutcome is the effect of a pause of one length.
type pauseOutcome struct {
	Length    int                 `json:"weeks"`
	Answer    string              `json:"answer"`
	Idle      bool                `json:"no_signups,omitempty"` // with or without the pause
	Signups   analysis.Estimate   `json:"signups"`              // of the run
	InPause   analysis.Estimate   `json:"signups_in_pause"`     // relative, over the pause and no longer
	Won       analysis.Estimate   `json:"won"`
	Depth     analysis.Estimate   `json:"depth"`
	DepthWeek int                 `json:"depth_week"`
	Recovery  int                 `json:"weeks_to_recover"` // -1: not within the run
	NeverBack analysis.Estimate   `json:"never_regained"`
	Saved     analysis.Estimate   `json:"saved"`       // media and brand not spent
	Unspent   analysis.Estimate   `json:"not_spent"`   // all cost of acquiring not spent
	Margin    analysis.Estimate   `json:"margin_lost"` // gross margin within the run
	Crossing  int                 `json:"crossing_week"`
	Lifetime  analysis.Estimate   `json:"lifetime_margin"` // change
	Lost      analysis.Estimate   `json:"lifetime_value_lost"`
	CashEnd   analysis.Estimate   `json:"cash_end"`
	RuinA     analysis.Estimate   `json:"out_of_business_plan"`
	RuinB     analysis.Estimate   `json:"out_of_business_pause"`
	Reduction float64             `json:"variance_reduction"`     // of sign-ups in the pause; 0: nothing differs
	RunSaved  float64             `json:"variance_reduction_run"` // of sign-ups of the run
	Ruin      analysis.Estimate   `json:"out_of_business_change"`
	Weekly    []analysis.Estimate `json:"weekly"`
	SavedBy   []analysis.Estimate `json:"not_spent_by_week"` // since the first day
	LostBy    []analysis.Estimate `json:"margin_lost_by_week"`
	By        []pauseSlice        `json:"by"`
}

// pauseSlice is the change of sign-ups in one slice of the run.
type pauseSlice struct {
	Dimension string            `json:"dimension"`
	Name      string            `json:"name"`
	Change    analysis.Estimate `json:"change"`
	Relative  analysis.Estimate `json:"relative"`
	Share     analysis.Number   `json:"share"` // of the plan's sign-ups
}

// sentence is the answer: what is saved against the lifetime value lost.
func (o *pauseOutcome) sentence(plan *model.Plan) string {
	money := moneyOf(plan).Currency.Money()
	if o.Idle {
		return fmt.Sprintf("A pause of %s saves %s, and there are no sign-ups with or without the pause (%s).", words.Counted(o.Length, "week"), decide.With(money, o.Unspent).Text, words.Counted(o.Signups.N, "pair"))
	}
	change, reach := money.WithError(math.Abs(o.Lifetime.Value), o.Lifetime.HalfWidth())
	verdict := "what that is worth in the end is not seen"
	switch {
	case o.Lifetime.Low > 0:
		verdict = "it gains " + change + " ± " + reach
	case o.Lifetime.High < 0:
		verdict = "it costs " + change + " ± " + reach
	}
	return fmt.Sprintf("A pause of %s does not spend %s and loses %s of customers' lifetime margin over %v years (%s sign-ups): %s (95%% interval, %s).",
		words.Counted(o.Length, "week"), money.Text(o.Unspent.Value), money.Text(o.Lost.Value), plan.Finance.LTVHorizonYears,
		words.Plain.Text(math.Round(o.Signups.Value)), verdict, words.Counted(o.Signups.N, "pair"))
}

func (a *pauseAnswer) sentences() (out []string) {
	for _, x := range a.Pauses {
		out = append(out, x.Answer)
	}
	return out
}

func (a *pauseAnswer) size() string { return words.Counted(a.Replications, "pair") + " of each length" }

func (a *pauseAnswer) next() []string {
	return []string{shellLine(append([]string{"windfall", "respond", a.name}, a.typed...)), "windfall lesson L05"}
}

func (a *pauseAnswer) warnings() (out []string) {
	if a.Replications < fewPairs {
		out = append(out, fmt.Sprintf("%s are few for single weeks and channels; --replications %d would do", words.Counted(a.Replications, "pair"), pauseReplications))
	}
	for _, x := range a.Pauses {
		if x.RuinA.Value > 0 || x.RuinB.Value > 0 {
			out = append(out, fmt.Sprintf("%s: out of business in %s of replications, %s without the pause", words.Counted(x.Length, "week"), words.Percent.Text(x.RuinB.Value), words.Percent.Text(x.RuinA.Value)))
		}
	}
	return out
}

// file names a picture or a table of the pause: dollars-3-weeks.
func (o *pauseOutcome) file(what string) string {
	return what + "-" + strings.ReplaceAll(words.Counted(o.Length, "week"), " ", "-")
}

// crossing words the week from which the gross margin lost exceeds the saving.
func (o *pauseOutcome) crossing() string {
	if o.Crossing > 0 {
		return fmt.Sprintf("in week %d", o.Crossing)
	}
	return "not within the run"
}

// sheets are the tables of what pauses do.
func (a *pauseAnswer) sheets() []*decide.Sheet {
	signups := decide.NewSheet("signups", "Sign-ups: the plan with a pause against the plan without it", "pause", "#in the pause", "#worst week", "recovers after", "#never regained", "#sign-ups of the run", "#customers won", "#variance saved in the pause", "#of the run")
	dollars := decide.NewSheet("dollars", a.Currency.Words("Dollars"), "pause", "#media and brand saved", "#all not spent", "#gross margin lost", "loss passes saving", fmt.Sprintf("#lifetime margin, %v years", a.Years), "#cash at the end", "#out of business, points")
	weekly := decide.NewSheet("weekly", "Week by week, mean of pairs", "pause", "#week", "#sign-ups", "#not spent since the first day", "#gross margin lost since the first day")
	weekly.Apart = true
	saved := func(x float64) report.Cell {
		if x == 0 {
			return report.Words("identical")
		}
		return report.Num(words.Times(x), x)
	}
	for _, x := range a.Pauses {
		name := words.Counted(x.Length, "week")
		recovers := "not within the run"
		if !x.Depth.Known() {
			recovers = "–"
		} else if x.Recovery >= 0 {
			recovers = words.Counted(x.Recovery, "week")
		}
		back := decide.Value(words.Percent, x.NeverBack)
		if back.Text = ""; back.Value != nil {
			back.Text = words.Ends(words.Percent.Text, x.NeverBack)
		}
		during, worst := relative(x.InPause), relative(x.Depth)
		if x.InPause.Known() {
			during.Text += " ± " + words.Percentage(x.InPause.HalfWidth())
		}
		if x.Depth.Known() {
			worst.Text += fmt.Sprintf(" (week %d)", x.DepthWeek)
		}
		signups.Row(name, during, worst, recovers, back, decide.With(words.Plain, x.Signups), decide.With(words.Plain, x.Won), saved(x.Reduction), saved(x.RunSaved))
		dollars.Row(name, decide.With(a.Currency.Money(), x.Saved), decide.With(a.Currency.Money(), x.SavedBy[len(x.SavedBy)-1]), decide.With(a.Currency.Money(), x.Margin), x.crossing(), decide.With(a.Currency.Money(), x.Lifetime), decide.With(a.Currency.Money(), x.CashEnd), points(x.Ruin))
		for w := range x.Weekly {
			weekly.Row(name, report.Num(strconv.Itoa(w+1), float64(w+1)), decide.With(words.Plain, x.Weekly[w]), decide.With(a.Currency.Money(), x.SavedBy[w]), decide.With(a.Currency.Money(), x.LostBy[w]))
		}
	}
	dollars.Notes = []string{"Not spent by the end of the run are revenue shares too, which the answer counts with the margin of the customers."}
	fewFor(signups, a.Replications, fewPairs, "pair")
	out := []*decide.Sheet{signups, dollars}
	for i, x := range a.Pauses {
		s := decide.NewSheet(x.file("slices"), fmt.Sprintf("Sign-ups of the run, pause of %s", words.Counted(x.Length, "week")), fmt.Sprintf("pause of %s", words.Counted(x.Length, "week")), "of", "#sign-ups of the run", "#relative", "#share of sign-ups")
		s.Apart = i < len(a.Pauses)-1 // the longest is printed
		rows := slices.Clone(x.By)
		slices.SortStableFunc(rows, func(x, y pauseSlice) int { return cmp.Compare(x.Change.Value, y.Change.Value) })
		for _, r := range rows {
			s.Row(r.Name, r.Dimension, decide.With(words.Plain, r.Change), relative(r.Relative), report.Num(words.Percent.Text(float64(r.Share)), float64(r.Share)))
		}
		fewFor(s, a.Replications, fewPairs, "pair")
		out = append(out, s)
	}
	return append(out, weekly)
}
