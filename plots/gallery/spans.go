package gallery

import (
	"strings"

	"windfall/model"
	"windfall/plots"
)

// mediaSpans are the dates to be shaded: those on which a dated change, a sure
// shock or a schedule moves brand media away from the plan.
func mediaSpans(p *model.Plan) []plots.Span {
	if p == nil {
		return nil
	}
	end := p.Run.Start + model.Date(7*int(p.Run.Weeks))
	var out []plots.Span
	add := func(name string, from, until model.Date) {
		if until == 0 || until > end {
			until = end
		}
		if from > p.Run.Start && from < until {
			out = append(out, plots.Span{Name: name, From: timeOf(from), To: timeOf(until)})
		}
	}
	for _, c := range p.Changes {
		if moves(c.Effects) {
			add(spoken(c.Name), c.From, c.Until)
		}
	}
	for _, s := range p.Shocks {
		if moves(s.Effects) && s.Probability == 1 && (s.FromLatest == 0 || s.FromLatest == s.From) {
			add(spoken(s.Name), s.From, s.From+model.Date(7*s.Weeks))
		}
	}
	for _, s := range p.Schedules {
		if !isBudget(s.Key) {
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
			add(spoken(strings.Split(s.Key, ".")[1])+" off", e.From, until)
		}
	}
	return out
}

// moves tells whether effects touch the budget of a brand medium.
func moves(effects []model.Effect) bool {
	for _, e := range effects {
		if isBudget(e.Key) {
			return true
		}
	}
	return false
}

// isBudget tells media.radio.weekly_budget, with a region behind it or not, and
// media.*.enabled.
func isBudget(key string) bool {
	parts, err := model.SplitKey(key)
	return err == nil && len(parts) > 2 && parts[0] == "media" && (parts[2] == "weekly_budget" || parts[2] == "enabled")
}

// spoken turns the name of a table into words: brand-pause is Brand pause.
func spoken(name string) string {
	name = strings.NewReplacer("-", " ", "_", " ").Replace(name)
	return strings.ToUpper(name[:min(1, len(name))]) + name[min(1, len(name)):]
}
