package estimate_test

import (
	"fmt"

	"windfall/sim/estimate"
)

// paused is what an analyst has: leads per week of sixteen regions, of which half are paused for six weeks and then have
// 6 of 40 leads fewer. Chance is replaced by a fixed pattern here.
func paused() estimate.Panel {
	p := estimate.Panel{From: 40, To: 46}
	for region := range 16 {
		treated, weeks := region%2 == 0, make([]float64, 60)
		for week := range weeks {
			weeks[week] = float64(40 + region + (7*week+5*region)%11)
			if treated && week >= p.From && week < p.To {
				weeks[week] -= 6
			}
		}
		p.Treated, p.Outcome = append(p.Treated, treated), append(p.Outcome, weeks)
	}
	return p
}

// All methods look at the same panel, each with its interval. The truth is 8 regions x 6 weeks x 6 leads lost.
func Example() {
	p := paused()
	for _, m := range estimate.Methods {
		e := m.Estimate(p)
		fmt.Printf("%-26s effect %.0f, holds -288: %t, finds an effect: %t\n", m.Title+":", e.Total, e.Covers(-288), e.Wins())
	}
	// Output:
	// interrupted time series:   effect -300, holds -288: true, finds an effect: true
	// difference in differences: effect -310, holds -288: true, finds an effect: true
	// synthetic control:         effect -313, holds -288: true, finds an effect: true
}

// A method that cannot say anything says why: a national treatment leaves no region to compare with.
func ExampleEstimate() {
	p := paused()
	for region := range p.Treated {
		p.Treated[region] = true
	}
	e := estimate.Differences(p)
	fmt.Println(e.Applicable, e.Reason)
	// Output: false not applicable: all regions were treated, and none is left to compare with
}
