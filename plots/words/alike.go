package words

import (
	"math"
	"slices"
)

// Alike writes numbers in one scale, with digits enough to tell the smallest
// from the largest.
func (f Format) Alike(vs ...float64) []string {
	var present []float64
	for _, v := range vs {
		if Number(v) {
			present = append(present, v)
		}
	}
	texts := make([]string, len(present))
	for i, v := range present {
		texts[i] = f.Text(v)
	}
	if len(present) > 0 && slices.Min(present) < slices.Max(present) {
		texts = f.apart(present, slices.Min(present), slices.Max(present))
	}
	out := make([]string, len(vs))
	for i, v := range vs {
		if out[i] = f.Text(v); Number(v) {
			out[i], texts = texts[0], texts[1:]
		}
	}
	return out
}

// Number says whether a value is a number.
func Number(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// WithError writes a number and its error in one scale, to the second digit of
// the error: 32,058 and 33. An open interval has no half: a dash.
func (f Format) WithError(v, err float64) (string, string) {
	switch {
	case math.IsInf(err, 0):
		return f.Text(v), f.Text(math.NaN())
	case !(err > 0) || !Number(v):
		return f.Text(v), f.Text(err)
	case err < 1e-10*math.Abs(v): // noise of rounding
		return f.Text(v), f.Text(0)
	case f == Percent && max(math.Abs(v), err) < leastShare:
		return f.Text(v), f.Text(err)
	}
	texts := f.Texts([]float64{v, err}, Telling(err))
	return texts[0], texts[1]
}
