package scenarios

import (
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"windfall/model/plan"
)

// Resolved writes a whole plan as one scenario file that extends nothing: every
// key with its value, its source and the place that set it as a comment. The
// same plan gives the same bytes, and the file loads back to the same plan,
// origins, opening plan and tables of draws included.
func Resolved(p *plan.Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s, resolved: every key of the plan. Written by windfall; edit the scenario itself instead.\n",
		oneLine(p.Name))
	writeResolved(&b, p, nil)
	writeDraws(&b, p)
	return b.String()
}

func writeResolved(b *strings.Builder, p *plan.Plan, prefix []string) {
	in := func(path ...string) []string { return append(slices.Clone(prefix), path...) }
	var at []string
	open := false
	for _, e := range byTables(render(p, inFile)) {
		table := in(e.table...)
		if !open || !slices.Equal(table, at) {
			if len(table) > 0 {
				fmt.Fprintf(b, "\n[%s]\n", tomlKey(table))
			}
			at, open = table, true
		}
		fmt.Fprintf(b, "%s = %s%s\n", tomlKey(e.key), e.text, comment(p.Origins[e.full]))
	}
	fmt.Fprintf(b, "\n[%s]\nname = %s\n", tomlKey(in("resolved")), quote(p.Name))
	if len(p.Origins) > 0 {
		fmt.Fprintf(b, "\n[%s]\n", tomlKey(in("resolved", "origins")))
		for _, key := range slices.Sorted(maps.Keys(p.Origins)) {
			o := p.Origins[key]
			fmt.Fprintf(b, "%s = [%s, %d, %s]\n", quote(key), quote(o.File), o.Line, quote(o.Source))
		}
	}
	if p.OpeningPlan != nil {
		writeResolved(b, p.OpeningPlan, in("opening_plan"))
	}
	if p.BaselinePlan != nil {
		writeResolved(b, p.BaselinePlan, in("baseline_plan"))
	}
}

// drawsTexts heads the tables of draws, of customers and of what is open, that stand in a resolved scenario.
const drawsTexts = "\n[resolved.draws]\n"

// writeDraws puts the tables of draws, of customers and of what is open of a plan, its opening plan and its baseline
// into the file, each once under its hash: the file stands for the plan by itself.
func writeDraws(b *strings.Builder, p *plan.Plan) {
	texts := map[string]string{}
	var add func(p *plan.Plan)
	add = func(p *plan.Plan) {
		if p == nil {
			return
		}
		for _, d := range p.Draws {
			texts[d.Hash] = d.Text()
		}
		o := &p.Opening
		for hash, text := range map[string]string{o.CustomersHash: o.CustomersText, o.PipelineHash: o.PipelineText} {
			if hash != "" {
				texts[hash] = text
			}
		}
		add(p.OpeningPlan)
		add(p.BaselinePlan)
	}
	if add(p); len(texts) == 0 {
		return
	}
	b.WriteString(drawsTexts)
	for _, hash := range slices.Sorted(maps.Keys(texts)) {
		fmt.Fprintf(b, "%s = '''\n%s'''\n", tomlKey([]string{hash}), texts[hash])
	}
}

// byTables brings the keys of each table together, tables in order of their
// first key.
func byTables(entries []entryText) []entryText {
	groups := map[string][]entryText{}
	var order []string
	for _, e := range entries {
		at := tomlKey(e.table)
		if groups[at] == nil {
			order = append(order, at)
		}
		groups[at] = append(groups[at], e)
	}
	var out []entryText
	for _, at := range order {
		out = append(out, groups[at]...)
	}
	return out
}

// comment writes an origin, "" for a default.
func comment(o plan.Origin) string {
	if o.File == "" {
		return ""
	}
	s := "  # "
	if o.Source != "" {
		s += oneLine(o.Source) + "; "
	}
	s += oneLine(o.File)
	if o.Line > 0 {
		s += ":" + strconv.Itoa(o.Line)
	}
	return s
}

// oneLine makes a text fit for a comment.
func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) {
			return ' '
		}
		return c
	}, s)
}

// Digest is the sha-256 of what in a plan can change a replication, as 64
// hexadecimal digits: numbers, names, schedules, changes, shocks, distributions
// and the opening plan, but neither titles, sources, comments and goals nor the
// seed and the number of replications.
func Digest(p *plan.Plan) string {
	h := sha256.New()
	for q, at := p, "plan"; q != nil; q, at = q.OpeningPlan, "opening plan" {
		fmt.Fprintln(h, at)
		digest(h, q, "goals")
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// openingDigest is the same for plans that make the same opening state, if they start
// on the same day.
func openingDigest(p *plan.Plan) string {
	h := sha256.New()
	digest(h, unmoved(p), "run")
	return string(h.Sum(nil))
}

// digest writes what in one plan can change a replication, without one table.
func digest(h io.Writer, p *plan.Plan, without string) {
	for _, e := range render(p, byParameters) {
		if len(e.table) == 0 || e.table[0] == without || e.table[0] == "draws" && e.key[0] == "file" {
			continue
		}
		switch e.full {
		case "run.replications", "run.seed", "opening.plan":
			continue
		}
		fmt.Fprintf(h, "%s = %s\n", tomlKey(append(slices.Clone(e.table), e.key...)), e.text)
	}
}

// readResolved restores the name and the origins of a resolved file.
func (b *builder) readResolved(n *node) {
	if name := n.kid("name"); name != nil && name.kind == text && isTitle(name.value.(string)) {
		b.plan.Name = name.value.(string)
	} else {
		b.report(n, "resolved.name", "", "must be the name of the scenario", "")
	}
	for _, k := range n.order {
		if k != "name" && k != "origins" && k != "draws" {
			b.unknown(n.kids[k], "resolved", k, []string{"name", "origins", "draws"})
		}
	}
	origins := n.kid("origins")
	maps.DeleteFunc(b.plan.Origins, func(_ string, o plan.Origin) bool { return o.Line > 0 }) // what --set says stays
	if origins == nil {
		return
	}
	if origins.kind != table {
		b.fail(origins, "resolved.origins", "must be a table, not %s", origins.kind)
		return
	}
	for _, k := range origins.order {
		o := origins.kids[k]
		if o.kind != array || len(o.elems) != 3 || o.elems[0].kind != text || o.elems[1].kind != number ||
			o.elems[2].kind != text {
			b.report(o, "resolved.origins", "", "must be [file, line, source]", "")
			continue
		}
		if _, ok := b.plan.Origins[k]; ok {
			continue
		}
		b.plan.Origins[k] = plan.Origin{File: o.elems[0].value.(string), Line: int(asFloat(o.elems[1])),
			Source: o.elems[2].value.(string)}
	}
}

// isTitle tells texts that may stand as a scenario's name.
func isTitle(s string) bool { return s != "" && len(s) <= 200 && oneLine(s) == s }
