package words

import (
	"math"
	"strconv"
	"strings"

	"windfall/model/currency"
)

// A Format is a way of writing numbers for people. That of money holds the
// currency.
type Format int

// The formats: Plain as it is, Count with thousands (35k), Money in US dollars
// ($1.2M; see MoneyIn), Percent of a share (0.12 is 12%).
const (
	Plain Format = iota
	Count
	Money
	Percent
)

// kinds is above all formats but for the currency of money.
const kinds = 16

// MoneyIn is the format of money in a currency, given by its code; an empty one
// is the US dollar: €1.2M, CHF 340k, ¥87.
func MoneyIn(code string) Format { return Money + Format(kinds*currency.Index(code)) }

// IsMoney tells formats of money, whatever the currency.
func (f Format) IsMoney() bool { return f%kinds == Money }

// Currency is that of a format of money.
func (f Format) Currency() currency.Currency { return currency.At(int(f / kinds)) }

// decimals says how many decimals an amount below 100 has: those of its cents.
func (f Format) decimals() int {
	if f.Currency().Cents {
		return 2
	}
	return 0
}

// scales are the steps in which large numbers are shortened.
var scales = []struct {
	factor float64
	suffix string
}{{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "k"}}

// scaled is where numbers are shortened: 12.4k.
const scaled = 10_000

// beyondScales is where numbers are written with an exponent.
const beyondScales = 1e15

// leastShare is the share below which only that is said.
const leastShare = 1e-6

// leastMoney is the amount below which money is none.
const leastMoney = 1e-4

// Text writes one number to three significant digits: $1.24M, 371k, 8,412; a
// percentage to one decimal: 12.4%.
func (f Format) Text(v float64) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return f.write(v, 1, "", 0)
	}
	a := math.Abs(v)
	if f == Percent {
		a *= 100
	}
	switch {
	case a == 0, f.IsMoney() && a < leastMoney:
		return f.write(0, 1, "", 0)
	case f == Percent && v > 0 && v < leastShare:
		return "<0.0001%"
	case f == Percent && v < 0 && v > -leastShare:
		return ">−0.0001%"
	case f == Percent && a >= 0.1 && a < 99.95: // one decimal is enough of a percentage
		decimals := 1
		if a < 1 {
			decimals = 2
		}
		return trimZeros(f.write(v, 1, "", decimals), f)
	case a >= beyondScales:
		return f.write(v, 1, "", -1)
	case f.IsMoney() && a >= 1 && a < 100: // dollars and cents
		return trimZeros(f.write(v, 1, "", f.decimals()), f)
	case a >= scaled && f != Percent:
		factor, suffix := scaleOf(a)
		if r := roundTo(a/factor, 3); r >= 1000 && factor < 1e12 { // 999,900 is 1M
			factor, suffix = scaleOf(r * factor)
		}
		return f.write(v, factor, suffix, decimals3(a/factor))
	case a >= 100:
		return f.write(v, 1, "", 0)
	case f == Count && a == math.Trunc(a):
		return f.write(v, 1, "", 0)
	case a >= 0.0001:
		return trimZeros(f.write(v, 1, "", decimals3(a)), f)
	}
	return f.write(v, 1, "", -1)
}

// Pair writes two numbers alike, with digits enough to tell them apart:
// 371k and 389k, $1.02M and $1.21M.
func (f Format) Pair(a, b float64) (string, string) {
	if a == b || math.IsInf(b, 0) { // never is no distance away
		return f.Text(a), f.Text(b)
	}
	texts := f.apart([]float64{a, b}, a, b)
	return texts[0], texts[1]
}

// apart writes numbers with digits enough to tell the lowest from the highest, in four significant digits
// where these show it. Thousands have decimals only if they are no different without: 1,000.0 and 1,000.4.
func (f Format) apart(vs []float64, low, high float64) []string {
	step := Telling(high - low)
	const enough = 4 // of the last digits of a table between lowest and highest show how far apart they are
	if last := f.last(max(math.Abs(low), math.Abs(high)), tableDigits); last > step && enough*last <= high-low {
		return f.Texts(vs, last)
	}
	ends := f.Texts([]float64{low, high}, step)
	decimals := stepDecimals(10 * step)
	if f.IsMoney() && decimals > 0 {
		decimals = max(decimals, f.decimals())
	}
	noise := math.Abs(high-low) < 1e-10*max(math.Abs(low), math.Abs(high))
	if ends[0] == ends[1] && decimals > 0 && !noise && f != Percent {
		texts := make([]string, len(vs))
		for i, v := range vs {
			texts[i] = f.write(v, 1, "", decimals)
		}
		return texts
	}
	return f.Texts(vs, step)
}

// Telling is the place to which numbers so far apart are rounded: between a
// tenth and a hundredth of their distance.
func Telling(distance float64) float64 {
	return math.Pow(10, math.Floor(math.Log10(math.Abs(distance)/10)))
}

// Texts writes numbers that are multiples of a step, all with one scale and as
// many decimals as the step needs. Ticks of an axis are written so.
func (f Format) Texts(vs []float64, step float64) []string {
	largest := 0.0
	for _, v := range vs {
		if !math.IsInf(v, 0) { // never has no digits
			largest = math.Max(largest, math.Abs(v))
		}
	}
	if f == Percent {
		largest, step = largest*100, step*100
	}
	factor, suffix, decimals := 1.0, "", stepDecimals(step)
	if f != Percent && largest >= scaled {
		// The largest scale that needs no more than a few decimals; a step far
		// smaller than the values wants all its digits (300,020 and 300,040).
		for _, s := range scales {
			d := stepDecimals(step / s.factor)
			if largest >= s.factor && d >= 0 && (d <= 1 || d == 2 && (s.factor >= 1e6 || largest < 100*s.factor)) {
				factor, suffix, decimals = s.factor, s.suffix, d
				break
			}
		}
	}
	switch {
	case largest >= beyondScales:
		decimals = -1
	case factor == 1 && largest >= 1000 && f != Percent:
		decimals = 0 // nobody asks for the cents of thousands
	}
	texts := make([]string, len(vs))
	for i, v := range vs {
		switch {
		case f.vanishes(v, step, factor, decimals):
			texts[i] = f.write(0, 1, "", 0) // $0, not $0.0M
		case f == Percent && math.Abs(v) == 1, f == Count && factor == 1 && v == math.Trunc(v):
			texts[i] = f.write(v, 1, "", min(decimals, 0)) // 100%, not 100.0%; 4 weeks, not 4.0
		default:
			texts[i] = f.write(v, factor, suffix, decimals)
		}
	}
	return texts
}

// vanishes says whether a number would be written with zeros only.
func (f Format) vanishes(v, step, factor float64, decimals int) bool {
	if f == Percent {
		v *= 100
	}
	return math.Abs(v) < step/1e3 || decimals >= 0 && math.Abs(v)/factor < 0.5*math.Pow10(-decimals)
}

// write puts a number on paper: sign, currency, digits, suffix. Decimals of -1
// ask for three significant digits with an exponent.
func (f Format) write(v, factor float64, suffix string, decimals int) string {
	switch {
	case math.IsInf(v, 1): // beyond all numbers
		return "never"
	case math.IsNaN(v) || math.IsInf(v, -1):
		return "–"
	}
	if f == Percent {
		v, suffix = v*100, "%"
	}
	a := math.Abs(v) / factor
	var digits string
	if decimals < 0 || a >= beyondScales {
		digits = strings.Replace(strconv.FormatFloat(math.Abs(v), 'g', 3, 64), "e+", "e", 1)
		if f != Percent {
			suffix = ""
		}
	} else {
		digits = groupThousands(strconv.FormatFloat(halfUp(a, decimals), 'f', decimals, 64))
	}
	sign := ""
	if v < 0 && strings.Trim(digits, "0.,") != "" {
		sign = "−"
	}
	if f.IsMoney() {
		sign += f.Currency().Symbol
	}
	return sign + digits + suffix
}

// halfUp rounds to decimals as people do: $916.5k is $917k.
func halfUp(a float64, decimals int) float64 {
	by := math.Pow10(decimals)
	if a*by > 1<<52 { // has no decimals
		return a
	}
	return math.Round(a*by) / by
}

func scaleOf(a float64) (float64, string) {
	for _, s := range scales {
		if a >= s.factor {
			return s.factor, s.suffix
		}
	}
	return 1, ""
}

// roundTo rounds to a number of significant digits.
func roundTo(a float64, digits int) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(a, 'e', digits-1, 64), 64)
	return r
}

// decimals3 says how many decimals show three significant digits.
func decimals3(a float64) int {
	return max(0, 2-int(math.Floor(math.Log10(roundTo(a, 3)))))
}

// stepDecimals says how many decimals a step of 1, 2, 2.5 or 5 times a power of
// ten needs.
func stepDecimals(step float64) int {
	if step <= 0 || math.IsNaN(step) {
		return 0
	}
	for d := range 12 {
		scaled := float64(step * math.Pow10(d))
		if r := math.Round(scaled); r > 0 && math.Abs(scaled-r) < 1e-6*scaled {
			return d
		}
	}
	return -1
}

// trimZeros drops decimals that say nothing: 3.00 is 3. Money keeps its cents: $0.520 is $0.52.
func trimZeros(s string, f Format) string {
	suffix := ""
	if f == Percent {
		s, suffix = strings.TrimSuffix(s, "%"), "%"
	}
	if strings.Contains(s, ".") && (!f.IsMoney() || strings.HasSuffix(s, ".00")) {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	for f.IsMoney() && strings.Contains(s, ".") && strings.HasSuffix(s, "0") && len(s)-strings.Index(s, ".") > len(".00") {
		s = strings.TrimSuffix(s, "0")
	}
	return s + suffix
}

func groupThousands(digits string) string {
	whole, rest, found := strings.Cut(digits, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if found {
		return whole + "." + rest
	}
	return whole
}

// Rounded writes a number without decimals: 14%.
func (f Format) Rounded(v float64) string { return f.write(v, 1, "", 0) }

// Short writes a number of a tick without a zero for a decimal: $16k.
func Short(f Format, v float64) string {
	for _, s := range []string{"k", "M", "B", "T", "%"} {
		if text, ok := strings.CutSuffix(f.Text(v), ".0"+s); ok {
			return text + s
		}
	}
	return f.Text(v)
}
