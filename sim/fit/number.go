package fit

import (
	"math"
	"slices"

	"windfall/model"
	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios/company"
	"windfall/sim/export"
	"windfall/sim/fit/learned"
)

// number is one number of the plan that unknowns move. It is an uncertain input of the plan whose range is wider than
// any member's, so that a prepared plan takes the numbers of every member on the scale of probabilities.
type number struct {
	key       string
	base      float64
	low, high float64 // allowed
	of        func(x []float64) float64
}

// reach is the largest factor, and one over it the smallest, by which unknowns move a number.
const reach = 1e4

// input is the number as an uncertain input of the plan.
func (n *number) input() plan.Input {
	return plan.Input{Name: n.key, Key: n.key, Dist: plan.Dist{Kind: "loguniform", A: n.base / reach, B: n.base * reach,
		Low: n.low, High: n.high}}
}

// at is a value on the scale of probabilities of the input.
func (n *number) at(x []float64) float64 {
	u := 0.5 + float64(rng.Log(n.value(x)/n.base)/(2*rng.Log(reach)))
	return min(max(u, 0x1p-53), 1-0x1p-53)
}

// value is the number at values of the unknowns.
func (n *number) value(x []float64) float64 {
	return min(max(float64(n.base*n.of(x)), n.low, n.base/reach), n.high, n.base*reach)
}

// binder finds the numbers that unknowns move.
type binder struct {
	p        *plan.Plan
	unknowns []learned.Unknown
	at       *export.Panel             // a run of the plan as it stands: what it spends, and how far its curves are
	together func(x []float64) float64 // factor on the touches of all channels whose level is asked
	out      []number
	err      error
}

// bind finds the numbers that unknowns move, from a run of the plan as it stands.
func bind(p *plan.Plan, unknowns []learned.Unknown, at *export.Panel) ([]number, error) {
	b := &binder{p: p, unknowns: unknowns, at: at}
	b.together = b.shared()
	for c := range p.Channels {
		b.channel(c)
	}
	b.each(learned.Salience, "", "brand.salience_half_life_weeks")
	b.each(learned.Equity, "", "brand.equity_half_life_weeks")
	for i := range p.Teams {
		b.team(&p.Teams[i])
	}
	for s := range p.Population.Sizes {
		b.each(learned.Churn, "", plan.JoinKey("customers", "base_hazard", p.Population.Sizes[s].Name))
	}
	b.each(learned.ChurnShape, "", "customers.weibull_shape")
	b.each(learned.Frailty, "", "customers.frailty_variance")
	for i := range p.Products {
		pr := &p.Products[i]
		if pr.PricePer != plan.PerFirm {
			b.each(learned.Seats, pr.Name, plan.JoinKey("products", pr.Name, "adoption"))
		}
		b.each(learned.Price, pr.Name, plan.JoinKey("products", pr.Name, "price"))
	}
	return b.out, b.err
}

// acting lists the unknowns of a kind that act on a channel, team or product, or with "" on the plan.
func (b *binder) acting(kind learned.Kind, on string) (out []int) {
	for i := range b.unknowns {
		if u := &b.unknowns[i]; u.Kind == kind && (len(u.Of) == 0 || slices.Contains(u.Of, on)) {
			out = append(out, i)
		}
	}
	return out
}

// sum adds the values of some unknowns.
func sum(x []float64, which []int) (s float64) {
	for _, i := range which {
		s += x[i]
	}
	return s
}

// add lists a number, unless it cannot move: one of 0, or missing.
func (b *binder) add(key string, of func(x []float64) float64) {
	if b.err != nil {
		return
	}
	if slices.ContainsFunc(b.p.Schedules, func(s plan.Schedule) bool { return s.Key == key }) {
		b.err = problem(key, "it is known by date, so that it is no unknown")
		return
	}
	refs, param, err := b.p.Numbers(key)
	if err != nil {
		b.err = err
		return
	}
	if base := *refs[0]; base > 0 {
		b.out = append(b.out, number{key: key, base: base, low: param.Least(), high: param.Most(), of: of})
	}
}

// each lists a number that unknowns of one kind multiply by e^x.
func (b *binder) each(kind learned.Kind, on, key string) {
	if which := b.acting(kind, on); len(which) > 0 {
		b.add(key, func(x []float64) float64 { return rng.Exp(sum(x, which)) })
	}
}

// odds lists a chance or share, not 0 and not 1, whose odds unknowns of one kind multiply by e^x.
func (b *binder) odds(kind learned.Kind, on, key string) {
	which := b.acting(kind, on)
	refs, _, err := b.p.Numbers(key)
	if len(which) == 0 || err != nil || *refs[0] <= 0 || *refs[0] >= 1 {
		return
	}
	share := *refs[0]
	b.add(key, func(x []float64) float64 {
		e := rng.Exp(sum(x, which))
		return e / (1 + float64(share*(e-1)))
	})
}

// team lists the numbers of a team. The odds of its win rates move together.
func (b *binder) team(t *plan.Team) {
	for s := range t.WinRate {
		size := b.p.Population.Sizes[s].Name
		b.odds(learned.Win, t.Name, plan.JoinKey("teams", t.Name, "win_rate", size))
		b.each(learned.Cycle, t.Name, plan.JoinKey("teams", t.Name, "cycle_days", size))
	}
}

// channel lists the numbers of a channel. Its touch rate in the history is that of its level alone, whatever its
// saturation, and its response that of its own alone, whatever its halo (docs/fit.md).
func (b *binder) channel(c int) {
	ch := &b.p.Channels[c]
	key := func(name string) string { return plan.JoinKey("channels", ch.Name, name) }
	level, saturation := b.levels(c), []int(nil)
	far := b.far(c)
	if far != nil && ch.Captures == "" {
		saturation = b.acting(learned.Saturation, ch.Name)
	}
	if len(level)+len(saturation) > 0 {
		together := b.together
		if len(level) == 0 {
			together = nil
		}
		b.add(key("max_touches_per_week"), func(x []float64) float64 {
			by := rng.Exp(sum(x, level)) * far.compensation(sum(x, saturation))
			if together != nil {
				by *= together(x)
			}
			return by
		})
	}
	if len(saturation) > 0 {
		b.add(key("half_saturation"), func(x []float64) float64 { return rng.Exp(sum(x, saturation)) })
	}
	if capture := b.acting(learned.Capture, ch.Name); len(capture) > 0 && ch.Captures != "" && far != nil {
		b.add(key("half_saturation"), func(x []float64) float64 { return rng.Exp(-sum(x, capture) / ch.Shape) })
	}
	if far != nil {
		b.each(learned.CarryOver, ch.Name, key("adstock_half_life_weeks"))
	}
	b.odds(learned.Real, ch.Name, key("real"))
	halo, response := b.acting(learned.Halo, ch.Name), b.acting(learned.Response, ch.Name)
	if ch.Halo > 0 {
		b.each(learned.Halo, ch.Name, key("halo"))
	} else {
		halo = nil
	}
	if lift := b.lift(c); len(halo)+len(response) > 0 {
		b.add(key("response"), func(x []float64) float64 {
			return rng.Exp(sum(x, response)) * (lift / (1 + float64((lift-1)*rng.Exp(sum(x, halo)))))
		})
	}
}

// levels are the unknowns that act on the touch rate of a channel.
func (b *binder) levels(c int) []int {
	if ch := &b.p.Channels[c]; ch.Driver != "budget" {
		return b.acting(learned.Demand, ch.Name)
	}
	return b.acting(learned.Level, b.p.Channels[c].Name)
}

// shared is the factor on the touches of all channels whose level is asked by which they bring what Total says
// together, whatever their own levels: customers won in the run of the plan as it stands times e^total. What only their
// sum shows says nothing of one of them, and a sum of what is a tenth or ten times as much is far from linear in each
// (docs/fit.md). Nil: Total is not asked.
func (b *binder) shared() func(x []float64) float64 {
	total := b.acting(learned.Total, "")
	if len(total) == 0 {
		return nil
	}
	type part struct {
		won    float64
		levels []int
	}
	var parts []part
	all := 0.0
	for c := range b.p.Channels {
		k := part{levels: b.levels(c)}
		for _, column := range b.at.WonBy[c] {
			for _, n := range column {
				k.won += n
			}
		}
		if len(k.levels) > 0 && k.won > 0 {
			parts, all = append(parts, k), all+k.won
		}
	}
	return func(x []float64) float64 {
		if all == 0 {
			return rng.Exp(sum(x, total))
		}
		brings := 0.0
		for i := range parts {
			brings += float64(parts[i].won * rng.Exp(sum(x, parts[i].levels)))
		}
		return rng.Exp(sum(x, total)) * all / brings
	}
}

// curve is how far a channel was up its Hill curve in each week of the history: (half-saturation/spend)^shape.
type curve struct {
	shape float64
	far   []float64
	touch float64 // mean of the curve
}

// far is how far a channel with a budget was in the run; nil of others, and of one that spent nothing.
func (b *binder) far(c int) *curve {
	ch := &b.p.Channels[c]
	if ch.Driver != "budget" {
		return nil
	}
	out := &curve{shape: ch.Shape}
	for week, stock := range b.at.Adstock[c] {
		if half := b.at.HalfSaturation[c][week]; stock > 0 && half > 0 {
			out.far = append(out.far, rng.Pow(half/stock, ch.Shape))
		}
	}
	if out.far == nil {
		return nil
	}
	out.touch = out.mean(0)
	return out
}

// mean is the mean of the curve over the history where the half-saturation is e^x times that of the plan.
func (k *curve) mean(x float64) (s float64) {
	e := rng.Exp(float64(k.shape * x))
	for _, far := range k.far {
		s += 1 / (1 + float64(far*e))
	}
	return s / float64(len(k.far))
}

// compensation is the factor on touches that keeps their mean over the history where the half-saturation is moved.
func (k *curve) compensation(x float64) float64 {
	if k == nil || x == 0 {
		return 1
	}
	return k.touch / k.mean(x)
}

// lift is by how much brand lifted the response of a channel in the run, on average.
func (b *binder) lift(c int) float64 {
	mean, n := 0.0, 0
	for r := range b.at.Regions {
		for _, x := range b.at.Lift[c][r] {
			if x > 0 {
				mean += x
				n++
			}
		}
	}
	if n == 0 {
		return 1
	}
	return mean / float64(n)
}

// History is the plan of a history, ready to be fitted: it begins and ends with it, what was spent in each period and
// how many people a team had are schedules, and the vendor cannot run out of money, nor cut or hire by rules: it lived
// through those days as the history says. Opening customers, brand and cash are those of the plan, whose dated changes,
// shocks and intervals are left out: numbers that are not unknowns stand at their medians. A cell that is not known
// keeps the spend of the period before.
func History(p *plan.Plan, h *company.History, heads map[string][]float64) (*plan.Plan, error) {
	if len(h.Periods) < 2 {
		return nil, problem("history", "%d periods: at least 2 are needed", len(h.Periods))
	}
	q := p.Clone()
	q.Run.Start, q.Run.Weeks = h.From(), float64(h.Weeks())
	q.Changes, q.Shocks, q.Goals, q.Inputs, q.Correlations = nil, nil, nil, nil, nil
	q.OpeningPlan, q.BaselinePlan, q.Baseline = nil, nil, ""
	q.CashRules, q.Schedules = nil, nil
	for _, s := range p.Schedules {
		for _, e := range s.Entries {
			if e.Input >= 0 {
				return nil, problem(s.Key, "a dated value is uncertain; the history needs a number")
			}
		}
		if !isOf(h, heads, s.Key) {
			q.Schedules = append(q.Schedules, s)
		}
	}
	q.Finance.OpeningCash = p.Finance.OpeningCash + reserve
	for i := range q.Teams {
		q.Teams[i].HireWhenLoadAbove = math.NaN()
	}
	for s := range q.Population.Sizes {
		if q.Customers.BaseHazard[s] = model.BaseHazard(q, q, s); q.Customers.Retained12Months != nil {
			q.Customers.Retained12Months[s] = math.NaN()
		}
	}
	if err := addSchedules(q, h, heads); err != nil {
		return nil, err
	}
	slices.SortStableFunc(q.Schedules, func(a, b plan.Schedule) int { return compareText(a.Key, b.Key) })
	return q, nil
}

// reserve keeps the vendor of a history alive.
const reserve = 1e11

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// keyOf is the key of a channel's or medium's spend.
func keyOf(x *company.ChannelHistory) string {
	if x.Medium {
		return plan.JoinKey("media", x.Name, "weekly_budget")
	}
	return plan.JoinKey("channels", x.Name, "weekly_budget")
}

func keyOfPeople(team string) string { return plan.JoinKey("teams", team, "people") }

// isOf says whether the history has the numbers of a schedule.
func isOf(h *company.History, heads map[string][]float64, key string) bool {
	for i := range h.Channels {
		if h.Channels[i].Spend != nil && key == keyOf(&h.Channels[i]) {
			return true
		}
	}
	for team := range heads {
		if key == keyOfPeople(team) {
			return true
		}
	}
	return false
}

// addSchedules adds what was spent, and the people of teams.
func addSchedules(q *plan.Plan, h *company.History, heads map[string][]float64) error {
	add := func(key string, column []float64, perWeek bool) error {
		refs, param, err := q.Numbers(key)
		if err != nil {
			return problem("history", "%v", err)
		}
		if len(refs) != 1 {
			return problem(key, "it is set by region; give it in all")
		}
		s := plan.Schedule{Key: key}
		last := math.NaN()
		for i, x := range column {
			if perWeek {
				x /= h.Periods[i].Weeks()
			}
			if math.IsNaN(x) || x == last {
				continue
			}
			if !param.Allows(x) {
				return problem(key, "%g in the period from %s: %s is allowed", x, h.Periods[i].From, param.Range())
			}
			from := h.Periods[i].From
			if math.IsNaN(last) { // what is not known before is as the first that is
				from, *refs[0] = h.From(), x
			}
			s.Entries, last = append(s.Entries, plan.ScheduleEntry{From: from, Value: x, Input: -1}), x
		}
		if len(s.Entries) > 1 {
			q.Schedules = append(q.Schedules, s)
		}
		return nil
	}
	for i := range h.Channels {
		if x := &h.Channels[i]; x.Spend != nil {
			if err := add(keyOf(x), x.Spend, true); err != nil {
				return err
			}
		}
	}
	for _, t := range q.Dimension("team") {
		if heads[t] != nil {
			if err := add(keyOfPeople(t), heads[t], false); err != nil {
				return err
			}
		}
	}
	return nil
}

// Smaller is the plan of a market with a share of the firms, customers and people: what one firm sees is as before, and
// all counts are that share of what they were. Amounts of money that are not per customer or person stay.
func Smaller(p *plan.Plan, share float64) *plan.Plan {
	q := p.Clone()
	firms := max(1, math.Round(p.Population.Firms*share))
	share = firms / p.Population.Firms
	q.Population.Firms = firms
	if x := p.Population.MediaFirms; !math.IsNaN(x) {
		q.Population.MediaFirms = max(1, math.Round(x*share))
	}
	for s := range q.Opening.Customers {
		q.Opening.Customers[s] = math.Round(float64(q.Opening.Customers[s] * share))
	}
	for c := range q.Channels {
		q.Channels[c].HalfSaturationCustomers *= share
	}
	q.Schedules = slices.Clone(p.Schedules)
	for i := range q.Teams {
		if t := &q.Teams[i]; t.Kind == "people" {
			fewer(q, t, share)
		}
	}
	return q
}

// PartOf is a plan as it stands on a share of its firms, its opening plan with it. Its cash is no part of the whole's:
// what it spends on media is that of the whole, so that it is given what keeps it alive.
func PartOf(p *plan.Plan, share float64) *plan.Plan {
	q := Smaller(p, share)
	q.CashRules = nil
	q.Finance.OpeningCash += reserve
	for i := range q.Teams {
		q.Teams[i].HireWhenLoadAbove = math.NaN()
	}
	q.Opening.Groups, q.Opening.Pipeline = slices.Clone(p.Opening.Groups), slices.Clone(p.Opening.Pipeline)
	fewerIn(q.Opening.Groups, share, func(g *plan.CustomerGroup) *float64 { return &g.Count })
	fewerIn(q.Opening.Pipeline, share, func(g *plan.PipelineGroup) *float64 { return &g.Count })
	for i := range q.Teams {
		fewerIn(q.Teams[i].Ramping, share, func(x *plan.Began) *float64 { return &x.People })
	}
	if p.OpeningPlan != nil {
		q.OpeningPlan = PartOf(p.OpeningPlan, share)
	}
	return q
}

// fewerIn gives groups a share of their counts: whole ones, and as many in all.
func fewerIn[G any](groups []G, share float64, count func(*G) *float64) {
	all, taken := 0.0, 0.0
	for i := range groups {
		n := count(&groups[i])
		all += float64(*n * share)
		*n = math.Round(all) - taken
		taken += *n
	}
}

// slowest is the least speed of a person who stands for a part of one: deals are lost while a service takes longer, so
// that somebody who serves a tenth as fast would lose most.
const slowest = 0.5

// fewer gives a team a share of its people: whole ones, each of whom costs, and down to half of the speed serves, as
// much more or less as makes up for that.
func fewer(q *plan.Plan, t *plan.Team, share float64) {
	wanted, whole := 0.0, 0.0
	take := func(people float64) float64 {
		n := float64(people * share)
		if n > 0 {
			wanted += n
			n = max(1, math.Round(n))
			whole += n
		}
		return n
	}
	t.People = take(t.People)
	key := keyOfPeople(t.Name)
	for k := range q.Schedules {
		if s := &q.Schedules[k]; s.Key == key {
			s.Entries = slices.Clone(s.Entries)
			for e := range s.Entries {
				s.Entries[e].Value = take(s.Entries[e].Value)
			}
		}
	}
	if whole > 0 {
		t.OpportunitiesPerWeek *= max(slowest, wanted/whole)
		t.PayPerYear *= wanted / whole
	}
}
