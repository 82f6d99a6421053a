// Package exact computes in 320 bits with math/big: the source of the tables of package rng, and
// the reference of its tests. It is slow and takes no part in a run.
package exact

import (
	"math/big"
	"sync"
)

// Precision is the number of bits of every result.
const Precision = 320

func result() *big.Float { return new(big.Float).SetPrec(Precision) }

// Num is x.
func Num(x float64) *big.Float { return result().SetFloat64(x) }

// Ratio is a/b.
func Ratio(a, b int64) *big.Float { return result().SetRat(big.NewRat(a, b)) }

// Add is a+b.
func Add(a, b *big.Float) *big.Float { return result().Add(a, b) }

// Sub is a-b.
func Sub(a, b *big.Float) *big.Float { return result().Sub(a, b) }

// Mul is a*b.
func Mul(a, b *big.Float) *big.Float { return result().Mul(a, b) }

// Quo is a/b.
func Quo(a, b *big.Float) *big.Float { return result().Quo(a, b) }

// Sqrt is the square root of a.
func Sqrt(a *big.Float) *big.Float { return result().Sqrt(a) }

// Neg is -a.
func Neg(a *big.Float) *big.Float { return result().Neg(a) }

// Float64 is the float64 nearest to a.
func Float64(a *big.Float) float64 { f, _ := a.Float64(); return f }

// tiny says that a series may end.
func tiny(term, sum *big.Float) bool {
	if term.Sign() == 0 {
		return true
	}
	return sum.Sign() != 0 && term.MantExp(nil) < sum.MantExp(nil)-Precision
}

// Exp is e^x: the Taylor series after halving the argument until it is below 2^-20.
func Exp(x *big.Float) *big.Float {
	halvings := 0
	y := new(big.Float).Copy(x)
	for y.Sign() != 0 && y.MantExp(nil) > -20 {
		y = Mul(y, Num(0.5))
		halvings++
	}
	sum, term := Num(1), Num(1)
	for n := int64(1); ; n++ {
		term = Quo(Mul(term, y), Num(float64(n)))
		sum = Add(sum, term)
		if tiny(term, sum) {
			break
		}
	}
	for ; halvings > 0; halvings-- {
		sum = Mul(sum, sum)
	}
	return sum
}

// Log is the natural logarithm of x > 0: 2 artanh((x-1)/(x+1)) after taking square roots until x is close to 1.
func Log(x *big.Float) *big.Float {
	doublings := 0
	y := new(big.Float).Copy(x)
	for {
		d := Sub(y, Num(1))
		if d.Sign() == 0 || d.MantExp(nil) < -8 {
			break
		}
		y = Sqrt(y)
		doublings++
	}
	z := Quo(Sub(y, Num(1)), Add(y, Num(1)))
	z2 := Mul(z, z)
	sum, power := Num(0), new(big.Float).Copy(z)
	for n := int64(1); ; n += 2 {
		term := Quo(power, Num(float64(n)))
		sum = Add(sum, term)
		if tiny(term, sum) {
			break
		}
		power = Mul(power, z2)
	}
	for i := 0; i <= doublings; i++ {
		sum = Add(sum, sum)
	}
	return sum
}

// Pi is the circle's number.
func Pi() *big.Float { return pi() }

// pi uses Machin's formula.
var pi = sync.OnceValue(func() *big.Float {
	arctanInverse := func(n int64) *big.Float {
		sum, power := Num(0), Ratio(1, n)
		for k := int64(0); ; k++ {
			term := Quo(power, Num(float64(2*k+1)))
			if k%2 == 1 {
				term = Neg(term)
			}
			sum = Add(sum, term)
			if tiny(term, sum) {
				return sum
			}
			power = Quo(power, Num(float64(n*n)))
		}
	}
	return Sub(Mul(Num(16), arctanInverse(5)), Mul(Num(4), arctanInverse(239)))
})

// Zeta is Riemann's function, by Euler-Maclaurin summation after 40 terms, for whole k >= 2; good to 1e-40 and better.
func Zeta(k int) *big.Float {
	const n = 40
	sum := Num(0)
	power := func(base float64, e int) *big.Float {
		p := Num(1)
		for i := 0; i < e; i++ {
			p = Quo(p, Num(base))
		}
		return p
	}
	for i := 1; i < n; i++ {
		sum = Add(sum, power(float64(i), k))
	}
	sum = Add(sum, Quo(power(n, k-1), Num(float64(k-1))))
	sum = Add(sum, Mul(Num(0.5), power(n, k)))
	rising := Num(float64(k))
	factorial := Num(2)
	for j := 1; j <= 24; j++ {
		b := result().SetRat(bernoulli(2 * j))
		sum = Add(sum, Mul(Quo(Mul(b, rising), factorial), power(n, k+2*j-1)))
		rising = Mul(Mul(rising, Num(float64(k+2*j-1))), Num(float64(k+2*j)))
		factorial = Mul(Mul(factorial, Num(float64(2*j+1))), Num(float64(2*j+2)))
	}
	return sum
}

// bernoulli is the Bernoulli number of an even m up to 48.
func bernoulli(m int) *big.Rat { return bernoulliNumbers()[m/2] }

// bernoulliNumbers uses the triangle of Akiyama and Tanigawa.
var bernoulliNumbers = sync.OnceValue(func() []*big.Rat {
	var numbers []*big.Rat
	var row []*big.Rat
	for i := 0; i <= 48; i++ {
		row = append(row, big.NewRat(1, int64(i+1)))
		for j := i; j >= 1; j-- {
			d := new(big.Rat).Sub(row[j-1], row[j])
			row[j-1] = d.Mul(d, big.NewRat(int64(j), 1))
		}
		if i%2 == 0 {
			numbers = append(numbers, new(big.Rat).Set(row[0]))
		}
	}
	return numbers
})

// LogGamma is ln Gamma(x) for x > 0, by Stirling's series for x+80: good to 1e-40 and better.
func LogGamma(x *big.Float) *big.Float {
	product := Num(1)
	for i := 0; i < 80; i++ {
		product = Mul(product, x)
		x = Add(x, Num(1))
	}
	sum := Add(Sub(Mul(Sub(x, Num(0.5)), Log(x)), x), Mul(Num(0.5), Log(Mul(Num(2), Pi()))))
	power := new(big.Float).Copy(x)
	for j := 1; j <= 24; j++ {
		b := result().SetRat(bernoulli(2 * j))
		sum = Add(sum, Quo(b, Mul(power, Num(float64(2*j*(2*j-1))))))
		power = Mul(power, Mul(x, x))
	}
	return Sub(sum, Log(product))
}

// EulerGamma is Euler's constant 0.5772..., by Brent and McMillan's first formula with n = 64: error below e^(-4n).
func EulerGamma() *big.Float {
	const n = 64
	a, b := Num(0), Num(0)
	term, harmonic := Num(1), Num(0)
	for k := 0; k < 1000; k++ {
		if k > 0 {
			term = Quo(Mul(term, Num(n*n)), Num(float64(k)*float64(k)))
			harmonic = Add(harmonic, Ratio(1, int64(k)))
		}
		a = Add(a, Mul(term, harmonic))
		b = Add(b, term)
		if k > n && tiny(term, b) {
			break
		}
	}
	return Sub(Quo(a, b), Log(Num(n)))
}

// Mills is the ratio (1-Phi(x))/phi(x) of the normal law for x >= 0, from the series of Phi, or
// beyond 10 from Laplace's continued fraction; good to 1e-40 and better.
func Mills(x *big.Float) *big.Float {
	if x.Cmp(Num(10)) > 0 {
		f := new(big.Float).Copy(x)
		for i := 1500.0; i > 0; i-- {
			f = Add(x, Quo(Num(i), f))
		}
		return Quo(Num(1), f)
	}
	half := Quo(Mul(Sqrt(Mul(Num(2), Pi())), Exp(Mul(Num(0.5), Mul(x, x)))), Num(2))
	sum, term := Num(0), new(big.Float).Copy(x)
	for n := int64(1); ; n += 2 {
		sum = Add(sum, term)
		if tiny(term, sum) {
			break
		}
		term = Quo(Mul(term, Mul(x, x)), Num(float64(n+2)))
	}
	return Sub(half, sum)
}
