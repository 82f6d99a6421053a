package rng_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/model/rng"
	"windfall/model/rng/internal/exact"
)

// TestFastFunctionsAgainstExactArithmetic holds each function to the error that its comment
// promises, against 320-bit arithmetic.
func TestFastFunctionsAgainstExactArithmetic(t *testing.T) {
	u := arguments("fast")
	var log, exp, pow float64
	for i := 0; i < sampleSize(3000); i++ {
		x := math.Abs(u.signedPower(-1022, 1023))
		switch i % 3 {
		case 0:
			x = u.between(0, 4)
		case 1:
			x = 1 + u.signedPower(-50, -1)
		}
		if x == 0 {
			continue
		}
		want := exact.Log(exact.Num(x))
		off := math.Abs(exact.Float64(exact.Sub(exact.Num(rng.FastLog(x)), want)))
		log = max(log, off/max(1, math.Abs(exact.Float64(want))))

		y := u.between(-700, 700)
		if i%2 == 0 {
			y = u.signedPower(-60, 3)
		}
		exp = max(exp, relative(rng.FastExp(y), exact.Exp(exact.Num(y))))

		y = u.signedPower(-5, 3)
		exponent := exact.Mul(exact.Num(y), want)
		if size := math.Abs(exact.Float64(exponent)); size < 690 {
			allowed := 2e-13 + 1.2e-12*math.Abs(y)*max(1, math.Abs(exact.Float64(want)))
			pow = max(pow, relative(rng.FastPow(x, y), exact.Exp(exponent))/allowed)
		}
	}
	t.Logf("largest errors: log %.3g, exp %.3g, pow %.3g of what is allowed", log, exp, pow)
	assert.LessOrEqual(t, log, 1.2e-12)
	assert.LessOrEqual(t, exp, 2e-13)
	assert.LessOrEqual(t, pow, 1.0)
}

// TestFastFunctionsBeyondTheirRange: what the tables do not hold is what the exact functions say.
func TestFastFunctionsBeyondTheirRange(t *testing.T) {
	same := func(want, got float64) {
		t.Helper()
		assert.Equal(t, math.Float64bits(want), math.Float64bits(got))
	}
	for _, x := range special {
		if !(x >= 0x1p-1022 && x <= math.MaxFloat64) {
			same(rng.Log(x), rng.FastLog(x))
			same(rng.Pow(x, 1.7), rng.FastPow(x, 1.7))
		}
		if !(math.Abs(x) < 700) {
			same(rng.Exp(x), rng.FastExp(x))
		}
	}
	assert.Equal(t, 1.0, rng.FastExp(0))
	assert.Equal(t, 0.0, rng.FastLog(1))
	assert.Equal(t, math.Inf(1), rng.FastPow(1e300, 3))
	assert.Equal(t, 0.0, rng.FastPow(1e300, -3))
}

// TestFloorTableIsTheFloorOfItsLaw compares the table with the law at uniforms, and just below and
// at each of its steps, where at most a rounding error decides.
func TestFloorTableIsTheFloorOfItsLaw(t *testing.T) {
	for _, law := range []rng.ParetoLaw{rng.NewPareto(1, 5, 1.06), rng.NewPareto(5, 20, 1.06), rng.NewPareto(20, 100, 1.06), rng.NewPareto(100, 500, 0),
		rng.NewPareto(1, 4097, 2.5), rng.NewPareto(7, 8, 1), rng.NewPareto(3, 300, -0.7)} {
		table := rng.NewFloorTable(&law)
		assert.NotNil(t, table)
		u := arguments("floor")
		different := 0
		for range 20_000 {
			x := u.between(0, 1)
			at := law.At(x)
			if got := table.At(x); got != math.Floor(at) {
				different++
				assert.InDelta(t, math.Round(at), at, 1e-9, "u %v: table %v, law %v", x, got, at)
				assert.InDelta(t, at, got, 1+1e-9)
			}
		}
		assert.LessOrEqual(t, different, 2)
		assert.Equal(t, math.Floor(law.At(0x1p-53)), table.At(0x1p-53))
		assert.Equal(t, math.Floor(law.At(1-0x1p-53)), table.At(1-0x1p-53))
	}
	for _, law := range []rng.ParetoLaw{rng.NewPareto(500, 50_001, 1.06), rng.NewPareto(1.5, 3, 1)} {
		assert.Nil(t, rng.NewFloorTable(&law))
	}
}
