package company

import (
	"math"
	"slices"

	"windfall/model/plan"
)

// History is what happened period by period. All slices have the length of Periods; an empty cell is NaN, and a column
// that no file has is nil.
type History struct {
	Monthly  bool     // the periods are calendar months; else they are weeks of seven days
	Periods  []Period // in order, each beginning where the one before ends
	Channels []ChannelHistory
	Teams    []TeamHistory // won by team; none where no file says it
	// Won is that of all: of its own column, else the sum over channels where each has a number.
	Won, Churned, Customers, Revenue, Cash []float64
}

// Period is the days from From on and before To.
type Period struct{ From, To plan.Date }

// Weeks is the length of a period in weeks.
func (p Period) Weeks() float64 { return float64(p.To-p.From) / plan.DaysPerWeek }

// ChannelHistory is that of a channel or a brand medium (Medium), which has spend alone.
type ChannelHistory struct {
	Name                       string
	Medium                     bool
	Spend, Leads, Signups, Won []float64
}

// TeamHistory is what a team won.
type TeamHistory struct {
	Team string
	Won  []float64
}

// From is the first day.
func (h *History) From() plan.Date { return h.Periods[0].From }

// To is the day after the last.
func (h *History) To() plan.Date { return h.Periods[len(h.Periods)-1].To }

// Weeks is the length in weeks, a part of one counted in full.
func (h *History) Weeks() int {
	return (int(h.To()-h.From()) + plan.DaysPerWeek - 1) / plan.DaysPerWeek
}

// Channel is the history of a channel or medium, nil if there is none.
func (h *History) Channel(name string) *ChannelHistory {
	for i := range h.Channels {
		if h.Channels[i].Name == name {
			return &h.Channels[i]
		}
	}
	return nil
}

// SeenInAll says whether all that came of what was spent is in a column of the whole company: customers won or revenue,
// and nothing by channel.
func (h *History) SeenInAll() bool {
	for i := range h.Channels {
		for _, column := range [][]float64{h.Channels[i].Leads, h.Channels[i].Signups, h.Channels[i].Won} {
			if _, n := Sum(column); n > 0 {
				return false
			}
		}
	}
	_, won := Sum(h.Won)
	_, revenue := Sum(h.Revenue)
	return len(h.Channels) > 0 && won+revenue > 0
}

// First is the history of its first periods.
func (h *History) First(n int) History {
	out := *h
	cut := func(columns ...*[]float64) {
		for _, c := range columns {
			if *c != nil {
				*c = slices.Clone((*c)[:n])
			}
		}
	}
	out.Periods = slices.Clone(h.Periods[:n])
	out.Channels, out.Teams = slices.Clone(h.Channels), slices.Clone(h.Teams)
	for i := range out.Channels {
		c := &out.Channels[i]
		cut(&c.Spend, &c.Leads, &c.Signups, &c.Won)
	}
	for i := range out.Teams {
		cut(&out.Teams[i].Won)
	}
	cut(&out.Won, &out.Churned, &out.Customers, &out.Revenue, &out.Cash)
	return out
}

// Sum adds the numbers of a column that are there, and says how many those are.
func Sum(column []float64) (sum float64, cells int) {
	for _, x := range column {
		if !math.IsNaN(x) {
			sum += x
			cells++
		}
	}
	return sum, cells
}
