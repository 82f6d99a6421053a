package main

import (
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"windfall/scenarios"
)

// TestPageHolds repeats the measurement behind docs/calibration.md with a tenth
// of its replications: every row of the page must be within four standard
// errors, and every number that a row demands must be inside its range.
func TestPageHolds(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("runs the full-size scenarios: with WINDFALL_VERIFY=1")
	}
	rows, err := measureAll("../..", 0.1, runtime.GOMAXPROCS(0))
	if err != nil {
		t.Fatal(err)
	}
	problems, err := compare("../../"+page, rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(problems, missesThatHold(rows)...) {
		t.Error(p)
	}
}

// TestPageMeetsTargets reads the page: what is not inside its range must be one of the misses that its vendor
// admits, and explains in its notes.
func TestPageMeetsTargets(t *testing.T) {
	text, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	admitted := map[string]bool{}
	for _, v := range vendors {
		for _, what := range v.misses {
			admitted[v.name+"/"+what] = true
			if !slices.ContainsFunc(v.targets, func(x target) bool { return x.what == what }) {
				t.Errorf("%s admits to miss %q, which is no target of it", v.name, what)
			}
		}
	}
	heading := ""
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			heading = strings.TrimSpace(strings.TrimLeft(line, "#"))
		}
		if strings.Contains(line, "**no**") && !admitted[heading+"/"+strings.TrimSpace(strings.Split(line, "|")[1])] {
			t.Errorf("outside its range: %s", line)
		}
	}
}

// missesThatHold lists what a vendor admits to miss and does not.
func missesThatHold(rows []row) (out []string) {
	for _, v := range vendors {
		for _, r := range rows {
			if r.table == v.name && r.inside() == "yes" && slices.Contains(v.misses, r.what) {
				out = append(out, v.name+" meets what its notes admit to miss: "+r.what)
			}
		}
	}
	return out
}

// TestMissesAreHeldAgainstTheRun: a miss that is none any more is told.
func TestMissesAreHeldAgainstTheRun(t *testing.T) {
	miss := row{table: "phone-system", what: "leads that become customers, %", low: 1, high: 10, mean: 20}
	met, other := miss, miss
	met.mean, other.what = 9, "revenue, $M"
	if got := missesThatHold([]row{miss, other}); len(got) != 0 {
		t.Errorf("a true miss is told: %v", got)
	}
	if got := missesThatHold([]row{met}); len(got) != 1 {
		t.Errorf("a target that is met is not told: %v", got)
	}
}

// TestShippedScenariosAreClean: neither market nor vendors have a problem or a warning, but for one that is right:
// metro-uncertain draws the number of firms and states no population.media_firms, so that money reaches a share of them.
func TestShippedScenariosAreClean(t *testing.T) {
	for _, r := range scenarios.Check([]string{"us-smb", "us-smb-2022", "ca-smb", "uk-smb", "de-smb", "fr-smb", "au-smb",
		"phone-system", "phone-system-small", "phone-system-uncertain", "pause-the-brand", "metro", "metro-uncertain", "town",
		"scheduling", "payroll", filepath.Join("testdata", "metro-refit.toml")}) {
		drawn := 0
		for _, p := range append(r.Problems, r.Warnings...) {
			if p.Key == "population.firms" && strings.HasPrefix(p.Message, "the number of firms is drawn") {
				drawn++
				continue
			}
			t.Errorf("%s: %v", r.Name, p)
		}
		want := map[string]int{"metro-uncertain": 1}[r.Name]
		if drawn != want {
			t.Errorf("%s: %d warnings of a drawn number of firms, want %d", r.Name, drawn, want)
		}
	}
}

// TestHalosAreThoseOfTheFacts: the halos of the shipped vendors are what docs/facts.md,
// section 8.1, says of them.
func TestHalosAreThoseOfTheFacts(t *testing.T) {
	table := map[string]float64{"affiliates": 0.8, "branded-search": 1.35, "display": 0.9, "facebook": 0.9, "inbound": 1.1,
		"linkedin": 0.9, "marketplaces": 0.9, "outbound-calls": 0.9, "partners": 0.7, "podcasts": 0.9, "review-sites": 0.9,
		"seo-content": 1.1, "trade-shows": 0.8, "webinars": 0.9}
	nearlyAlike := map[string]float64{"branded-search": 1.03, "display": 1.02, "affiliates": 0.98, "partners": 0.98}
	for name, v := range map[string]struct {
		common   float64
		relative map[string]float64
	}{
		"phone-system": {0.61, table}, "phone-system-small": {0.61, table},
		"metro": {0.66, nearlyAlike}, "town": {1.1, nearlyAlike}, "scheduling": {0.66, nearlyAlike}, "payroll": {0.66, nearlyAlike},
	} {
		p, err := scenarios.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Channels {
			want := v.common
			if r, ok := v.relative[c.Name]; ok {
				want *= r
			}
			if math.Abs(c.Halo-want) > 0.005 {
				t.Errorf("%s: halo of %s is %g, and docs/facts.md makes it %.3f", name, c.Name, c.Halo, want)
			}
		}
	}
}

// TestEveryCitedRowIsPrinted: a row or section that a shipped scenario cites
// stands on docs/facts.md.
func TestEveryCitedRowIsPrinted(t *testing.T) {
	facts, err := os.ReadFile("../../docs/facts.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range scenarios.List() {
		p, err := scenarios.Load(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		for key, origin := range p.Origins {
			for _, id := range cited(origin.Source) {
				row := "\n| " + id + " |"
				if section, ok := strings.CutPrefix(id, "section "); ok {
					row = "# " + section
				}
				if !strings.Contains(string(facts), row) {
					t.Errorf("%s: %s cites %s, which docs/facts.md does not have", s.Name, key, id)
				}
			}
		}
	}
}

// TestStatedValuesAreRead: the page's cells are read back as they were written.
func TestStatedValuesAreRead(t *testing.T) {
	for cell, want := range map[string]stated{
		"$81 a lead ± 0.4":       {81, 0.4, 1},
		"6.9% of hands ± 0.0049": {6.9, 0.0049, 0.1},
		"-13.5% ± 0.042":         {-13.5, 0.042, 0.1},
		"27641 ± 1.2e+02":        {27641, 120, 1},
	} {
		got, err := parseStated(cell)
		if err != nil || got.mean != want.mean || got.se != want.se || got.step-want.step > 1e-12 || want.step-got.step > 1e-12 {
			t.Errorf("%q: %+v, %v; want %+v", cell, got, err, want)
		}
	}
}
