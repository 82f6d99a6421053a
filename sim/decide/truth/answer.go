package truth

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Answer is what is really brought, and what rules of attribution say.
type Answer struct {
	Replications int `json:"replications"`
	decide.Ruined
	// Idle says that no run wins a customer more or less, whatever is taken out.
	Idle    bool              `json:"wins_nobody,omitempty"`
	Seed    uint64            `json:"seed"`
	Weeks   int               `json:"weeks"`
	Plans   int               `json:"plans"` // that were run beside each other
	Won     analysis.Estimate `json:"won"`   // of the plan, per run
	Worlds  []World           `json:"without"`
	Pairs   []Together        `json:"pairs,omitempty"`
	Shapley []Value           `json:"shapley,omitempty"`
	Exact   bool              `json:"shapley_exact"` // not sampled
	Rules   []Rule            `json:"rules"`
	Budgets []Budget          `json:"budgets,omitempty"`
	From    string            `json:"pause_from,omitempty"`
	Inputs  int               `json:"uncertain_inputs"`

	// Whole says that every channel with a budget was taken out by itself.
	Whole    bool             `json:"-"`
	Scenario string           `json:"-"`
	Currency string           `json:"-"`
	Warnings []decide.Warning `json:"-"`
	Next     []decide.Step    `json:"-"`
}

// World is the plan against the same without something. Differences are the plan less the world without it: what it
// brings. In that with a pause they are what the pause loses.
type World struct {
	Name    string            `json:"name"`
	Channel bool              `json:"is_channel"`
	Pause   int               `json:"pause_weeks,omitempty"`
	Won     analysis.Estimate `json:"won"`
	Share   float64           `json:"share_of_won"` // of all customers of the plan
	Signups analysis.Estimate `json:"signups"`
	Margin  analysis.Estimate `json:"lifetime_margin"`
	// Firms are those that are won in either world, per run, by what becomes of them.
	Firms []Labelled `json:"firms"`
	// Nothing says that no run differs in customers or sign-ups; what it costs may.
	Nothing bool `json:"nothing_differs"`

	changes bool // customers won, in some run
}

// Labelled is firms per run with a label.
type Labelled struct {
	Label panel.Label       `json:"label"`
	Firms analysis.Estimate `json:"firms"`
}

// Together is two things taken out at once. Overlap is what they bring together less what each brings by itself: above
// 0 one does what the other did, so that the loss shows without both; below they need each other.
type Together struct {
	A       string            `json:"a"`
	B       string            `json:"b"`
	Won     analysis.Estimate `json:"won"`
	Overlap analysis.Estimate `json:"overlap"`
	Firms   []Labelled        `json:"firms"`
}

// Value is a Shapley value: what something brings on average over the orders in which all come in. Sampling is the
// standard error from the orders that were drawn; the interval has it in it.
type Value struct {
	Name     string            `json:"name"`
	Won      analysis.Estimate `json:"won"`
	Sampling float64           `json:"sampling_error"`
}

// Rule is what a rule of attribution says of the plan's own paths.
type Rule struct {
	Rule    string   `json:"rule"`
	How     string   `json:"how"`
	Credits []Credit `json:"credits"`
	// Ranks is Spearman's rank correlation of its credits with what the channels bring; NaN: not known.
	Ranks analysis.Number `json:"rank_correlation"`
	// Wrong is how many pairs of channels it puts in another order than the truth.
	Wrong int `json:"pairs_in_wrong_order"`
	Pairs int `json:"pairs_of_channels"`
}

// Credit is what a channel is credited with, per run.
type Credit struct {
	Channel   string            `json:"channel"`
	Customers analysis.Estimate `json:"customers"`
	Share     float64           `json:"share_of_won"`
	// Over is what it is credited with beyond what it brings; nil: that was not asked.
	Over *analysis.Estimate `json:"over_truth"`
}

// Budget is what a plan brings whose media budget follows a rule, or the truth, over the lifetime of its customers.
type Budget struct {
	Rule         string            `json:"rule"`
	Shares       []Share           `json:"shares"`
	AgainstPlan  analysis.Estimate `json:"lifetime_margin_against_plan"`
	AgainstTruth analysis.Estimate `json:"lifetime_margin_against_truth"`
}

// Share is a channel's part of the media budget.
type Share struct {
	Channel string  `json:"channel"`
	Part    float64 `json:"share"`
}

// World is what was found of something that was taken out; nil: it was not.
func (a *Answer) World(name string) *World {
	if i := slices.IndexFunc(a.Worlds, func(w World) bool { return w.Name == name && w.Pause == 0 }); i >= 0 {
		return &a.Worlds[i]
	}
	return nil
}

func (a *Answer) world(name string) World { return *a.World(name) }

// Credit is what a rule credits a channel with.
func (r *Rule) Credit(channel string) *Credit {
	if i := slices.IndexFunc(r.Credits, func(c Credit) bool { return c.Channel == channel }); i >= 0 {
		return &r.Credits[i]
	}
	return nil
}

func (r *Rule) credit(channel string) Credit { return *r.Credit(channel) }

// answered is what the panel of the worlds says.
func (c *Course) answered(p *panel.Panel) (*Answer, error) {
	a := &Answer{Replications: p.Replications, Seed: uint64(c.Plan.Run.Seed), Weeks: int(c.Plan.Run.Weeks),
		Plans: c.Worlds(), Scenario: c.Plan.Name, Currency: currency.Of(c.Plan.Run.Currency).Code, Whole: true,
		Exact: c.Shapley && c.orders == nil}
	if c.Pause > 0 {
		a.From = c.From.String()
	}
	var err error
	if a.Inputs, err = decide.InputsOf(c.Plan); err != nil {
		return nil, err
	}
	x := numbers{c, p}
	a.Won = x.mean(x.of(base, "won"))
	a.Ruined = decide.RuinedOf(p, base)
	for _, name := range c.Without {
		a.Worlds = append(a.Worlds, x.world(name, without(name), a.Won.Value))
	}
	if c.Pause > 0 {
		w := x.world(pause, pause, a.Won.Value)
		w.Pause = c.Pause
		a.Worlds = append(a.Worlds, w)
	}
	slices.SortStableFunc(a.Worlds, func(v, w World) int { return cmp.Compare(w.Won.Value, v.Won.Value) })
	a.Idle = !slices.ContainsFunc(a.Worlds, func(w World) bool { return w.changes })
	a.Pairs, a.Shapley = x.pairs(), x.shapley()
	for i := range c.Plan.Channels {
		if ch := &c.Plan.Channels[i]; ch.Enabled && ch.Driver == "budget" && a.World(ch.Name) == nil {
			a.Whole = false
		}
	}
	a.Rules = x.rules(a)
	if p.Replications < Few {
		a.Warnings = append(a.Warnings, decide.FewRuns{Has: p.Replications, Enough: Replications, Of: "pair",
			Part: "replications"})
	}
	a.Next = append(a.Next, decide.Respond(c.Plan), decide.Step{Question: "optimise"})
	if a.Fails {
		a.Next = []decide.Step{{Question: "run"}}
	}
	return a, nil
}

// numbers takes what is said from a panel.
type numbers struct {
	*Course
	panel *panel.Panel
}

func (x numbers) of(world, column string) []float64 {
	return x.panel.Values(panel.Leaf{Setting: world, Measure: panel.Measure{Column: column}})
}

// mean is that of numbers by replication.
func (x numbers) mean(values []float64) analysis.Estimate {
	return x.panel.Estimate(panel.MeanOf(&plan.Column{Name: "difference"}, values,
		func(float64) string { return "" }))
}

// world is what something brings whose world has a name.
func (x numbers) world(name, world string, won float64) World {
	brings := func(column string) []float64 { return decide.Less(x.of(base, column), x.of(world, column)) }
	w := World{Name: name, Channel: slices.Contains(x.channels, name), Won: x.mean(brings("won")),
		Signups: x.mean(brings("signups")), Margin: x.mean(brings("lifetime_margin"))}
	w.Share = part(w.Won.Value, won)
	differs := func(column string) bool {
		return slices.ContainsFunc(brings(column), func(d float64) bool { return d != 0 })
	}
	w.changes = differs("won")
	w.Nothing = !w.changes && !differs("signups")
	w.Firms = x.labelled(world)
	return w
}

// labelled are the firms of a world by what becomes of them.
func (x numbers) labelled(world string) (out []Labelled) {
	for _, label := range panel.Labels {
		values := x.panel.Values(panel.Leaf{Setting: world, Measure: labelled(label)})
		out = append(out, Labelled{label, x.mean(values)})
	}
	return out
}

func part(of, all float64) float64 {
	if all == 0 {
		return 0
	}
	return of / all
}

// pairs are what two bring together.
func (x numbers) pairs() (out []Together) {
	if !x.Pairs {
		return nil
	}
	with := x.of(base, "won")
	for i, a := range x.Without {
		for _, b := range x.Without[i+1:] {
			both := decide.Less(with, x.of(without(a, b), "won"))
			each := decide.Less(decide.Less(both, decide.Less(with, x.of(without(a), "won"))),
				decide.Less(with, x.of(without(b), "won")))
			out = append(out, Together{a, b, x.mean(both), x.mean(each), x.labelled(without(a, b))})
		}
	}
	slices.SortStableFunc(out, func(a, b Together) int { return cmp.Compare(a.Overlap.Value, b.Overlap.Value) })
	return out
}

// shapley are the Shapley values of what is taken out.
func (x numbers) shapley() (out []Value) {
	if !x.Shapley {
		return nil
	}
	for i, name := range x.Without {
		v := Value{Name: name}
		if x.orders == nil {
			v.Won = x.mean(x.exact(i))
		} else {
			v.Won, v.Sampling = x.sampled(i)
		}
		out = append(out, v)
	}
	slices.SortStableFunc(out, func(a, b Value) int { return cmp.Compare(b.Won.Value, a.Won.Value) })
	return out
}

// marginal is what one adds where some are there, by replication.
func (x numbers) marginal(i int, there uint64) []float64 {
	return decide.Less(x.of(without(x.absent(there|1<<i)...), "won"), x.of(without(x.absent(there)...), "won"))
}

// exact is the Shapley value of one by replication: the mean of what it adds over all orders.
func (x numbers) exact(i int) []float64 {
	n := len(x.Without)
	out := make([]float64, x.panel.Replications)
	for there := range uint64(1) << n {
		if there>>i&1 == 1 {
			continue
		}
		weight := 1 / float64(n) // over those of its size: 1 / (n choose k)
		for k := range bits.OnesCount64(there) {
			weight *= float64(k+1) / float64(n-1-k)
		}
		for r, d := range x.marginal(i, there) {
			out[r] += float64(weight * d)
		}
	}
	return out
}

// sampled is the mean over the orders that were drawn. Its interval has the error from both, replications and orders.
func (x numbers) sampled(i int) (analysis.Estimate, float64) {
	all, means := make([]float64, x.panel.Replications), make([]float64, len(x.orders))
	for k, order := range x.orders {
		var there uint64
		for _, j := range order[:slices.Index(order, i)] {
			there |= 1 << j
		}
		for r, d := range x.marginal(i, there) {
			all[r] += d / float64(len(x.orders))
			means[k] += d / float64(len(all))
		}
	}
	return x.mean(all).WithSampling(means)
}

// rules are what the rules of attribution say.
func (x numbers) rules(a *Answer) (out []Rule) {
	for _, rule := range analysis.Attributions {
		r := Rule{Rule: rule.Name, How: rule.Short}
		var credits, truth []float64
		for _, name := range x.channels {
			values := x.panel.Values(panel.Leaf{Setting: base, Measure: credited(rule.Name, name)})
			e := x.mean(values)
			r.Credits = append(r.Credits, Credit{Channel: name, Customers: e, Share: part(e.Value, a.Won.Value)})
			if w := a.World(name); w != nil {
				over := x.mean(decide.Less(values, decide.Less(x.of(base, "won"), x.of(without(name), "won"))))
				r.Credits[len(r.Credits)-1].Over = &over
				credits, truth = append(credits, e.Value), append(truth, w.Won.Value)
			}
		}
		r.Ranks = analysis.Number(math.NaN())
		if len(truth) > 1 {
			r.Ranks = analysis.Number(analysis.RankCorrelation(credits, truth))
		}
		for i := range truth {
			for k := range truth[:i] {
				r.Pairs++
				if (credits[i]-credits[k])*(truth[i]-truth[k]) < 0 {
					r.Wrong++
				}
			}
		}
		slices.SortStableFunc(r.Credits, func(a, b Credit) int { return cmp.Compare(b.Customers.Value, a.Customers.Value) })
		out = append(out, r)
	}
	return out
}

// Verdict says whether the budget brings more than one on the truth.
func (b *Budget) Verdict() decide.Verdict { return decide.Gains(b.AgainstTruth) }
