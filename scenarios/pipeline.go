package scenarios

import (
	"math"
	"slices"
	"strconv"

	"windfall/model"
	"windfall/model/plan"
)

// This file reads opening.pipeline_file: the leads that wait and the opportunities that are open on the first day.

// pipelineFile is the key.
const pipelineFile = "opening.pipeline_file"

// openPipeline reads the file of the open pipeline that a plan names, in place of what its burn-in leaves in sales.
func (l *loader) openPipeline(b *builder) {
	o := &b.plan.Opening
	n := b.root.at("opening", "pipeline_file")
	t := &pipelineTable{listTable: listTable{b: b, key: pipelineFile, what: "leads and opportunities",
		known: plan.PipelineColumns, needed: []string{"stage", "team", "age_days", "size", "channel"}}}
	data := l.listed(&t.listTable, n, o.PipelineFile, o.PipelineHash)
	if data == nil {
		return
	}
	if t.read(data); t.report() {
		return
	}
	stated := o.PipelineHash
	b.plan.SetPipeline(t.groups)
	if stated != "" && stated != o.PipelineHash {
		b.wrong("opening.pipeline_hash", "%s lists another pipeline than was meant: its hash is %s; take the old file, or "+
			"write the new hash if the new one is meant", t.file, o.PipelineHash)
	}
	p := b.plan
	for s, z := range p.Population.Sizes {
		open, customers, firms := o.OpenOf(z.Name), p.Opening.Customers[s], math.Round(p.Population.Firms*z.Share)
		if open > 0 && open+customers > firms {
			b.report(n, pipelineFile, n.show(), "lists "+short(open)+" leads and opportunities of size class "+z.Name+
				", of whose "+short(firms)+" firms "+short(customers)+" are customers; correct their size, or raise "+
				"population.firms or the share of the class", "")
		}
	}
	for i := range o.Pipeline {
		b.noteStale(&o.Pipeline[i])
	}
	if !slices.ContainsFunc(p.Triggers, func(k plan.Trigger) bool { return k.Enabled }) && len(o.Pipeline) > 0 {
		b.report(n, pipelineFile, n.show(), "lists what is open, and no trigger brings firms into this market; enable one",
			"")
	}
}

// stale is the chance to be as old as a row says below which that is doubted.
const stale = 1e-3

// noteStale says that a row is older than next to all that the plan makes: it is over at once, or as good as.
func (b *builder) noteStale(g *plan.PipelineGroup) {
	p := b.plan
	show := func(days float64) string { return plan.FormatNumber(math.Round(10*days) / 10) }
	if !g.Lead {
		team := &p.Teams[slices.IndexFunc(p.Teams, func(x plan.Team) bool { return x.Name == g.Team })]
		trial := p.Products[slices.IndexFunc(p.Products, func(x plan.Product) bool { return x.Name == g.Product })].TrialDays
		mean := team.CycleDays[slices.Index(p.Dimension("size"), g.Size)]
		if model.LastsLonger(mean, team.CycleCV, max(0, g.AgeDays-trial)) < stale {
			b.note(pipelineFile, "lists opportunities of team %s that are %s days old, and of its cycles, %s days on average, "+
				"fewer than 1 in 1,000 last as long; take out those that nobody works on any more, or raise cycle_days", g.Team,
				show(g.AgeDays), show(mean))
		}
		return
	}
	longest := 0.0
	for i := range p.Triggers {
		if t := &p.Triggers[i]; t.Enabled && model.LastsLonger(t.WindowWeeks, t.WindowCV, g.AgeDays/7) >= stale {
			return
		} else if t.Enabled {
			longest = max(longest, 7*t.WindowWeeks)
		}
	}
	b.note(pipelineFile, "lists leads that have waited for %s days, and of the buying windows, at most %s days on "+
		"average, fewer than 1 in 1,000 are as long; take out those who have bought elsewhere by now",
		show(g.AgeDays), show(longest))
}

// pipelineTable is a file of the open pipeline as it is read.
type pipelineTable struct {
	listTable
	groups []plan.PipelineGroup
}

// read reads all rows. None at all means that nothing is open.
func (t *pipelineTable) read(data []byte) {
	rows, lines := t.rowsOf(data)
	for i, record := range rows {
		t.line = lines[i]
		t.row(record)
	}
}

// longestOpen is the age, in days, from which on nothing is open.
const longestOpen = 3653

// row reads one group.
func (t *pipelineTable) row(record []string) {
	p := t.b.plan
	g := plan.PipelineGroup{Count: t.count(record), Team: t.cell(record, "team"), Size: t.cell(record, "size"),
		Channel: t.cell(record, "channel"), Value: math.NaN()}
	stages := []string{plan.StageLead, plan.StageOpportunity}
	stage := t.cell(record, "stage")
	if g.Lead = stage == plan.StageLead; !slices.Contains(stages, stage) {
		t.fail("stage", stage, plan.Nearest(stage, stages), "must be lead (nobody has answered yet) or opportunity "+
			"(somebody works on it)")
	}
	if t.size(g.Size) {
		g.Product = t.product(g.Size, t.cell(record, "product"))
		t.team(&g)
	}
	if channels := p.Dimension("channel"); !slices.Contains(channels, g.Channel) {
		t.fail("channel", g.Channel, plan.Nearest(g.Channel, channels), "is no channel of this plan: %s; write the one "+
			"through which the lead came, which is credited with the win", join(channels))
	}
	s := t.cell(record, "age_days")
	if x, err := strconv.ParseFloat(s, 64); err != nil || !(x >= 0 && x <= longestOpen) {
		t.fail("age_days", s, "", "must be the days since the lead, or since the first contact of an opportunity: a number "+
			"from 0 to %d", longestOpen)
	} else {
		g.AgeDays = x
	}
	if s := t.cell(record, "monthly_value"); s != "" {
		t.value(&g, s)
	}
	t.groups = append(t.groups, g)
}

// team finds the team of a group, which must serve its class, and keep its leads waiting.
func (t *pipelineTable) team(g *plan.PipelineGroup) {
	p := t.b.plan
	at := slices.IndexFunc(p.Teams, func(x plan.Team) bool { return x.Name == g.Team })
	if at < 0 {
		names := p.Dimension("team")
		t.fail("team", g.Team, plan.Nearest(g.Team, names), "is no team of this plan: %s", join(names))
		return
	}
	switch x := &p.Teams[at]; {
	case !x.Enabled:
		t.fail("team", g.Team, "", "is switched off; write the team that has taken its leads over")
	case !holds(x.Sizes, g.Size):
		t.fail("team", g.Team, "", "does not serve class %s: %s", g.Size, join(x.Sizes))
	case g.Lead && x.Kind != "people" && x.AnswerDelayHours == 0:
		t.fail("stage", plan.StageLead, "", "cannot be: team %s is of kind %s and answers at once, so nobody waits; write "+
			"opportunity", x.Name, x.Kind)
	}
}

// value reads what one of a group is worth.
func (t *pipelineTable) value(g *plan.PipelineGroup, s string) {
	x, ok := t.amount("monthly_value", s, "would pay")
	if !ok {
		return
	}
	p := t.b.plan
	if at := slices.IndexFunc(p.Products, func(q plan.Product) bool { return q.Name == g.Product }); at >= 0 {
		if pr := &p.Products[at]; !(pr.Price > 0) {
			t.fail("monthly_value", s, "", "is what seats at the price of %s make, and that is 0; give the product its price",
				g.Product)
		}
	}
	g.Value = x
}
