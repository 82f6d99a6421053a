package scenarios

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync"

	"windfall/model"
	"windfall/model/expected"
	"windfall/model/plan"
)

// This file and those beside it (sense_*.go) look for what can run and makes no sense: a price that nobody pays, a
// channel that reaches nobody. It is what Check says beyond what Open warns of, since some of it takes the mean field.

// A warningKind is one way in which a plan makes no sense. All findings of a kind are one warning, at the place of the
// first.
type warningKind struct {
	name string
	find func(*sense) []finding
	says string // what it means and its cure; {} stands for the names of the findings
}

// A finding is a key that a warning is about, and what the sentence calls it.
type finding struct{ key, name string }

// warningKinds are all kinds of warnings about sense.
var warningKinds = []warningKind{
	{"no recession", noRecession, "no recession can come here, and none would change anything: a stress test by a " +
		"recession shows nothing; write regime = \"random\" or a path under [economy], and what a recession " +
		"multiplies under [economy.recession], as in {win_rate = 0.9, willingness = 0.9, churn = 1.15, firm_death = " +
		"1.15}"},
	{"idle recession", idleRecession, "a recession can come and changes nothing: every multiplier is 1; write " +
		"under [economy.recession] what it changes, as in {win_rate = 0.9, churn = 1.15}, or leave regime and path out"},
	{"nobody", noBuyers, "nobody can be won in this plan: {}"},
	{"price", unaffordable, "prices that at most 1% of a size class can pay: {}; the product sells nothing there; " +
		"lower the price, sell it to other classes (sizes), or check the unit of price and journey.willingness_median " +
		"(per seat or per firm, and month)"},
	{"reference price", farReference, "net prices at less than half or more than twice the reference_price: {}; " +
		"win rates hold at the reference price and are moved by price_elasticity from there; set reference_price to " +
		"the net price of today, per the same unit as the price"},
	{"price step", farPrices, "net prices that move more than 25% away from what their customers were won at: " +
		"{}; what is known of wins and churn after a change of price does not reach that far, so read the result as a " +
		"guess; stay within 25%, or vary price_elasticity and price_churn_lasting to see how much depends on them"},
	{"product", unsold, "products that nobody can buy: {}; widen the list, move the date, or write enabled = false"},
	{"reach", unreached, "channels that can reach nobody: {}; what they cost buys nothing; raise the number, or " +
		"write enabled = false"},
	{"budget", unfunded, "channels that live on a budget and have none on any day of the run: {}; they touch " +
		"nobody; give them a weekly_budget, or write enabled = false"},
	{"saturation", saturated, "channels that get more than 3 half-saturations: {}; beyond that more money buys " +
		"almost nothing; lower the budget, or check half_saturation"},
	{"capture", lostSearches, "channels that capture searches and have nowhere to fall back to: {}; every search " +
		"that the paid link does not take is lost, as if nobody ever clicked a result that is not an advertisement; " +
		"write falls_back_to and organic, as in falls_back_to = \"inbound\", organic = 0.4, or organic = 0 if it is " +
		"meant so"},
	{"brand", unheard, "brand media whose money moves nothing: {}; no channel is lifted by the brand (halo), " +
		"driven by it (driver = \"brand\") or seen by those who know it alone (needs_awareness); give a channel a " +
		"halo, or write enabled = false"},
	{"unanswered", unansweredTeams, "teams that never answer a lead: {}; they win nobody; lower never_answered " +
		"(metro has 0.17), or send their leads to another team"},
	{"winless", winless, "teams that win nothing: {}; raise win_rate, or send their leads to another team"},
	{"overload", overloaded, "teams that can never keep up: {}; whoever waits too long is lost, in every week; add " +
		"people, raise opportunities_per_week, write a hiring rule (hire_when_load_above), or send them fewer leads " +
		"(share, channels)"},
	{"idle team", idleTeams, "teams of people to whom no lead ever comes: {}; they are paid for waiting; change " +
		"their sizes, share or channels, or write enabled = false"},
	{"newborn", newbornAgeing, "trigger kinds of newborn firms that wait for a system to age: {}; a firm that is " +
		"born has no old system, so the two say opposite things; write kind = \"event\" with a rate_per_year, or " +
		"leave newborn out"},
	{"idle key", idleKeys, "keys that do nothing in this plan: {}; leave them out, or switch on what they belong to"},
	{"goal", settledGoals, "goals that are decided before any run: {}; write a bound that a run can meet or miss"},
	{"first week", brokeAtOnce, "the plan is out of business after its first week: {}; raise finance.opening_cash, " +
		"or date a round (finance.rounds) in the first week"},
	{"dormant share", scaledCells, "parts of the market in which triggers come so often that they are scaled down " +
		"to keep population.min_dormant_share: {}; lower rate_per_year, lengthen life_years, or shorten " +
		"journey.lock_in_years"},
}

// sense is a plan and what is known of it before a run.
type sense struct {
	b        *builder
	p        *plan.Plan
	lines    []*plan.Timeline // inputs at their medians: without shocks that are left to chance, and with all of them
	on       []*plan.Plan     // the numbers of each part of the run, on these
	prepared *model.Prepared
	before   Problems // what the loader has warned of already
	outline  func() *expected.Outline
}

// sense lists what makes no sense in the plan, one warning per kind.
func (b *builder) sense(prepared *model.Prepared) Problems {
	s := newSense(b, prepared)
	b.warnings = nil
	for _, k := range warningKinds {
		found := slices.DeleteFunc(k.find(s), func(f finding) bool { return s.drawn(f.key) || s.varied(f.key) })
		if len(found) == 0 {
			continue
		}
		var names []string
		for _, f := range found {
			names = append(names, f.name)
		}
		b.note(found[0].key, "%s", strings.ReplaceAll(k.says, "{}", some(names)))
	}
	out := b.warnings
	b.warnings = s.before
	return out
}

func newSense(b *builder, prepared *model.Prepared) *sense {
	s := &sense{b: b, p: b.plan, prepared: prepared, before: b.warnings, outline: sync.OnceValue(func() *expected.Outline {
		o := expected.OutlineOf(b.plan)
		return &o
	})}
	s.add(s.p)
	all := *s.p
	all.Shocks = slices.Clone(all.Shocks)
	for i := range all.Shocks {
		all.Shocks[i].Probability = 1
	}
	if len(all.Shocks) > 0 {
		s.add(&all)
	}
	return s
}

// add takes in the numbers of a plan through its run.
func (s *sense) add(p *plan.Plan) {
	t := plan.NewTimeline(p)
	t.SetFixed()
	s.lines = append(s.lines, t)
	for step := range t.Steps() {
		if q := t.Plan(step); !slices.Contains(s.on, q) {
			s.on = append(s.on, q)
		}
	}
}

// never says whether something holds in no part of the run.
func (s *sense) never(holds func(*plan.Plan) bool) bool { return !slices.ContainsFunc(s.on, holds) }

// most is the largest of a number through the run.
func (s *sense) most(of func(*plan.Plan) float64) float64 {
	most := math.Inf(-1)
	for _, q := range s.on {
		most = max(most, of(q))
	}
	return most
}

// latest is the one of some keys that was set last: by the command line, by the file that was asked for, by one below.
func (s *sense) latest(keys ...string) string {
	return slices.MaxFunc(keys, func(x, y string) int { return cmp.Compare(s.b.layer(x), s.b.layer(y)) })
}

// drawn says whether a key, or an entry of it, is uncertain: its median says nothing of all runs.
func (s *sense) drawn(key string) bool {
	return slices.ContainsFunc(s.p.Inputs, func(in plan.Input) bool {
		return in.Key == key || strings.HasPrefix(in.Key, key+".")
	})
}

// varied says whether the study in the file has another setting that gives a key of the same thing a value of its own:
// what the plan itself lacks may be what the study is about.
func (s *sense) varied(key string) bool {
	segs, err := plan.SplitKey(key)
	if err != nil || len(segs) < 2 {
		return false
	}
	same := func(path []string) bool {
		for i := range path { // a dated change names keys below its table set
			rest := path[i:]
			if len(rest) > 2 && rest[0] == segs[0] && slices.Contains([]string{segs[1], "*", "{each}"}, rest[1]) {
				return true
			}
		}
		return false
	}
	found := false
	var walk func(n *node, path []string)
	walk = func(n *node, path []string) {
		for _, k := range n.order {
			here := path
			if segs, err := plan.SplitKey(k); err == nil {
				here = append(slices.Clone(path), segs...)
			}
			found = found || same(here)
			if n.kids[k].kind == table {
				walk(n.kids[k], here)
			}
		}
	}
	if variants := s.b.root.at("study", "variants"); variants != nil {
		walk(variants, nil)
	}
	if keys := s.b.root.at("study", "vary", "keys"); keys != nil {
		for _, e := range append([]*node{keys}, keys.elems...) {
			if e.kind == text {
				if path, err := plan.SplitKey(e.value.(string)); err == nil {
					found = found || same(path)
				}
			}
		}
	}
	return found
}

// some lists names, of many the first.
func some(names []string) string {
	if n := len(names) - mostListed; n > 1 {
		return strings.Join(names[:mostListed], ", ") + " and " + plan.FormatNumber(float64(n)) + " more"
	}
	return strings.Join(names, ", ")
}

// rough writes a number with three digits.
func rough(x float64) string { return plan.FormatNumber(significant(x, 3)) }

// significant keeps some digits of a number.
func significant(x float64, digits int) float64 {
	if x == 0 || math.IsNaN(x) || math.IsInf(x, 0) {
		return x
	}
	scale := math.Pow(10, float64(digits-1)-math.Floor(math.Log10(math.Abs(x))))
	return math.Round(x*scale) / scale
}
