package plan

import (
	"math"
	"strconv"
	"strings"
)

// PipelineColumns are the columns of a file of the open pipeline.
var PipelineColumns = []string{"stage", "count", "team", "age_days", "size", "product", "channel", "monthly_value"}

// Stages of what is open: nobody has answered yet, or somebody works on it.
const (
	StageLead        = "lead"
	StageOpportunity = "opportunity"
)

// SetPipeline makes groups what is open on the first day, in place of what the burn-in leaves. Their order makes no
// difference, and groups that are alike are one. No group at all: nothing is open.
func (p *Plan) SetPipeline(groups []PipelineGroup) {
	o := &p.Opening
	o.Pipeline, o.PipelineText, o.PipelineHash = listed(p, groups, PipelineColumns)
}

// OpenOf counts the leads and opportunities of a size class that are open on the first day.
func (o *Opening) OpenOf(size string) (sum float64) {
	for i := range o.Pipeline {
		if o.Pipeline[i].Size == size {
			sum += o.Pipeline[i].Count
		}
	}
	return sum
}

// Label names a group by all that its members have in common; it is the address of what is drawn for them.
func (g *PipelineGroup) Label() string {
	r := g.record()
	return strings.Join(append(r[:1:1], r[2:]...), "|")
}

func (g *PipelineGroup) class() string { return g.Size }

func (g *PipelineGroup) counted() *float64 { return &g.Count }

// record is the group as a row of a file.
func (g *PipelineGroup) record() []string {
	stage, value := StageOpportunity, ""
	if g.Lead {
		stage = StageLead
	}
	if !math.IsNaN(g.Value) {
		value = FormatNumber(g.Value)
	}
	return []string{stage, strconv.FormatFloat(g.Count, 'f', -1, 64), g.Team, FormatNumber(g.AgeDays), g.Size, g.Product,
		g.Channel, value}
}
