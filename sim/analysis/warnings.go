package analysis

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Where the numbers of a run leave the range in which the model is meant to be
// read, the run warns.
const (
	MostCapped    = 0.01 // share of touches on which a chance was cut at 1
	MostLoaded    = 0.95 // busy share of a team: beyond it waits explode
	LeastDormant  = 0.3  // share of dormant firms of a cell
	cappedTouches = "capped_touches"
	lowestDormant = "lowest_dormant_share"
)

// warnings adds to the warnings of the plan those that the results give.
func warnings(s *Study) ([]string, error) {
	out := append([]string{}, s.Warnings...)
	if columnIndex(s.Columns, cappedTouches) >= 0 {
		capped, err := s.Headline(cappedTouches)
		if err != nil {
			return nil, err
		}
		if capped.Value > MostCapped {
			out = append(out, fmt.Sprintf("the chance that a touch makes a lead was cut at 1 on %s of touches: lower "+
				"response, halo or urgency", percent(capped.Value)))
		}
	}
	for _, team := range slices.Sorted(maps.Keys(s.TeamLoads)) {
		if load := s.TeamLoads[team]; load > MostLoaded {
			out = append(out, fmt.Sprintf("team %s is %s loaded over the run: its queue is what limits sales", team,
				percent(load)))
		}
	}
	if columnIndex(s.Columns, lowestDormant) >= 0 {
		values, err := s.Values(lowestDormant)
		if err != nil {
			return nil, err
		}
		low, lowest := 0, math.Inf(1)
		for _, x := range values {
			if x < LeastDormant {
				low++
			}
			if x < lowest {
				lowest = x
			}
		}
		if low > 0 {
			out = append(out, fmt.Sprintf("in %s of runs a cell had fewer than %s of its firms dormant (lowest %s): "+
				"trigger rates are too high for its size",
				percent(float64(low)/float64(len(values))), percent(LeastDormant), percent(lowest)))
		}
	}
	if cube := s.Ties.Cube; cube > 1 && s.Ties.Group(s.N) < cube {
		out = append(out, fmt.Sprintf("margins of error are wider than they need be: with uncertain inputs, fewer than %d "+
			"runs are taken as independent draws; --replications %d or more",
			LeastGroups*cube, LeastGroups*cube))
	}
	return out, nil
}

func percent(x float64) string { return fmt.Sprintf("%.3g%%", 100*x) }
