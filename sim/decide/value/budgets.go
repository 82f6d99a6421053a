package value

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/scenarios/edit"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/panel"
)

// Budgets is a question about the budgets of a plan: what knowing is worth before each of them is halved, kept or
// raised by half, from the first day on. Each is decided by itself.
type Budgets struct {
	Plan decide.Setting
	// Draws are run, each once under all decisions: a draw more says more than another seed of one.
	Draws int
	// Most is how many budgets are looked at, the largest; 0: all.
	Most int
	// Known is what may be known of the table of draws of that name.
	Table string
	Known []Known
	// Share is the part of the firms that the plan has, where it stands for a whole: customers count 1/Share times, and
	// the money that is spent on media, which is that of the whole, once.
	Share float64
}

// Known is a number that goes with the rows of a table of draws, in their order of drawing.
type Known struct {
	Name string
	Rows []float64
}

// moves are the multiples that a budget may get in place of 1.
var moves = [...]float64{0.5, 1.5}

// The measures of each plan.
var margin, spent = panel.Measure{Column: "lifetime_margin"}, panel.Measure{Column: "lifetime_media"}

// BudgetsAnswer says what knowing is worth before budgets are decided on.
type BudgetsAnswer struct {
	Draws   int               `json:"draws"`
	Missing int               `json:"draws_left_out"`
	Weeks   int               `json:"weeks"`
	All     analysis.Estimate `json:"value_of_all"`
	Changes analysis.Estimate `json:"changes_a_decision"`
	// Explained is the share of the variance of the differences that what may be known explains.
	Explained analysis.Number `json:"explained"`
	Worth     bool            `json:"worth_measuring"`
	Inputs    []Measured      `json:"inputs"`  // from the most valuable
	Budgets   []Budget        `json:"budgets"` // from the largest
	Small     int             `json:"smaller_budgets_left_out"`

	Verdict decide.Verdict `json:"-"`
}

// Measured is what knowing one number is worth, and which budgets it would change.
type Measured struct {
	Input   string            `json:"input"`
	Value   analysis.Estimate `json:"value"`
	Changes analysis.Estimate `json:"changes_a_decision"`
	Worth   bool              `json:"worth_measuring"` // beyond chance, with regard to how many are looked at
	Budgets []string          `json:"budgets"`
}

// Budget is one of which is decided.
type Budget struct {
	Key   string            `json:"key"`
	Name  string            `json:"name"`
	Spend analysis.Number   `json:"spend"` // planned over the run
	Times float64           `json:"best"`  // multiple that is best as things are known
	Gain  analysis.Estimate `json:"gain"`  // over the next best multiple
	All   analysis.Estimate `json:"value_of_all"`
}

// levers are the budgets of the plan, from the largest; none: it spends nothing.
func (b Budgets) levers() (*edit.LeverSet, []int) {
	set, err := edit.NewLevers(b.Plan.Plan, []string{edit.Media, edit.Brand}, nil, false)
	if err != nil {
		return nil, nil
	}
	var order []int
	for i := range set.Levers {
		if set.Levers[i].Spend > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(set.Levers[b].Spend, set.Levers[a].Spend) })
	return set, order
}

// Count is how many budgets the plan has, and how many are looked at.
func (b Budgets) Count() (all, looked int) {
	_, order := b.levers()
	if looked = len(order); b.Most > 0 {
		looked = min(looked, b.Most)
	}
	return len(order), looked
}

// Plans is the number of plans that are run to look at so many budgets.
func Plans(budgets int) int { return 1 + len(moves)*budgets }

func moved(key string, times float64) string { return fmt.Sprintf("%s*=%g", key, times) }

// Design is what is to be run: the plan, and each budget at each multiple. The error says that there is no budget.
func (b Budgets) Design() (*decide.Design, error) {
	set, order := b.levers()
	if len(order) == 0 {
		return nil, decide.Wrong("plan", b.Plan.Name, "it has no budget to decide on")
	}
	d := &decide.Design{Replications: b.Draws, SeedsPerDraw: 1, Seed: uint64(b.Plan.Plan.Run.Seed),
		Settings: []decide.Setting{b.Plan}}
	_, looked := b.Count()
	for _, i := range order[:looked] {
		for _, times := range moves {
			x := set.Plain()
			x[i] = times
			d.Settings = append(d.Settings, decide.Setting{Name: moved(set.Levers[i].Name, times), Plan: set.Plan(x)})
		}
	}
	for _, s := range d.Settings {
		d.Keep(s.Name, margin, spent)
	}
	return d, nil
}

// Answer is what a panel of the design says.
func (b Budgets) Answer(p *panel.Panel) (*BudgetsAnswer, error) {
	d, err := b.Design()
	if err != nil {
		return nil, err
	}
	if err := d.Kept(p); err != nil {
		return nil, err
	}
	set, order := b.levers()
	all, looked := b.Count()
	out := &BudgetsAnswer{Weeks: int(b.Plan.Plan.Run.Weeks), Small: all - looked}
	numbers := make([][]float64, len(b.Known))
	for i := range b.Known {
		numbers[i] = b.Known[i].Rows
	}
	along := b.Plan.Plan.AlongDraws(b.Table, numbers, d.Seed, p.Replications)
	decisions, known := b.decisions(d, p, along)
	out.Draws, out.Missing = p.Replications, p.Replications-len(known)
	x := analysis.InformationOfAll(decisions, known)
	each := x.Each
	if len(decisions) == 1 {
		each = []analysis.Information{x}
	}
	out.All, out.Changes, out.Explained, out.Worth = x.All, x.Changes, analysis.Number(x.Explained), x.Worth
	for k, i := range order[:looked] {
		out.Budgets = append(out.Budgets, budgetOf(set.Levers[i], decisions[k], each[k].All))
	}
	for _, k := range x.Inputs {
		m := Measured{Input: b.Known[k.Input].Name, Value: k.Value, Changes: k.Changes, Worth: k.Worth}
		for c := range each {
			j := slices.IndexFunc(each[c].Inputs, func(e analysis.Knowing) bool { return e.Input == k.Input })
			if v := each[c].Inputs[j].Value; v.Low > 0 || v.Value > 0 && v.Value == k.Value.Value {
				m.Budgets = append(m.Budgets, out.Budgets[c].Name)
			}
		}
		out.Inputs = append(out.Inputs, m)
	}
	switch {
	case !out.All.Known():
		out.Verdict = decide.Verdict{Kind: decide.NotApplicable, Why: "too few draws have a margin under all budgets"}
	case out.Worth:
		out.Verdict = decide.Verdict{Kind: decide.Yes}
	default:
		out.Verdict = decide.Verdict{Kind: decide.No}
	}
	return out, nil
}

// decisions are by how much each multiple of a budget is better than the plan, by draw, and what is known in it; draws
// without a value are left out.
func (b Budgets) decisions(d *decide.Design, p *panel.Panel, along [][]float64) (out []analysis.Decision,
	known [][]float64) {
	_, looked := b.Count()
	out = make([]analysis.Decision, looked)
	for k := range out {
		out[k] = make(analysis.Decision, len(moves))
	}
	values := func(setting int, m panel.Measure) []float64 {
		return p.Values(panel.Leaf{Setting: d.Settings[setting].Name, Measure: m})
	}
	for draw := range along {
		better := make([]float64, len(d.Settings))
		whole := true
		for s := range d.Settings {
			media := values(s, spent)[draw] - values(0, spent)[draw]
			more := values(s, margin)[draw] - values(0, margin)[draw]
			better[s] = (more+media)/cmp.Or(b.Share, 1) - media
			whole = whole && !math.IsNaN(better[s]) && !math.IsInf(better[s], 0)
		}
		if !whole {
			continue
		}
		known = append(known, along[draw])
		for k := range out {
			for m := range moves {
				out[k][m] = append(out[k][m], better[1+len(moves)*k+m])
			}
		}
	}
	return out, known
}

// budgetOf says what is best for a budget as things are known, and by how much over the next best.
func budgetOf(l edit.Lever, decision analysis.Decision, all analysis.Estimate) Budget {
	type option struct {
		times float64
		gains []float64
	}
	options := []option{{1, make([]float64, len(decision[0]))}}
	for m, gains := range decision {
		options = append(options, option{moves[m], gains})
	}
	slices.SortStableFunc(options, func(a, b option) int {
		return cmp.Compare(analysis.Mean(b.gains, analysis.Ties{}).Value, analysis.Mean(a.gains, analysis.Ties{}).Value)
	})
	name := l.Name
	if segments, err := plan.SplitKey(l.Name); err == nil && len(segments) > 1 {
		name = segments[1]
	}
	return Budget{Key: l.Name, Name: name, Spend: analysis.Number(l.Spend), Times: options[0].times, All: all,
		Gain: analysis.Mean(decide.Less(options[0].gains, options[1].gains), analysis.Ties{})}
}
