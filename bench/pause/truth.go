package main

import (
	"math"

	"windfall/sim/export"
)

// Mean is an expectation with its standard error, from paired replications.
type Mean struct {
	Value Number `json:"mean"`
	Error Number `json:"error"`
}

// Truth is what nobody in a world knows: the effect of the pause, as the expected difference between the world and the
// same one without the pause, on the same random numbers.
type Truth struct {
	Pairs int `json:"pairs"`
	// Effects by outcome (signups, won, revenue), where and until when: on the paused regions in the weeks of the pause;
	// on all regions in these weeks, until the panel ends, and until the run does. Revenue is known for all regions alone.
	Paused map[string]Mean `json:"paused_regions_in_pause"`
	Pause  map[string]Mean `json:"all_regions_in_pause"`
	Panel  map[string]Mean `json:"all_regions_until_panel_ends"`
	All    map[string]Mean `json:"all_regions_until_run_ends"`
	// Without are the sign-ups of the paused regions in the weeks of the pause, had there been none.
	Without Mean `json:"signups_without_pause"`
	// By week from the beginning of the pause on: sign-ups of the paused regions, of the others, and customers won by all.
	PausedWeekly []Mean `json:"signups_paused_weekly"`
	OthersWeekly []Mean `json:"signups_others_weekly"`
	WonWeekly    []Mean `json:"won_weekly"`
}

// Relative is the expected effect on sign-ups of the paused regions in the pause, as a share of what there would have
// been.
func (t *Truth) Relative() float64 {
	return float64(t.Paused["signups"].Value) / float64(t.Without.Value)
}

// HalfBack is how many weeks after the pause the sign-ups of the paused regions are back half-way: they lack at most
// half of what they lacked in its last week. -1: not until the run ends.
func (t *Truth) HalfBack(weeks int) int {
	for i := weeks; i < len(t.PausedWeekly); i++ {
		if t.PausedWeekly[i].Value >= t.PausedWeekly[weeks-1].Value/2 {
			return i - weeks
		}
	}
	return -1
}

// moments are the sums of a number and its square over replications.
type moments struct{ n, sum, square float64 }

func (m *moments) add(x float64) {
	m.n++
	m.sum += x
	m.square += float64(x * x)
}

func (m *moments) mean() Mean {
	mean := m.sum / m.n
	variance := (m.square - float64(mean*m.sum)) / max(m.n-1, 1)
	return Mean{Number(mean), Number(math.Sqrt(max(variance, 0) / m.n))}
}

// The places of sums in a pair.
const (
	inPaused = iota
	inPause
	inPanel
	inAll
	places
)

var outcomes = []string{"signups", "won", "revenue"}

// pairs gathers the differences of a world and the one without the pause.
type pairs struct {
	sums                 [places][3]moments // by place and outcome
	without              moments
	paused, others, wins [horizon - pauseFrom]moments
}

// add adds a replication and gives the effect on sign-ups of the paused regions in the pause that it had.
func (x *pairs) add(w *World, with, without *export.Panel) (realised float64) {
	var sums [places][3]float64
	treated := paused(w.Scope, len(with.Regions))
	a, b := with.Of("revenue"), without.Of("revenue")
	base := 0.0
	for t := pauseFrom; t < horizon; t++ {
		var inside, outside, wonInside, won float64
		for r, yes := range treated {
			d := with.Signups[r][t] - without.Signups[r][t]
			e := with.Won[r][t] - without.Won[r][t]
			won += e
			if yes {
				inside += d
				wonInside += e
				if t < pauseFrom+w.Weeks {
					base += without.Signups[r][t]
				}
			} else {
				outside += d
			}
		}
		week := [3]float64{inside + outside, won, a[t] - b[t]}
		for i, d := range week {
			sums[inAll][i] += d
			if t < panelWeeks {
				sums[inPanel][i] += d
			}
			if t < pauseFrom+w.Weeks {
				sums[inPause][i] += d
			}
		}
		if t < pauseFrom+w.Weeks {
			sums[inPaused][0] += inside
			sums[inPaused][1] += wonInside
		}
		x.paused[t-pauseFrom].add(inside)
		x.others[t-pauseFrom].add(outside)
		x.wins[t-pauseFrom].add(won)
	}
	for place := range sums {
		for i, d := range sums[place] {
			x.sums[place][i].add(d)
		}
	}
	x.without.add(base)
	return sums[inPaused][0]
}

// known says whether the effect on sign-ups in the pause is known well enough: its standard error is at most 5% of it,
// or 0.5% of the sign-ups without the pause.
func (x *pairs) known() bool {
	m, base := x.sums[inPaused][0].mean(), x.without.mean()
	return float64(m.Error) <= max(math.Abs(float64(m.Value))/20, float64(base.Value)/200)
}

func (x *pairs) truth() *Truth {
	t := &Truth{Pairs: int(x.without.n), Without: x.without.mean()}
	at := [places]*map[string]Mean{&t.Paused, &t.Pause, &t.Panel, &t.All}
	for place := range at {
		m := map[string]Mean{}
		for i, outcome := range outcomes {
			if place != inPaused || outcome != "revenue" {
				m[outcome] = x.sums[place][i].mean()
			}
		}
		*at[place] = m
	}
	list := func(of []moments) (out []Mean) {
		for i := range of {
			out = append(out, of[i].mean())
		}
		return out
	}
	t.PausedWeekly, t.OthersWeekly, t.WonWeekly = list(x.paused[:]), list(x.others[:]), list(x.wins[:])
	return t
}
