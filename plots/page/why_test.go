package page

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/why"
)

// story is an answer about replication 3 of some, whose cash falls by 10 a week.
func story(of int) *why.Answer {
	a := &why.Answer{Plan: &plan.Plan{Run: plan.Run{Start: 15706, Weeks: 8}}, Folder: "mine", Replication: 3, Of: of, Choose: why.Worst, Scenario: "town", Currency: "USD",
		Chosen: plan.Column{Name: "cash_trough", Unit: "USD"}, Value: -1200,
		Columns: []plan.Column{{Name: "touches", Unit: "touches"}, {Name: "revenue", Unit: "USD"}},
		Verdict: decide.Verdict{Kind: decide.No}, Next: []decide.Step{{Question: "why", Choose: "best"}}}
	for w := range 6 {
		cash := float64(100 - 10*w)
		a.Weeks = append(a.Weeks, why.Week{Week: w + 1, Cash: analysis.Number(cash), Signups: 2})
		a.Bands = append(a.Bands, analysis.Band{P25: cash, P50: cash + 5, P75: cash + 9})
	}
	return a
}

func TestWhyOfAnyNumbers(t *testing.T) {
	said := func(a *why.Answer) []string {
		d := Why(a, cure)
		sound(t, d)
		return append(append([]string{}, d.Sentences...), d.Warnings...)
	}
	a := story(50)
	assert.Equal(t, []string{"Run 3, the worst by lowest cash (−$1,200), ends with the middle half of all runs: nothing sets its " +
		"cash apart.", "Look at another run: this one is like most.",
		"One run of 50: it shows how this happens, not how often."}, said(a))
	a.Parted, a.Verdict = analysis.Parting{Week: 5, Below: true}, decide.Verdict{Kind: decide.Yes}
	a.Gap = -400
	assert.Equal(t, "Run 3, the worst by lowest cash (−$1,200), fell behind from week 5 (ending 2013-02-04), its cash $400 below that of the mean run.",
		said(a)[0])
	a.Choose = why.Numbered
	dollars := func(x float64) *float64 { return &x }
	a.Causes = []why.Cause{{Cause: analysis.Cause{Name: "collections", Sum: 9, Mean: 8, Score: 1}, Dollars: dollars(1)},
		{Cause: analysis.Cause{Name: "fixed_cost", Sum: 900, Mean: 550, Score: 3}, Dollars: dollars(-350)},
		{Cause: analysis.Cause{Name: "touches", Sum: 450, Mean: 509, Score: -3.25}}}
	assert.Equal(t, []string{"Run 3 fell behind from week 5 (ending 2013-02-04), its cash $400 below that of the mean run: " +
		"most of it is $350 more fixed cost.", "Ask how often that happens before you act on one run."}, said(a)[:2], "what helps is no cause of a fall")
	assert.Equal(t, "−3.2", Why(a, cure).Sheets[1].Rows[2][4].Text)
	a.Causes = append([]why.Cause{{Cause: analysis.Cause{Name: "fixed cost", Sum: 14400, Mean: 9000, Score: 2.1}, Input: true,
		Dollars: dollars(-300)}}, a.Causes...)
	a.Ruined = 4
	assert.Equal(t, []string{"Run 3 fell behind from week 5 (ending 2013-02-04) and failed in week 4 (ending 2013-01-28), " +
		"its cash $400 below that of the mean run: most of it is the draw of fixed cost (14.4k, 2.1 standard deviations above the mean), worth $300.",
		"Find out fixed cost before you commit: it was drawn, and most of this goes with it."}, said(a)[:2])
	a.Ruined = a.Parted.Week
	assert.Contains(t, said(a)[0], "Run 3 fell behind and failed in week 5 (ending 2013-02-04), its cash", "once")
	a.Ruined = 4
	a.Causes[0].Dollars = dollars(-600)
	assert.Contains(t, said(a)[0], "standard deviations above the mean), worth $600, partly offset elsewhere.", "no part of $400")
	a.Causes[0].Dollars = dollars(-1)
	assert.Contains(t, said(a)[0], "most of it is $350 more fixed cost", "a draw that did next to nothing does not come first")
	a.Causes[0].Dollars, a.Causes[2].Dollars = dollars(-150), dollars(-180)
	assert.Contains(t, said(a)[0], "the largest part of it is $180 more fixed cost", "$150 and $180 are not most of $400")
	a.Causes[0].Dollars, a.Causes[0].Name = dollars(-300), "journey.memory_weeks"
	a.Inputs = []decide.Input{{Input: plan.Input{Name: "journey.memory_weeks", Key: "journey.memory_weeks"}}}
	assert.Equal(t, "Find out memory weeks before you commit: it was drawn, and most of this goes with it.", said(a)[1], "no key")
	a.Inputs = nil
	a.Beside = 36
	assert.Contains(t, said(a)[0], "its cash $400 below the mean of runs still in business", "who is out of business pays nothing")
	assert.Equal(t, "mean of those in business", Why(a, cure).Sheets[1].Columns[2].Name)
	a.Beside = 50
	a.Causes, a.Failing = nil, 0.25
	assert.Equal(t, "Decide first whether 25% of runs that fail are too many: this is one of them.", said(a)[1],
		"there is no uncertain input to discover")
	a.Open = 2
	assert.Equal(t, "Ask when that happens (discover) before you act on one run.", said(a)[1])
	// Ruin in nearly all runs.
	a.Failing, a.Causes = 0.98, nil
	a.Lines = []why.Line{{Name: "fixed_cost", Sum: -900}, {Name: "pay", Sum: -300}, {Name: "collections", Sum: 100}}
	assert.Equal(t, []string{"Run 3 failed in week 4 (ending 2013-01-28), as do 98% of runs: it took in $100, and paid $900 of fixed cost and $300 " +
		"of pay of sales teams.", "Change the plan: this run is no exception."}, said(a)[:2])

	// All runs are alike, so that none is the worst.
	alike := story(50)
	alike.Alike, alike.Value = true, 0
	assert.Equal(t, []string{"All 50 runs have the same lowest cash ($0), so none stands out: this is run 3.",
		"Look at the plan: no run stands apart."}, said(alike)[:2])
	alike.Ruined, alike.Failing = 4, 1
	alike.Lines = []why.Line{{Name: "fixed_cost", Sum: -900}}
	assert.Equal(t, "Run 3, with the same lowest cash ($0) as all others, failed in week 4 (ending 2013-01-28), as all runs do: it "+
		"took in $0, and paid $900 of fixed cost.", said(alike)[0])

	// All is missing, or there is one run.
	gone := story(50)
	for i := range gone.Weeks {
		gone.Weeks[i].Cash, gone.Bands[i].P50 = analysis.Number(math.NaN()), math.NaN()
	}
	gone.Choose, gone.Verdict = why.Numbered, decide.Verdict{Kind: decide.NotApplicable, Why: "cash is missing at the end"}
	assert.Equal(t, "Not applicable: run 3 cannot be set beside the others: cash is missing at the end.", said(gone)[0])
	assert.Empty(t, Why(gone, cure).Pictures)
	one := story(1)
	one.Verdict = decide.Verdict{Kind: decide.NotApplicable, Why: "there is no other run to compare with"}
	one.Warnings = []decide.Warning{decide.FewRuns{Has: 1, Enough: why.Few, Of: "run"}}
	assert.Contains(t, said(one), "the folder holds 1 run: the middle half of so few says little")
}

func TestWhyIsLaidOut(t *testing.T) {
	a := story(50)
	a.Economy = []why.Turn{{Week: 3, Recession: true}, {Week: 5}}
	a.Shocks = []why.Shock{{Name: "blackout", First: plan.NewDate(2013, 1, 8), Last: plan.NewDate(2013, 1, 21)}}
	a.Journeys = []why.Journey{{Trigger: "new-firm", Firm: "1-4/trades/town", Opened: -1.5, Raised: 2, Path: []string{"email"}}}
	a.Weeks[len(a.Weeks)-1].Brand = 1.43e-18
	d := Why(a, cure)
	sound(t, d)
	salience := d.Sheets[0].Rows[len(d.Sheets[0].Rows)-1][7]
	assert.Equal(t, "0", salience.Text, "what is left of salience after years is none")
	assert.Equal(t, []string{"Economy: recession from week 3, expansion from week 5.",
		"Shocks: blackout from 2013-01-08 to 2013-01-21."}, d.Sheets[0].Notes)
	assert.Len(t, d.Sheets[0].Rows, 2, "spans of four weeks")
	assert.Equal(t, "8", d.Sheets[0].Rows[0][2].Text, "sign-ups are summed")
	assert.Empty(t, d.Sheets[1].Rows, "no causes")
	assert.Equal(t, "before week 1", d.Sheets[2].Rows[0][2].Text, "no week −0.5")
	assert.Equal(t, "3.0", d.Sheets[2].Rows[0][3].Text)
	assert.Equal(t, "cash", d.Pictures[0].Name)
	assert.Equal(t, "run 3 of 50", d.Size)
	text, err := json.Marshal(d.Data(nil))
	require.NoError(t, err)
	assert.Regexp(t, `^{"folder":"mine","replication":3,"chosen":"run 3, the worst by lowest cash \(−\$1,200\)",`+
		`"answer":".*","until_week":0,.*"parted":{"Week":0,"Below":false},"causes":null,"recession":\["recession from week 3",`+
		`"expansion from week 5"\],"shocks":\["blackout from 2013-01-08 to 2013-01-21"\],"weeks":\[{"week":1,"cash":100,`,
		string(text))
}

// Where two plans part is said by the numbers that differ, five at most, and by the first
// firm.
func TestWhyAgainst(t *testing.T) {
	against := func(d *why.Difference) string {
		a := story(50)
		a.Against = d
		doc := Why(a, cure)
		sound(t, doc)
		require.Len(t, doc.Sentences, 4)
		return doc.Sentences[3]
	}
	assert.Equal(t, "The two plans give the same weeks to the last bit.", against(&why.Difference{Run: "yours"}))
	d := &why.Difference{Run: "yours", Week: 4, Numbers: []why.Differing{{Name: "won", Here: 1, There: 2},
		{Name: "mrr", Here: 300020, There: 300040}, {Name: "c"}, {Name: "d"}, {Name: "e"}, {Name: "f"}}}
	assert.Equal(t, "The two plans first differ in week 4 (ending 2013-01-28): customers won (1 against 2), monthly recurring revenue (300,020 against 300,040), C (0 "+
		"against 0), D (0 against 0), E (0 against 0). No firm becomes a lead at another time.", against(d))
	d.Numbers = d.Numbers[:1]
	here, there := &why.Hand{Raised: 3, Path: "email, display"}, &why.Hand{Raised: 2, Path: "email"}
	f := &why.Firm{Here: here}
	f.Name, f.Trigger, f.Opened = "5-19/retail/city", "new-office", -2
	d.Firm = f
	const firm = "The two plans first differ in week 4 (ending 2013-01-28): customers won (1 against 2). The first firm that differs (5-19/retail/city, " +
		"new-office before week 1) becomes a lead in week "
	assert.Equal(t, firm+"4.0 after email, display here and not at all in yours.", against(d))
	f.There = there
	assert.Equal(t, firm+"4.0 after email, display here and in week 3.0 after email in yours.", against(d))
	f.Here = nil
	assert.Equal(t, firm+"3.0 after email in yours and not at all here.", against(d))
}

// Things that are counted are fewer, and customers that left are named as such; all causes
// have words.
func TestWhyWordsItsCauses(t *testing.T) {
	for name, words := range map[string]string{"touches": "fewer touches", "churned": "fewer customers churned",
		"collections": "less collected from customers", "recession": "fewer weeks in recession"} {
		assert.Equal(t, words, causeWords[name].less+" "+causeWords[name].words)
	}
	for _, name := range why.Causes {
		assert.NotEmpty(t, causeWords[name].words, name)
	}
	assert.Len(t, causeWords, len(why.Causes))
}
