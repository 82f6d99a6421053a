package main

import (
	"errors"
	"fmt"
	"slices"

	"windfall/scenarios"
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
			if w.File == setPlace && !slices.Contains(p.overrides, w) {
				p.overrides = append(p.overrides, w)
			}
		}
	}
	return s, err
}

// setPlace is where messages say that an override stands.
const setPlace = "--set"

// told are the warnings about overrides, or the first few.
func (p *program) told() (out []string) {
	for i, w := range p.overrides {
		if i == mostWarnings && len(p.overrides) > mostWarnings+1 {
			return append(out, fmt.Sprintf("and %d more about overrides", len(p.overrides)-i))
		}
		out = append(out, w.Error())
	}
	return out
}

// mostWarnings is the number of warnings about a scenario that a run shows.
const mostWarnings = 5

// warnAbout writes the warnings about a scenario, or the first few.
func (p *program) warnAbout(name string, warnings scenarios.Problems) {
	for i, w := range warnings {
		if i == mostWarnings && len(warnings) > mostWarnings+1 {
			p.warn([]string{fmt.Sprintf("and %d more: %s", len(warnings)-i,
				store.ShellLine([]string{"windfall", "scenarios", "check", name}))})
			return
		}
		p.warn([]string{w.Error()})
	}
}
