package study

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func written(t *testing.T, text string) string {
	file := filepath.Join(t.TempDir(), "a.toml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// A variant for each channel is the variant written out, and sums and lists are
// what they stand for.
func TestNamesAndNumbersAreWrittenOut(t *testing.T) {
	s, err := Open(written(t, `
extends = "metro"
question = "?"
run.weeks = 8
opening.burn_in_weeks = 4
opening.plan = "self"
[study]
kind = "compare"
allow_different_opening = true
replications = 6
[study.variants."without {each}"]
each = "budget channels"
title = "no {each}"
"channels.{each}.max_touches_per_week" = 0
[study.variants.by-hand]
"channels.email.max_touches_per_week" = 0
[study.show.sum]
value = "sum(channels: leads(plan, channel {each})) - leads(plan)"
[study.show.two]
value = "sum(email, display: leads(plan, channel {each})) - leads(plan, channel email) - leads(plan, channel display)"
[study.show.list]
value = "crossing(3, list(1..8 by 1: {x}, leads(plan, weeks {x}..{x+0}) * 0 + {x-1}))"
[study.expect.same]
inequality = "abs(leads(without email) - leads(by-hand)) <= 0"
[study.expect.fewer]
each = "budget channels"
inequality = "leads(without {each}, channel {each}) <= 0"
[study.expect.sum]
inequality = "sum(channels: leads(plan, channel {each})) >= leads(plan)"
[study.pictures.weeks]
kind = "weeks"
weeks = [2, 5]
y_title = "leads"
[study.pictures.weeks.series.two]
value = "leads(plan, weeks {week-1}..{week})"
[study.pictures.weeks.series.of]
each = ["email", "display"]
title = "of {each}"
value = "signups.{each}(plan, week {week})"
`), nil)
	require.NoError(t, err)
	require.Len(t, s.Settings, 14)
	require.Equal(t, "without affiliates", s.Settings[1].Name)
	require.Equal(t, "no affiliates", s.Settings[1].Title)
	require.Equal(t, "leads(plan, weeks 3..4)", s.Pictures[0].Series[0].Values[2].Text)
	require.Len(t, s.Pictures[0].Series, 3)
	require.Equal(t, "of display", s.Pictures[0].Series[2].Title)
	require.Equal(t, "signups.display(plan, week 5)", s.Pictures[0].Series[2].Values[3].Text)
	a, err := run(s, 2)
	require.NoError(t, err)
	for _, x := range a.Shows {
		require.InDelta(t, map[string]float64{"sum": 0, "two": 0, "list": 4}[x.Name], x.Value.Value, 1e-9, x.Name)
	}
	require.EqualValues(t, "holds", a.Verdict)
	require.Equal(t, 12, a.Expectations[1].Claims)
}

// Texts and formulas follow the numbers of the scenario, --set included.
func TestTextsFollowTheScenario(t *testing.T) {
	const text = `
[study]
kind = "compare"
replications = 20
answer = "Half in {half}; {lost.value} lost in a day. {many? Many. | Few.}"
[study.let]
half = "key(teams.web.speed_half_life_hours)"
kept = "pow(2, -24 / {half})"
[study.variants.off]
"media.radio.weekly_budget" = 0
[study.show.half]
unit = "hours"
value = "{half}"
[study.show.lost]
unit = "%"
value = "1 - {kept}"
[study.show.share]
value = "sum(sizes: key(population.sizes.{each}.share))"
[study.expect.many]
title = "more than {half}"
inequality = "leads(plan) / {half} > 2"
[study.pictures.half]
title = "{half.value}"
kind = "curve"
x = [1, 2]
y_title = "share, %"
[study.pictures.half.series.half]
title = "half: {half}"
value = "pow({half}, {x})"
`
	for _, c := range []struct {
		sets           []string
		answer, claims string
	}{
		{nil, "Half in 24 hours; 50% lost in a day. Many.", "more than 24 hours"},
		{[]string{"teams.web.speed_half_life_hours=1e6"}, "Half in 1,000,000 hours; 0.00166% lost in a day. Few.", "more than 1,000,000 hours"},
	} {
		s, err := open(t, text, c.sets...)
		require.NoError(t, err)
		a, err := run(s, 2)
		require.NoError(t, err)
		require.Equal(t, c.answer, a.Sentence)
		require.Equal(t, c.claims, a.Expectations[0].Title)
		require.Equal(t, strings.Replace(c.claims, "more than", "half:", 1), a.Pictures[0].Series[0].Title)
		require.Equal(t, math.Pow(a.Shows[0].Value.Value, 2), a.Pictures[0].Series[0].Points[1].Value)
		require.InDelta(t, 1, a.Shows[2].Value.Value, 1e-3)
	}
}

func TestWhatCannotBeWrittenOutIsRefused(t *testing.T) {
	for value, want := range map[string]string{
		"sum(channels)":                     "sum needs a colon",
		"sum(channels: won(plan)":           "sum needs a colon",
		"list(1..9: {x}, 1)":                "FIRST..LAST by STEP",
		"sum(nobody: won(plan))":            "a list of names is needed",
		"sum(channels: won(plan, week {x})": "{x} stands for nothing here",
		"sum(channels: won({each})":         "sum needs a colon",
		"won(plan) + {halff}":               "{halff} stands for nothing here",
		"key(teams.web.speed_half_life)":    "did you mean",
		"key(teams.*.win_rate)":             "the numbers of this key differ",
		"key(run.start)":                    "is not a number",
		"pow(2)":                            "pow takes two numbers: the base and the exponent\n  pow(2)\n  ^",
	} {
		_, err := Open(written(t, `
extends = "metro"
question = "?"
[study]
kind = "compare"
[study.variants.a]
"finance.opening_cash" = 1
[study.show.x]
value = "`+value+`"
[study.expect.x]
inequality = "won(plan) > 0"
`), nil)
		require.ErrorContains(t, err, want, value)
	}
	_, err := Open(written(t, `
extends = "metro"
question = "?"
[study]
kind = "compare"
[study.variants.a]
each = "channels"
"finance.opening_cash" = 1
[study.expect.x]
inequality = "won(plan) > 0"
`), nil)
	require.ErrorContains(t, err, "{each} in its name")
}

// The studies that docs/studies.md shows run as they stand there.
func TestStudiesOfThePage(t *testing.T) {
	page, err := os.ReadFile("../../docs/studies.md")
	require.NoError(t, err)
	blocks := regexp.MustCompile("(?s)```toml\n(.*?)```").FindAllSubmatch(page, -1)
	require.Len(t, blocks, 2)
	for _, b := range blocks {
		s, err := Open(written(t, string(b[1])), nil)
		require.NoError(t, err)
		s.Replications = 2
		if s.Control != nil {
			s.Control.Replications = 2
		}
		a, err := run(s, 0)
		require.NoError(t, err)
		require.NotContains(t, a.Sentence, "{")
		for _, x := range a.Shows {
			require.False(t, math.IsNaN(x.Value.Value), x.Name)
		}
		for _, j := range a.Expectations {
			require.NotZero(t, j.Claims, j.Name)
		}
	}
}
