package plan

import "math"

// tailMeans is how many of the longest mean windows and sales cycles the tail holds: of exponential ones
// e^-4 last longer. Those that vary more (cv) fade more slowly, by cv^2.
const tailMeans = 4

// longestTail is the most weeks of a tail.
const longestTail = 520

// TailWeeks is the number of weeks after the run through which the journeys that opened in it are
// followed: several of the longest mean windows and of the longest mean sales cycles.
func TailWeeks(p *Plan) int {
	window, sale := 0.0, 0.0
	for i := range p.Triggers {
		if t := &p.Triggers[i]; t.Enabled {
			window = max(window, t.WindowWeeks*max(1, t.WindowCV*t.WindowCV))
		}
	}
	for i := range p.Teams {
		t := &p.Teams[i]
		if !t.Enabled {
			continue
		}
		service := t.AnswerDelayHours / HoursPerWeek
		if t.Kind == "people" && t.OpportunitiesPerWeek > 0 {
			h := HoursOf(t, p.Run.Start)
			service += 1/t.OpportunitiesPerWeek + h.LongestPause()
		}
		for _, days := range t.CycleDays {
			// NaN where the team sells to nobody
			if x := service + float64(days/DaysPerWeek*max(1, t.CycleCV*t.CycleCV)); x > sale {
				sale = x
			}
		}
	}
	return int(min(math.Ceil(tailMeans*(window+sale+max(LongestTrial(p), longestFree(p)))), longestTail))
}

// LongestTrial is the longest trial of a plan's products, in weeks.
func LongestTrial(p *Plan) (weeks float64) {
	for i := range p.Products {
		if x := &p.Products[i]; x.Enabled && x.TrialDays > 0 {
			weeks = max(weeks, x.TrialDays/DaysPerWeek)
		}
	}
	return weeks
}

// longestFree is the longest mean time of a plan's free users until they buy, in weeks.
func longestFree(p *Plan) (weeks float64) {
	for i := range p.Products {
		if x := &p.Products[i]; x.Enabled && x.FreePlan && !math.IsNaN(x.FreeConvertsMonths) {
			weeks = max(weeks, x.FreeConvertsMonths*WeeksPerMonth)
		}
	}
	return weeks
}
