package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/metric"
	"windfall/sim/store"
)

// open makes a scenario and checks its goals. Its files are read once by a command,
// however many plans it makes of them.
func (p *program) open(name string, sets ...string) (*scenarios.Scenario, error) {
	base := p.bases[name]
	if base == nil {
		var err error
		base, err = scenarios.Read(name, p.loading()...)
		var problems scenarios.Problems
		if err != nil && !errors.As(err, &problems) {
			return nil, fmt.Errorf("scenario %s: %w", name, err)
		}
		if err != nil {
			return nil, err
		}
		if p.bases == nil {
			p.bases = map[string]*scenarios.Base{}
		}
		p.bases[name] = base
	}
	s, err := base.Open(scenarios.Set(sets...))
	if err == nil {
		for _, w := range s.Warnings {
			if w.File == scenarios.SetPlace && !slices.Contains(p.overrides, w) {
				p.overrides = append(p.overrides, w)
			}
		}
	}
	return s, err
}

// loading is how this program loads scenarios.
func (p *program) loading() []scenarios.Option {
	return []scenarios.Option{scenarios.Stdin(p.stdin), scenarios.CheckGoal(metric.CheckGoal),
		scenarios.SettledGoal(metric.SettledGoal), scenarios.CheckBaseline(decide.Paired)}
}

// overrideWarnings are the warnings about overrides, or the first few.
func (p *program) overrideWarnings() []string {
	return p.overrides.First(mostWarnings, "and %d more about overrides")
}

// mostWarnings is the number of warnings about a scenario that a run shows.
const mostWarnings = 5

// warnAbout writes the warnings about a scenario, or the first few.
func (p *program) warnAbout(name string, warnings scenarios.Problems) {
	check := store.ShellLine([]string{"windfall", "scenarios", "check", name})
	p.warn(warnings.First(mostWarnings, "and %d more: "+strings.ReplaceAll(check, "%", "%%")))
}
