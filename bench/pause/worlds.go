package main

import (
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
)

// Version is that of the worlds: it changes when a panel does.
const Version = 1

// The clock of every world, in weeks from the first day.
const (
	pauseFrom   = 78  // first week of the pause
	panelWeeks  = 104 // that an analyst sees
	horizon     = 130 // of the truth
	panels      = 200 // of a world
	seed        = 14
	pauseDay    = "2013-07-01"
	pausedEvery = 3 // a regional pause is that of every third region
)

//go:embed market.toml
var market []byte

// setting is a value of a factor of the design with its name.
type setting struct {
	name  string
	value float64
}

// The factors of the design. Salience carries halo x weight/(1 + halo) of what convinces at constant spend: 18%, 30%
// and 44% (facts.md, section 4.1: 23% to 33% for the story that it tells). Decays are the low end and the default of
// that section, and a half-life of three weeks, inside the range of C38 for brand television.
var (
	halos  = []setting{{"weak", 0.3}, {"medium", 0.6}, {"strong", 1.2}}
	decays = []setting{{"fast", 0.4}, {"medium", 0.75}, {"slow", 3}}
	scopes = []string{"national", "regional"}
	events = []string{"alone", "recession", "rival"}
	weeks  = []int{1, 3, 6, 13}
)

// responses of the channels at a halo of 0.6. In each world they are such that a touch convinces as often at constant
// brand spend, so that worlds differ in what the pause does and not in how much there is to lose.
var responses = []setting{{"search", 0.3}, {"social", 0.2}, {"referrals", 0.35}}

// A World is one line of the design.
type World struct {
	Name  string  `json:"name"`
	Halo  float64 `json:"halo"`
	Decay float64 `json:"salience_half_life_weeks"`
	Scope string  `json:"scope"`
	Weeks int     `json:"pause_weeks"`
	Event string  `json:"event"`
	// Set are the overrides that make the world of market.toml, as in windfall run market.toml --set KEY=VALUE.
	Set []string `json:"set"`
}

// Null says whether the pause moves nobody.
func (w *World) Null() bool { return w.Halo == 0 }

// group are worlds that differ in the pause alone, and are run together with the world without it.
type group struct {
	name    string
	without []string // overrides of the world without the pause
	worlds  []World
}

// groups are all worlds: for each halo and decay, and without halo, the three events; in each the scopes and lengths.
func groups() (out []group) {
	add := func(halo, decay setting, event string) {
		name := "halo-" + halo.name + "_decay-" + decay.name
		if halo.value == 0 {
			name = "halo-none"
		}
		g := group{name: name + "_" + event, without: overrides(halo.value, decay.value, event)}
		for _, scope := range scopes {
			for _, n := range weeks {
				g.worlds = append(g.worlds, World{Name: fmt.Sprintf("%s_%s_%dw", g.name, scope, n), Halo: halo.value,
					Decay: decay.value, Scope: scope, Weeks: n, Event: event,
					Set: append(slices.Clone(g.without), pauseOf(scope, n)...)})
			}
		}
		out = append(out, g)
	}
	for _, event := range events {
		for _, halo := range halos {
			for _, decay := range decays {
				add(halo, decay, event)
			}
		}
	}
	for _, event := range events {
		add(setting{"none", 0}, decays[1], event)
	}
	return out
}

func overrides(halo, decay float64, event string) []string {
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }
	out := []string{"channels.*.halo=" + number(halo), "brand.salience_half_life_weeks=" + number(decay)}
	for _, r := range responses {
		out = append(out, "channels."+r.name+".response="+number(r.value*1.6/(1+halo)))
	}
	switch event {
	case "recession":
		out = append(out, `economy.path=[{from = `+pauseDay+`, regime = "recession"}]`)
	case "rival":
		out = append(out, "changes.rival-campaign.enabled=true")
	}
	return out
}

func pauseOf(scope string, weeks int) []string {
	change := "changes." + scope + "-pause."
	from, err := plan.ParseDate(pauseDay)
	if err != nil {
		panic(err)
	}
	return []string{change + "enabled=true", change + "until=" + (from + plan.Date(7*weeks)).String()}
}

// load makes the plan of the market under overrides.
func load(set []string) (*plan.Plan, error) {
	return scenarios.LoadBytes("market.toml", market, scenarios.Set(set...))
}

// paused says which of n regions a scope pauses.
func paused(scope string, n int) []bool {
	out := make([]bool, n)
	for r := range out {
		out[r] = scope == "national" || r%pausedEvery == pausedEvery-1
	}
	return out
}

// choose keeps the worlds that patterns name, as in halo-strong_*; none: all.
func choose(all []group, patterns string) ([]group, error) {
	if patterns == "" {
		return all, nil
	}
	var out []group
	found := map[string]bool{}
	list := strings.Split(patterns, ",")
	for _, g := range all {
		var kept []World
		for _, w := range g.worlds {
			named := false
			for _, p := range list {
				yes, err := path.Match(strings.TrimSpace(p), w.Name)
				if err != nil {
					return nil, fmt.Errorf("-worlds %s: %w", p, err)
				}
				if yes {
					found[p], named = true, true
				}
			}
			if named {
				kept = append(kept, w)
			}
		}
		if g.worlds = kept; len(kept) > 0 {
			out = append(out, g)
		}
	}
	for _, p := range list {
		if !found[p] {
			return nil, fmt.Errorf("-worlds %s: there is no such world; names are like %s, and * stands for any part of one",
				p, all[0].worlds[0].Name)
		}
	}
	return out, nil
}
