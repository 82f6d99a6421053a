package analysis

import (
	"encoding/json"
	"fmt"
	"math"

	"windfall/model/plan"
)

// Estimate is a statistic with its Monte Carlo error. What cannot be told is
// missing (NaN), and what lies beyond all numbers is plan.Never (+Inf); an end of
// the interval may be infinite. All of them are null in JSON, beside the reason.
type Estimate struct {
	Value     float64
	Error     float64 // standard error
	Low, High float64 // 95% interval
	N         int     // replications that entered
	Reason    string  // why the value is no number, if it is none
	Needs     int     // replications that a two-sided interval needs, where there are too few for one; else 0
	Tied      bool    // the interval has no length since its ends are one number, which says nothing of other runs
}

// Never says whether the value lies beyond all numbers, as the pay-back of those
// who never pay back.
func (e Estimate) Never() bool { return e.Value == plan.Never }

// Known says whether the value is a number.
func (e Estimate) Known() bool { return !math.IsNaN(e.Value) && !math.IsInf(e.Value, 0) }

// HalfWidth is half the length of the 95% interval.
func (e Estimate) HalfWidth() float64 { return (e.High - e.Low) / 2 }

// Short says how many runs an interval with two ends needs, where there are too few
// for one; else it is empty.
func (e Estimate) Short() string {
	if e.Needs == 0 {
		return ""
	}
	return fmt.Sprintf("an interval needs %d runs", e.Needs)
}

// Times is the estimate in a unit of which x make one of the old, x above 0.
func (e Estimate) Times(x float64) Estimate {
	return Estimate{Value: e.Value * x, Error: e.Error * x, Low: e.Low * x, High: e.High * x, N: e.N, Reason: e.Reason,
		Needs: e.Needs, Tied: e.Tied}
}

// Minus is the estimate of the number with the other sign; 0 keeps its own.
func (e Estimate) Minus() Estimate {
	e.Value, e.Low, e.High = 0-e.Value, 0-e.High, 0-e.Low
	return e
}

// missing is the estimate of something that no replication has.
func missing(n int) Estimate {
	return Estimate{Value: math.NaN(), Error: math.NaN(), Low: math.NaN(), High: math.NaN(), N: n}
}

// Missing is an estimate that there is none of, with the reason.
func Missing(n int, reason string) Estimate {
	e := missing(n)
	e.Reason = reason
	return e
}

// estimateJSON is the layout of an Estimate in files.
type estimateJSON struct {
	Value *float64 `json:"value"`
	Error *float64 `json:"error"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
	N     int      `json:"n"`

	Never  bool   `json:"never,omitempty"` // the value lies beyond all numbers
	Reason string `json:"reason,omitempty"`
	Needs  int    `json:"needs,omitempty"` // replications for a two-sided interval
	Tied   bool   `json:"tied,omitempty"`  // both ends are one number, and single runs may have others
}

// MarshalJSON writes missing and infinite numbers as null, with the reason.
func (e Estimate) MarshalJSON() ([]byte, error) {
	return json.Marshal(estimateJSON{finite(e.Value), finite(e.Error), finite(e.Low), finite(e.High), e.N, e.Never(),
		e.Reason, e.Needs, e.Tied})
}

// UnmarshalJSON reads null as missing.
func (e *Estimate) UnmarshalJSON(text []byte) error {
	var j estimateJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	*e = Estimate{orMissing(j.Value), orMissing(j.Error), orMissing(j.Low), orMissing(j.High), j.N, j.Reason, j.Needs,
		j.Tied}
	if j.Never {
		e.Value = plan.Never
	}
	return nil
}

// Number is a number that may be none, which is null in JSON.
type Number float64

// MarshalJSON implements json.Marshaler.
func (n Number) MarshalJSON() ([]byte, error) { return json.Marshal(finite(float64(n))) }

// UnmarshalJSON reads null as missing.
func (n *Number) UnmarshalJSON(text []byte) error {
	var x *float64
	err := json.Unmarshal(text, &x)
	*n = Number(orMissing(x))
	return err
}

func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

func orMissing(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// Reach95 is the normal quantile of 0.975: the reach of a 95% interval, in standard
// errors.
const Reach95 = 1.959963984540054

// t95table holds Student's quantiles of 0.975 for 1 to 10 degrees of freedom.
var t95table = [...]float64{12.706204736174694, 4.302652729749462, 3.182446305283708, 2.776445105197793,
	2.570581835636314,
	2.4469118511449786, 2.364624251592784, 2.306004135204168, 2.262157162798205, 2.2281388519862735}

// t95 is Student's quantile of 0.975: the table, then the expansion in 1/df of
// Abramowitz and Stegun 26.7.5, which is off by less than 5e-6 from 11 on.
func t95(df int) float64 {
	if df < 1 {
		return math.NaN()
	}
	if df <= len(t95table) {
		return t95table[df-1]
	}
	const (
		z  = Reach95
		z2 = z * z
		g1 = z * (z2 + 1) / 4
		g2 = z * ((5*z2+16)*z2 + 3) / 96
		g3 = z * (((3*z2+19)*z2+17)*z2 - 15) / 384
		g4 = z * ((((79*z2+776)*z2+1482)*z2-1920)*z2 - 945) / 92160
	)
	r := 1 / float64(df)
	return z + float64(r*(g1+float64(r*(g2+float64(r*(g3+float64(r*g4)))))))
}

// Ties says which replications, neighbours all, are not independent of each other.
// The zero value: none, as with fixed inputs.
type Ties struct {
	SeedsPerDraw int // replications that share one draw of the uncertain inputs (a nested design); 0 counts as 1
	Cube         int // draws that share one Latin hypercube; 0 or 1: draws are independent
}

// LeastGroups is the number of hypercubes from which on the spread between them gives
// an error. Fewer say too little about it; then it comes from the spread between draws
// (see the package comment).
const LeastGroups = 20

// group is what the replications that belong together add up to, and how many they are.
type group struct{ over, under, n float64 }

// Group is the number of neighbours whose sums an error is made of, where n
// replications have a value: a hypercube, or a draw.
func (t Ties) Group(n int) int {
	draw := t.draw()
	if cube := draw * max(t.Cube, 1); countOf(n, cube) >= LeastGroups {
		return cube
	}
	return draw
}

// draw is the number of neighbours that share a draw.
func (t Ties) draw() int { return max(t.SeedsPerDraw, 1) }

// Groups is the number of them.
func (t Ties) Groups(n int) int { return countOf(n, t.Group(n)) }

// countOf is the number of groups of a size, the last of them perhaps smaller.
func countOf(n, size int) int { return (n + size - 1) / size }

// grouped sums over and under in groups of neighbours, leaving out the replications
// in which either is missing; a group without any is left out. under nil counts
// replications.
func grouped(over, under []float64, t Ties) (groups []group, total group) {
	groups, total = groupsOf(over, under, t.Group(len(over)))
	if draw := t.draw(); len(groups) < LeastGroups && draw < t.Group(len(over)) { // many are missing
		return groupsOf(over, under, draw)
	}
	return groups, total
}

func groupsOf(over, under []float64, size int) (groups []group, total group) {
	groups = make([]group, 0, countOf(len(over), size))
	for from := 0; from < len(over); from += size {
		var g group
		for i := from; i < min(from+size, len(over)); i++ {
			y := 1.0
			if under != nil {
				y = under[i]
			}
			if math.IsNaN(over[i]) || math.IsNaN(y) {
				continue
			}
			g.over += over[i]
			g.under += y
			g.n++
		}
		if g.n > 0 {
			groups = append(groups, g)
			total.over += g.over
			total.under += g.under
			total.n += g.n
		}
	}
	return groups, total
}

// Mean is the mean over the replications in which a value is not missing. With B
// groups of sum x_b and size n_b, and N = sum n_b, the squared error is
// B/(B-1) sum (x_b - mean n_b)^2 / N^2, which for groups of one is the sample
// variance over N. The interval is Student's with B-1 degrees of freedom.
func Mean(values []float64, t Ties) Estimate {
	groups, total := grouped(values, nil, t)
	if total.n == 0 {
		return missing(0)
	}
	mean := total.over / total.under
	var squares float64
	for _, g := range groups {
		d := g.over - float64(mean*g.under)
		squares += float64(d * d)
	}
	b := float64(len(groups))
	return interval(mean, math.Sqrt(squares*b/(b-1))/total.under, len(groups)-1, int(total.n))
}

// Ratio is scale times the sum of over divided by the sum of under: a ratio of
// totals, with its jackknife error over groups of neighbours. Replications in which
// either is missing are left out. Where the denominator is zero the ratio is
// missing, and so is the error where leaving a group out makes it zero.
func Ratio(over, under []float64, scale float64, t Ties) Estimate {
	groups, total := grouped(over, under, t)
	n := int(total.n)
	if n == 0 || total.under == 0 {
		return missing(n)
	}
	without, sizes := make([]float64, len(groups)), make([]float64, len(groups))
	for i, g := range groups {
		without[i], sizes[i] = math.NaN(), g.n
		if rest := total.under - g.under; rest != 0 {
			without[i] = float64(scale * (total.over - g.over) / rest)
		}
	}
	return interval(float64(scale*total.over/total.under), jackknife(without, sizes), len(groups)-1, n)
}

// jackknife is the error of a statistic of replications that fall into groups, from
// what it is without each of them, by the sizes of the groups. For equal ones it is
// that of Efron and Stein (1981); a smaller one moves the statistic less and counts
// for as much as it moves it, so that the error of a mean is that of Mean.
func jackknife(without, sizes []float64) float64 {
	var n, centre, weights, squares float64
	for _, m := range sizes {
		n += m
	}
	for i, m := range sizes {
		centre += float64((n - m) * without[i])
		weights += n - m
	}
	centre /= weights
	for i, m := range sizes {
		d := float64((1 - m/n) * (without[i] - centre))
		squares += float64(d * d)
	}
	b := float64(len(sizes))
	return math.Sqrt(squares * b / (b - 1))
}

// MeanOf is the mean of an outcome. Where some replications lie beyond all numbers
// there is none.
func MeanOf(c *plan.Column, values []float64, t Ties) Estimate {
	if share := NeverShare(values); share > 0 {
		return Missing(len(values), neverIn(c, share))
	}
	e := Mean(values, t)
	e.Reason = c.Reason(e.Value)
	return e
}

// neverIn says in how many replications an outcome lies beyond all numbers.
func neverIn(c *plan.Column, share float64) string {
	return "never in " + percent(share) + " of runs: " + c.Reason(plan.Never)
}

// RatioOf is a ratio of totals by the rule of its column (plan.Column.Quotient).
// While a denominator of 0 or below is not ruled out, the interval of a ratio that
// may lie beyond all numbers goes on to there: its lower end is that of the
// numerator over the upper end of the denominator, open if the numerator may be negative.
func RatioOf(c *plan.Column, over, under []float64, t Ties) Estimate {
	_, total := groupsOf(over, under, 1)
	n := int(total.n)
	value := c.Quotient(total.over, total.under)
	if n == 0 || math.IsNaN(value) {
		return Missing(n, c.ReasonOf(total.over, total.under))
	}
	if c.Never != "" {
		if below := Mean(under, t); value == plan.Never || below.Low <= 0 {
			e := Estimate{Value: value, Error: math.NaN(), Low: math.NaN(), High: plan.Never, N: n, Reason: c.Reason(value)}
			switch {
			case below.High > 0:
				if e.Low = c.Quotient(Mean(over, t).Low, below.High); e.Low < 0 { // over next to nothing it is far below
					e.Low = math.Inf(-1)
				}
			case below.High <= 0:
				e.Low = plan.Never
			}
			return e
		}
	}
	return Ratio(over, under, ScaleOf(*c), t)
}

// Jackknife is a statistic of n replications with its error over groups of
// neighbours. without gives the statistic with the replications from one to another
// left out; from = to leaves out none.
func Jackknife(n int, t Ties, without func(from, to int) float64) Estimate {
	return JackknifeBy(n, t.Group(n), without)
}

// JackknifeBy is Jackknife over groups of a given size.
func JackknifeBy(n, size int, without func(from, to int) float64) Estimate {
	if n == 0 {
		return missing(0)
	}
	groups := countOf(n, size)
	values, sizes := make([]float64, groups), make([]float64, groups)
	for g := range values {
		from, to := g*size, min((g+1)*size, n)
		values[g], sizes[g] = without(from, to), float64(to-from)
	}
	return interval(without(0, 0), jackknife(values, sizes), groups-1, n)
}

// reach999 is the normal quantile of 0.999.
const reach999 = 3.090232306167813

// OneSided999 is Student's quantile of 0.999 for groups independent numbers, by
// the expansion of t95 (off by less than 1% from 12 groups on).
func OneSided999(groups int) float64 {
	if groups < 2 {
		return math.Inf(1)
	}
	const (
		z  = reach999
		z2 = z * z
		g1 = z * (z2 + 1) / 4
		g2 = z * ((5*z2+16)*z2 + 3) / 96
		g3 = z * (((3*z2+19)*z2+17)*z2 - 15) / 384
		g4 = z * ((((79*z2+776)*z2+1482)*z2-1920)*z2 - 945) / 92160
	)
	r := 1 / float64(groups-1)
	return z + float64(r*(g1+float64(r*(g2+float64(r*(g3+float64(r*g4)))))))
}

// interval puts Student's 95% interval around a value, if so many groups can carry one.
func interval(value, err float64, df, n int) Estimate {
	if df < 1 {
		err = math.NaN()
	}
	reach := float64(t95(df) * err)
	return Estimate{Value: value, Error: err, Low: value - reach, High: value + reach, N: n}.carried(df+1, false)
}

// LeastAlike is the number of groups from which on an interval may have no length: as many as the interval of a
// median needs. With fewer a number that all of them share, as whole numbers easily do, says nothing of the next.
var LeastAlike = LeastForQuantile(0.5)

// carried takes away the interval of a number that so many independent groups of its replications cannot carry, and
// says how many replications would: two where there is no spread to see, LeastAlike where there is none among those
// seen, or where the interval is that of groups drawn again. It is the one place that decides this, whatever the
// number is made of.
func (e Estimate) carried(groups int, resampled bool) Estimate {
	least := 2
	if resampled || e.Error <= float64(rounding*math.Abs(e.Value)) {
		least = LeastAlike
	}
	if groups < least && e.Known() {
		e.Error, e.Low, e.High = math.NaN(), math.NaN(), math.NaN()
		e.Needs = least * max(1, e.N/max(1, groups))
	}
	return e
}

// Alike is an estimate without the noise of its sums: of a number that is the same, however replications are put
// together.
func (t Ties) Alike(e Estimate, value float64) Estimate {
	e.Value, e.Error, e.Low, e.High, e.Needs = value, 0, value, value, 0
	return e.carried(t.Groups(e.N), false)
}

// Apart says whether two intervals have no number in common. Where one is not known they are not told apart.
func Apart(a, b Estimate) bool { return a.High < b.Low || b.High < a.Low }

// Chance is the share of k in n with the interval of Wilson (1927), which stays
// inside [0,1] and is of use at 0 and n too.
func Chance(k, n int) Estimate { return wilson(float64(k), float64(n), n) }

// Chance999 is Chance whose ends are one-sided 99.9% bounds.
func Chance999(k, n int) Estimate {
	const z = reach999
	return wilsonAt(float64(k), float64(n), n, z, z*z)
}

// ChanceAlike is the mean of values of 0 and 1, missing ones left out, with the
// interval of Wilson at the number that so many neighbours alike are worth.
func ChanceAlike(values []float64, alike int) Estimate {
	_, total := groupsOf(values, nil, 1)
	deff := designEffect(values, alike)
	return wilson(total.over/deff, total.n/deff, int(total.n))
}

// ChanceChange is the mean of b - a, both 0 or 1 by replication: the change of a
// chance between two plans in pairs, of which so many neighbours are alike. Its
// interval is that of the score (Tango 1998), which says something where few pairs
// differ, or none.
func ChanceChange(a, b []float64, alike int) Estimate {
	difference := make([]float64, len(a))
	var comes, goes float64
	for i := range a {
		difference[i] = b[i] - a[i]
		switch difference[i] {
		case 1:
			comes++
		case -1:
			goes++
		}
	}
	e := Mean(difference, Ties{SeedsPerDraw: alike})
	if e.N == 0 {
		return e
	}
	if e.Needs > 0 { // for an interval of its spread, which is not asked for here
		e.Error, e.Needs = 0, 0
	}
	deff := designEffect(difference, alike)
	comes, goes, n := comes/deff, goes/deff, float64(e.N)/deff
	e.High = scoreEnd(comes, goes, n)
	e.Low = 0 - scoreEnd(goes, comes, n)
	return e
}

// scoreEnd is the upper end of the interval of the share that comes less the share
// that goes, of n pairs: the difference d at which comes - goes lies 1.96 standard
// errors below n d. The errors are those of the shares that are likeliest if d is true.
func scoreEnd(comes, goes, n float64) float64 {
	far := func(d float64) bool {
		half := goes + comes - float64((2*n-comes+goes)*d)
		down := (half + math.Sqrt(float64(half*half)+float64(8*n*goes*float64(d*(1-d))))) / (4 * n)
		variance := n * (2*down + float64(d*(1-d)))
		gap := float64(n*d) - (comes - goes)
		return float64(gap*gap) > float64(Reach95*Reach95*variance)
	}
	low, high := (comes-goes)/n, 1.0
	for range 60 {
		if middle := (low + high) / 2; far(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high
}

// wilson is the share of k in size, k a count in which ties may be halves.
func wilson(k, size float64, n int) Estimate {
	return wilsonAt(k, size, n, Reach95, Reach95*Reach95)
}

// wilsonAt is wilson whose ends are z standard errors off, with the square of z.
func wilsonAt(k, size float64, n int, z, z2 float64) Estimate {
	if n == 0 {
		return missing(0)
	}
	p := k / size
	variance := float64(p*(1-p)) / size
	centre := (p + z2/(2*size)) / (1 + z2/size)
	reach := float64(z*math.Sqrt(variance+z2/(4*float64(size*size)))) / (1 + z2/size)
	e := Estimate{Value: p, Error: math.Sqrt(variance), Low: centre - reach, High: centre + reach, N: n}
	if k == 0 {
		e.Low = 0
	}
	if k == size {
		e.High = 1
	}
	return e
}
