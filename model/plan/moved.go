package plan

import "slices"

// Moved lists the full keys of the numbers that a dated value, a dated change, a shock or a draw moves, of those that
// belong to some rows of the parameter table, such as triggers.*.rival_per_week. A multiple of 1 moves nothing.
func (p *Plan) Moved(patterns ...string) (keys []string) {
	see := func(key string) {
		fields, err := p.Fields(key)
		if err != nil {
			return
		}
		for _, f := range fields {
			if slices.Contains(patterns, f.Param.Pattern) && !slices.Contains(keys, f.Key) {
				keys = append(keys, f.Key)
			}
		}
	}
	effects := func(list []Effect) {
		for _, e := range list {
			if !e.Multiply || e.Value != 1 || e.Input >= 0 {
				see(e.Key)
			}
		}
	}
	for _, in := range p.Inputs {
		if in.Key != "" {
			see(in.Key)
		}
	}
	for _, s := range p.Schedules {
		see(s.Key)
	}
	for _, c := range p.Changes {
		effects(c.Effects)
	}
	for _, s := range p.Shocks {
		effects(s.Effects)
	}
	return keys
}

// Moves says whether any number of a row of the parameter table is moved.
func (p *Plan) Moves(pattern string) bool { return len(p.Moved(pattern)) > 0 }
