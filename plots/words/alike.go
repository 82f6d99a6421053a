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

// tableDigits is how many significant digits a number of a table has at most, sentenceDigits one of a sentence.
const tableDigits, sentenceDigits = 4, 3

// WithError writes a number and its error in one scale as a table has them, to the second digit of the error, in no
// more than four significant digits: 3,058 and 33; 32.06k and 0.04k. An open interval has no half: a dash.
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
	return f.rounded(v, err, tableDigits)
}

// rounded writes a number and its error to the second digit of the error, unless these are more significant digits than
// asked for: then to the last of those, and a smaller error is one of these. Below 10,000 units are in full.
func (f Format) rounded(v, err float64, digits int) (string, string) {
	step := Telling(err)
	if last := f.last(max(math.Abs(v), err), digits); last > step {
		step, err = last, max(err, last)
	}
	texts := f.Texts([]float64{v, err}, step)
	return texts[0], texts[1]
}

// last is the place of the last of so many significant digits of a size, that of units where it is below 10,000.
func (f Format) last(size float64, digits int) float64 {
	place := math.Pow(10, math.Floor(math.Log10(size))-float64(digits-1))
	if size < scaled {
		return min(place, 1)
	}
	return place
}

// WithErrors writes numbers that stand in one row, each to the digits of its own error, in one scale.
func (f Format) WithErrors(values, errs []float64) []string {
	texts, coarse, fine := make([]string, len(values)), 0.0, math.Inf(1)
	for i, v := range values {
		texts[i], _ = f.WithError(v, errs[i])
		if errs[i] > 0 && Number(errs[i]) {
			coarse, fine = max(coarse, Telling(errs[i])), min(fine, Telling(errs[i]))
		}
	}
	for _, v := range values {
		if a := math.Abs(v); a >= scaled && a < 10*coarse { // of which the coarse step would leave one digit
			coarse = fine
		}
	}
	return f.oneScale(values, texts, coarse)
}

// Spread writes a number, its error and quantiles of it, which stand in one row, in one scale.
func (f Format) Spread(v, err float64, quantiles ...float64) []string {
	mean, reach := f.WithError(v, err)
	texts, values := append([]string{mean, reach}, f.Alike(quantiles...)...), append([]float64{v, err}, quantiles...)
	if !(err > 0) || !Number(err) {
		return texts
	}
	return f.oneScale(values, texts, Telling(err))
}

// oneScale writes numbers with a step where they came out in several scales, as k and M; those below 10,000 have none.
func (f Format) oneScale(values []float64, texts []string, step float64) []string {
	scales, largest := map[byte]bool{}, 0.0
	for i, v := range values {
		if Number(v) && math.Abs(v) >= scaled && f != Percent {
			scales[texts[i][len(texts[i])-1]] = true
			largest = max(largest, math.Abs(v))
		}
	}
	if len(scales) < 2 {
		return texts
	}
	return f.Texts(values, max(step, f.last(largest, tableDigits)))
}
