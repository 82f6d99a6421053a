package main

import (
	"errors"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"windfall/scenarios"
)

// TestPageHolds repeats the measurement behind docs/calibration.md with a tenth
// of its replications: every row of the page must be within four standard
// errors, and every number that a row demands must be inside its range. That is all rows
// with WINDFALL_VERIFY=1, else those of one run of metro and of town.
func TestPageHolds(t *testing.T) {
	var rows []row
	var err error
	if os.Getenv("WINDFALL_VERIFY") == "1" {
		rows, err = measureAll("../..", 0.1, runtime.GOMAXPROCS(0))
	} else {
		for _, v := range vendors {
			if v.name == "metro" || v.name == "town" {
				of, failed := measureVendor("../..", v, scaled(v.replications, 0.1), runtime.GOMAXPROCS(0))
				rows, err = append(rows, of...), errors.Join(err, failed)
			}
		}
		if len(rows) < 50 {
			t.Errorf("only %d rows were measured", len(rows))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	problems, err := compare("../../"+page, rows)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		t.Error(p)
	}
}

// TestPageMeetsTargets reads the page: what is not inside its range must be
// explained there, and what is explained as giving way must not be inside.
func TestPageMeetsTargets(t *testing.T) {
	text, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(text), "\n## ")
	for _, part := range parts[1:] {
		name, _, _ := strings.Cut(part, "\n")
		misses := map[string]bool{}
		for line := range strings.Lines(part) {
			if strings.Contains(line, "**no**") {
				what := strings.TrimSpace(strings.Split(line, "|")[1])
				misses[what] = true
				if !strings.Contains(part, "\n- **Missed:** "+what+".") {
					t.Errorf("%s: outside its range, and nothing says why: %s", name, line)
				}
			}
		}
		for line := range strings.Lines(part) {
			if why, ok := strings.CutPrefix(line, "- **Missed:** "); ok && !slices.ContainsFunc(sortedKeys(misses),
				func(what string) bool { return strings.HasPrefix(why, what+".") }) {
				t.Errorf("%s: gives way, and is inside its range: %s", name, line)
			}
		}
	}
}

// TestShippedScenariosAreClean: neither market nor vendors have a problem or a warning.
func TestShippedScenariosAreClean(t *testing.T) {
	for _, r := range scenarios.Check([]string{"us-smb", "us-smb-2022", "ca-smb", "uk-smb", "de-smb", "fr-smb", "au-smb",
		"phone-system", "phone-system-small", "phone-system-uncertain", "pause-the-brand", "metro", "metro-uncertain", "town",
		"scheduling", "payroll"}) {
		for _, p := range append(r.Problems, r.Warnings...) {
			t.Errorf("%s: %v", r.Name, p)
		}
	}
}

// TestHalosAreThoseOfTheFacts: the halos of the shipped vendors are what docs/facts.md,
// section 8.1, says of them.
func TestHalosAreThoseOfTheFacts(t *testing.T) {
	alike := map[string]float64{"branded-search": 1.03, "display": 1.02, "affiliates": 0.98, "partners": 0.98}
	ofTable := map[string]float64{"inbound": 1.1} // content of the vendor's own, like seo-content
	for _, c := range haloOrder {
		ofTable[c.channel] = c.halo
	}
	for _, v := range []struct {
		name     string
		common   float64
		relative map[string]float64
	}{
		{"scheduling", 0.66, alike}, {"payroll", 0.66, alike},
		{"phone-system", 0.61, ofTable}, {"phone-system-small", 0.61, ofTable}, {"metro", 0.61, ofTable}, {"town", 1.1, ofTable},
	} {
		p, err := scenarios.Load(v.name)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Channels {
			want := v.common
			if r, ok := v.relative[c.Name]; ok {
				want *= r
			}
			if math.Abs(c.Halo-want) > 0.005 {
				t.Errorf("%s: halo of %s is %g, and docs/facts.md makes it %.3f", v.name, c.Name, c.Halo, want)
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
		"$81 per lead ± 0.4":     {81, 0.4, 1},
		"6.9% of leads ± 0.0049": {6.9, 0.0049, 0.1},
		"-13.5% ± 0.042":         {-13.5, 0.042, 0.1},
		"27641 ± 1.2e+02":        {27641, 120, 1},
	} {
		got, err := parseStated(cell)
		if err != nil || got.mean != want.mean || got.se != want.se || got.step-want.step > 1e-12 || want.step-got.step > 1e-12 {
			t.Errorf("%q: %+v, %v; want %+v", cell, got, err, want)
		}
	}
}
