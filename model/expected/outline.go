package expected

import (
	"math"

	"windfall/model/plan"
)

// Outline is what of the funnel shows whether a plan makes sense: how far the firms of the market come in the run, what
// teams have to do, and the money of the first week. It takes a hundredth of the time of Funnel: few journeys are
// followed, once, and nobody who is won in the run.
type Outline struct {
	Journeys, Touches, Leads, Signups float64
	Answered                          float64 // sign-ups that come to a team that answers
	Winnable                          float64 // of these, those with a chance to be won

	// Demand is, by Plan.Teams, the work of the leads that a team of people answers when it is busy, screening included,
	// over what it can do, in the quarter of a year in which it is lowest: above 1 the team never keeps up. It is 0 where
	// nobody is there for a quarter.
	Demand []float64

	FirstWeek  Week // of the opening customers and all that is planned
	OpeningMRR float64
}

// outlined is the number of journeys that an outline follows for each week, at least one of each size class, region and
// kind. Over a quarter of a year the leads of a team are within some percent.
const outlined = 150

// OutlineOf gives the outline of a plan's funnel.
func OutlineOf(p *plan.Plan) Outline {
	f := newFunnel(p)
	f.least = 1
	f.market(outlined)
	f.won = table3(f.burn+f.weeks, f.ns, f.nc)
	f.churned, f.deaths = table2(f.weeks, f.ns), table2(f.weeks, f.ns)
	f.openingCustomers()
	f.commission(0)
	f.useCost, f.freeUsers = make([]float64, f.weeks), make([]float64, f.weeks)
	f.money()
	all := f.out.Sum(0, f.weeks)
	o := Outline{Journeys: all.Journeys, Touches: all.Touches, Leads: all.Leads, Signups: all.Signups,
		FirstWeek: f.out.Weeks[0], OpeningMRR: f.out.OpeningMRR}
	o.fillTeams(f)
	return o
}

// quarter is the number of weeks over which demand is averaged: a week of a season, or of few journeys, says little.
const quarter = 13

// fillTeams deals the sign-ups of the run over teams.
func (o *Outline) fillTeams(f *funnel) {
	quarters := (f.weeks + quarter - 1) / quarter
	work, capacity := table2(f.nt, quarters), table2(f.nt, quarters)
	for w := range f.weeks {
		p := f.at(w)
		to, screened := f.arrivals(w, f.signups), f.arrivals(w, f.unreal)
		for t := range p.Teams {
			team := &p.Teams[t]
			people := f.people(t, w)
			if people > 0 {
				capacity[t][w/quarter] += float64(people * team.OpportunitiesPerWeek)
			}
			busy := 1 - neverAtFullLoad(team)
			for s := range to[t] {
				n := sum(to[t][s])
				work[t][w/quarter] += float64(busy * (n + float64(team.ScreeningShare*sum(screened[t][s]))))
				if n > 0 && (team.Kind != "people" || people > 0 && team.NeverAnswered < 1) {
					o.Answered += n
					o.Winnable += float64(n * team.WinRate[s])
				}
			}
		}
	}
	o.Demand = make([]float64, f.nt)
	for t := range o.Demand {
		if f.plan.Teams[t].Kind == "people" {
			o.Demand[t] = leastOf(work[t], capacity[t])
		}
	}
}

// leastOf is the least of quotients; 0 where one has nothing below.
func leastOf(over, under []float64) float64 {
	least := math.Inf(1)
	for i, x := range under {
		if !(x > 0) {
			return 0
		}
		least = min(least, over[i]/x)
	}
	return least
}
