package rng_test

import (
	"fmt"
	"math"
	"math/big"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/model/rng"
	"windfall/model/rng/internal/exact"
)

// verifying says that the long tests run too: WINDFALL_VERIFY=1 makes samples ten times larger.
var verifying = os.Getenv("WINDFALL_VERIFY") == "1"

func sampleSize(n int) int {
	if verifying {
		return 10 * n
	}
	return n
}

// inUlps is the distance of got from the exact value, in units in the last place of float64 there.
func inUlps(got float64, want *big.Float) float64 {
	nearest := exact.Float64(want)
	if math.IsInf(nearest, 0) || math.IsNaN(got) || math.IsInf(got, 0) || nearest == 0 {
		if got == nearest {
			return 0
		}
		return math.Inf(1)
	}
	ulp := math.Abs(math.Nextafter(nearest, math.Inf(1)) - nearest)
	return math.Abs(exact.Float64(exact.Quo(exact.Sub(exact.Num(got), want), exact.Num(ulp))))
}

// uniforms is a supply of arguments, spread over the ranges asked for.
type uniforms struct {
	key rng.Key
	n   uint64
}

func arguments(name string) *uniforms { return &uniforms{key: rng.Root(1, 0).Child(rng.Label(name))} }

func (u *uniforms) between(lo, hi float64) float64 {
	u.n++
	return lo + (hi-lo)*u.key.Unit(u.n)
}

// signedPower is a number of random sign with an exponent of 2 between lo and hi.
func (u *uniforms) signedPower(lo, hi float64) float64 {
	x := math.Ldexp(u.between(1, 2), int(math.Floor(u.between(lo, hi))))
	if u.between(0, 1) < 0.5 {
		return -x
	}
	return x
}

// TestElementaryFunctionsAgainstExactArithmetic holds each function to the error that its comment
// promises, against 320-bit arithmetic.
func TestElementaryFunctionsAgainstExactArithmetic(t *testing.T) {
	one := exact.Num(1)
	power := func(x, y float64) *big.Float { return exact.Exp(exact.Mul(exact.Num(y), exact.Log(exact.Num(x)))) }
	cases := []struct {
		name     string
		bound    float64
		argument func(u *uniforms) float64
		got      func(x float64) float64
		want     func(x float64) *big.Float
	}{
		{"Exp near 0", 0.51, func(u *uniforms) float64 { return u.signedPower(-60, 1) }, rng.Exp,
			func(x float64) *big.Float { return exact.Exp(exact.Num(x)) }},
		{"Exp", 0.51, func(u *uniforms) float64 { return u.between(-708.3, 709.7) }, rng.Exp,
			func(x float64) *big.Float { return exact.Exp(exact.Num(x)) }},
		{"Exp subnormal", 1, func(u *uniforms) float64 { return u.between(-744, -708.4) }, rng.Exp,
			func(x float64) *big.Float { return exact.Exp(exact.Num(x)) }},
		{"Exp2", 0.51, func(u *uniforms) float64 { return u.between(-1022, 1023.9) }, rng.Exp2,
			func(x float64) *big.Float { return power(2, x) }},
		{"Exp2 subnormal", 1, func(u *uniforms) float64 { return u.between(-1073, -1022) }, rng.Exp2,
			func(x float64) *big.Float { return power(2, x) }},
		{"Expm1 near 0", 1.2, func(u *uniforms) float64 { return u.signedPower(-60, 1) }, rng.Expm1,
			func(x float64) *big.Float { return exact.Sub(exact.Exp(exact.Num(x)), one) }},
		{"Expm1", 1.2, func(u *uniforms) float64 { return u.between(-45, 100) }, rng.Expm1,
			func(x float64) *big.Float { return exact.Sub(exact.Exp(exact.Num(x)), one) }},
		{"Log near 1", 0.51, func(u *uniforms) float64 { return 1 + u.signedPower(-50, -1) }, rng.Log,
			func(x float64) *big.Float { return exact.Log(exact.Num(x)) }},
		{"Log of a uniform", 0.51, func(u *uniforms) float64 { return u.between(0, 1) }, rng.Log,
			func(x float64) *big.Float { return exact.Log(exact.Num(x)) }},
		{"Log", 0.51, func(u *uniforms) float64 { return math.Abs(u.signedPower(-1074, 1023)) }, rng.Log,
			func(x float64) *big.Float { return exact.Log(exact.Num(x)) }},
		{"Log1p near 0", 1, func(u *uniforms) float64 { return u.signedPower(-60, 0) }, rng.Log1p,
			func(x float64) *big.Float { return exact.Log(exact.Add(one, exact.Num(x))) }},
		{"Log1p", 1, func(u *uniforms) float64 { return math.Abs(u.signedPower(0, 100)) }, rng.Log1p,
			func(x float64) *big.Float { return exact.Log(exact.Add(one, exact.Num(x))) }},
		{"Pow of x", 0.6, func(u *uniforms) float64 { return math.Abs(u.signedPower(-20, 20)) },
			func(x float64) float64 { return rng.Pow(x, 33.7) },
			func(x float64) *big.Float { return power(x, 33.7) }},
		{"Pow near 1", 0.6, func(u *uniforms) float64 { return 1 + u.signedPower(-40, -9) },
			func(x float64) float64 { return rng.Pow(x, 1.5e5) },
			func(x float64) *big.Float { return power(x, 1.5e5) }},
		{"Pow far and near 1", 0.6, func(u *uniforms) float64 { return 1 + u.signedPower(-23, -20) },
			func(x float64) float64 { return rng.Pow(x, 4e8) },
			func(x float64) *big.Float { return power(x, 4e8) }},
		{"Pow of y", 0.6, func(u *uniforms) float64 { return u.between(-1300, 1300) },
			func(x float64) float64 { return rng.Pow(1.7, x) },
			func(x float64) *big.Float { return power(1.7, x) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			u := arguments(c.name)
			worst, at := 0.0, 0.0
			for i := 0; i < sampleSize(1500); i++ {
				x := c.argument(u)
				if e := inUlps(c.got(x), c.want(x)); e > worst {
					worst, at = e, x
				}
			}
			t.Logf("largest error %.4f ulp, at %v", worst, at)
			assert.LessOrEqual(t, worst, c.bound, "at %v", at)
		})
	}
}

func TestFastExp2NegIsCloseEnough(t *testing.T) {
	u := arguments("FastExp2Neg")
	worst := 0.0
	for i := 0; i < 200_000; i++ {
		x := u.between(0, 1021)
		if i%2 == 0 {
			x = math.Abs(u.signedPower(-30, 3))
		}
		worst = max(worst, math.Abs(rng.FastExp2Neg(x)/rng.Exp2(-x)-1))
	}
	t.Logf("largest relative error %.3g", worst)
	assert.LessOrEqual(t, worst, 3e-12)
	for n := 0.0; n < 1022; n++ {
		assert.Equal(t, math.Ldexp(1, -int(n)), rng.FastExp2Neg(n))
	}
	assert.Zero(t, rng.FastExp2Neg(1022))
	assert.Zero(t, rng.FastExp2Neg(math.Inf(1)))
	assert.True(t, math.IsNaN(rng.FastExp2Neg(math.NaN())))
}

// TestElementaryFunctionsNeverTurnBack looks at neighbouring floats around the seams of the tables.
func TestElementaryFunctionsNeverTurnBack(t *testing.T) {
	u := arguments("monotone")
	for i := 0; i < 20_000; i++ {
		seam := (math.Floor(u.between(-20000, 20000)) + 0.5) * math.Ln2 / 128
		x := math.Nextafter(seam+u.between(-1e-15, 1e-15), 0)
		y := math.Nextafter(x, math.Inf(1))
		assert.LessOrEqual(t, rng.Exp(x), rng.Exp(y), "Exp at %v", x)
		assert.LessOrEqual(t, rng.Exp2(x), rng.Exp2(y), "Exp2 at %v", x)
		x = math.Float64frombits(0x3fe6955500000000 + uint64(u.between(0, 128))<<45 - uint64(u.between(0, 3)))
		assert.LessOrEqual(t, rng.Log(x), rng.Log(math.Nextafter(x, 9)), "Log at %v", x)
		p := u.between(0.0749, 0.0751)
		assert.LessOrEqual(t, rng.NormalQuantile(p), rng.NormalQuantile(p+1e-14), "NormalQuantile at %v", p)
	}
}

var special = []float64{
	0, math.Copysign(0, -1), 1, -1, 2, -2, 0.5, -0.5, 3, -3, 4, 1.5, -1.5, 1e300, -1e300, 1e-300, -1e-300,
	math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64,
	0x1p53 + 2, 0x1p53 - 1, -0x1p53 + 1, 1023.5, -1074.4, -1075.6,
	math.Nextafter(1, 0), math.Nextafter(1, 2), math.Nextafter(-1, 0),
}

// sameSpecial wants NaN, zero (of the same sign) or an infinity where it is expected, and else a
// result within 4 ulp.
func sameSpecial(t *testing.T, want, got float64, name string, args ...float64) {
	t.Helper()
	switch {
	case math.IsNaN(want):
		assert.True(t, math.IsNaN(got), "%s%v = %v, want NaN", name, args, got)
	case want == 0 || math.IsInf(want, 0):
		assert.Equal(t, math.Float64bits(want), math.Float64bits(got), "%s%v = %v, want %v", name, args, got, want)
	default:
		ulp := math.Abs(math.Nextafter(want, math.Inf(1)) - want)
		assert.InDelta(t, 0, (got-want)/ulp, 4, "%s%v = %v, want %v", name, args, got, want)
	}
}

// expectedPow is math.Pow, which is the arbiter of special cases, but not of the last digits: for
// finite arguments the size of the result comes from exact arithmetic.
func expectedPow(x, y float64) float64 {
	want := math.Pow(x, y)
	if x != x || y != y || math.IsNaN(want) || x == 0 || y == 0 || math.IsInf(x, 0) || math.IsInf(y, 0) {
		return want
	}
	exponent := exact.Mul(exact.Num(y), exact.Log(exact.Num(math.Abs(x))))
	size := math.Inf(1)
	if e := exact.Float64(exponent); e < -800 {
		size = 0
	} else if e < 800 {
		size = exact.Float64(exact.Exp(exponent))
	}
	return math.Copysign(size, want)
}

func TestSpecialValuesFollowPackageMath(t *testing.T) {
	for _, x := range special {
		for _, y := range special {
			sameSpecial(t, expectedPow(x, y), rng.Pow(x, y), "Pow", x, y)
		}
	}
	for _, x := range special {
		if math.Abs(x) < 1 || math.Abs(x) > 1100 || x != x {
			sameSpecial(t, math.Exp(x), rng.Exp(x), "Exp", x)
			sameSpecial(t, math.Exp2(x), rng.Exp2(x), "Exp2", x)
			sameSpecial(t, math.Expm1(x), rng.Expm1(x), "Expm1", x)
		}
		if x > 0x1p-1022 || x <= 0 || x != x {
			sameSpecial(t, math.Log(x), rng.Log(x), "Log", x)
		}
		sameSpecial(t, math.Log1p(x), rng.Log1p(x), "Log1p", x)
	}
	// The ends of the range, where package math depends on the processor.
	sameSpecial(t, 1074*-math.Ln2, rng.Log(math.SmallestNonzeroFloat64), "Log", math.SmallestNonzeroFloat64)
	for _, x := range []float64{709.78, 709.782712893384, 709.79, -745.13, -745.14, -700, -708.4} {
		sameSpecial(t, exact.Float64(exact.Exp(exact.Num(x))), rng.Exp(x), "Exp", x)
	}
	for _, x := range []float64{1023.99, 1024, 1025, -1022, -1074, -1074.99, -1075.01, -1076} {
		want := 0.0
		if x > -1075 {
			want = exact.Float64(exact.Exp(exact.Mul(exact.Num(x), exact.Log(exact.Num(2)))))
		}
		sameSpecial(t, want, rng.Exp2(x), "Exp2", x)
	}
	sameSpecial(t, math.Inf(1), rng.LogGamma(0), "LogGamma", 0)
	sameSpecial(t, math.Inf(1), rng.LogGamma(math.Inf(1)), "LogGamma", math.Inf(1))
	sameSpecial(t, math.NaN(), rng.LogGamma(-0.5), "LogGamma", -0.5)
	sameSpecial(t, math.NaN(), rng.LogGamma(math.NaN()), "LogGamma", math.NaN())
	assert.Zero(t, rng.LogGamma(1))
	assert.Zero(t, rng.LogGamma(2))
}

// relative is |got/want - 1|.
func relative(got float64, want *big.Float) float64 {
	return math.Abs(exact.Float64(exact.Sub(exact.Quo(exact.Num(got), want), exact.Num(1))))
}

func TestLogGammaAgainstExactArithmetic(t *testing.T) {
	u := arguments("LogGamma")
	worst, at := 0.0, 0.0
	for i := 0; i < sampleSize(300); i++ {
		var x float64
		switch i % 4 {
		case 0:
			x = u.between(0, 9)
		case 1:
			x = math.Abs(u.signedPower(-100, 40))
		case 2:
			x = 1 + u.signedPower(-40, -1)
		case 3:
			x = 2 + u.signedPower(-40, -1)
		}
		if e := relative(rng.LogGamma(x), exact.LogGamma(exact.Num(x))); e > worst {
			worst, at = e, x
		}
	}
	t.Logf("largest relative error %.3g, at %v", worst, at)
	assert.LessOrEqual(t, worst, 2e-15, "at %v", at)
}

// normalCDF is Phi(z) exactly.
func normalCDF(z float64) (phi, density *big.Float) {
	x := exact.Num(math.Abs(z))
	density = exact.Quo(exact.Exp(exact.Mul(exact.Num(-0.5), exact.Mul(x, x))), exact.Sqrt(exact.Mul(exact.Num(2), exact.Pi())))
	phi = exact.Mul(density, exact.Mills(x))
	if z > 0 {
		phi = exact.Sub(exact.Num(1), phi)
	}
	return phi, density
}

func TestNormalAgainstExactArithmetic(t *testing.T) {
	u := arguments("normal")
	worstCDF, worstQuantile := 0.0, 0.0
	for i := 0; i < sampleSize(300); i++ {
		z := u.between(-37, 8.2)
		if i%2 == 0 {
			z = u.between(-10, 4)
		}
		phi, _ := normalCDF(z)
		worstCDF = max(worstCDF, relative(rng.NormalCDF(z), phi))

		// The error of a quantile is that of its chance, divided by the density.
		p := u.between(0, 1)
		if i%2 == 0 {
			p = math.Abs(u.signedPower(-1000, -1))
		}
		q := rng.NormalQuantile(p)
		phi, density := normalCDF(q)
		off := exact.Float64(exact.Quo(exact.Sub(phi, exact.Num(p)), density))
		worstQuantile = max(worstQuantile, math.Abs(off/q))
	}
	t.Logf("largest relative errors: CDF %.3g, quantile %.3g", worstCDF, worstQuantile)
	assert.LessOrEqual(t, worstCDF, 2e-15)
	assert.LessOrEqual(t, worstQuantile, 2e-15)

	assert.Equal(t, 0.5, rng.NormalCDF(0))
	assert.Equal(t, 1.0, rng.NormalCDF(math.Inf(1)))
	assert.Equal(t, 0.0, rng.NormalCDF(math.Inf(-1)))
	assert.Equal(t, 0.0, rng.NormalQuantile(0.5))
	assert.Equal(t, math.Inf(-1), rng.NormalQuantile(0))
	assert.Equal(t, math.Inf(1), rng.NormalQuantile(1))
	for _, p := range []float64{-0.1, 1.1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		assert.True(t, math.IsNaN(rng.NormalQuantile(p)), fmt.Sprint(p))
	}
	assert.True(t, math.IsNaN(rng.NormalCDF(math.NaN())))
	for i := 0; i < 1000; i++ {
		p := rng.Root(2, 0).Unit(uint64(i))
		assert.Equal(t, rng.NormalQuantile(p), -rng.NormalQuantile(1-p))
	}
}
