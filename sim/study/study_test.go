package study

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	answers "windfall/sim/answer"
	"windfall/sim/metric"
)

// head is the scenario of the test studies: six weeks of the metropolitan market.
const head = `extends = "metro"
question = "Does radio bring sign-ups?"
[run]
weeks = 6
[opening]
plan = "metro"
`

// run answers a study in memory.
func run(s *Study, workers int) (*Answer, error) {
	panels, err := answers.InMemory(context.Background(), workers, s.Parts()...)
	if err != nil {
		return nil, err
	}
	return s.Judge(panels...), nil
}

func open(t *testing.T, text string, sets ...string) (*Study, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "mine.toml")
	require.NoError(t, os.WriteFile(file, []byte(head+text), 0o644))
	return Open(file, sets)
}

const compare = `
[study]
kind = "compare"
replications = 20
answer = "Radio off loses {lost} of sign-ups ({lost.value})."
outcomes = ["signups", "cac"]
[study.variants.off]
title = "no radio"
"media.radio.weekly_budget" = 0
[study.variants.as-it-is]
"media.radio.to_equity" = 0.2
[study.show.lost]
value = "1 - signups(off) / signups(plan)"
unit = "%"
[study.expect.lost]
title = "radio brings sign-ups"
inequality = "signups(off) - signups(plan) < 0"
[study.expect.everywhere]
each = "channels"
where = "signups(plan, channel {each}) / signups(plan) > 5%"
inequality = ["signups(off, channel {each}) - signups(plan, channel {each}) < 10"]
[study.control]
title = "brand does nothing"
set = {"channels.*.halo" = 0, "channels.*.captures" = "none", "channels.inbound.enabled" = false}
[study.control.expect.nothing]
inequality = "abs(signups(off) - signups(plan)) <= 0"
[study.pictures.p]
kind = "weeks"
weeks = [1, 3]
y_title = "sign-ups a week"
[study.pictures.p.series.plan]
value = "signups(plan, week {week})"
`

// A study compares its variants with the plan itself, under common random
// numbers; without the mechanism nothing is left of the difference.
func TestCompare(t *testing.T) {
	s, err := open(t, compare)
	require.NoError(t, err)
	require.Len(t, s.Settings, 3)
	a, err := run(s, 2)
	require.NoError(t, err)
	require.Equal(t, metric.Holds, a.Verdict)
	require.Equal(t, metric.Holds, a.Control.Verdict, "%+v", a.Control)
	require.Equal(t, 0.0, a.Control.Expectations[0].Value.Value)
	require.Positive(t, a.Shows[0].Value.Value)
	require.Contains(t, a.Sentence, " to ")
	require.NotContains(t, a.Sentence, "{")
	require.Equal(t, "no radio", a.Table[1].Title)
	require.Nil(t, a.Table[0].Outcomes[0].Difference)
	require.Negative(t, a.Table[1].Outcomes[0].Difference.High)
	require.Equal(t, 0.0, a.Table[2].Outcomes[1].Difference.Value, "the same plan is the same setting")
	require.Len(t, a.Pictures[0].Series[0].Points, 3)
	require.Greater(t, a.Expectations[1].Claims, 3)

	again, err := run(s, 1)
	require.NoError(t, err)
	require.Equal(t, a, again)

	s, err = open(t, compare, "media.*.weekly_budget*=0")
	require.NoError(t, err)
	require.Equal(t, []string{"media.*.weekly_budget*=0"}, s.Changed)
	a, err = run(s, 2)
	require.NoError(t, err)
	require.Equal(t, metric.DoesNotHold, a.Verdict)
}

// Where --set and the study give the same key a value, it is said which one wins
// and where: --set over plain variants, the study's own value where it is varied
// or repeated, and in the control. What multiplies acts on both.
func TestOverridesOfTheStudysOwnKeysAreTold(t *testing.T) {
	const radio = "media.radio.weekly_budget"
	warnings := func(text string, sets ...string) []string {
		t.Helper()
		s, err := open(t, text, sets...)
		require.NoError(t, err)
		return s.Warnings
	}
	require.Empty(t, warnings(compare))
	require.Equal(t, []string{"--set media.*.weekly_budget=100 takes the place of the study's own value in setting off: in this key they no longer differ from the plan"},
		warnings(compare, "media.*.weekly_budget=100"))
	s, err := open(t, compare, radio+"=100")
	require.NoError(t, err)
	require.Equal(t, scenarios.Content(s.Settings[0].Plan), scenarios.Content(s.Settings[1].Plan), "--set wins")
	require.Empty(t, warnings(compare, radio+"*=2"), "0 times 2 is 0")
	require.Equal(t, []string{"--set channels.email.halo=1 does not act in the control, which gives this key a value of its own"}, warnings(compare, "channels.email.halo=1"))
	require.Equal(t, []string{"--set channels.email.reach.size.5-19=0.5 does not act in setting all sizes: there the study's own value of this key stays"},
		warnings(strings.Replace(compare, "[study.show.lost]", `[study.variants."all {each}"]
each = ["sizes"]
"channels.*.reach.size" = 0.5
[study.show.lost]`, 1), "channels.email.reach.size.5-19=0.5"))

	const vary = `
[study]
kind = "vary"
[study.vary]
keys = ["channels.display.weekly_budget"]
values = [100, 200, "x0.5", "x1", "x3", 300, 400, 500]
[study.expect.more]
inequality = "media_spend(200) > media_spend(100)"
`
	require.Equal(t, []string{"--set channels.display.weekly_budget*=2 does not act in settings 100, 200, 300, 400 and 1 more: there the study's own value of this key stays"},
		warnings(vary, "channels.display.weekly_budget*=2"))
	require.Empty(t, warnings(vary, "channels.email.weekly_budget*=2"))
}

// Values of keys give one setting each, for each name.
// A key that is off in the plan may be on in another setting, where --set acts; it is refused where it acts in none. A
// variant multiplies by a value such as x0.5 without each, too, and then acts on what --set gives.
func TestOverridesOfWhatAVariantSwitchesOn(t *testing.T) {
	const text = `
[channels.facebook]
enabled = false
[study]
kind = "compare"
replications = 2
[study.variants.on]
"channels.facebook.enabled" = true
"channels.email.weekly_budget" = "x0.5"
[study.expect.lost]
inequality = "won(on) - won(plan) > 0"
`
	for _, set := range []string{"channels.facebook.weekly_budget=7", "channels.facebook.weekly_budget*=2"} {
		s, err := open(t, text, set)
		require.NoError(t, err, set)
		require.Empty(t, s.Warnings)
		_, err = open(t, strings.ReplaceAll(text, "facebook.enabled\" = true", "facebook.enabled\" = false"), set)
		require.ErrorContains(t, err, "--set: "+set+": does nothing in any setting of the study: channel facebook is switched off")
	}
	s, err := open(t, text, "channels.email.weekly_budget=100")
	require.NoError(t, err)
	require.Empty(t, s.Warnings, "what multiplies acts on what --set gives")
	want, err := scenarios.Load("metro", scenarios.Set("run.weeks=6", "channels.email.weekly_budget=100", "channels.email.weekly_budget*=0.5"))
	require.NoError(t, err)
	require.Equal(t, want.On(want.Run.Start).Channels[3].WeeklyBudget, s.Settings[1].Plan.On(want.Run.Start).Channels[3].WeeklyBudget)
}

func TestVary(t *testing.T) {
	s, err := open(t, `
[study]
kind = "vary"
replications = 6
[study.vary]
keys = ["channels.{each}.weekly_budget"]
values = ["x0", "x1", "x2"]
each = ["paid-search", "display"]
[study.expect.more]
each = ["paid-search", "display"]
inequality = "media_spend({each} x2) - media_spend({each} x1) > 0"
[study.show.spent]
each = ["paid-search"]
title = "spend of {each}"
value = "media_spend({each} x1) - media_spend({each} x0)"
unit = "USD"
[study.names]
paid-search = "paid search"
display = "banners"
[study.pictures.spent]
kind = "curve"
x = [0, 1]
y_title = "spend, USD"
series = {of = {each = ["paid-search", "display", "email"], title = "{each}", value = "media_spend(plan)"}}
[study.pictures.bars]
kind = "bars"
labels = ["display", "email"]
y_title = "spend, USD"
series = {of = {value = "media(plan, channel {label})"}}
`)
	require.NoError(t, err)
	require.Len(t, s.Settings, 7)
	require.Len(t, runs(s.Settings), 5, "x1 is the plan")
	a, err := run(s, 2)
	require.NoError(t, err)
	require.Equal(t, metric.Holds, a.Verdict)
	require.Equal(t, "spend of paid search", a.Shows[0].Title)
	require.Equal(t, "spent.paid-search", a.Shows[0].Name)
	var titles []string
	for _, c := range s.Pictures[0].Series {
		titles = append(titles, c.Title)
	}
	require.Equal(t, []string{"paid search", "banners", "email"}, titles)
	require.Equal(t, []string{"banners", "email"}, s.Pictures[1].Labels)
	require.Positive(t, a.Shows[0].Value.Value)

	// That five runs spend the same more does not decide it.
	s.Replications = 5
	a, err = run(s, 2)
	require.NoError(t, err)
	require.Equal(t, metric.Undecided, a.Verdict)
}

// What is wrong with a study is said with its place.
func TestBadStudies(t *testing.T) {
	for text, want := range map[string]string{
		"": "study: the file has no table [study]: run it with windfall run",
		"[study]\nkind = \"compare\"\n[study.variants.off]\n\"media.radio.weekly_budget\" = 0\n": "nothing is expected: a study needs a table [study.expect.NAME] with an inequality",
		"[study]\nkind = \"compair\"\n":                  "study.kind: compare or vary is needed",
		"[study]\nkind = \"vary\"\nreplications = 2.5\n": "study.replications: a whole number from 2 to 1000000 is needed, not 2.5",
		"[study]\n": "study: kind is missing",
		"[study]\nkind = \"compare\"\nnames = {email = \"e-mail\"}\n[study.variants.off]\n\"media.radio.weekly_budget\" = 0\n[study.expect.x]\ninequality = \"won(off) < 1\"": "study.names.email: no title with {each} and no label of a picture names it",
		"[study]\nkind = \"compare\"\nreplication = 5\n[study.variants.off]\n\"media.radio.weekly_budget\" = 0\n[study.expect.x]\ninequality = \"won(off) < 1\"":              "study.replication: there is no such key in a study; did you mean replications?",
		"[study]\nkind = \"compare\"\n[study.expect.x]\ninequality = \"won(plan) < 1\"":                                                                                       "a study of kind compare needs a table [study.variants.NAME]",
		"[study]\nkind = \"compare\"\noutcomes = [\"wonn\"]\n[study.variants.off]\n\"media.radio.weekly_budget\" = 0\n[study.expect.x]\ninequality = \"won(off) < 1\"":        "study.outcomes: wonn is no outcome; did you mean won?",
		"[study]\nkind = \"compare\"\n[study.variants.off]\n\"media.radio.weekly_budget\" = 0\n[study.expect.x]\ninequality = \"wonn(off) < 1\"":                              "study.expect.x.inequality: wonn is no outcome; did you mean \"won\"?\n  wonn(off) < 1\n  ^",
		"[study]\nkind = \"compare\"\n[study.variants.off]\n\"media.radio.weekly_budget\" = 0\n[study.expect.x]\ninequality = \"won(of) < 1\"":                                "study.expect.x.inequality: there is no setting \"of\"; did you mean \"off\"?\n  won(of) < 1\n      ^",
		"[study]\nkind = \"compare\"\nanswer = \"{gone}\"\n[study.variants.off]\n\"media.radio.weekly_budget\" = 0\n[study.expect.x]\ninequality = \"won(off) < 1\"":          "study.answer: {gone} is no number that the study shows",
		"[study]\nkind = \"compare\"\nanswer = \"{y? a | b}\"\n[study.variants.off]\n\"media.radio.weekly_budget\" = 0\n[study.expect.x]\ninequality = \"won(off) < 1\"":      "study.answer: {y? a | b}: a choice is {EXPECTATION? text if it holds | text if not}",
		"[study]\nkind = \"compare\"\nlet = {a = \"{a} + {a}\"}\n[study.variants.off]\n\"media.radio.weekly_budget\" = 0\n[study.expect.x]\ninequality = \"won(off) < {a}\"":  "study.expect.x.inequality: in {a}: {a} is made of itself",
		"[study]\nkind = \"vary\"\n[study.expect.x]\ninequality = \"won(plan) < 1\"":                                                                                          "a study of kind vary needs a table [study.vary] with keys and values",
		"[study]\nkind = \"vary\"\n[study.vary]\nkeys = [\"channels.x.weekly_budget\"]\nvalues = [1]\n[study.expect.x]\ninequality = \"won(plan) < 1\"":                       "setting 1: ",
	} {
		_, err := open(t, text)
		var problems scenarios.Problems
		require.True(t, errors.As(err, &problems), "%s: %v", text, err)
		require.Contains(t, err.Error(), want, text)
		require.True(t, strings.Contains(err.Error(), "mine.toml"), "the file is named: %v", err)
	}
}

// A number shown may be the position from which on an expression keeps its sign.
func TestPositions(t *testing.T) {
	const text = `
[study]
kind = "vary"
replications = 4
answer = "It pays up to {border}; {never}."
[study.vary]
keys = ["channels.paid-search.weekly_budget"]
values = [1000, 2000, 4000]
[study.show.border]
value = "10k - media_spend({x}) + media_spend(1000)"
stays = "below"
x = [1000, 2000, 4000]
unit = "USD"
[study.show.never]
value = "signups(2000, week {week}) - 1M"
stays = "above"
weeks = [1, 3]
never = "not within three weeks"
[study.expect.more]
inequality = "media_spend(4000) > media_spend(2000)"
`
	s, err := open(t, text)
	require.NoError(t, err)
	a, err := run(s, 2)
	require.NoError(t, err)
	weeks := float64(s.Settings[0].Plan.Run.Weeks)
	require.InDelta(t, 1000+10_000/weeks, a.Shows[0].Value.Value, 1e-6*weeks)
	require.Contains(t, a.Sentence, "; not within three weeks.")
	_, err = json.Marshal(a)
	require.NoError(t, err)

	for from, want := range map[string]string{
		`stays = "below"`:        "show.border.x: belongs to a number with stays",
		"x = [1000, 2000, 4000]": "stays needs two positions or more, rising",
	} {
		_, err = open(t, strings.Replace(text, from, "", 1))
		require.ErrorContains(t, err, want)
	}
}

func TestLessonsAreFound(t *testing.T) {
	for _, word := range []string{"L01", "l01", "l1", "low-hanging-fruit", "L01-low-hanging-fruit"} {
		l, err := FindLesson(word)
		require.NoError(t, err)
		require.Equal(t, "L01", l.ID)
	}
	for word, near := range map[string]string{
		"low-hanging-fruits": "; did you mean L01 (low-hanging-fruit)?", "pause-the-brnad": "; did you mean L05 (pause-the-brand)?",
		"L13": "; did you mean L12 (out-of-business)?", "L12-going-out-of-business": "; did you mean L12 (out-of-business)?", "L00": "; did you mean L01 (low-hanging-fruit)?",
		"5": "; did you mean L05 (pause-the-brand)?", "xyzzy": "; windfall lessons lists them",
	} {
		_, err := FindLesson(word)
		require.EqualError(t, err, `there is no lesson "`+word+`"`+near)
	}
}

// What stands on the right of a claim is shown where it is not a number.
func TestTheRightSideIsShownWhereTheClaimDoesNotSayIt(t *testing.T) {
	for claim, want := range map[string]bool{
		"won(a) < 10%": false, "won(a) >= -1_000.5": false, "won(a) > 20k": false, "won(a) < (24)": false, "won(a) < 1e6": false,
		"won(a) > won(b)": true, "won(a)\n<= 0.5 * won(b)": true, "won(a) < 1 / 3": true,
	} {
		require.Equal(t, want, Against([]Judged{{Claim: "won(a) < 1"}, {Claim: claim}}), claim)
	}
}

// A page for class ends with what the lesson assumes, what the model leaves out,
// and the lesson after it.
func TestPagesForClass(t *testing.T) {
	all := Lessons()
	for i, l := range all {
		page, err := l.Page()
		require.NoError(t, err)
		require.Contains(t, page, "\n## Values and their sources\n", l.ID)
		require.Contains(t, page, "\n- Competitors as actors\n", l.ID)
		require.Contains(t, page, "assumed", l.ID)
		if i+1 < len(all) {
			require.Contains(t, page, "\nwindfall lesson "+all[i+1].ID+"\n")
		}
	}
	page, err := all[7].Page()
	require.NoError(t, err)
	require.Contains(t, page, "\n| channels.affiliates.fee_per_customer | 50 | C13 |\n")
}

func TestNumbersAreWrittenForPeople(t *testing.T) {
	x := Shown{Unit: "%"}
	x.Value.Value, x.Value.Low, x.Value.High = -0.1234, -0.13, -0.117
	require.Equal(t, "−12.3% (−13.0 to −11.7)", x.Text(true))
	x.Value.Value, x.Value.Low, x.Value.High = 0.021523, 0.021498, 0.021544
	require.Equal(t, "2.15%", x.Text(true), "an interval narrower than the figures says nothing")
	require.Equal(t, "2.15 to 2.15", x.Interval())
	x = Shown{Unit: "weeks", Never: "never"}
	x.Value.Value, x.Value.Low, x.Value.High = 20, 18, 23
	require.Equal(t, "20.0 weeks (18.0 to 23.0)", x.Text(true))
	x.Value.High = math.Inf(1)
	require.Equal(t, "20 weeks (18 to never)", x.Text(true))
	x.Value.Value = math.Inf(1)
	require.Equal(t, "never (18 weeks at the earliest)", x.Text(true))
	require.Equal(t, "never", x.Text(false))
	x.Value.Low = math.Inf(1)
	require.Equal(t, "never", x.Text(true))
	x = Shown{Unit: "USD"}
	x.Value.Value, x.Value.Low, x.Value.High = 1234567, 1200000, 1270000
	require.Equal(t, "$1.23M ($1.20M to $1.27M)", x.Text(true))
	require.Equal(t, "$1.23M", x.Text(false))
	x.Value.Value, x.Value.Low, x.Value.High = -0.04, -1, 1
	require.Equal(t, "−$0.04 (−$1.00 to $1.00)", x.Text(true))

	for want, v := range map[string]float64{"−1,234,568": -1234567.8, "1,234": 1234.4, "999.5": 999.5, "0": 1.1e-16, "0.00123": 0.0012341, "not known": math.NaN()} {
		require.Equal(t, want, Short(v))
	}
	require.Equal(t, "not known", Short(math.Inf(1)))
}
