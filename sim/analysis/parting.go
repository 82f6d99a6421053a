package analysis

import (
	"math"
	"slices"
)

// Parting is where the path of one replication leaves those of the others.
type Parting struct {
	Week  int  // from 1; 0: it stays with the others
	Below bool // else above
}

// PartingOf finds the week from which on a path stays outside of the middle half
// of all paths, on the side on which it ends. Paths are by week and replication.
func PartingOf(paths [][]float64, replication int) Parting {
	weeks := len(paths)
	p := Parting{}
	for w := weeks - 1; w >= 0; w-- {
		x := paths[w][replication]
		list := Present(paths[w])
		if math.IsNaN(x) || len(list) == 0 {
			return p
		}
		slices.Sort(list)
		below, above := x < Quantile(list, 0.25), x > Quantile(list, 0.75)
		if !below && !above || p.Week > 0 && below != p.Below {
			return p
		}
		p.Week, p.Below = w+1, below
	}
	return p
}

// Cause is a weekly number that set a replication apart.
type Cause struct {
	Name  string
	Sum   float64 // up to the week
	Mean  float64 // of all replications
	Score float64 // standard deviations from it
}

// CausesOf ranks weekly numbers by how far their sums up to a week lie from those
// of the other replications, the largest first.
func CausesOf(names []string, weekly [][][]float64, replication, week int) []Cause {
	var out []Cause
	for i, name := range names {
		n := len(weekly[i][0])
		sums := make([]float64, n)
		for w := 0; w < week; w++ {
			for r, x := range weekly[i][w] {
				sums[r] += x
			}
		}
		list := Present(sums)
		if len(list) < 2 || math.IsNaN(sums[replication]) {
			continue
		}
		mean := meanOf(list)
		var squares float64
		for _, x := range list {
			squares += float64((x - mean) * (x - mean))
		}
		sd := math.Sqrt(squares / float64(len(list)-1))
		if sd <= 1e-9*math.Abs(mean) {
			continue // the same in all replications but for rounding
		}
		out = append(out, Cause{name, sums[replication], mean, (sums[replication] - mean) / sd})
	}
	slices.SortStableFunc(out, func(a, b Cause) int {
		switch x, y := math.Abs(a.Score), math.Abs(b.Score); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return out
}
