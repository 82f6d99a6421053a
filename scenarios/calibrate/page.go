package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// head is what stands before the tables.
const head = `# Calibration

<!-- Written by "go run ./scenarios/calibrate"; do not edit. -->

How close the shipped vendors come to public figures. Row ids name rows of
[facts.md](facts.md). *Value* is the mean over runs of seed 1 with its
standard error; the year 2013 is the first 52 weeks. *Residual* is the distance to
the nearer end of the range, 0 inside. An anchor that is one number has a range from
two thirds of it to one and a half times it (assumption): there a residual of 0 says
inside that range, not at the anchor. Rows marked "reported" have no target. A row
outside its range says "no", and the reason stands below the table.

What is fitted, by ` + "`go run ./scenarios/calibrate -fit`" + ` on the mean-field funnel:
` + "`max_touches_per_week`" + ` of every channel, to the cost per lead of its anchor, or to an
assumed share of leads where no public cost exists (inbound, referrals,
partners, affiliates, marketplaces); and, for the vendors that have a goal for it, all
` + "`half_saturation`" + `s by one factor, to the elasticity to all media (C30-C31).
` + "`response`" + `, ` + "`weight`" + ` and ` + "`reach`" + ` were set by judgement, so that the vendor touches a buyer
once or twice and a single touch seldom suffices: no public figure tells a stronger touch
from more touches. Nothing is fitted to a lesson, except the halos to the
pause of the brand: the share of sign-ups that depends on salience is about 0.3 (0.25 to
0.35 allowed). A test repeats a short run and checks this page within Monte Carlo error.
`

// sections are the parts of the page behind its head, each with its title.
func sections(rows []row) []part {
	var out []part
	for _, v := range vendors {
		out = append(out, part{v.name, v.section(rows)})
	}
	for _, c := range common {
		out = append(out, part{c.title, c.section(rows)})
	}
	return out
}

// A part of the page is a heading with all up to the next one.
type part struct{ title, text string }

// common are the parts that hold several vendors, by the name under which one is asked for.
var common = []struct {
	name, title string
	measure     func(root string, scale float64, workers int) ([]row, error)
	section     func([]row) string
}{
	{"elasticity", "Elasticity", measureElasticity, elasticitySection},
	{"branded-search", "Branded search", measureBranded, brandedSection},
	{"pause", "The pause", measurePause, pauseSection},
	{"metro-uncertain", uncertainTitle, measureRuin, uncertainSection},
}

const uncertainTitle = "Uncertain scenarios"

// render writes the page from its rows.
func render(rows []row) string {
	var b strings.Builder
	b.WriteString(head)
	for _, p := range sections(rows) {
		b.WriteString(p.text)
	}
	return b.String()
}

// renewed is the page as it was, with one part written anew.
func renewed(old string, p part) (string, error) {
	start := "\n## " + p.title + "\n"
	at := strings.Index(old, start)
	if at < 0 {
		return "", fmt.Errorf("%s has no part %q: write all of it", page, p.title)
	}
	first, end := strings.Index(old, "\n## "), len(old)
	if next := strings.Index(old[at+1:], "\n## "); next >= 0 {
		end = at + 1 + next
	}
	return head + old[first:at] + p.text + old[end:], nil
}

func elasticitySection(rows []row) string {
	var b strings.Builder
	b.WriteString("\n## Elasticity\n\nAll media money, channels and brand, up by a tenth from the first day; sign-ups " +
		"of the year.\n\n")
	table(&b, of(rows, "elasticity"))
	return b.String()
}

func brandedSection(rows []row) string {
	var b strings.Builder
	b.WriteString("\n## Branded search\n\nThe paid link has no budget from the first day on: sign-ups lost in the year, " +
		"as a share of those that the link brings by last touch; same random numbers.\n\n")
	table(&b, of(rows, "branded search"))
	return b.String()
}

func pauseSection(rows []row) string {
	var b strings.Builder
	b.WriteString("\n## The pause\n\n`pause-the-brand` against `phone-system`, same random numbers: change over the " +
		"first two weeks of October 2013.\n\n")
	b.WriteString("| target | rows | range | value | residual | inside? | of sign-ups |\n|---|---|---|---|---|---|---|\n")
	for _, r := range of(rows, "pause") {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", r.what, r.rows, r.span(), r.value(), r.residual(),
			r.inside(), strings.Join(r.extra, ""))
	}
	fmt.Fprintf(&b, "\n%d replications.\n", of(rows, "pause")[0].n)
	return b.String()
}

func uncertainSection(rows []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n\n", uncertainTitle)
	table(&b, of(rows, "ruin"))
	fmt.Fprintf(&b, "\n%d replications.\n", of(rows, "ruin")[0].n)
	return b.String()
}

// table writes rows without further columns.
func table(b *strings.Builder, rows []row) {
	b.WriteString("| target | rows | range | value | residual | inside? |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", r.what, r.rows, r.span(), r.value(), r.residual(), r.inside())
	}
}

// section writes the tables of a vendor.
func (v *vendor) section(rows []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n\n", v.name)
	vendorTable(&b, of(rows, v.name))
	fmt.Fprintf(&b, "\n%d replications.\n", of(rows, v.name)[0].n)
	for _, key := range sortedKeys(v.gives) {
		for _, r := range rows {
			if r.key == key && strings.HasPrefix(r.table, v.name) {
				fmt.Fprintf(&b, "\n- **Missed:** %s. %s", r.what, v.gives[key])
				break
			}
		}
	}
	for _, note := range v.notes {
		fmt.Fprintf(&b, "\n- %s", note)
	}
	if len(v.notes) > 0 {
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "\n### %s: channels\n\n", v.name)
	b.WriteString("| channel | anchor | rows | range | value | residual | inside? | of sign-ups | leads that become " +
		"customers | media per customer | CAC | cost over worth | max touches per week (fitted) | response | " +
		"half saturation / budget |\n")
	b.WriteString(strings.Repeat("|---", 15) + "|\n")
	for _, r := range of(rows, v.name+" channels") {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", r.what, r.anchor, r.rows, r.span(), r.value(),
			r.residual(), r.inside(), strings.Join(r.extra, " | "))
	}
	if v.record != (runs{}) {
		fmt.Fprintf(&b, "\n### %s: record\n\n", v.name)
		vendorTable(&b, of(rows, v.name+" record"))
		fmt.Fprintf(&b, "\n%s\n", v.record)
	}
	if v.pull {
		v.renderPull(&b, of(rows, v.name+" pull"))
	}
	return b.String()
}

// vendorTable writes rows of a vendor without further columns.
func vendorTable(b *strings.Builder, rows []row) {
	b.WriteString("| target | anchor or rows | range | value | residual | inside? |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s |\n", r.what, r.rows, r.span(), r.value(), r.residual(), r.inside())
	}
}

func of(rows []row, table string) []row {
	var out []row
	for _, r := range rows {
		if r.table == table {
			out = append(out, r)
		}
	}
	return out
}

func (r *row) span() string {
	if math.IsNaN(r.low) {
		return "-"
	}
	return number(r.low) + " to " + number(r.high)
}

func number(x float64) string { return strconv.FormatFloat(math.Round(x*1000)/1000, 'f', -1, 64) }

func (r *row) value() string {
	se := r.se
	if se < 1e-9*math.Abs(r.mean) { // the same in every replication
		se = 0
	}
	return fmt.Sprintf(r.format, r.mean) + " ± " + strconv.FormatFloat(se, 'g', 2, 64)
}

func (r *row) residual() string {
	switch {
	case math.IsNaN(r.low):
		return "-"
	case r.mean < r.low:
		return fmt.Sprintf("%.3g", r.mean-r.low)
	case r.mean > r.high:
		return fmt.Sprintf("%.3g", r.mean-r.high)
	}
	return "0"
}

// committed reads the values of the page: heading + first cell -> value.
func committed(file string) (map[string]stated, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	out := map[string]stated{}
	heading := ""
	var heads []string
	column := 0
	s := bufio.NewScanner(f)
	for s.Scan() {
		line := s.Text()
		switch {
		case strings.HasPrefix(line, "#"):
			heading, heads = strings.TrimLeft(line, "# "), nil
		case strings.HasPrefix(line, "| "):
			cells := strings.Split(strings.Trim(line, "|"), "|")
			for i, c := range cells {
				cells[i] = strings.TrimSpace(c)
				if cells[i] == "value" {
					column = i
				}
			}
			if heads == nil {
				heads = cells
			}
			if strings.HasSuffix(heading, ": pull") {
				for i := range cells[1:] {
					if v, err := parseStated(cells[i+1]); err == nil {
						out[heading+"/"+cells[0]+"/"+heads[i+1]] = v
					}
				}
			} else if v, err := parseStated(cells[min(column, len(cells)-1)]); err == nil {
				out[heading+"/"+cells[0]] = v
			}
		}
	}
	return out, s.Err()
}

// stated is a value as the page gives it.
type stated struct{ mean, se, step float64 }

// parseStated reads "$81 per lead ± 0.4": the number, its last digit and its error.
func parseStated(cell string) (stated, error) {
	value, se, ok := strings.Cut(cell, "±")
	if !ok {
		return stated{}, fmt.Errorf("no value: %s", cell)
	}
	digits := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '.' || c == '-' {
			return c
		}
		return -1
	}, value)
	mean, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return stated{}, err
	}
	e, err := strconv.ParseFloat(strings.TrimSpace(se), 64)
	step := 1.0
	if _, after, ok := strings.Cut(digits, "."); ok {
		step = math.Pow(10, -float64(len(after)))
	}
	return stated{mean, e, step}, err
}

// headings of the tables on the page.
func heading(table string) string {
	switch {
	case strings.HasSuffix(table, " channels"):
		return strings.TrimSuffix(table, " channels") + ": channels"
	case strings.HasSuffix(table, " record"):
		return strings.TrimSuffix(table, " record") + ": record"
	case strings.HasSuffix(table, " pull"):
		return strings.TrimSuffix(table, " pull") + ": pull"
	case table == "elasticity":
		return "Elasticity"
	case table == "branded search":
		return "Branded search"
	case table == "pause":
		return "The pause"
	case table == "ruin":
		return uncertainTitle
	}
	return table
}

// compare lists the rows of a fresh run that differ from the page by more than
// four standard errors of the difference. The spread between replications of
// the fresh run is taken from the page or from itself, whichever is larger.
func compare(file string, rows []row) ([]string, error) {
	page, err := committed(file)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range rows {
		name := heading(r.table) + "/" + r.what
		if strings.HasSuffix(r.table, " pull") {
			name += "/" + r.rows // the head of its column
		}
		was, ok := page[name]
		if !ok {
			out = append(out, name+": not on the page")
			continue
		}
		full := float64(r.full())
		spread := max(was.se*math.Sqrt(full/float64(r.n)), r.se)
		allowed := 4*math.Hypot(spread, was.se) + was.step
		if math.IsNaN(r.mean) || math.Abs(r.mean-was.mean) > allowed {
			out = append(out, fmt.Sprintf("%s: %s now, %s on the page (%.3g apart, %.3g allowed)", name,
				fmt.Sprintf(r.format, r.mean), fmt.Sprintf(r.format, was.mean), math.Abs(r.mean-was.mean), allowed))
		}
	}
	return out, nil
}

// full is the number of replications behind the page's value.
func (r *row) full() int {
	if r.whole > 0 {
		return r.whole
	}
	for _, v := range vendors {
		if r.table == v.name || r.table == v.name+" channels" {
			return v.replications
		}
	}
	switch {
	case r.table == "pause":
		return pauseReplications
	case r.table == "ruin":
		return ruinReplications
	case r.key == scheduling.name, r.key == payroll.name:
		return todayReplications
	}
	return todayReplications
}

var citation = regexp.MustCompile(`\b(?:[PTCBSFV]|US|UK|CA|DE|FR|AU)[0-9]+\b|section [0-9.]*[0-9]`)

// cited lists the rows and sections that a source names; of a range such as
// F1-F7 its ends.
func cited(source string) []string { return citation.FindAllString(source, -1) }
