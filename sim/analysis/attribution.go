package analysis

import (
	"cmp"
	"math"
	"slices"

	"windfall/model/rng"
)

// Rules of attribution deal customers out to the channels whose touches came before. They see what a vendor's own
// records show: of each firm that became a lead the last touches up to that, and whether it was won. None of them sees
// who would have bought anyway.

// LastTouches is how many touches of a firm the rules see: the last ones before its lead.
const LastTouches = 12

// decayDays is the half-life of the credit of a touch by time decay.
const decayDays = 7

// A Path is the touches of one firm up to its lead, oldest first.
type Path struct {
	Touches []PathTouch
	Won     bool
}

// A PathTouch is one touch of a path.
type PathTouch struct {
	Channel int
	Days    float64 // before the lead
}

// Attribution is a rule: it deals the won paths out to channels.
type Attribution struct {
	Name   string // last touch
	Short  string // how the rule deals
	credit func(paths []Path, channels int) []float64
}

// Attributions are the rules, the most used first.
var Attributions = []Attribution{
	{"last touch", "all to the last touch before the lead", byTouch(lastShares)},
	{"first touch", "all to the first touch seen", byTouch(firstShares)},
	{"linear", "the same to each touch", byTouch(linearShares)},
	{"U-shaped", "40% to the first, 40% to the last, 20% to those between", byTouch(uShares)},
	{"time decay", "half as much for each 7 days before the lead", byTouch(decayShares)},
	{"Markov removal", "by what share of customers a chain of touches loses without the channel", markov},
	{"Shapley on paths", "the same to each channel on the path", shapleyOnPaths},
}

// AttributionNamed is the rule of a name.
func AttributionNamed(name string) (Attribution, bool) {
	i := slices.IndexFunc(Attributions, func(a Attribution) bool { return a.Name == name })
	if i < 0 {
		return Attribution{}, false
	}
	return Attributions[i], true
}

// Credit gives the customers with which each of some channels is credited. It adds up to the won paths with a touch.
func (a Attribution) Credit(paths []Path, channels int) []float64 { return a.credit(paths, channels) }

// seen are the touches that rules see.
func (p *Path) seen() []PathTouch { return p.Touches[max(0, len(p.Touches)-LastTouches):] }

// byTouch is a rule that deals each customer out by the places and times of its touches.
func byTouch(shares func(touches []PathTouch, into []float64)) func([]Path, int) []float64 {
	return func(paths []Path, channels int) []float64 {
		out := make([]float64, channels)
		var share [LastTouches]float64
		for i := range paths {
			touches := paths[i].seen()
			if !paths[i].Won || len(touches) == 0 {
				continue
			}
			clear(share[:])
			shares(touches, share[:len(touches)])
			for k, t := range touches {
				out[t.Channel] += share[k]
			}
		}
		return out
	}
}

func lastShares(touches []PathTouch, into []float64) { into[len(touches)-1] = 1 }

func firstShares(_ []PathTouch, into []float64) { into[0] = 1 }

func linearShares(touches []PathTouch, into []float64) {
	for i := range into {
		into[i] = 1 / float64(len(touches))
	}
}

// uShares deals 40%, 20% and 40%; two touches have half each, one has all.
func uShares(touches []PathTouch, into []float64) {
	n := len(touches)
	if n <= 2 {
		linearShares(touches, into)
		return
	}
	for i := range into {
		into[i] = 0.2 / float64(n-2)
	}
	into[0], into[n-1] = 0.4, 0.4
}

func decayShares(touches []PathTouch, into []float64) {
	sum, last := 0.0, touches[len(touches)-1].Days // shares are the same from whatever day they are counted
	for i, t := range touches {
		into[i] = rng.Exp((last - t.Days) / decayDays * math.Ln2)
		sum += into[i]
	}
	for i := range into {
		into[i] /= sum
	}
}

// shapleyOnPaths is the Shapley value of the game in which channels together win the customers on whose paths there is
// no other: of each customer every channel on its path has the same share, since all are needed and no other is.
func shapleyOnPaths(paths []Path, channels int) []float64 {
	out := make([]float64, channels)
	var on []int
	for i := range paths {
		if !paths[i].Won {
			continue
		}
		on = on[:0]
		for _, t := range paths[i].seen() {
			if !slices.Contains(on, t.Channel) {
				on = append(on, t.Channel)
			}
		}
		for _, c := range on {
			out[c] += 1 / float64(len(on))
		}
	}
	return out
}

// markov is the removal effect in the chain of first order that goes from touch to touch as the paths do: by how much
// it wins less if whoever comes to a channel is lost. Removal effects, as shares of their sum, deal out the customers.
func markov(paths []Path, channels int) []float64 {
	out := make([]float64, channels)
	c, won := newChain(paths, channels)
	with := c.wins(-1)
	if won == 0 || !(with > 0) {
		return out
	}
	sum := 0.0
	for k := range out {
		out[k] = max(0, 1-c.wins(k)/with)
		sum += out[k]
	}
	for k := range out {
		if sum > 0 {
			out[k] = float64(won) * (out[k] / sum)
		}
	}
	return out
}

// chain is the chances of a Markov chain of touches: from the start or from a channel to a channel or a win; what is
// left over loses the firm.
type chain struct {
	start []float64   // by channel
	to    [][]float64 // from a channel to a channel, without staying there
	win   []float64   // from a channel
}

// newChain counts the steps of paths, and the won paths.
func newChain(paths []Path, channels int) (c chain, won int) {
	c = chain{start: make([]float64, channels), win: make([]float64, channels)}
	all, left := 0.0, make([]float64, channels)
	for range channels {
		c.to = append(c.to, make([]float64, channels))
	}
	for i := range paths {
		touches := paths[i].seen()
		if len(touches) == 0 {
			continue
		}
		all++
		c.start[touches[0].Channel]++
		for k := 1; k < len(touches); k++ {
			if a, b := touches[k-1].Channel, touches[k].Channel; a != b { // who stays comes to the same in the end
				c.to[a][b]++
				left[a]++
			}
		}
		last := touches[len(touches)-1].Channel
		left[last]++
		if paths[i].Won {
			c.win[last]++
			won++
		}
	}
	for a := range channels {
		if all > 0 {
			c.start[a] /= all
		}
		if left[a] > 0 {
			c.win[a] /= left[a]
			for b := range channels {
				c.to[a][b] /= left[a]
			}
		}
	}
	return c, won
}

// wins is the chance that the chain ends in a win without a channel (-1: with all). The chances x from each channel
// solve x = win + to x; they are found by elimination. Each path ends, so each channel that is left at all leads out.
func (c chain) wins(without int) float64 {
	n := len(c.start)
	var rows [][]float64
	for a := range n {
		row := make([]float64, n+1)
		row[a] = 1
		if a != without {
			for b := range n {
				if b != without {
					row[b] -= c.to[a][b]
				}
			}
			row[n] = c.win[a]
		}
		rows = append(rows, row)
	}
	for k := range n {
		for a := k + 1; a < n; a++ { // the matrix has a heavy diagonal: no row need be swapped
			f := rows[a][k] / rows[k][k]
			if f == 0 {
				continue
			}
			for b := k; b <= n; b++ {
				rows[a][b] -= float64(f * rows[k][b])
			}
		}
	}
	sum := 0.0
	for a := n - 1; a >= 0; a-- {
		x := rows[a][n]
		for b := a + 1; b < n; b++ {
			x -= float64(rows[a][b] * rows[b][n])
		}
		rows[a][n] = x / rows[a][a]
	}
	for a := range n {
		if a != without {
			sum += float64(c.start[a] * rows[a][n])
		}
	}
	return sum
}

// RankCorrelation is Spearman's: the correlation of the ranks of two lists, equal numbers having the mean of their
// ranks. It is NaN where a list has one rank alone.
func RankCorrelation(a, b []float64) float64 {
	x, y := ranks(a), ranks(b)
	mean := float64(float64(len(a)+1) / 2)
	var xy, xx, yy float64
	for i := range x {
		xy += float64((x[i] - mean) * (y[i] - mean))
		xx += float64((x[i] - mean) * (x[i] - mean))
		yy += float64((y[i] - mean) * (y[i] - mean))
	}
	return xy / math.Sqrt(float64(xx*yy))
}

// ranks are those of numbers, the largest first.
func ranks(list []float64) []float64 {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(list[b], list[a]) })
	out := make([]float64, len(list))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && list[order[j]] == list[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			out[k] = float64(i+1+j) / 2
		}
		i = j
	}
	return out
}

// WithSampling is an estimate that is also uncertain since only some of the cases were drawn over whose mean it is: one
// number for each of those. It gives the standard error of that too. Both errors are independent.
func (e Estimate) WithSampling(drawn []float64) (Estimate, float64) {
	n, mean, square := float64(len(drawn)), 0.0, 0.0
	for _, x := range drawn {
		mean += x / n
	}
	for _, x := range drawn {
		square += float64((x - mean) * (x - mean))
	}
	sampling := math.Sqrt(square / (n * (n - 1)))
	reach := float64(t95(len(drawn)-1) * sampling)
	e.Low, e.High = e.Value-math.Hypot(e.Value-e.Low, reach), e.Value+math.Hypot(e.High-e.Value, reach)
	e.Error = math.Hypot(e.Error, sampling)
	return e, sampling
}
