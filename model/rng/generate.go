//go:build ignore

// generate writes tables.go: every constant table of this package, worked out in 320-bit
// arithmetic with math/big, so that no table depends on a library's exp or log.
//
//	go run generate.go
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"math"
	"math/big"
	"os"
)

const precision = 320

func num(x float64) *big.Float { return new(big.Float).SetPrec(precision).SetFloat64(x) }
func ratio(a, b int64) *big.Float {
	return new(big.Float).SetPrec(precision).SetRat(big.NewRat(a, b))
}
func add(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(precision).Add(a, b) }
func sub(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(precision).Sub(a, b) }
func mul(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(precision).Mul(a, b) }
func quo(a, b *big.Float) *big.Float { return new(big.Float).SetPrec(precision).Quo(a, b) }
func sqrt(a *big.Float) *big.Float   { return new(big.Float).SetPrec(precision).Sqrt(a) }
func neg(a *big.Float) *big.Float    { return new(big.Float).SetPrec(precision).Neg(a) }
func f64(a *big.Float) float64       { f, _ := a.Float64(); return f }

func tiny(term, sum *big.Float) bool {
	if term.Sign() == 0 {
		return true
	}
	return sum.Sign() != 0 && term.MantExp(nil) < sum.MantExp(nil)-precision
}

// exp is the Taylor series after halving the argument until it is below 2^-20.
func exp(x *big.Float) *big.Float {
	halvings := 0
	y := new(big.Float).Copy(x)
	for y.Sign() != 0 && y.MantExp(nil) > -20 {
		y = mul(y, num(0.5))
		halvings++
	}
	sum, term := num(1), num(1)
	for n := int64(1); ; n++ {
		term = quo(mul(term, y), num(float64(n)))
		sum = add(sum, term)
		if tiny(term, sum) {
			break
		}
	}
	for ; halvings > 0; halvings-- {
		sum = mul(sum, sum)
	}
	return sum
}

// log is 2 artanh((x-1)/(x+1)) after taking square roots until x is close to 1.
func log(x *big.Float) *big.Float {
	doublings := 0
	y := new(big.Float).Copy(x)
	for {
		d := sub(y, num(1))
		if d.Sign() == 0 || d.MantExp(nil) < -8 {
			break
		}
		y = sqrt(y)
		doublings++
	}
	z := quo(sub(y, num(1)), add(y, num(1)))
	z2 := mul(z, z)
	sum, power := num(0), new(big.Float).Copy(z)
	for n := int64(1); ; n += 2 {
		term := quo(power, num(float64(n)))
		sum = add(sum, term)
		if tiny(term, sum) {
			break
		}
		power = mul(power, z2)
	}
	for i := 0; i <= doublings; i++ {
		sum = add(sum, sum)
	}
	return sum
}

// pi by Machin's formula.
func pi() *big.Float {
	arctanInverse := func(n int64) *big.Float {
		sum, power := num(0), ratio(1, n)
		for k := int64(0); ; k++ {
			term := quo(power, num(float64(2*k+1)))
			if k%2 == 1 {
				term = neg(term)
			}
			sum = add(sum, term)
			if tiny(term, sum) {
				return sum
			}
			power = quo(power, num(float64(n*n)))
		}
	}
	return sub(mul(num(16), arctanInverse(5)), mul(num(4), arctanInverse(239)))
}

// zeta by Euler-Maclaurin summation after 40 terms, for whole k >= 2; good to 1e-40 and better.
func zeta(k int) *big.Float {
	const n = 40
	sum := num(0)
	power := func(base float64, e int) *big.Float {
		p := num(1)
		for i := 0; i < e; i++ {
			p = quo(p, num(base))
		}
		return p
	}
	for i := 1; i < n; i++ {
		sum = add(sum, power(float64(i), k))
	}
	sum = add(sum, quo(power(n, k-1), num(float64(k-1))))
	sum = add(sum, mul(num(0.5), power(n, k)))
	// Bernoulli numbers by the Akiyama-Tanigawa triangle.
	bernoulli := func(m int) *big.Rat {
		row := make([]*big.Rat, m+1)
		for i := 0; i <= m; i++ {
			row[i] = big.NewRat(1, int64(i+1))
			for j := i; j >= 1; j-- {
				d := new(big.Rat).Sub(row[j-1], row[j])
				row[j-1] = d.Mul(d, big.NewRat(int64(j), 1))
			}
		}
		return row[0]
	}
	rising := num(float64(k))
	factorial := num(2)
	for j := 1; j <= 24; j++ {
		b := new(big.Float).SetPrec(precision).SetRat(bernoulli(2 * j))
		sum = add(sum, mul(quo(mul(b, rising), factorial), power(n, k+2*j-1)))
		rising = mul(mul(rising, num(float64(k+2*j-1))), num(float64(k+2*j)))
		factorial = mul(mul(factorial, num(float64(2*j+1))), num(float64(2*j+2)))
	}
	return sum
}

// eulerGamma by Brent and McMillan's first formula with n = 64: error below e^(-4n).
func eulerGamma() *big.Float {
	const n = 64
	a, b := num(0), num(0)
	term, harmonic := num(1), num(0)
	for k := 0; k < 1000; k++ {
		if k > 0 {
			term = quo(mul(term, num(n*n)), num(float64(k)*float64(k)))
			harmonic = add(harmonic, ratio(1, int64(k)))
		}
		a = add(a, mul(term, harmonic))
		b = add(b, term)
		if k > n && tiny(term, b) {
			break
		}
	}
	return sub(quo(a, b), log(num(n)))
}

// mills is the ratio (1-Phi(x))/phi(x) of the normal law, from the series of Phi.
func mills(x *big.Float) *big.Float {
	half := quo(mul(sqrt(mul(num(2), pi())), exp(mul(num(0.5), mul(x, x)))), num(2))
	sum, term := num(0), new(big.Float).Copy(x)
	for n := int64(1); ; n += 2 {
		sum = add(sum, term)
		if tiny(term, sum) {
			break
		}
		term = quo(mul(term, mul(x, x)), num(float64(n+2)))
	}
	return sub(half, sum)
}

const layers = 256

// ziggurat finds the edges x[0] > x[1] = r > ... > x[layers] = 0 of equal-area layers under the
// decreasing density f on x >= 0, with tail area tail(r) beyond r (Marsaglia and Tsang 2000).
func ziggurat(f, inverse, tail func(*big.Float) *big.Float, lo, hi float64) []*big.Float {
	edges := func(r *big.Float) ([]*big.Float, int) {
		area := add(mul(r, f(r)), tail(r))
		x := make([]*big.Float, layers+1)
		x[0], x[1] = quo(area, f(r)), r
		for i := 1; i < layers-1; i++ {
			y := add(quo(area, x[i]), f(x[i]))
			if y.Cmp(num(1)) >= 0 {
				return nil, +1 // Layers reach the top too early: the area is too large.
			}
			x[i+1] = inverse(y)
		}
		x[layers] = num(0)
		top := add(quo(area, x[layers-1]), f(x[layers-1]))
		return x, top.Cmp(num(1))
	}
	a, b := num(lo), num(hi)
	var best []*big.Float
	for i := 0; i < 110; i++ {
		middle := mul(num(0.5), add(a, b))
		x, sign := edges(middle)
		if sign > 0 {
			a = middle // A larger r makes the area smaller.
		} else {
			b, best = middle, x
		}
	}
	return best
}

func main() {
	var out bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&out, format, args...) }
	p("// Code generated by generate.go from 320-bit arithmetic; DO NOT EDIT.\n\npackage rng\n\n")

	p("// exp2Table[i] is 2^(i/128) as float64 bits, and the relative error of that rounding.\n")
	p("var exp2Table = [128]struct {\n\tbits uint64\n\ttail float64\n}{\n")
	root := num(2)
	for i := 0; i < 7; i++ {
		root = sqrt(root)
	}
	value := num(1)
	var powers [128]float64
	for i := range powers {
		rounded := f64(value)
		powers[i] = rounded
		tail := f64(quo(sub(value, num(rounded)), num(rounded)))
		p("\t{%#016x, %x},\n", math.Float64bits(rounded), tail)
		value = mul(value, root)
	}
	p("}\n\n// exp2NegTable[i] is 2^(-i/128) as float64 bits.\nvar exp2NegTable = [128]uint64{\n")
	value = num(1)
	for range powers {
		p("\t%#016x,\n", math.Float64bits(f64(value)))
		value = quo(value, root)
	}

	p("}\n\n// logTable serves the interval i of [%x, 2*%x): an inverse of its centre to 2^-10, and\n", logFrom, logFrom)
	p("// minus the logarithm of that inverse, rounded to a multiple of 2^-43, with what is left.\n")
	p("var logTable = [128]struct{ inverse, log, tail float64 }{\n")
	for i := uint64(0); i < 128; i++ {
		// Interval i holds the z whose bits lie in [from+i*2^45, from+(i+1)*2^45).
		from := math.Float64frombits(logFromBits + i<<45)
		to := math.Float64frombits(logFromBits + (i+1)<<45)
		if to < from {
			panic("interval")
		}
		inverse := math.Round(0x1p10*2/(from+to)) * 0x1p-10
		if from <= 1 && 1 < to {
			inverse = 1
		}
		l := neg(log(num(inverse)))
		hi := math.Round(f64(l)*0x1p43) * 0x1p-43
		p("\t{%x, %x, %x},\n", inverse, hi, f64(sub(l, num(hi))))
	}
	ln2 := log(num(2))
	ln2hi := math.Float64frombits(math.Float64bits(f64(ln2)) &^ (1<<11 - 1))
	step := quo(ln2, num(128))
	stepHi := math.Float64frombits(math.Float64bits(f64(step)) &^ (1<<20 - 1))
	p("}\n\nconst (\n\tln2Hi = %x // ln 2, its last 11 bits zero\n\tln2Lo = %x\n", ln2hi, f64(sub(ln2, num(ln2hi))))
	p("\tln2StepHi = %x // ln 2 / 128, its last 20 bits zero\n\tln2StepLo = %x\n", stepHi, f64(sub(step, num(stepHi))))
	p("\tperLn2Step = %x // 128 / ln 2\n", f64(quo(num(1), step)))
	p("\thalfLogTwoPi = %x // ln(2 pi) / 2\n", f64(mul(num(0.5), log(mul(num(2), pi())))))
	root2pi := quo(num(1), sqrt(mul(num(2), pi())))
	p("\tperRootTwoPi = %x // 1 / sqrt(2 pi)\n)\n\n", f64(root2pi))

	p("// ln2Powers[k] is (ln 2)^k / k!, the Taylor series of 2^r.\nvar ln2Powers = [6]float64{\n")
	value = num(1)
	for k := 0; k < 6; k++ {
		if k > 0 {
			value = quo(mul(value, ln2), num(float64(k)))
		}
		p("\t%x,\n", f64(value))
	}

	p("}\n\n// logGammaSeries[k-1] is the coefficient of t^k in ln Gamma(2+t): 1 minus Euler's constant,\n")
	p("// then (-1)^k (zeta(k)-1)/k (Abramowitz and Stegun 6.1.33).\nvar logGammaSeries = [%d]float64{\n", logGammaTerms)
	for k := 1; k <= logGammaTerms; k++ {
		var c *big.Float
		if k == 1 {
			c = sub(num(1), eulerGamma())
		} else {
			c = quo(sub(zeta(k), num(1)), num(float64(k)))
			if k%2 == 1 {
				c = neg(c)
			}
		}
		p("\t%x,\n", f64(c))
	}

	p("}\n\n// millsTable[i] is Mills' ratio (1-Phi(x))/phi(x) of the normal law at x = i/4.\nvar millsTable = [%d]float64{\n", millsEntries)
	for i := 0; i < millsEntries; i++ {
		p("\t%x,\n", f64(mills(num(float64(i)/4))))
	}

	printZiggurat := func(name, what string, f func(*big.Float) *big.Float, x []*big.Float) {
		p("}\n\n// %s holds the layers of the ziggurat of %s: layer i accepts the 53-bit\n", name, what)
		p("// whole number j at once if j < below, and j stands for the point j*width.\n")
		p("var %s = [%d]zigguratLayer{\n", name, layers)
		for i := 0; i < layers; i++ {
			below := mul(quo(x[i+1], x[i]), num(0x1p53))
			whole, _ := below.Int(nil)
			p("\t{%#x, %x},\n", whole, f64(mul(x[i], num(0x1p-53))))
		}
		p("}\n\n// %sDensity[i] is the density at the outer edge of layer i, and 1 at the top.\n", name)
		p("var %sDensity = [%d]float64{\n\t0, // Layer 0 is the base: it has no wedge.\n", name, layers+1)
		for i := 1; i <= layers; i++ {
			p("\t%x,\n", f64(f(x[i])))
		}
		p("}\n\n// %sEdge is where the tail begins.\nconst %sEdge = %x\n", name, name, f64(x[1]))
	}
	decay := func(x *big.Float) *big.Float { return exp(neg(x)) }
	x := ziggurat(decay, func(y *big.Float) *big.Float { return neg(log(y)) }, decay, 7, 8)
	printZiggurat("exponentialLayers", "e^-x", decay, x)

	bell := func(x *big.Float) *big.Float { return exp(mul(num(-0.5), mul(x, x))) }
	inverse := func(y *big.Float) *big.Float { return sqrt(mul(num(-2), log(y))) }
	bellTail := func(x *big.Float) *big.Float { return mul(mills(x), bell(x)) }
	x = ziggurat(bell, inverse, bellTail, 3.5, 3.8)
	p("\nvar _ = [...]float64{\n")
	printZiggurat("normalLayers", "e^(-x^2/2)", bell, x)

	source := bytes.Replace(out.Bytes(), []byte("\nvar _ = [...]float64{\n}\n"), nil, 1)
	formatted, err := format.Source(source)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		formatted = source
	}
	if err := os.WriteFile("tables.go", formatted, 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const (
	logFromBits   = 0x3fe6955500000000
	logGammaTerms = 30
	millsEntries  = 41
)

var logFrom = math.Float64frombits(logFromBits)
