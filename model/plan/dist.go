package plan

import (
	"math"

	"windfall/model/rng"
)

// Dist is the distribution of an uncertain number. Quantile works on the open
// unit interval; Low and High cut the result at the key's allowed range.
type Dist struct {
	Kind      string    // uniform, loguniform, normal, lognormal, logitnormal, triangular, pert, discrete, rows
	A, B, C   float64   // see Quantile
	Values    []float64 // discrete: the values, with Weights; rows: those of a column of draws
	Weights   []float64
	Low, High float64 // allowed range of the key; NaN-free, may be infinite
	Whole     bool    // round to a whole number
	Text      string  // as written, for explain and the resolved scenario
}

const z95 = 1.6448536269514722 // normal quantile of 0.95

// Quantile gives the value at probability u in (0,1). A, B, C are: uniform,
// loguniform: ends A < B; normal: mean A, sd B; lognormal: median A, log-sd B;
// logitnormal: median A, logit-sd B; triangular, pert: low A, mode B, high C.
func (d *Dist) Quantile(u float64) float64 {
	var x float64
	switch d.Kind {
	case "uniform":
		x = d.A + float64((d.B-d.A)*u)
	case "loguniform":
		la, lb := rng.Log(d.A), rng.Log(d.B)
		x = rng.Exp(la + float64((lb-la)*u))
	case "normal":
		x = d.A + float64(d.B*rng.NormalQuantile(u))
	case "lognormal":
		x = float64(d.A * rng.Exp(float64(d.B*rng.NormalQuantile(u))))
	case "logitnormal":
		o := float64(d.A / (1 - d.A) * rng.Exp(float64(d.B*rng.NormalQuantile(u))))
		x = o / (1 + o)
	case "triangular":
		w := d.C - d.A
		if cut := (d.B - d.A) / w; u < cut {
			x = d.A + math.Sqrt(u*w*(d.B-d.A))
		} else {
			x = d.C - math.Sqrt((1-u)*w*(d.C-d.B))
		}
	case "pert":
		w := d.C - d.A
		a := 1 + 4*(d.B-d.A)/w
		b := 1 + 4*(d.C-d.B)/w
		x = d.A + float64(w*rng.BetaQuantile(a, b, u))
	case "rows":
		x = d.Values[rowOf(u, len(d.Values))]
	case "discrete":
		var total, sum float64
		for _, w := range d.Weights {
			total += w
		}
		x = d.Values[len(d.Values)-1]
		for i, w := range d.Weights {
			sum += w
			if u*total < sum {
				x = d.Values[i]
				break
			}
		}
	}
	x = min(max(x, d.Low), d.High)
	if d.Whole {
		x = math.Round(x)
	}
	return x
}

// rowOf is the row of a table that a uniform finds.
func rowOf(u float64, rows int) int { return min(int(u*float64(rows)), rows-1) }

// Interval90 gives the distribution that docs/model.md, section 3.2, asks for when a
// number is written "lo to hi", a 90% interval: lognormal for positive
// quantities, logit-normal for chances and shares, normal where the range
// includes negatives.
func Interval90(lo, hi, low, high float64) Dist {
	switch {
	case low >= 0 && high <= 1:
		la, lb := rng.Log(lo/(1-lo)), rng.Log(hi/(1-hi))
		m := rng.Exp(0.5 * (la + lb))
		return Dist{Kind: "logitnormal", A: m / (1 + m), B: (lb - la) / (2 * z95), Low: low, High: high}
	case low >= 0:
		la, lb := rng.Log(lo), rng.Log(hi)
		return Dist{Kind: "lognormal", A: rng.Exp(0.5 * (la + lb)), B: (lb - la) / (2 * z95), Low: low, High: high}
	default:
		return Dist{Kind: "normal", A: 0.5 * (lo + hi), B: (hi - lo) / (2 * z95), Low: low, High: high}
	}
}
