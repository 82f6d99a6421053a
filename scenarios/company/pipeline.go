package company

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/model/plan"
)

// PipelineFile is pipeline.csv as a plan that begins behind the history reads it (opening.pipeline_file), with what was
// assumed where a row says nothing; "" and why where it says too little.
func (c *Company) PipelineFile() (text string, assumed []string, why string) {
	if len(c.Pipeline) == 0 {
		return "", nil, ""
	}
	var b strings.Builder
	b.WriteString(strings.Join(plan.PipelineColumns, ",") + "\n")
	undated, dealt := 0, 0
	for i := range c.Pipeline {
		o := c.Pipeline[i]
		team, product, why := c.openAs(&o)
		if why != "" {
			return "", nil, fmt.Sprintf("%s:%d %s", o.At.File, o.At.Line, why)
		}
		if team.Kind != "people" {
			o.Open = OpenOpportunity // such a team answers at once
		}
		if math.IsNaN(o.Days) {
			undated++
			if o.Days = 0; o.Open == OpenOpportunity {
				o.Days = math.Round(team.CycleDays.Value / 2)
			}
		}
		value := ""
		if !math.IsNaN(o.Value) {
			value = plan.FormatNumber(o.Value)
		}
		if !slices.ContainsFunc(c.Channels, func(x Channel) bool { return x.Name == o.Source }) {
			dealt++
		}
		for _, part := range c.channelsOf(&o, team) {
			fmt.Fprintf(&b, "%s,%s,%s,%s,%s,%s,%s,%s\n", o.Open, plan.FormatNumber(part.count), team.Name,
				plan.FormatNumber(o.Days), o.Size, product, part.channel, value)
		}
	}
	if undated > 0 {
		assumed = append(assumed, fmt.Sprintf("%s has %s without an age: leads are taken to be of today, opportunities to "+
			"be half through their cycle", c.Pipeline[0].At.File, counted(undated, "row")))
	}
	if dealt > 0 {
		assumed = append(assumed, fmt.Sprintf("%s has %s without a channel: they are dealt over channels as the history's "+
			"sign-ups of the last year", c.Pipeline[0].At.File, counted(dealt, "row")))
	}
	return b.String(), assumed, ""
}

// openAs finds the team and the product of a row, or says what it lacks.
func (c *Company) openAs(o *Opportunity) (team *Team, product, why string) {
	serves := func(sizes []string) bool { return len(sizes) == 0 || slices.Contains(sizes, o.Size) }
	switch {
	case o.Size == "":
		return nil, "", "has no size"
	case len(c.Market.Sizes) > 0 && !slices.Contains(c.Market.Sizes, o.Size):
		return nil, "", "is of a size outside of the market"
	case o.Count < 1 || o.Count != math.Trunc(o.Count):
		return nil, "", "has no whole number of leads or opportunities"
	case o.Days > 3650:
		return nil, "", "is older than ten years"
	}
	for i := range c.Teams {
		t := &c.Teams[i]
		if !serves(t.Sizes) || o.Team != "" && o.Team != t.Name {
			continue
		}
		if team != nil {
			return nil, "", "names no team, and several serve its size"
		}
		team = t
	}
	sold := 0
	for i := range c.Products {
		p := &c.Products[i]
		if !serves(p.Sizes) || o.Sold != "" && o.Sold != p.Name {
			continue
		}
		product = p.Name
		sold++
	}
	switch {
	case team == nil:
		return nil, "", "has no team that serves its size"
	case sold != 1:
		return nil, "", "has no product that is sold to its size, or several"
	}
	return team, product, ""
}

// share is a number of leads or opportunities of one channel.
type share struct {
	channel string
	count   float64
}

// channelsOf gives those of a row by channel: the one that it names, else as the sign-ups (or leads, or customers
// won) of the history's last year that its team may have.
func (c *Company) channelsOf(o *Opportunity, team *Team) (out []share) {
	var parts []share
	sum := 0.
	for _, ch := range c.Channels {
		if ch.Name == o.Source {
			return []share{{ch.Name, o.Count}}
		}
		if len(team.Channels) > 0 && !slices.Contains(team.Channels, ch.Name) {
			continue
		}
		weight := c.lastYearOf(ch)
		parts = append(parts, share{ch.Name, weight})
		sum += weight
	}
	if len(parts) == 0 { // only unpaid demand
		return []share{{c.Channels[0].Name, o.Count}}
	}
	left := o.Count
	rests := make([]float64, len(parts))
	for i := range parts {
		exact := o.Count / float64(len(parts))
		if sum > 0 {
			exact = o.Count * parts[i].count / sum
		}
		parts[i].count = math.Floor(exact + 1e-9)
		rests[i] = exact - parts[i].count
		left -= parts[i].count
	}
	for ; left > 0; left-- { // largest remainders; ties in the order of the channels
		i := 0
		for k, r := range rests {
			if r > rests[i] {
				i = k
			}
		}
		parts[i].count++
		rests[i] = -1
	}
	for _, p := range parts {
		if p.count > 0 {
			out = append(out, p)
		}
	}
	return out
}

// lastYearOf are the sign-ups of a channel in the last year of the history: leads or customers won stand in for them.
func (c *Company) lastYearOf(ch Channel) float64 {
	h := c.History.Channel(ch.Name)
	if h == nil {
		return 0
	}
	last := func(column []float64) float64 {
		n := 52
		if c.History.Monthly {
			n = 12
		}
		sum, _ := Sum(column[max(0, len(column)-n):])
		return sum
	}
	if x := last(h.Signups); x > 0 {
		return x
	}
	if x := last(h.Leads) * kindOf(ch).Real; x > 0 {
		return x
	}
	return last(h.Won)
}

// checkPipeline says what rows of pipeline.csv lack to be the pipeline of a plan's first day.
func (r *reader) checkPipeline() {
	if len(r.company.Pipeline) == 0 || r.company.Market.Plan == nil || len(r.company.Channels) == 0 {
		return
	}
	said := 0
	for i := range r.company.Pipeline {
		o := r.company.Pipeline[i]
		if _, _, why := r.company.openAs(&o); why != "" && said < 3 {
			said++
			r.add(Problem{File: o.At.File, Row: o.At.Line, Column: 1, Note: true, Message: why,
				Cure: "else the plan of a fit opens with what the history leaves open, not with this file"})
		}
	}
}
