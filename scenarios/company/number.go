package company

import (
	"regexp"
	"strconv"
	"strings"

	"windfall/model/currency"
)

// style is how the numbers of a file are written.
type style struct {
	decimal  byte   // '.' or ','; 0: not known yet
	currency string // code of the company's
}

// figure is a cell that holds a number, taken apart.
type figure struct {
	digits   string // with its marks
	negative bool
	currency string // code of the sign at the number, "" without one
	times    float64
}

// nothing are the ways to write that a number is not known.
var nothing = map[string]bool{"": true, "-": true, "--": true, "–": true, "—": true, "n/a": true, "na": true,
	"null": true,
	"none": true, "#n/a": true, "?": true, "k.a.": true, ".": true}

func isNothing(text string) bool { return nothing[strings.ToLower(strings.TrimSpace(text))] }

var (
	spaces = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "\u2009", "", "'", "", "’", "", "_", "")
	marked = regexp.MustCompile(`^[0-9][0-9.,]*$|^[.,][0-9]+$`)
	around = regexp.MustCompile(`^([^\d.,+-]*?)([-+]?[\d.,][\d.,' ’_\x{a0}\x{202f}\x{2009}]*?)\s*([kKmM]?)([^\d.,]*)$`)
)

// takeApart finds the digits, the sign and the currency of a text. It is not ok if there is no number in it.
func takeApart(text, like string) (f figure, ok bool) {
	text = strings.TrimSpace(strings.NewReplacer("−", "-", "\u202f", " ").Replace(text))
	f.times = 1
	if strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
		f.negative, text = true, text[1:len(text)-1]
	}
	for _, minus := range []string{"-", "+"} {
		rest, before := strings.CutPrefix(text, minus)
		if !before {
			rest, before = strings.CutSuffix(text, minus)
		}
		if before {
			f.negative, text = f.negative != (minus == "-"), strings.TrimSpace(rest)
			break
		}
	}
	m := around.FindStringSubmatch(text)
	if m == nil {
		return f, false
	}
	switch m[3] {
	case "k", "K":
		f.times = 1e3
	case "m", "M":
		f.times = 1e6
	}
	for _, sign := range []string{m[1], m[4]} {
		if sign = strings.TrimSpace(sign); sign == "" {
			continue
		}
		code, known := currencyOf(sign, like)
		if !known || f.currency != "" && f.currency != code {
			return f, false
		}
		f.currency = code
	}
	f.digits = m[2]
	if rest, minus := strings.CutPrefix(f.digits, "-"); minus {
		f.digits, f.negative = rest, !f.negative
	}
	f.digits = spaces.Replace(strings.TrimPrefix(f.digits, "+"))
	return f, marked.MatchString(f.digits)
}

// currencyOf is the code of a sign as people write it.
func currencyOf(sign, like string) (string, bool) {
	sign = strings.ToUpper(sign)
	switch sign {
	case "CA$", "CDN$", "CAN$":
		return "CAD", true
	case "AU$":
		return "AUD", true
	case "US$":
		return "USD", true
	case "FR.", "SFR.":
		return "CHF", true
	case "KR", "KR.":
		return like, true
	}
	return currency.Written(sign, like)
}

// hasSign says whether a currency stands at a number.
func hasSign(text, like string) bool {
	f, ok := takeApart(text, like)
	return ok && f.currency != ""
}

// decimalMark says what a number tells of the decimal mark: '.' or ',', or 0 if it can be read both ways or has none.
func decimalMark(digits string) byte {
	dot, comma := strings.LastIndexByte(digits, '.'), strings.LastIndexByte(digits, ',')
	switch {
	case dot >= 0 && comma >= 0:
		return digits[max(dot, comma)]
	case dot < 0 && comma < 0:
		return 0
	}
	mark := digits[max(dot, comma)]
	whole, rest, _ := strings.Cut(digits, string(mark))
	switch {
	case strings.Count(digits, string(mark)) > 1: // 1,234,567
		return other(mark)
	case len(rest) != 3 || whole == "" || whole[0] == '0' || len(whole) > 3:
		return mark
	}
	return 0 // 1,234
}

func other(mark byte) byte {
	if mark == '.' {
		return ','
	}
	return '.'
}

var (
	grouped = map[byte]*regexp.Regexp{'.': regexp.MustCompile(`^\d{1,3}((,\d{2,3})*,\d{3})?(\.\d*)?$`),
		',': regexp.MustCompile(`^\d{1,3}((\.\d{2,3})*\.\d{3})?(,\d*)?$`)}
	plain = map[byte]*regexp.Regexp{'.': regexp.MustCompile(`^\d*(\.\d*)?$`), ',': regexp.MustCompile(`^\d*(,\d*)?$`)}
)

// value reads digits with a known decimal mark.
func value(digits string, decimal byte) (float64, bool) {
	if decimal == 0 {
		decimal = '.'
	}
	if !grouped[decimal].MatchString(digits) && !plain[decimal].MatchString(digits) {
		return 0, false
	}
	digits = strings.ReplaceAll(digits, string(other(decimal)), "")
	x, err := strconv.ParseFloat(strings.Replace(digits, ",", ".", 1), 64)
	return x, err == nil
}

// number reads a figure in a style. The message says what is wrong, "" if nothing is.
func (s style) number(text string) (x float64, message, cure string) {
	f, ok := takeApart(text, s.currency)
	if !ok {
		return 0, "is not a number", "write it as 1234.50, or leave it out where it is not known"
	}
	if f.currency != "" && f.currency != s.currency {
		return 0, "is in " + f.currency + ", and the company counts in " + s.currency,
			"convert it: a folder has one currency"
	}
	if mark := decimalMark(f.digits); mark == 0 && s.decimal == 0 && strings.ContainsAny(f.digits, ".,") {
		group, fraction, _ := strings.Cut(f.digits, string(f.digits[strings.IndexAny(f.digits, ".,")]))
		return 0, "can be read as " + group + fraction + " and as " + group + "." + fraction,
			`say which mark stands before decimals in this file: decimal = "." or decimal = "," under [files.NAME] ` +
				"in company.toml"
	}
	x, ok = value(f.digits, s.decimal)
	if !ok {
		return 0, "has its marks for decimals and thousands in another order than the rest of the file",
			"write all numbers of a file in one way, as 1234.50"
	}
	if x *= f.times; x > 1e12 {
		return 0, "is larger than 1,000,000,000,000", "check the number and its unit"
	}
	if f.negative && x > 0 {
		x = -x
	}
	return x, "", ""
}
