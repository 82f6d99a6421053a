package analysis

import (
	"encoding/json"
	"math"

	"windfall/model"
)

// Estimate is a statistic with its Monte Carlo error. What cannot be told is
// missing (NaN), and what lies beyond all numbers is model.Never (+Inf); an end of
// the interval may be infinite. All of them are null in JSON, beside the reason.
type Estimate struct {
	Value     float64
	Error     float64 // standard error
	Low, High float64 // 95% interval
	N         int     // replications that entered
	Reason    string  // why the value is no number, if it is none
}

// Never says whether the value lies beyond all numbers, as the pay-back of those
// who never pay back.
func (e Estimate) Never() bool { return e.Value == model.Never }

// Known says whether the value is a number.
func (e Estimate) Known() bool { return !math.IsNaN(e.Value) && !math.IsInf(e.Value, 0) }

// HalfWidth is half the length of the 95% interval.
func (e Estimate) HalfWidth() float64 { return (e.High - e.Low) / 2 }

// Times is the estimate in a unit of which x make one of the old, x above 0.
func (e Estimate) Times(x float64) Estimate {
	return Estimate{Value: e.Value * x, Error: e.Error * x, Low: e.Low * x, High: e.High * x, N: e.N, Reason: e.Reason}
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
}

// MarshalJSON writes missing and infinite numbers as null, with the reason.
func (e Estimate) MarshalJSON() ([]byte, error) {
	return json.Marshal(estimateJSON{finite(e.Value), finite(e.Error), finite(e.Low), finite(e.High), e.N, e.Never(), e.Reason})
}

// UnmarshalJSON reads null as missing.
func (e *Estimate) UnmarshalJSON(text []byte) error {
	var j estimateJSON
	if err := json.Unmarshal(text, &j); err != nil {
		return err
	}
	*e = Estimate{orMissing(j.Value), orMissing(j.Error), orMissing(j.Low), orMissing(j.High), j.N, j.Reason}
	if j.Never {
		e.Value = model.Never
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
var t95table = [...]float64{12.706204736174694, 4.302652729749462, 3.182446305283708, 2.776445105197793, 2.570581835636314,
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

// group is what the replications that belong together add up to.
type group struct{ over, under float64 }

// grouped sums over and under in groups of size neighbours, leaving out the
// replications in which either is missing; a group without any is left out.
// under nil counts replications. Fewer than two groups fall back to groups of
// one (see the package comment).
func grouped(over, under []float64, size int) (groups []group, total group, n int) {
	groups = make([]group, 0, (len(over)+size-1)/size)
	for from := 0; from < len(over); from += size {
		var g group
		k := 0
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
			k++
		}
		if k > 0 {
			groups = append(groups, g)
			total.over += g.over
			total.under += g.under
			n += k
		}
	}
	if len(groups) < 2 && size > 1 {
		return grouped(over, under, 1)
	}
	return groups, total, n
}

// Mean is the mean over the replications in which a value is not missing. Size
// is the number of neighbours that are not independent of each other: 1, or a
// block where inputs are uncertain. With B groups of sum x_b and size n_b, and
// N = sum n_b, the squared error is B/(B-1) sum (x_b - mean n_b)^2 / N^2, which
// for groups of one is the sample variance over N. The interval is Student's
// with B-1 degrees of freedom.
func Mean(values []float64, size int) Estimate {
	groups, total, n := grouped(values, nil, size)
	if n == 0 {
		return missing(0)
	}
	mean := total.over / total.under
	var squares float64
	for _, g := range groups {
		d := g.over - float64(mean*g.under)
		squares += float64(d * d)
	}
	b := float64(len(groups))
	return interval(mean, math.Sqrt(squares*b/(b-1))/total.under, len(groups)-1, n)
}

// Ratio is scale times the sum of over divided by the sum of under: a ratio of
// totals, with its jackknife error over groups of size neighbours (Efron and
// Stein 1981). Replications in which either is missing are left out. Where the
// denominator is zero the ratio is missing, and so is the error where leaving a
// group out makes it zero.
func Ratio(over, under []float64, scale float64, size int) Estimate {
	groups, total, n := grouped(over, under, size)
	if n == 0 || total.under == 0 {
		return missing(n)
	}
	b := float64(len(groups))
	without := make([]float64, len(groups))
	var mean float64
	for i, g := range groups {
		rest := total.under - g.under
		if rest == 0 {
			mean = math.NaN()
			break
		}
		without[i] = float64(scale * (total.over - g.over) / rest)
		mean += without[i]
	}
	mean /= b
	var squares float64
	for _, r := range without {
		squares += float64((r - mean) * (r - mean))
	}
	if math.IsNaN(mean) {
		squares = math.NaN()
	}
	return interval(float64(scale*total.over/total.under), math.Sqrt(squares*(b-1)/b), len(groups)-1, n)
}

// MeanOf is the mean of an outcome. Where some replications lie beyond all numbers
// there is none.
func MeanOf(c *model.Column, values []float64, size int) Estimate {
	if share := NeverShare(values); share > 0 {
		return Missing(len(values), neverIn(c, share))
	}
	e := Mean(values, size)
	e.Reason = c.Reason(e.Value)
	return e
}

// neverIn says in how many replications an outcome lies beyond all numbers.
func neverIn(c *model.Column, share float64) string {
	return "never in " + percent(share) + " of runs: " + c.Reason(model.Never)
}

// RatioOf is a ratio of totals by the rule of its column (model.Column.Quotient).
// While a denominator of 0 or below is not ruled out, the interval of a ratio that
// may lie beyond all numbers goes on to there: its lower end is that of the
// numerator over the upper end of the denominator.
func RatioOf(c *model.Column, over, under []float64, size int) Estimate {
	_, total, n := grouped(over, under, size)
	value := c.Quotient(total.over, total.under)
	if n == 0 || math.IsNaN(value) {
		return Missing(n, c.Reason(math.NaN()))
	}
	if c.Never != "" {
		if below := Mean(under, size); value == model.Never || below.Low <= 0 {
			e := Estimate{Value: value, Error: math.NaN(), Low: math.NaN(), High: model.Never, N: n, Reason: c.Reason(value)}
			switch {
			case below.High > 0:
				e.Low = c.Quotient(Mean(over, size).Low, below.High)
			case below.High <= 0:
				e.Low = model.Never
			}
			return e
		}
	}
	return Ratio(over, under, ScaleOf(*c), size)
}

// Jackknife is a statistic of n replications with its error over groups of size
// neighbours (Efron and Stein 1981). without gives the statistic with the
// replications from one to another left out; from = to leaves out none. Fewer
// than two groups fall back to groups of one.
func Jackknife(n, size int, without func(from, to int) float64) Estimate {
	if n == 0 {
		return missing(0)
	}
	if n < 2*size {
		size = 1
	}
	groups := (n + size - 1) / size
	values := make([]float64, groups)
	var mean float64
	for g := range values {
		values[g] = without(g*size, min((g+1)*size, n))
		mean += values[g]
	}
	b := float64(groups)
	mean /= b
	var squares float64
	for _, v := range values {
		squares += float64((v - mean) * (v - mean))
	}
	return interval(without(0, 0), math.Sqrt(squares*(b-1)/b), groups-1, n)
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

// interval puts Student's 95% interval around a value.
func interval(value, err float64, df, n int) Estimate {
	if df < 1 {
		err = math.NaN()
	}
	reach := float64(t95(df) * err)
	return Estimate{Value: value, Error: err, Low: value - reach, High: value + reach, N: n}
}

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
	_, total, n := grouped(values, nil, 1)
	deff := designEffect(values, alike)
	return wilson(total.over/deff, float64(n)/deff, n)
}

// ChanceChange is the mean of b - a, both 0 or 1 by replication: the change of a
// chance between two plans in pairs, of which so many neighbours are alike. Its
// interval puts together those of Wilson of the shares that come and that go
// (Zou and Donner 2008), so it says something where few pairs differ, or none.
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
	e := Mean(difference, max(alike, 1))
	if e.N == 0 {
		return e
	}
	deff := designEffect(difference, alike)
	n := float64(e.N) / deff
	up, down := wilson(comes/deff, n, e.N), wilson(goes/deff, n, e.N)
	squared := func(x float64) float64 { return float64(x * x) }
	e.Low = e.Value - math.Sqrt(squared(up.Value-up.Low)+squared(down.High-down.Value))
	e.High = e.Value + math.Sqrt(squared(up.High-up.Value)+squared(down.Value-down.Low))
	return e
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
