package analysis

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/assert"
	"gonum.org/v1/gonum/stat/distuv"
)

// Student's quantiles of the expansion are those of a library.
func TestStudentBeyondTheUsualQuantiles(t *testing.T) {
	for _, df := range []int{19, 24, 49, 99, 499, 9999} {
		for _, z := range []float64{1.96, 2.576, 3, 3.5, 4, 4.5} {
			want := distuv.StudentsT{Sigma: 1, Nu: float64(df)}.Quantile(distuv.UnitNormal.CDF(z))
			assert.InEpsilon(t, want, studentAt(z, df), 0.005, "%d degrees of freedom, z = %v", df, z)
		}
	}
}

// Of numbers that are all 0 none is taken for another at any look, but in one study of a hundred; one that is far from
// 0 is seen at the first.
func TestLooksAreSeldomMisled(t *testing.T) {
	const studies, times, numbers, size = 4000, 4, 10, 25
	r := rand.New(rand.NewPCG(3, 5))
	looks := Looks{Times: times, Numbers: numbers}
	misledIn := 0
	for range studies {
		values := make([][]float64, numbers)
		found := false
		for range times {
			for i := range values {
				for range size {
					values[i] = append(values[i], r.NormFloat64())
				}
				found = found || looks.Sure(Mean(values[i], Ties{}), len(values[i]))
			}
		}
		if found {
			misledIn++
		}
	}
	assert.Less(t, misledIn, int(studies*misled+4*math.Sqrt(studies*misled)))
	assert.Greater(t, misledIn, studies/1000, "a bound that is never met decides nothing")

	far := make([]float64, size)
	for i := range far {
		far[i] = -2 + r.NormFloat64()
	}
	assert.True(t, looks.Sure(Mean(far, Ties{}), size))
	assert.False(t, looks.Sure(Mean(far, Ties{}), leastLooked-1), "few groups say too little of their spread")
	assert.False(t, looks.Sure(Missing(size, ""), size))
	assert.False(t, looks.Sure(Ties{}.Alike(Estimate{N: size}, 0), size))
}
