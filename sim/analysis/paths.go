package analysis

import (
	"math"
	"slices"
)

// Paths are a weekly number of every replication. Weeks and replications are asked
// for by name, so that one cannot be taken for the other.
type Paths struct{ byWeek [][]float64 }

// PathsByWeek makes paths of weeks, each with a number for every replication.
func PathsByWeek(weeks [][]float64) Paths { return Paths{weeks} }

// Weeks is the number of weeks.
func (p Paths) Weeks() int { return len(p.byWeek) }

// Week gives a week (from 0) of every replication. It is not to be changed.
func (p Paths) Week(week int) []float64 { return p.byWeek[week] }

// Parting is where the path of one replication leaves those of the others.
type Parting struct {
	Week  int  // from 1; 0: it stays with the others
	Below bool // else above
}

// PartingOf finds the week from which on a path stays outside of the middle half
// of all paths, on the side on which it ends.
func PartingOf(paths Paths, replication int) Parting {
	p := Parting{}
	for w := paths.Weeks() - 1; w >= 0; w-- {
		x := paths.Week(w)[replication]
		list := Present(paths.Week(w))
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
func CausesOf(names []string, weekly []Paths, replication, week int) []Cause {
	var out []Cause
	for i, name := range names {
		sums := make([]float64, len(weekly[i].Week(0)))
		for w := range week {
			for r, x := range weekly[i].Week(w) {
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
