package rng

import "math"

// Binomial is the smallest k with u < F(k) for the binomial law of n trials of chance p, the draw
// by inversion of the uniform u: it never falls when u rises, and neither when n or p rises (but
// for uniforms within about 1e-14 of a step of F). F is right within 1e-14 for variances up to 1e5
// and within 1e-13 for all n up to 1e8. Above p = 1/2 it counts the failures. The cost is some 85 ns
// plus 2 ns per unit of the distance from the mean, and below a variance of 32 some 45 ns plus 2 ns
// per unit of the result (where a Word costs 2.1 ns).
func Binomial(n int, p, u float64) int {
	switch {
	case n <= 0 || !(p > 0):
		return 0
	case p >= 1:
		return n
	case p > 0.5:
		return n - binomialBelowHalf(n, 1-p, 1-u)
	}
	return binomialBelowHalf(n, p, u)
}

func binomialBelowHalf(n int, p, u float64) int {
	trials := float64(n)
	mean := float64(trials * p)
	variance := float64(mean * (1 - p))
	odds := p / (1 - p)
	var k, chance, sum float64
	if variance < centred {
		chance = Exp(float64(trials * Log1p(-p)))
		sum = chance
	} else {
		k, chance, sum = binomialStart(trials, p, mean)
	}
	if u >= sum {
		ahead := trials + 1
		for u >= sum && (chance >= negligible || k < mean) && k < trials {
			k++
			chance = float64(chance * float64(odds*((ahead-k)/k)))
			sum += chance
		}
		return int(k)
	}
	if variance < centred {
		return 0
	}
	perOdds := (1 - p) / p
	for k > 0 && chance >= negligible {
		below := sum - chance
		if u >= below {
			break
		}
		sum = below
		chance = float64(chance * float64(perOdds*(k/(trials-k+1))))
		k--
	}
	return int(k)
}

// binomialStart gives the k nearest to the mean, its chance and F(k), as poissonStart does.
//
// At p = k/n, with variance V and s = V/n = p(1-p), Laplace's method for the incomplete beta
// function gives Ramanujan's theta of the binomial law, F(k-1) = 1/2 - theta chance(k), as
// theta = p + (1-2p) (1/3 + a1(s)/V + a2(s)/V^2 + ...), where the a are polynomials: at s = 0
// they are the coefficients of the Poisson law. The step from k/n to p is an integral whose Taylor
// coefficients follow from the differential equation of p^(k-1) (1-p)^(n-k).
func binomialStart(n, p, mean float64) (k, chance, sum float64) {
	k = math.Floor(mean + 0.5)
	rest := n - k
	perK, perRest, perN := 1/k, 1/rest, 1/n
	atWhole := float64(k * perN) // The chance whose mean is k.
	q := float64(rest * perN)
	s := float64(atWhole * q)
	skew := q - atWhole
	perV := float64(float64(perK*perRest) * n)

	theta := binomialTheta(s, perV)
	theta = atWhole + float64(skew*theta)
	log := shortStirling(perN) - shortStirling(perK) - shortStirling(perRest)
	start := float64(float64(Exp(log)*perRootTwoPi) * math.Sqrt(perV))

	// The distance from k to the mean, without the rounding of the mean.
	pHi := math.Float64frombits(math.Float64bits(p) & (0x1fffffffff << 27))
	y := (float64(n*pHi) - k) + float64(n*(p-pHi))
	density, integral := 1.0, y
	previous, term := 0.0, 1.0
	step := float64(y * perV)
	lag := 1.0
	for j := 0; j < len(reciprocals)-2; j++ {
		pull := float64(skew*float64(j)) + q
		next := float64(pull*term) + float64(float64(y*lag)*previous)
		next = -float64(next * float64(step*reciprocals[j+1]))
		previous, term = term, next
		lag -= perN
		density += next
		integral += float64(float64(next*y) * reciprocals[j+2])
		if math.Abs(next)+math.Abs(previous) < 0x1p-58 {
			break
		}
	}
	chance = float64(float64(start*density) * (1 + float64(y*perK)))
	return k, chance, 0.5 - float64(start*(theta+integral)) + chance
}

// binomialTheta is 1/3 + a1(s)/V + ... + a6(s)/V^6, with the smallest terms of a6 left out.
func binomialTheta(s, perV float64) float64 {
	a6 := float64(s*(93056.0/1477701225)) - 991168.0/492567075
	a6 = float64(s*a6) + 349376.0/164189025
	a6 = float64(s*a6) - 698752.0/1477701225
	a5 := float64(s*(167072.0/492567075)) + 896.0/70366725
	a5 = float64(s*a5) + 896.0/70366725
	a5 = float64(s*a5) + 655744.0/492567075
	a5 = float64(s*a5) - 167072.0/70366725
	a5 = float64(s*a5) + 334144.0/492567075
	a4 := float64(s*(-4496.0/12629925)) - 1552.0/12629925
	a4 = float64(s*a4) + 464.0/4209975
	a4 = float64(s*a4) - 4496.0/2525985
	a4 = float64(s*a4) + 8992.0/12629925
	a3 := float64(s * (-8.0 / 8505))
	a3 = float64(s*a3) + 8.0/2835
	a3 = float64(s*a3) - 16.0/8505
	a2 := float64(s*(4.0/2835)) + 4.0/2835
	a2 = float64(s*a2) - 8.0/2835
	a1 := float64(s*(2.0/135)) + 4.0/135
	t := a5 + float64(perV*a6)
	t = a4 + float64(perV*t)
	t = a3 + float64(perV*t)
	t = a2 + float64(perV*t)
	t = a1 + float64(perV*t)
	return 1.0/3 + float64(perV*t)
}

// shortStirling is stirlingSeries(1/y) for y up to 1/32.
func shortStirling(y float64) float64 {
	z := float64(y * y)
	return float64(y * (1.0/12 - float64(z*(1.0/360-float64(z*(1.0/1260-float64(z*(1.0/1680))))))))
}

// reciprocals[i] is 1/i.
var reciprocals = [...]float64{
	math.MaxFloat64, 1, 1.0 / 2, 1.0 / 3, 1.0 / 4, 1.0 / 5, 1.0 / 6, 1.0 / 7, 1.0 / 8, 1.0 / 9, 1.0 / 10, 1.0 / 11,
	1.0 / 12, 1.0 / 13, 1.0 / 14, 1.0 / 15, 1.0 / 16, 1.0 / 17, 1.0 / 18, 1.0 / 19, 1.0 / 20, 1.0 / 21, 1.0 / 22,
}
