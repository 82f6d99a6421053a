// Package truth asks what a channel, a brand medium or a pause really brings: the plan beside the same plan without
// it, firm by firm, on the same random numbers. Beside that stands what the usual rules of attribution say, and what a
// budget that follows them loses.
package truth

import (
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios/edit"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Replications are the pairs of each world by default; below Few of them differences are doubtful.
const (
	Replications = 200
	Few          = 50
)

// MostExact is the number of channels up to which Shapley values are exact: 2^n plans are run. Beyond, Orders orders
// of the channels are drawn.
const (
	MostExact = 8
	Orders    = 16
)

// defaultWeek is the week of the run in which a pause begins that has no date.
const defaultWeek = 40

// Ask is a question about what is taken out of a plan.
type Ask struct {
	Plan *plan.Plan
	// Without is what is taken out, each by itself: channels, brand for all brand media, names of media. None: every
	// channel, and brand.
	Without []string
	// Pause is the weeks of a pause of all brand media that is asked about too; 0: none. From is its first day; 0: the
	// first of the run's week 40, or of its middle.
	Pause int
	From  plan.Date
	// Pairs asks about two at a time, Shapley for the Shapley values of what is taken out.
	Pairs, Shapley bool
	// Replications are the pairs of each world; 0: Replications.
	Replications int
}

// checked is an ask that can be answered.
type checked struct {
	Ask
	channels []string // of the plan, in its order
	worlds   []decide.Setting
	orders   [][]int // of what is taken out, where Shapley values are sampled
}

// base is the world with everything, and pause that with a pause.
const (
	base  = "plan"
	pause = "pause"
)

// without names a world.
func without(names ...string) string {
	if len(names) == 0 {
		return base
	}
	return "without " + strings.Join(names, " and ")
}

// check fills in what was not asked and finds what is wrong: a *decide.Problem.
func (a Ask) check() (*checked, error) {
	c := &checked{Ask: a, channels: a.Plan.Dimension("channel")}
	if c.Replications == 0 {
		c.Replications = Replications
	}
	channels, media := edit.CanGo(a.Plan)
	c.Without = nil
	for _, name := range a.Without {
		if name = strings.TrimSpace(name); !slices.Contains(c.Without, name) {
			c.Without = append(c.Without, name)
		}
	}
	if len(c.Without) == 0 {
		c.Without = channels
		if len(media) > 0 {
			c.Without = append(c.Without, edit.AllMedia)
		}
	}
	if len(c.Without) == 0 {
		return nil, decide.Wrong("without", "", "the plan has no channel and no brand medium to go without")
	}
	if slices.Contains(c.Without, edit.AllMedia) && len(c.Without) > 1 && (a.Pairs || a.Shapley) {
		for _, m := range c.Without {
			if m != edit.AllMedia && slices.Contains(media, m) {
				return nil, decide.Wrong("without", m, "it is in brand already: name media or brand, where both act together")
			}
		}
	}
	if len(c.Without) < 2 && (a.Pairs || a.Shapley) {
		return nil, decide.Wrong("without", strings.Join(c.Without, ","), "two at least are needed to ask what they do "+
			"together")
	}
	if err := c.add(); err != nil {
		return nil, decide.OfEdit(err)
	}
	return c, c.addPause()
}

// add adds the plan and the worlds without something.
func (c *checked) add() error {
	for _, set := range c.sets() {
		p, err := edit.Without(c.Plan, set...)
		if err != nil {
			return err
		}
		c.worlds = append(c.worlds, decide.Setting{Name: without(set...), Plan: p})
	}
	return nil
}

// sets are what is taken out of the worlds, the plan itself first, each set once.
func (c *checked) sets() [][]string {
	out := [][]string{nil}
	seen := map[string]bool{base: true}
	add := func(set ...string) {
		if !seen[without(set...)] {
			seen[without(set...)] = true
			out = append(out, set)
		}
	}
	for _, name := range c.Without {
		add(name)
	}
	if c.Pairs {
		for i, a := range c.Without {
			for _, b := range c.Without[i+1:] {
				add(a, b)
			}
		}
	}
	switch n := len(c.Without); {
	case !c.Shapley:
	case n <= MostExact:
		for mask := range 1 << n {
			add(c.absent(uint64(mask))...)
		}
	default:
		c.drawOrders()
		for _, order := range c.orders {
			var there uint64
			for _, i := range order {
				add(c.absent(there)...)
				there |= 1 << i
			}
		}
	}
	return out
}

// absent is what is taken out of a world in which some are there, in the order of the ask.
func (c *checked) absent(there uint64) (out []string) {
	for i, name := range c.Without {
		if there>>i&1 == 0 {
			out = append(out, name)
		}
	}
	return out
}

// drawOrders draws the orders in which channels come in. They depend on the names and the seed alone.
func (c *checked) drawOrders() {
	for k := range Orders {
		key := rng.Root(uint64(c.Plan.Run.Seed), k).Child(rng.Label("orders of attribution"))
		order := make([]int, len(c.Without))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			x, y := key.Child(rng.Label(c.Without[a])), key.Child(rng.Label(c.Without[b]))
			if x < y {
				return -1
			}
			return 1
		})
		c.orders = append(c.orders, order)
	}
}

// addPause adds the world with a pause.
func (c *checked) addPause() error {
	if c.Pause == 0 {
		return nil
	}
	run := c.Plan.Run
	weeks := int(run.Weeks)
	if c.From == 0 {
		c.From = run.Start + plan.Date(7*(min(defaultWeek, weeks/2+1)-1))
	}
	end := run.Start + plan.Date(7*weeks)
	if c.From < run.Start || c.From >= end {
		p := decide.Wrong("from", c.From.String(), "the run is from %s to %s", run.Start, end-1)
		p.Low, p.High = run.Start.String(), (end - 1).String()
		return p
	}
	if until := c.From + plan.Date(7*c.Pause); c.Pause < 0 || until > end {
		return decide.Wrong("pause", fmt.Sprint(c.Pause), "it must end within the run: %d weeks at most",
			int(end-c.From)/7)
	}
	x, err := edit.NewPause(c.worlds[0].Plan, []string{edit.AllMedia}, nil)
	if err != nil {
		problem := decide.Wrong("pause", fmt.Sprint(c.Pause), "the scenario has no brand media")
		return problem
	}
	c.worlds = append(c.worlds, decide.Setting{Name: pause, Plan: x.Plan(c.From, c.From+plan.Date(7*c.Pause))})
	return nil
}

// matched says whether the firms of a world are matched with those of the plan: one without one thing, or of pairs
// that were asked about without two, or that with the pause.
func (c *checked) matched(world string) bool {
	for i, a := range c.Without {
		if world == without(a) {
			return true
		}
		for _, b := range c.Without[i+1:] {
			if c.Pairs && world == without(a, b) {
				return true
			}
		}
	}
	return world == pause
}

// kept are the outcomes that every world is asked for.
var kept = []string{"won", "signups", "lifetime_margin"}

// design is what is run first: all worlds.
func (c *checked) design() *decide.Design {
	d := &decide.Design{Settings: c.worlds, Replications: c.Replications, Seed: uint64(c.Plan.Run.Seed)}
	d.Keep(base, panel.Measure{Column: decide.Ruin})
	for _, s := range c.worlds {
		for _, column := range kept {
			d.Keep(s.Name, panel.Measure{Column: column})
		}
		if c.matched(s.Name) {
			for _, label := range panel.Labels {
				d.Keep(s.Name, labelled(label))
			}
		}
	}
	for _, rule := range analysis.Attributions {
		for _, name := range c.channels {
			d.Keep(base, credited(rule.Name, name))
		}
	}
	return d
}

// labelled is the number of firms with a label against the plan.
func labelled(l panel.Label) panel.Measure {
	return panel.Measure{Column: "won", Against: base, Label: l}
}

// credited is what a rule credits a channel with.
func credited(rule, channel string) panel.Measure {
	return panel.Measure{Column: "won", Rule: rule, Dimension: "channel", Name: channel}
}
