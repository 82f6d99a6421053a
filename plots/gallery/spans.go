package gallery

import (
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/plots/picture"
	"windfall/plots/words"
)

// mediaSpans are the dates to be shaded: those on which a dated change, a sure
// shock or a schedule moves brand media away from the plan.
func mediaSpans(p *plan.Plan) []picture.Span {
	if p == nil {
		return nil
	}
	end := p.Run.Start + plan.Date(7*int(p.Run.Weeks))
	var out []picture.Span
	add := func(name string, from, until plan.Date) {
		if until == 0 || until > end {
			until = end
		}
		span := picture.Span{Name: name, From: words.Day(from), To: words.Day(until)}
		again := slices.ContainsFunc(out, func(s picture.Span) bool { return s.From.Equal(span.From) && s.To.Equal(span.To) })
		if from > p.Run.Start && from < until && !again {
			out = append(out, span)
		}
	}
	for _, c := range p.Changes {
		if moves(c.Effects) {
			add(titled(c.Name), c.From, c.Until)
		}
	}
	for _, s := range p.Shocks {
		if moves(s.Effects) && s.Probability == 1 && (s.FromLatest == 0 || s.FromLatest == s.From) {
			add(titled(s.Name), s.From, s.From+plan.Date(7*s.Weeks))
		}
	}
	for _, s := range p.Schedules {
		if mediumOf(s.Key) == "" {
			continue
		}
		for i, e := range s.Entries {
			if e.Value != 0 || e.Input >= 0 {
				continue
			}
			until := e.Until
			if until == 0 && i+1 < len(s.Entries) {
				until = s.Entries[i+1].From
			}
			add(titled(mediumOf(s.Key))+" off", e.From, until)
		}
	}
	return out
}

// moves tells whether effects touch the budget of a brand medium.
func moves(effects []plan.Effect) bool {
	return slices.ContainsFunc(effects, func(e plan.Effect) bool { return mediumOf(e.Key) != "" })
}

// mediumOf is the name of the medium to whose budget a key belongs, * for all:
// media.radio.weekly_budget, with a region behind it or not. Other keys have
// none.
func mediumOf(key string) string {
	parts, err := plan.SplitKey(key)
	if err != nil || len(parts) < 3 || parts[0] != "media" || parts[2] != "weekly_budget" {
		return ""
	}
	return parts[1]
}

// titled turns the name of a table into words: brand-pause is Brand pause.
func titled(name string) string {
	name = strings.NewReplacer("-", " ", "_", " ").Replace(name)
	return strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):]
}
