package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOnePartIsRenewed: a part of the page is written anew, the others stay as they are.
func TestOnePartIsRenewed(t *testing.T) {
	old := "old head\n\n## metro\n\na\n\n## town\n\nb\n\n### town: pull\n\nc\n\n## Elasticity\n\nd\n"
	got, err := renewed(old, part{"town", "\n## town\n\nnew\n"})
	if err != nil {
		t.Fatal(err)
	}
	if want := head + "\n## metro\n\na\n\n## town\n\nnew\n\n## Elasticity\n\nd\n"; got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	got, err = renewed(old, part{"Elasticity", "\n## Elasticity\n\nnew\n"})
	if err != nil || !strings.HasSuffix(got, "c\n\n## Elasticity\n\nnew\n") {
		t.Errorf("the last part: %q, %v", got, err)
	}
	if _, err := renewed(old, part{"village", ""}); err == nil {
		t.Error("a part that the page does not have is renewed")
	}
}

// TestPullIsReadBack: every cell of the table of levers is compared, under its lever and its target.
func TestPullIsReadBack(t *testing.T) {
	v := &vendor{name: "metro"}
	var rows []row
	for i, l := range levers[:2] {
		for j, p := range pulled {
			rows = append(rows, row{table: "metro pull", what: l.what, rows: p.head, low: none, high: none, format: p.format,
				mean: float64(i) - 0.1*float64(j), se: 0.001, n: 10, whole: 10})
		}
	}
	var b strings.Builder
	v.renderPull(&b, rows)
	file := filepath.Join(t.TempDir(), "page.md")
	if err := os.WriteFile(file, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	if problems, err := compare(file, rows); err != nil || len(problems) > 0 {
		t.Fatal(problems, err)
	}
	for i := range rows {
		was := rows[i].mean
		rows[i].mean += 2
		if problems, err := compare(file, rows); err != nil || len(problems) != 1 {
			t.Errorf("%s, %s: moved, and %v is said of it (%v)", rows[i].what, rows[i].rows, problems, err)
		}
		rows[i].mean = was
	}
}

// TestLeversAreThoseOfTheVendors: every lever moves a number of every vendor whose pull is on the page.
func TestLeversAreThoseOfTheVendors(t *testing.T) {
	for i := range vendors {
		v := &vendors[i]
		if v.record == (runs{}) {
			continue
		}
		for _, l := range levers {
			if _, err := (setting{scenario: v.name}).with(l.set...).load("../.."); err != nil {
				t.Errorf("%s, %s: %v", v.name, l.what, err)
			}
		}
		keys := map[string]bool{}
		for _, f := range pullOf(v) {
			keys[strings.Split(f.id, "/")[1]] = true
		}
		if len(keys) != len(pulled) {
			t.Errorf("%s: %d targets are pulled, want %d", v.name, len(keys), len(pulled))
		}
	}
}
