package respond

import (
	"cmp"
	"fmt"
	"slices"

	"windfall/model/plan"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// answerPlaces ranks the places where a dollar may go.
func (x responses) answerPlaces() error {
	var idle []string // what is not spent in the plan cannot be multiplied
	for _, at := range x.places {
		var r Ranked
		var err error
		if x.Amount > 0 {
			r, err = x.added(at)
		} else {
			r, err = x.multiplied(at)
		}
		switch {
		case err != nil:
			return err
		case r.Spend == 0 && x.Amount == 0:
			idle = append(idle, at.name)
		default:
			x.Ranked = append(x.Ranked, r)
		}
	}
	if len(x.Ranked) == 0 {
		return &NoBudgetError{Plan: x.Plan.Name, Idle: true}
	}
	if len(idle) > 0 {
		x.Warnings = append(x.Warnings, decide.NothingSpent{Channels: idle})
	}
	if x.Amount == 0 {
		x.respond()
	}
	if err := x.nextDollar(); err != nil {
		return err
	}
	x.steps()
	if x.Fails {
		x.Next = []decide.Step{{Question: "run"}}
	}
	return nil
}

// steps are what one may ask next: the plan that spends as the answer says, beside the plan.
func (x responses) steps() {
	top := x.Ranked[0]
	if x.Goes != nil {
		top = *x.Goes
	}
	change := top.key + "*=1.5"
	switch {
	case x.Amount > 0:
		x.Next = []decide.Step{{Question: "compare", Changes: []string{top.Change}}}
		if next := decide.Respond(x.Plan); next.Amount == 0 { // else it is what was asked
			x.Next = append(x.Next, next)
		}
		return
	case x.Verdict.Kind == decide.No && x.Take != nil && x.Take.Cut:
		i := slices.IndexFunc(x.Ranked, func(r Ranked) bool { return r.Channel == x.Take.Channel })
		top = x.Ranked[i]
		change = top.key + "*=0.5"
	}
	x.Next = []decide.Step{{Question: "compare", Changes: []string{change}},
		{Question: "respond", Vary: &decide.Varied{Key: top.key, Times: true, Low: 0, High: 3, Values: 13}}}
}

// multiplied follows a place over multiples of its budget.
func (x responses) multiplied(at place) (Ranked, error) {
	row := along{name: at.name, values: Levels, dollars: true}
	for _, l := range Levels {
		row.settings, row.names = append(row.settings, level(at.name, l)), append(row.names, fmt.Sprintf("x%v", l))
	}
	c, err := x.curve(x.first(), row)
	if err != nil {
		return Ranked{}, err
	}
	x.Curves = append(x.Curves, c)
	return x.rank(at)
}

// brings is what the dollars between two settings bring of the metric: with the amount, those that it costs.
func (x responses) brings(from, to string, costs float64) (analysis.Estimate, error) {
	x = x.on(from, to)
	var list []panel.Statistic
	for _, s := range []string{from, to} {
		kept, err := x.kept(x.first(), s, dollarsOf(x.first()))
		if err != nil {
			return analysis.Estimate{}, err
		}
		list = append(list, kept...)
	}
	list = append(list, x.lived(to))
	return x.Combine(func(v []float64) float64 { return (v[2] - v[0]) / per(v[3]-v[1], costs, v[4]) }, list...), nil
}

// per is what costs come to: those that are known, as far as the company lives to pay them, else those that are seen.
func per(seen, costs, lived float64) float64 {
	if costs > 0 {
		return costs * lived
	}
	return seen
}

// lived is the share of the weeks that the company is in business: it pays nobody after.
func (x responses) lived(setting string) panel.Statistic {
	weeks := x.values(setting, weekOfRuin)
	out := make([]float64, x.Panel.Replications)
	for i := range out {
		out[i] = 1
		if i < len(weeks) && weeks[i] >= 1 {
			out[i] = min(1, weeks[i]/float64(x.Weeks))
		}
	}
	return panel.MeanOf(&plan.Column{Name: weekOfRuin}, out, func(float64) string { return "" })
}

// added works out what the amount brings in a place.
func (x responses) added(at place) (Ranked, error) {
	r := Ranked{Channel: at.name, Kind: at.kind, Spend: analysis.Number(at.spend), Change: at.change, key: at.key}
	var err error
	if r.Next, err = x.brings(basis, at.more(), at.costs); err != nil {
		return r, err
	}
	both := x.on(basis, at.more())
	costs := both.Difference(both.mean(basis, dollarsOf(x.first())), both.mean(at.more(), dollarsOf(x.first())))
	if at.costs > 0 {
		if costs = both.Estimate(both.lived(at.more())).Times(at.costs); costs.Value == at.costs {
			costs = analysis.Estimate{Value: at.costs, Low: at.costs, High: at.costs, N: costs.N}
		}
	}
	r.Costs = &costs
	return r, nil
}

// mean is that of a column in a setting.
func (x responses) mean(setting, column string) panel.Statistic {
	return x.Mean(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}})
}

// rank works out what the dollars around a place's plan bring.
func (x responses) rank(at place) (r Ranked, err error) {
	r = Ranked{Channel: at.name, Kind: at.kind, key: at.key}
	if r.Next, err = x.brings(basis, level(at.name, 1.5), 0); err != nil {
		return r, err
	}
	last, err := x.brings(level(at.name, 0.75), basis, 0)
	if err != nil {
		return r, err
	}
	less := func(v []float64) float64 { return v[0] - v[1] }
	none := level(at.name, 0)
	spend := []panel.Statistic{x.mean(basis, "media_and_brand"), x.mean(none, "media_and_brand")}
	won := []panel.Statistic{x.mean(basis, "won"), x.mean(none, "won")}
	added := x.Combine(less, won...)
	cost := x.Combine(func(v []float64) float64 { return (v[0] - v[1]) / (v[2] - v[3]) }, append(spend, won...)...)
	r.Spend = analysis.Number(x.Combine(less, spend...).Value)
	r.Last, r.Won, r.CAC = &last, &added, &cost
	return r, nil
}

// nextDollar sorts the places from the one that helps most, which of costs is the lowest,
// and finds where the next dollar goes and where one is taken away.
func (x responses) nextDollar() error {
	better := func(a, b analysis.Estimate) int { return analysis.Order(a, b, x.first().Column.Direction) }
	slices.SortStableFunc(x.Ranked, func(a, b Ranked) int { // those that were told from the first come after the others
		return cmp.Or(behind(x.settled(a.Channel))-behind(x.settled(b.Channel)), better(a.Next, b.Next))
	})
	x.ranFurthest()
	if !x.Ranked[0].Next.Known() {
		x.Verdict = decide.Verdict{Kind: decide.NotApplicable,
			Why: cmp.Or(x.missing(), "there is no number")}
		return nil
	}
	x.goes()
	for _, r := range x.Ranked {
		if r.Channel == x.Goes.Channel {
			continue
		}
		if !r.Next.Known() || x.settled(r.Channel) && x.Lead != nil {
			break
		}
		lead, err := x.lead(x.Goes.Channel, r.Channel)
		if err != nil {
			return err
		}
		if x.Lead == nil {
			x.Lead = &lead
		}
		if !(lead.Low > 0 || lead.High < 0 || x.settled(r.Channel)) {
			x.Lead, x.RivalChannel = &lead, r.Channel
			if x.Verdict.Kind == decide.Yes {
				x.Verdict = decide.Verdict{Kind: decide.TooCloseToCall, Why: lead.Short()}
			}
			break
		}
	}
	if x.Amount > 0 {
		x.RuinThere = decide.RuinOf(x.Panel, x.step(x.placed(x.Goes.Channel)))
	}
	x.takes(better)
	return nil
}

// behind sorts what is true after what is not.
func behind(is bool) int {
	if is {
		return 1
	}
	return 0
}

// ranFurthest says which places were looked at in more replications than the points have.
func (x responses) ranFurthest() {
	if x.Further == nil {
		return
	}
	x.FurtherReplications = x.Further.Replications
	for _, r := range x.Ranked {
		if !x.settled(r.Channel) {
			x.RunFurther = append(x.RunFurther, r.Channel)
		}
	}
}

// missing is why the metric has no number in the plan.
func (x responses) missing() string {
	if len(x.Curves) > 0 {
		return x.Curves[0].Points[0].Value.Reason
	}
	return x.Ranked[0].Next.Reason
}

// goes finds the place where the next dollar goes: of those where it is seen to come back the one that brings most,
// else the one that brings most. The verdict is yes where it comes back, no where it is lost everywhere or changes
// nothing.
func (x responses) goes() {
	known, lost, still := 0, 0, 0
	for i := range x.Ranked {
		r := &x.Ranked[i]
		if !r.Next.Known() {
			break
		}
		known++
		if x.pays(r.Next) && x.Goes == nil && !x.settled(r.Channel) {
			x.Goes, x.Pays = r, true
		}
		if x.lost(r.Next) {
			lost++
		}
		if !(r.Next.Low > 0 || r.Next.High < 0) {
			still++
		}
	}
	x.Flat = still == known
	switch {
	case x.Pays:
		x.Verdict = decide.Verdict{Kind: decide.Yes}
		return
	case lost == known, x.BreakEven == nil && x.Flat && x.Answer.Replications >= Few:
		x.Verdict = decide.Verdict{Kind: decide.No}
	default:
		x.Verdict = decide.Verdict{Kind: decide.TooCloseToCall, Why: x.Ranked[0].Next.Short()}
	}
	x.Goes = &x.Ranked[0]
}

// pays says whether a dollar is seen to come back, or where it cannot, to change the metric for the better.
func (x responses) pays(e analysis.Estimate) bool {
	switch {
	case e.Needs > 0:
		return false
	case x.BreakEven != nil:
		return e.Low > *x.BreakEven
	case x.first().Column.Direction == plan.Less:
		return e.High < 0
	}
	return e.Low > 0
}

// takes finds the place whose last dollar brings least. It is not taken from where the next one goes, if that is seen
// to come back.
func (x responses) takes(better func(a, b analysis.Estimate) int) {
	others := slices.DeleteFunc(slices.Clone(x.Ranked), func(r Ranked) bool {
		return r.Last == nil || !r.Last.Known() || x.Pays && r.Channel == x.Goes.Channel
	})
	if len(others) == 0 {
		return
	}
	least := slices.MaxFunc(others, func(a, b Ranked) int { return better(*a.Last, *b.Last) })
	alike := !analysis.Apart(*least.Last, x.Goes.Next)
	x.Take = &Take{Channel: least.Channel, Last: *least.Last, Alike: alike,
		Loses: !alike && better(*least.Last, x.Goes.Next) < 0}
	x.Take.Cut = x.lost(*least.Last)
	for _, r := range others {
		if x.Take.Cut && r.Channel != least.Channel && x.lost(*r.Last) && !analysis.Apart(*least.Last, *r.Last) {
			x.Take.Rivals = append(x.Take.Rivals, r.Channel)
		}
	}
}

// lost says whether a dollar is seen to be lost.
func (x responses) lost(e analysis.Estimate) bool {
	return x.BreakEven != nil && e.High < *x.BreakEven && e.Needs == 0
}

// lead is what the next dollar brings in one place over another, in pairs.
func (x responses) lead(a, b string) (analysis.Estimate, error) {
	one, other := x.placed(a), x.placed(b)
	settings := []string{basis, x.step(one), x.step(other)}
	x = x.on(settings...)
	list, err := x.brought(settings)
	if err != nil {
		return analysis.Estimate{}, err
	}
	list = append(list, x.lived(x.step(one)), x.lived(x.step(other)))
	return x.Combine(func(v []float64) float64 {
		return (v[2]-v[0])/per(v[3]-v[1], one.costs, v[6]) - (v[4]-v[0])/per(v[5]-v[1], other.costs, v[7])
	}, list...), nil
}

// respond sets what each channel wins against what is spent on it. What more spend wins
// anywhere in the company counts, and all that it costs.
func (x responses) respond() {
	x.Worth = analysis.Ratio(x.values(basis, "ltv_total"), x.values(basis, "won"), 1, x.Ties).Value
	for _, at := range x.places {
		if at.kind != Channel {
			continue
		}
		channel := at.name
		spent := analysis.Mean(x.Values(panel.Leaf{Setting: basis, Measure: channelSpend(channel)}), x.Ties).Value /
			float64(x.Weeks)
		if !(spent > 0) {
			continue
		}
		r := Response{Channel: channel, Now: spent}
		var won, cost []float64
		for i, l := range Levels {
			s := level(channel, l)
			customers, costs := x.values(s, "won"), x.values(s, "acquisition_cost")
			r.Spend = append(r.Spend, l*spent)
			r.Won = append(r.Won, analysis.Mean(over(customers, float64(x.Weeks)), x.Ties))
			if i > 0 {
				r.Marginal = append(r.Marginal, analysis.Ratio(decide.Less(costs, cost), decide.Less(customers, won), 1, x.Ties))
			}
			won, cost = customers, costs
		}
		x.Responses = append(x.Responses, r)
	}
}

// values are an outcome of a setting by replication.
func (x responses) values(setting, column string) []float64 {
	return x.Values(panel.Leaf{Setting: setting, Measure: panel.Measure{Column: column}})
}

// over divides numbers.
func over(list []float64, by float64) []float64 {
	out := make([]float64, len(list))
	for i, v := range list {
		out[i] = v / by
	}
	return out
}
