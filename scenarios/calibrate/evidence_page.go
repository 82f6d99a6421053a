package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"windfall/docs"
)

// Where the page of evidence and the numbers behind it stand, seen from the root of the module.
const (
	evidencePage    = "docs/evidence.md"
	evidenceNumbers = "scenarios/calibrate/evidence.json"
)

// measureEvidence measures the rows whose id holds a text, all of them by default,
// and writes the numbers and the page. Numbers of other rows stay as they are.
func measureEvidence(root, only string, scale float64, workers int) error {
	var rows []finding
	for _, f := range findings() {
		if strings.Contains(f.id, only) {
			rows = append(rows, f)
		}
	}
	fresh, err := measureFindings(root, rows, scale, workers)
	if err != nil {
		return err
	}
	var kept []recorded
	if only != "" {
		if kept, err = keptNumbers(root); err != nil {
			return err
		}
	}
	var numbers []recorded // in the order of the page
	for _, f := range findings() {
		r, ok := byID(fresh, f.id)
		if !ok {
			r, ok = byID(kept, f.id)
		}
		if ok {
			numbers = append(numbers, r)
		}
	}
	if err := keepNumbers(root, numbers); err != nil {
		return err
	}
	return writeEvidence(root)
}

// writeEvidence writes the page from the recorded numbers, so with the digits that are kept.
func writeEvidence(root string) error {
	numbers, err := keptNumbers(root)
	if err != nil {
		return err
	}
	text, err := renderEvidence(numbers)
	if err != nil {
		return err
	}
	return os.WriteFile(root+"/"+evidencePage, []byte(text), 0o644)
}

// keepNumbers writes the recorded numbers, a line each.
func keepNumbers(root string, numbers []recorded) error {
	var lines []string
	for _, r := range numbers {
		r.Mean, r.SE = digits(r.Mean, 6), digits(r.SE, 3)
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		lines = append(lines, string(line))
	}
	return os.WriteFile(root+"/"+evidenceNumbers, []byte("[\n"+strings.Join(lines, ",\n")+"\n]\n"), 0o644)
}

// digits rounds a number to n significant digits.
func digits(x float64, n int) float64 {
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', n, 64), 64)
	return x
}

// keptNumbers reads the recorded numbers.
func keptNumbers(root string) ([]recorded, error) {
	text, err := os.ReadFile(root + "/" + evidenceNumbers)
	if err != nil {
		return nil, err
	}
	var out []recorded
	return out, json.Unmarshal(text, &out)
}

const evidenceIntro = `# Evidence

<!-- Written by "go run ./scenarios/calibrate -evidence"; do not edit. -->

What the public record says, beside what the shipped scenarios do. Every row of
[facts.md](facts.md) that can be compared with a run is here; those that cannot say why.
Nothing was fitted to this page; [calibration.md](calibration.md) says what was fitted and to what, and a few
of those targets come back here (costs of a lead, company totals), at their ranges as published.

- *Public* is the number of the rows named, with its range as published. No range is widened: where
  a source gives one number, a simulated one meets it if it rounds to it. What the number is worth is in the
  last column: seen, recalled, derived, weak (facts.md says what these mean).
- *Simulated* is the mean with half of its 95% interval, by the jackknife over runs or pairs of runs of seed 1:
  random variation only. The year is the first 52 weeks of the run.
- *Verdict*: **met**; **missed**, with the distance in the row's own unit; **too close to call**, where the
  interval holds an end of the range; **reported**, where there is no public number to compare it with; ` +
	`**not expressible**, with the key
  that will change that, where one is planned.
`

// renderEvidence writes the page from its numbers.
func renderEvidence(numbers []recorded) (string, error) {
	var b strings.Builder
	b.WriteString(evidenceIntro)
	b.WriteString("\n" + tally(numbers) + "\n")
	for _, s := range subjects() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", s.title, s.note)
		b.WriteString("| what | rows | public | simulated | measured on | verdict | source " +
			"|\n|---|---|---|---|---|---|---|\n")
		for _, f := range s.rows {
			r, ok := byID(numbers, f.id)
			if !ok && (f.of != nil || f.file != nil) {
				return "", fmt.Errorf("%s: no number is recorded; go run ./scenarios/calibrate -evidence", f.id)
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", f.what, f.rows, f.public, f.shown(r), f.where(r),
				f.verdict(r), f.source())
		}
	}
	return b.String(), nil
}

// tally counts the verdicts by their first words.
func tally(numbers []recorded) string {
	kinds := []string{"met", "**missed**", "too close to call", "reported", "not expressible"}
	counts := make([]int, len(kinds))
	for _, f := range findings() {
		r, _ := byID(numbers, f.id)
		v := f.verdict(r)
		i := slices.IndexFunc(kinds, func(k string) bool { return strings.HasPrefix(v, k) })
		counts[i]++
	}
	var parts []string
	for i, k := range kinds {
		parts = append(parts, fmt.Sprintf("%d %s", counts[i], strings.Trim(k, "*")))
	}
	return fmt.Sprintf("Of %d rows: %s.", len(findings()), strings.Join(parts, ", "))
}

// shown is the simulated number with half of its 95% interval.
func (f *finding) shown(r recorded) string {
	switch {
	case f.of == nil && f.file == nil:
		return "-"
	case f.file != nil:
		return fmt.Sprintf(f.format, r.Mean)
	}
	return fmt.Sprintf(f.format, r.Mean) + " ± " + strconv.FormatFloat(digits(1.96*r.SE, 2), 'f', -1, 64)
}

// source is where the public number comes from: the source of the row's first
// fact, without what stands in docs/facts.md anyway.
func (f *finding) source() string {
	if strings.HasPrefix(f.rows, "section") {
		return "judgement (facts.md, " + f.rows + ")"
	}
	first, _, _ := strings.Cut(f.rows, ",")
	facts := docs.Facts([]string{first})
	if len(facts) == 0 {
		return "?"
	}
	return facts[0].Source
}
