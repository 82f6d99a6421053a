package model

import (
	"math"
	"slices"
	"sort"

	"windfall/model/plan"
	"windfall/model/rng"
)

// Cell is one (size class, industry, region). Cells are numbered by size, then
// industry, then region.
type Cell struct {
	Size, Industry, Region int
	Name                   string // "1-4/construction/west"
	label                  uint64
}

// cellsOf lists the cells of a plan's market.
func cellsOf(p *plan.Plan) []Cell {
	pop := &p.Population
	cells := make([]Cell, 0, len(pop.Sizes)*len(pop.Industries)*len(pop.Regions))
	for s := range pop.Sizes {
		for i := range pop.Industries {
			for r := range pop.Regions {
				name := pop.Sizes[s].Name + "/" + pop.Industries[i].Name + "/" + pop.Regions[r].Name
				cells = append(cells, Cell{s, i, r, name, rng.Label(name)})
			}
		}
	}
	return cells
}

// Cells are the cells of a plan's market, in the order of their numbers.
func Cells(p *plan.Plan) []Cell { return cellsOf(p) }

// CellNames names the cells of a plan's market, "1-4/construction/west", in the
// order of their numbers.
func CellNames(p *plan.Plan) []string {
	var names []string
	for _, c := range cellsOf(p) {
		names = append(names, c.Name)
	}
	return names
}

// largestRemainder rounds parts of a whole: the floors, and one more for the
// largest remainders until the total is reached, ties in the order of names.
func largestRemainder(exact []float64, total int, name func(i int) string, into []int) {
	type part struct {
		i    int
		rest float64
	}
	parts := make([]part, len(exact))
	left := total
	for i, x := range exact {
		f := math.Floor(x)
		into[i] = int(f)
		left -= into[i]
		parts[i] = part{i, x - f}
	}
	sort.Slice(parts, func(a, b int) bool {
		if parts[a].rest != parts[b].rest {
			return parts[a].rest > parts[b].rest
		}
		return name(parts[a].i) < name(parts[b].i)
	})
	for k := 0; k < left && k < len(parts); k++ {
		into[parts[k].i]++
	}
}

// shares gives the shares of a dimension scaled to sum to 1.
func shares(n int, share func(i int) float64) []float64 {
	out := make([]float64, n)
	var total float64
	for i := range out {
		out[i] = share(i)
		total += out[i]
	}
	for i := range out {
		out[i] /= total
	}
	return out
}

// firmsByCell splits the firms of a plan's market over its cells: the product
// of the shares, rounded by largest remainder.
func firmsByCell(p *plan.Plan, cells []Cell) []int {
	pop := &p.Population
	size := shares(len(pop.Sizes), func(i int) float64 { return pop.Sizes[i].Share })
	industry := shares(len(pop.Industries), func(i int) float64 { return pop.Industries[i].Share })
	region := shares(len(pop.Regions), func(i int) float64 { return pop.Regions[i].Share })
	exact := make([]float64, len(cells))
	for i, c := range cells {
		exact[i] = float64(pop.Firms * size[c.Size] * industry[c.Industry] * region[c.Region])
	}
	firms := make([]int, len(cells))
	largestRemainder(exact, int(pop.Firms), func(i int) string { return cells[i].Name }, firms)
	return firms
}

// DealByFirms deals a whole number over the size classes that enabled products serve, by their firms:
// rounded by largest remainder, ties in the order of names. Where no product serves any class all take
// part.
func DealByFirms(p *plan.Plan, total float64) []float64 {
	sizes := p.Population.Sizes
	weights := make([]float64, len(sizes))
	var sum float64
	for i := range sizes {
		if slices.ContainsFunc(p.Products, func(x plan.Product) bool {
			return x.Enabled && (len(x.Sizes) == 0 || slices.Contains(x.Sizes, sizes[i].Name))
		}) {
			weights[i] = sizes[i].Share
			sum += weights[i]
		}
	}
	if !(sum > 0) {
		for i := range sizes {
			weights[i] = sizes[i].Share
			sum += weights[i]
		}
	}
	out := make([]float64, len(sizes))
	if !(sum > 0) || !(total > 0) {
		return out
	}
	for i := range weights {
		weights[i] = float64(total * weights[i] / sum)
	}
	dealt := make([]int, len(sizes))
	largestRemainder(weights, int(total), func(i int) string { return sizes[i].Name }, dealt)
	for i, n := range dealt {
		out[i] = float64(n)
	}
	return out
}

// headcountLaw is the law of head-count within a size class: the floor of a
// Pareto cut to [lowest, highest + 1).
func headcountLaw(p *plan.Plan, size int) rng.ParetoLaw {
	s := &p.Population.Sizes[size]
	return rng.NewPareto(s.Lowest, s.Highest+1, p.Population.TailExponent)
}

// thresholdClass is the size class that contains a head-count.
func thresholdClass(p *plan.Plan, employees float64) int {
	return slices.IndexFunc(p.Population.Sizes, func(s plan.Size) bool {
		return s.Lowest <= employees && employees <= s.Highest
	})
}

// thresholdRate is the rate per firm and year of the size class that contains X
// at which firms grow past X: F/N_class with F = N(>=X) z b/(2 (1 - z b)), z the
// tail exponent, b the Laplace scale of yearly log growth.
func thresholdRate(p *plan.Plan, k *plan.Trigger, bySize []float64) float64 {
	c := thresholdClass(p, k.Employees)
	if c < 0 || bySize[c] <= 0 {
		return 0
	}
	z := p.Population.TailExponent
	s := &p.Population.Sizes[c]
	lo, hi := s.Lowest, s.Highest+1
	// The share of the class at or above X under the cut Pareto law.
	tail := func(x float64) float64 { return rng.Pow(x, -z) }
	above := bySize[c] * (tail(k.Employees) - tail(hi)) / (tail(lo) - tail(hi))
	for i := c + 1; i < len(bySize); i++ {
		above += bySize[i]
	}
	zb := float64(z * k.GrowthScale)
	return above * zb / (2 * (1 - zb)) / bySize[c]
}

// yearlyRate is the rate per firm over all firms and year of trigger kind k in
// a cell, at season and economy 1.
func yearlyRate(p *plan.Plan, k *plan.Trigger, c *Cell, bySize []float64) float64 {
	if !k.Enabled {
		return 0
	}
	var r float64
	switch k.Kind {
	case "event":
		r = k.RatePerYear[c.Size]
	case "ageing":
		r = 1 / k.LifeYears[c.Size]
	case "threshold":
		if thresholdClass(p, k.Employees) == c.Size {
			r = thresholdRate(p, k, bySize)
		}
	}
	return float64(r * k.Industry[c.Industry] * k.Region[c.Region])
}

// awayYears is the mean time away from the dormant state of a journey of kind k
// cut short by the firm's death at rate m a year, per unit rate:
// (1 - phi e^(-m L))/m with phi = (1 + m cv^2 w)^(-1/cv^2), and w + L at m = 0. A hazard a week of choosing
// a rival ends the time in market earlier.
func awayYears(k *plan.Trigger, m, lockYears, rival float64) float64 {
	w := k.WindowWeeks / plan.WeeksPerYear
	switch {
	case m == 0:
		if rival == 0 {
			return w + lockYears
		}
		return marketWeeks(k, rival)/plan.WeeksPerYear + lockYears
	case rival > 0: // phi is the mean of e^(-m t), t the earlier of the window and the rival
		s := rival + m/plan.WeeksPerYear
		stays := windowLaplace(k, s)
		phi := stays + float64(rival/s*(1-stays))
		return (1 - float64(phi*rng.Exp(float64(-m*lockYears)))) / m
	}
	cv2 := k.WindowCV * k.WindowCV
	phi := rng.Exp(float64(-m * w))
	if cv2 > 0 {
		phi = rng.Pow(1+float64(m*cv2*w), -1/cv2)
	}
	return (1 - float64(phi*rng.Exp(float64(-m*lockYears)))) / m
}

// SaturatedChannel is a channel whose budget reaches more half-saturations on some day than is worth its money.
type SaturatedChannel struct {
	Channel string
	Halves  float64 // half-saturations on that day
}

// ScaledCell is a cell whose trigger rates were scaled down so that its
// reference dormant share keeps its least value.
type ScaledCell struct {
	Cell   string
	Factor float64
}
