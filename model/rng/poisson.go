package rng

import "math"

// Inversion of one uniform looks for the smallest k with u < F(k), F the cumulative chance. Each
// law has ONE sequence F(k) of float64, built outwards from a start by adding and subtracting
// chances that follow from each other by a product; every search and every table uses that same
// sequence, so all of them agree, and the result never falls when u rises.

// negligible is the chance below which a search goes no further: uniforms are multiples of 2^-53.
const negligible = 0x1p-60

// centred is the mean, or for the binomial law the variance, from which the sequence starts at
// the mode and no longer at 0.
const centred = 32

// Poisson is the smallest k with u < F(k) for the Poisson law of a mean, the draw by inversion of
// the uniform u: it never falls when u rises, and neither when the mean rises (but for uniforms
// within about 1e-14 of a step of F). F is right within 1e-14 for means up to 1e5 and within 1e-13
// up to 1e7. The cost is some 60 ns plus 2 ns per unit of the distance from the mean, and below a
// mean of 32 some 20 ns plus 2 ns per unit of the result (where a Word costs 2.1 ns).
func Poisson(mean, u float64) int {
	if !(mean > 0) {
		return 0
	}
	k, chance, sum := poissonStart(mean)
	if u >= sum {
		for u >= sum && chance >= negligible {
			k++
			chance = float64(chance * (mean / k))
			sum += chance
		}
		return int(k)
	}
	perMean := 1 / mean
	for k > 0 && chance >= negligible {
		below := sum - chance
		if u >= below {
			break
		}
		sum = below
		chance = float64(chance * float64(k*perMean))
		k--
	}
	return int(k)
}

// poissonStart gives the k from which the sequence is built, its chance and F(k).
//
// From a mean of 32 on it is m, the whole number nearest to the mean. Ramanujan's theta (Question 294, 1911) is
// the F of the law of mean m: F(m-1) = 1/2 - theta(m) p(m), with theta = 1/3 + 4/(135 m) - ...;
// the step from m to the mean is the integral of p, whose Taylor coefficients in the mean follow
// from p' = p (m/mean - 1).
func poissonStart(mean float64) (k, chance, sum float64) {
	if mean < centred {
		chance = Exp(-mean)
		return 0, chance, chance
	}
	m := math.Floor(mean + 0.5)
	perM := 1 / m
	theta := 0.0
	for i := len(ramanujan) - 1; i >= 0; i-- {
		theta = float64(theta*perM) + ramanujan[i]
	}
	atWhole := float64(Exp(-shortStirling(perM))*perRootTwoPi) * math.Sqrt(perM)

	y := mean - m
	density, integral := 1.0, y
	previous, term := 0.0, 1.0
	step := float64(y * perM)
	for j := 0; j < len(reciprocals)-2; j++ {
		next := float64(float64(j)*term) + float64(y*previous)
		next = -float64(next * float64(step*reciprocals[j+1]))
		previous, term = term, next
		density += next
		integral += float64(float64(next*y) * reciprocals[j+2])
		if math.Abs(next)+math.Abs(previous) < 0x1p-58 {
			break
		}
	}
	return m, float64(atWhole * density), 0.5 + float64(atWhole*(1-theta-integral))
}

// ramanujan are the coefficients of theta(m) in powers of 1/m: theta(m) m^m/m! is what the first m
// terms of e^m = sum m^k/k! lack of one half of it.
var ramanujan = [...]float64{
	1.0 / 3, 4.0 / 135, -8.0 / 2835, -16.0 / 8505, 8992.0 / 12629925, 334144.0 / 492567075,
	-698752.0 / 1477701225, -23349012224.0 / 39565450299375, 1357305243136.0 / 2255230667064375,
}

// PoissonTable draws from one Poisson law, the same numbers as [Poisson] to the last, from a table
// of F with a guide into it (Chen and Asau 1974). The zero value draws 0.
type PoissonTable struct {
	mean  float64
	first int
	sums  []float64 // sums[i] = F(first+i), the last one +Inf.
	guide []int32   // guide[j] is the smallest i with sums[i] > j/len(guide).
	width float64   // len(guide)
}

// NewPoissonTable is a table for this mean: some 18 standard deviations long.
func NewPoissonTable(mean float64) *PoissonTable {
	t := new(PoissonTable)
	t.Reset(mean)
	return t
}

// Reset makes t the table of another mean, in the memory that it has.
func (t *PoissonTable) Reset(mean float64) {
	if mean == t.mean && t.sums != nil {
		return
	}
	t.mean = mean
	t.sums = t.sums[:0]
	if !(mean > 0) {
		t.first = 0
		t.sums = append(t.sums, math.Inf(1))
	} else {
		t.fill(mean)
	}
	t.buildGuide()
}

// fill walks the sequence of Poisson in both directions.
func (t *PoissonTable) fill(mean float64) {
	start, atStart, sumAtStart := poissonStart(mean)
	k, chance, sum := start, atStart, sumAtStart
	perMean := 1 / mean
	t.sums = append(t.sums, sum)
	for k > 0 && chance >= negligible {
		sum -= chance
		chance = float64(chance * float64(k*perMean))
		k--
		t.sums = append(t.sums, sum)
	}
	t.first = int(k)
	for i, j := 0, len(t.sums)-1; i < j; i, j = i+1, j-1 {
		t.sums[i], t.sums[j] = t.sums[j], t.sums[i]
	}
	k, chance, sum = start, atStart, sumAtStart
	for chance >= negligible {
		k++
		chance = float64(chance * (mean / k))
		sum += chance
		t.sums = append(t.sums, sum)
	}
	t.sums[len(t.sums)-1] = math.Inf(1)
}

func (t *PoissonTable) buildGuide() {
	size := 1
	for size < len(t.sums) {
		size *= 2
	}
	if cap(t.guide) < size {
		t.guide = make([]int32, size)
	}
	t.guide = t.guide[:size]
	t.width = float64(size)
	i := int32(0)
	for j := range t.guide {
		for from := float64(j) / t.width; t.sums[i] <= from; {
			i++
		}
		t.guide[j] = i
	}
}

// Draw is Poisson(mean, u).
func (t *PoissonTable) Draw(u float64) int {
	if !(u > 0 && u < 1) || len(t.guide) == 0 {
		return Poisson(t.mean, u)
	}
	i := int(t.guide[int(u*t.width)])
	for u >= t.sums[i] {
		i++
	}
	return t.first + i
}
