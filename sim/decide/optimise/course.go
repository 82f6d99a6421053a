package optimise

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
	"windfall/sim/search"
)

// A Course is the sequence of designs of an ask. It is at rest between two rounds; Stop ends it early.
type Course struct {
	*checked
	race search.Race

	next        func() ([]decide.Part, bool)
	stop        func()
	yield       func([]decide.Part) bool
	given       []*panel.Panel // of the last round
	done, total int            // replications

	answer *Answer
	err    error
}

var _ decide.Sequence = (*Course)(nil)

// errStopped is of a course that ended before its answer.
var errStopped = errors.New("the course was stopped")

// Course begins the sequence. The error is a *decide.Problem or a *BudgetError.
func (a Ask) Course() (*Course, error) {
	checked, err := a.check()
	if err != nil {
		return nil, err
	}
	c := &Course{checked: checked, race: search.Race{Objective: checked.objective, Constraints: checked.constraints,
		Replications: checked.Replications, Judged: checked.HoldOut}}
	c.total = c.Evaluations*c.Replications + shortlist*again*c.Replications + 3*c.HoldOut +
		(2*len(c.space.Levers)+1+mostChanges)*c.marginal()
	if c.Frontier {
		c.total += mostFrontier * c.HoldOut
	}
	c.next, c.stop = iter.Pull(func(yield func([]decide.Part) bool) {
		c.yield = yield
		c.answer, c.err = c.follow()
	})
	return c, nil
}

// Next implements decide.Sequence.
func (c *Course) Next(panels []*panel.Panel) ([]decide.Part, error) {
	c.given = panels
	round, ok := c.next()
	if !ok && c.err == nil && c.answer == nil {
		return nil, errStopped
	}
	return round, c.err
}

// Progress implements decide.Sequence.
func (c *Course) Progress() (done, total int) { return c.done, c.total }

// Stop ends a course that is not followed further.
func (c *Course) Stop() { c.stop() }

// Answer is what a course came to that has no further round.
func (c *Course) Answer() *Answer { return c.answer }

// round gives designs out and takes their panels.
func (c *Course) round(parts ...decide.Part) ([]*panel.Panel, error) {
	if !c.yield(parts) {
		return nil, errStopped
	}
	if len(c.given) != len(parts) {
		return nil, fmt.Errorf("%d panels were given for %d designs", len(c.given), len(parts))
	}
	for i, p := range parts {
		if err := p.Kept(c.given[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	return c.given, nil
}

// judged runs plans side by side in a stage after the search.
func (c *Course) judged(name string, stage, replications int, xs ...[]float64) (out []*analysis.Sample, err error) {
	d := c.design(stage, replications, xs...)
	panels, err := c.round(decide.Part{Name: name, Design: d})
	if err != nil {
		return nil, err
	}
	for _, s := range d.Settings {
		out = append(out, panels[0].Sample(s.Name, c.columns))
	}
	c.done += len(xs) * replications
	return out, nil
}

// marginal is the number of replications on which levers are moved.
func (c *Course) marginal() int {
	if c.inRounds {
		return FewMarginal
	}
	return max(min(c.HoldOut, 2), c.HoldOut/marginalParts)
}

// follow goes through all stages.
func (c *Course) follow() (*Answer, error) {
	points, ruin, err := c.search()
	if err != nil {
		return nil, err
	}
	x, seen, err := c.choose(points)
	if err != nil {
		return nil, err
	}
	judged, err := c.holdOut(x)
	if err != nil {
		return nil, err
	}
	a := c.asked()
	a.Multiples, a.Found, a.Seen = x, c.set.Plan(x), analysis.Number(seen)
	a.Evaluations, a.Used, a.HoldOut = len(points), c.race.Used, judged[0].N
	if err := c.judge(a, judged[0], judged[1], judged[2]); err != nil {
		return nil, err
	}
	if err := c.marginals(a); err != nil {
		return nil, err
	}
	if err := c.changes(a); err != nil {
		return nil, err
	}
	if a.FrontierReplications > 0 {
		if err := c.frontier(a, points, ruin, judged[0]); err != nil {
			return nil, err
		}
	}
	a.conclude()
	return a, nil
}

// search tries plans on the seed of the scenario. ruin is the chance to go out of business, by plan.
func (c *Course) search() (points []search.Point, ruin map[int]float64, err error) {
	ruin = map[int]float64{}
	c.race.Run = func(trials ...search.Trial) (out []*analysis.Sample, err error) {
		var parts []decide.Part
		for _, t := range trials {
			parts = append(parts, decide.Part{Name: fmt.Sprintf("search-%05d", t.N), Turn: t.N, Again: true,
				Design: c.design(searching, t.Replications, c.set.Within(t.X))})
		}
		panels, err := c.round(parts...)
		if err != nil {
			return nil, err
		}
		for i := range trials {
			out = append(out, panels[i].Sample("plan", c.columns))
		}
		return out, nil
	}
	looking := search.Search{Space: c.space, Evaluations: c.Evaluations, Seed: uint64(c.Plan.Run.Seed),
		Start: [][]float64{c.space.Proportional(), c.space.Project(c.set.Plain())},
		Ahead: c.race.Ahead,
		Evaluate: func(n int, x []float64) (search.Score, error) {
			score, err := c.race.Score(n, x)
			if err != nil {
				return score, err
			}
			e, _ := c.race.Scored.Headline(ruinColumn)
			ruin[n] = e.Value
			c.done += c.Replications
			return score, nil
		}}
	points, err = looking.Run()
	c.done = c.Evaluations * c.Replications
	return points, ruin, err
}

// choose runs the leading plans of the search again on the next seed and chooses one. seen is its gain as the search
// saw it, over the plan at the budget.
func (c *Course) choose(points []search.Point) (x []float64, seen float64, err error) {
	short := search.Shortlist(points, shortlist, len(c.constraints) > 0)
	if len(short) == 0 {
		return nil, 0, decide.Wrong("maximise", c.objective.Text, "it is known for no plan that was tried")
	}
	var leading [][]float64
	for _, p := range short {
		leading = append(leading, c.set.Within(p.X))
	}
	samples, err := c.judged("choice", choosing, again*c.Replications, leading...)
	if err != nil {
		return nil, 0, err
	}
	chosen, err := c.race.Choose(samples)
	if err != nil {
		return nil, 0, err
	}
	split := c.space.Proportional()
	from := slices.IndexFunc(points, func(p search.Point) bool { return slices.Equal(p.X, split) })
	seen = short[chosen].Value - points[max(from, 0)].Value
	if c.objective.Less {
		seen = -seen
	}
	return leading[chosen], seen, nil
}

// holdOut runs the plan as it is, the plan at the budget and the one that was found on a seed that had no part in
// either stage before.
func (c *Course) holdOut(x []float64) (judged []*analysis.Sample, err error) {
	held := [][]float64{c.set.Plain(), c.space.Proportional(), x}
	var distinct [][]float64
	place := func(x []float64) int {
		return slices.IndexFunc(distinct, func(y []float64) bool { return slices.Equal(x, y) })
	}
	for _, x := range held {
		if place(x) < 0 {
			distinct = append(distinct, x)
		}
	}
	done := c.done
	for n := c.firstRound(); ; n = min(n+Round, c.HoldOut) {
		c.done, judged = done, nil // a round holds those before it
		samples, err := c.judged("hold-out", judging, n, distinct...)
		if err != nil {
			return nil, err
		}
		for _, x := range held {
			judged = append(judged, samples[place(x)])
		}
		if n == c.HoldOut {
			break
		}
		if enough, err := c.enough(judged, place(held[2]) == place(held[c.rival()])); err != nil || enough {
			c.total -= len(held) * (c.HoldOut - n)
			return judged, err
		}
	}
	c.done += (len(held) - len(distinct)) * c.HoldOut
	return judged, nil
}

// firstRound is the number of replications of the hold-out before it is looked at.
func (c *Course) firstRound() int {
	if c.inRounds {
		return Round
	}
	return c.HoldOut
}

// rival is which of the plans of the hold-out the one that was found has to beat: the plan as it is, or at another
// budget.
func (c *Course) rival() int {
	if scaled(c.space.Budget, c.set.Spend(c.set.Plain())) {
		return 1
	}
	return 0
}

// enough says whether the hold-out tells the plan that was found from the one it has to beat: they are the same plan,
// or one of them is better beyond what chance would do at any look.
func (c *Course) enough(judged []*analysis.Sample, same bool) (bool, error) {
	if same {
		return true, nil
	}
	over, err := c.objective.Difference(judged[c.rival()], judged[2])
	looks := analysis.Looks{Times: (c.HoldOut - 1) / Round, Numbers: 1}
	return err == nil && looks.Sure(over, search.Groups(judged[2])), err
}

// marginals moves each lever that spends by a tenth, or a person, from the plan that was found, and sees what a dollar
// of it brings.
func (c *Course) marginals(a *Answer) error {
	var list []search.Marginal
	var xs [][]float64 // below and above
	for i := range c.space.Levers {
		low, high, usd := c.space.Around(i, a.Multiples)
		low, high = c.set.Within(low), c.set.Within(high)
		if !(usd > 0) {
			continue
		}
		if c.objective.Column.Name == "lifetime_margin" {
			usd = c.set.Counted(high) - c.set.Counted(low)
		}
		list, xs = append(list, search.Marginal{Lever: c.space.Levers[i].Name, USD: usd}), append(xs, low, high)
	}
	if len(list) == 0 {
		return nil
	}
	sides, err := c.judged("levers", judging, c.marginal(), xs...)
	if err != nil {
		return err
	}
	var moves []search.Move
	for i := range list {
		move := search.Move{Low: sides[2*i], High: sides[2*i+1], USD: list[i].USD}
		if list[i].Dollar, err = c.objective.PerDollar([]search.Move{move}, []float64{1}); err != nil {
			return err
		}
		moves = append(moves, move)
	}
	together := func(weights []float64) (analysis.Estimate, error) { return c.objective.PerDollar(moves, weights) }
	common, err := search.Common(list, c.space, a.Multiples, c.objective.Less, together)
	if err != nil {
		return err
	}
	a.Common, a.MarginalReplications = &common, c.marginal()
	for i := range a.Levers {
		if k := slices.IndexFunc(list, func(m search.Marginal) bool { return m.Lever == a.Levers[i].Lever }); k >= 0 {
			a.Levers[i].Marginal = &list[k]
		}
	}
	return nil
}

// frontier judges the plans that no other beat in both the metric and the chance to go out of business in the search.
func (c *Course) frontier(a *Answer, points []search.Point, ruin map[int]float64, plan *analysis.Sample) error {
	safe := slices.Clone(points)
	for n := range safe {
		safe[n].Slack = 1 - ruin[n]
	}
	best := search.Shortlist(safe, mostFrontier, true)
	var xs [][]float64
	if a.FrontierReplications != c.HoldOut {
		xs = append(xs, c.set.Plain())
	}
	for _, p := range best {
		xs = append(xs, c.set.Within(p.X))
	}
	samples, err := c.judged("frontier", judging, a.FrontierReplications, xs...)
	if err != nil {
		return err
	}
	if a.FrontierReplications != c.HoldOut {
		plan, samples = samples[0], samples[1:]
	}
	if a.Plain, err = c.place(plan, plan, c.set.Plain()); err != nil {
		return err
	}
	for i, p := range best {
		f, err := c.place(plan, samples[i], c.set.Within(p.X))
		if err != nil {
			return err
		}
		a.Frontier = append(a.Frontier, f)
	}
	return nil
}

// place is where a plan lies beside the plan as it is.
func (c *Course) place(plan, s *analysis.Sample, x []float64) (f FrontierPlan, err error) {
	f.Multiples, f.Spend = x, c.set.Spend(x)
	if f.Value, err = c.objective.Estimate(s); err != nil {
		return f, err
	}
	if f.Gain, err = c.objective.Difference(plan, s); err != nil {
		return f, err
	}
	f.Ruin, err = s.Headline(ruinColumn)
	return f, err
}
