package main

import (
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"windfall/docs"
	"windfall/model/plan"
	"windfall/scenarios"
)

// TestEvidencePageIsWhatWasRecorded: docs/evidence.md is the page that the recorded numbers give.
func TestEvidencePageIsWhatWasRecorded(t *testing.T) {
	numbers, err := keptNumbers("../..")
	if err != nil {
		t.Fatal(err)
	}
	want, err := renderEvidence(numbers)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../" + evidencePage)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is not what its numbers give: go run ./scenarios/calibrate -evidence", evidencePage)
	}
	rows := findings()
	for _, r := range numbers {
		if !slices.ContainsFunc(rows, func(f finding) bool { return f.id == r.ID }) {
			t.Errorf("%s is recorded, and no row has it", r.ID)
		}
	}
}

// TestEvidenceHolds measures rows again and compares them with the recorded numbers: all of them with
// WINDFALL_VERIFY=1, else those of a market and the small vendors, in a twentieth of their replications, one vendor of
// today without changes. What is in the files of other markets TestMarketsFollowTheirRows measures.
func TestEvidenceHolds(t *testing.T) {
	rows, scale := findings(), 0.25
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		scale = 0.05
		rows = slices.DeleteFunc(rows, func(f finding) bool {
			return slices.ContainsFunc(f.on, func(s setting) bool {
				small := slices.Contains([]string{usMarket.scenario, metro.scenario, town.scenario}, s.scenario)
				return !small && (s.scenario != booking.scenario || len(s.set) > 0) || s.weeks > 104
			})
		})
	}
	fresh, err := measureFindings("../..", rows, scale, runtime.GOMAXPROCS(0))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := keptNumbers("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(fresh) < 60 {
		t.Errorf("only %d rows were measured", len(fresh))
	}
	for _, p := range sameFindings(fresh, kept) {
		t.Error(p)
	}
}

// TestEvidenceRowsAreWhole: ids are unique, cited rows exist, ranges are in order, and a row
// has a number or says why it has none.
func TestEvidenceRowsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range findings() {
		if seen[f.id] {
			t.Errorf("%s stands twice", f.id)
		}
		seen[f.id] = true
		if f.what == "" || f.public == "" || f.source() == "?" {
			t.Errorf("%s lacks what it is, the public number or its source", f.id)
		}
		for _, id := range cited(f.rows) {
			if !strings.HasPrefix(id, "section") && len(docs.Facts([]string{id})) != 1 {
				t.Errorf("%s cites %s, which docs/facts.md does not have", f.id, id)
			}
		}
		if measured := f.of != nil || f.file != nil; !measured && f.later == "" {
			t.Errorf("%s has no number and does not say why", f.id)
		} else if measured && (len(f.on) == 0 || f.format == "" || f.of != nil && f.n < least || f.in.low > f.in.high) {
			t.Errorf("%s lacks a setting, a format or replications, or has its range the wrong way round", f.id)
		}
	}
}

// TestVerdicts: what a number and its error say about a range.
func TestVerdicts(t *testing.T) {
	f := finding{of: func(*sample) float64 { return 0 }, in: span{3, 10}, later: "a key"}
	one := finding{of: f.of, in: exactly(45)}
	open := finding{of: f.of, in: span{1, math.Inf(1)}}
	for _, c := range []struct {
		f        finding
		mean, se float64
		want     string
	}{
		{f, 5, 0.1, "met"}, {f, 3.1, 0.1, "too close to call"}, {f, 2.9, 0.1, "too close to call"}, {f, 2.5, 0.1,
			"**missed**: 0.5 below; a key"},
		{f, 13, 0.1, "**missed**: 3 above; a key"}, {f, 350, 0.1, "**missed**: 340 above; a key"},
		{one, 45.4, 0.2, "met"}, {one, 45.6, 0.2, "too close to call"}, {one, 46.2, 0.2, "**missed**: 1.2 above"},
		{open, 2, 0.1, "met"}, {open, 0.5, 0.1, "**missed**: 0.5 below"}, {open, 1.1, 0.1, "too close to call"},
		{finding{of: f.of, in: nothing}, 1, 0.1, "reported"}, {finding{later: "a key"}, 0, 0, "not expressible: a key"},
	} {
		if got := c.f.verdict(recorded{Mean: c.mean, SE: c.se, N: 4}); got != c.want {
			t.Errorf("%g ± %g against %g to %g: %q, want %q", c.mean, c.se, c.f.in.low, c.f.in.high, got, c.want)
		}
	}
}

// TestEstimateHasTheErrorOfAMean: for a mean the jackknife gives the usual standard error.
func TestEstimateHasTheErrorOfAMean(t *testing.T) {
	values := []float64{1, 4, 2, 8, 5, 7}
	years := make([]*year, len(values))
	for i, v := range values {
		years[i] = &year{revenue: v}
	}
	f := finding{of: average(func(y *year) float64 { return y.revenue })}
	mean, se := f.estimate(&sample{years: [][]*year{years}, perPlan: len(values)})
	if want := series(values); math.Abs(mean-want.mean()) > 1e-12 || math.Abs(se-want.se()) > 1e-12 {
		t.Errorf("%g ± %g, want %g ± %g", mean, se, want.mean(), want.se())
	}
}

// TestMarketsFollowTheirRows: in each shipped market 3 to 10% of firms come into the market in a quarter (T1),
// and births and deaths are those of its rows on docs/facts.md.
func TestMarketsFollowTheirRows(t *testing.T) {
	for _, c := range []struct {
		name            string
		firms           float64
		births, deaths  float64 // % of firms per year
		birthTolerance  float64
		deathTolerance  float64
		smallest, large float64 // deaths of the smallest class and of the largest, %
	}{
		{"us-smb-2022", 6_395_635, 8.9, 8.75, 0.1, 0.35, 13, 0.2}, // US1, US9, US5 on the classes of US1
		{"ca-smb", 1_099_000, 6.6, 7.55, 0.1, 0.05, 10.2, 2.82},   // CA1, CA6: 9.1 and 3.0%, 10.2 and 3.7%
		{"uk-smb", 1_427_165, 11.1, 9.8, 0.1, 0.05, 14.1, 0.54},   // UK3, UK6, UK7; US5: 13.0 x 9.8 / 9.04
		{"de-smb", 1_990_000, 4.8, 5.22, 0.1, 0.05, 7.52, 0.29},   // DE4, DE6, DE5; US5: 13.0 x 5.22 / 9.02
		{"fr-smb", 1_400_000, 8, 8, 0.1, 0.05, 9.39, 0.43},        // FR1, FR5; US5: 10.9 x 8.0 / 9.28
		{"au-smb", 994_178, 8.9, 9.4, 0.1, 0.05, 12.56, 0.43},     // AU1, AU2, AU3, AU6; US5: 13.0 x 9.4 / 9.73
	} {
		m := setting{scenario: c.name, weeks: 52}
		numbers, err := measureFindings("../..", []finding{
			{id: "quarter", on: []setting{m}, n: least, of: perQuarter},
			{id: "births", on: []setting{alone(m, "new-firm")}, n: least, of: perFirm(100 / 0.8)},
			{id: "deaths", on: []setting{m}, file: deathsOfFirms},
			{id: "firms", on: []setting{m}, file: firms},
			{id: "smallest", on: []setting{m},
				file: func(p *plan.Plan) float64 { return 100 * p.Population.Sizes[0].FirmDeathPerYear }},
			{id: "largest", on: []setting{m}, file: func(p *plan.Plan) float64 {
				return 100 * p.Population.Sizes[len(p.Population.Sizes)-1].FirmDeathPerYear
			}},
		}, 1, runtime.GOMAXPROCS(0))
		if err != nil {
			t.Fatal(err)
		}
		within := func(id string, want, tolerance float64) {
			if r, _ := byID(numbers, id); math.Abs(r.Mean-want) > tolerance+4*r.SE {
				t.Errorf("%s: %s %.4g ± %.2g, want %.4g ± %.2g", c.name, id, r.Mean, r.SE, want, tolerance)
			}
		}
		within("quarter", 6.5, 3.5)
		within("births", c.births, c.birthTolerance)
		within("deaths", c.deaths, c.deathTolerance)
		within("firms", c.firms, 0)
		within("smallest", c.smallest, 0.05)
		within("largest", c.large, 0.05)
	}
}

// TestMarketsAreWhole: no market is marked with another currency than its name says, none has a warning, and each
// share that is taken over from another country says so.
func TestMarketsAreWhole(t *testing.T) {
	for name, currency := range map[string]string{"us-smb-2022": "USD", "ca-smb": "CAD", "uk-smb": "GBP",
		"de-smb": "EUR", "fr-smb": "EUR", "au-smb": "AUD"} {
		text, ok := scenarios.Source(name)
		if !ok || !strings.Contains(text, "\ncurrency = \""+currency+"\"\n") {
			t.Errorf("%s does not say that its money is in %s", name, currency)
		}
		for _, r := range scenarios.Check([]string{name}) {
			for _, p := range append(r.Problems, r.Warnings...) {
				t.Errorf("%s: %v", name, p)
			}
		}
		p, err := scenarios.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for key, origin := range p.Origins {
			if origin.Source == "" && strings.HasPrefix(key, "population.") && strings.HasSuffix(key, ".share") {
				t.Errorf("%s: %s has no source", name, key)
			}
		}
	}
}
