package scenarios

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"windfall/model/currency"
	"windfall/model/plan"
)

// amountForm is an amount as people write it and as this program prints it: "650k",
// "2.5M", "1.2bn", "$40_000". Its groups are sign, currency, digits and scale.
const amountForm = `([+-]?)([^\s\d+\-.,_%"']{0,3}[ \x{a0}]?)([0-9][0-9_]*(?:\.[0-9_]+)?)(k|M|B|bn|)`

var (
	amountText   = regexp.MustCompile(`^` + amountForm + `$`)
	amountRange  = regexp.MustCompile(`^` + amountForm + `\s+to\s+` + amountForm + `$`)
	misplaced    = regexp.MustCompile(`_$|__|\._|_\.`)
	amountScales = map[string]string{"": "", "k": "e3", "M": "e6", "B": "e9", "bn": "e9"}
)

// amount is a number with a scale, a currency or both.
type amount struct {
	value  float64
	sign   string // of a currency, as written
	scaled bool   // it has a scale
}

// amountOf reads an amount from the groups of amountForm; a plain number is none.
func amountOf(groups []string) (a amount, ok bool) {
	a.sign, a.scaled = groups[2], groups[4] != ""
	digits := groups[3]
	if misplaced.MatchString(digits) {
		return a, false
	}
	x, err := strconv.ParseFloat(groups[1]+strings.ReplaceAll(digits, "_", "")+amountScales[groups[4]], 64)
	a.value = x
	return a, err == nil
}

// readAmount reads a text as an amount.
func readAmount(s string) (amount, bool) {
	m := amountText.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return amount{}, false
	}
	a, ok := amountOf(m)
	return a, ok && (a.scaled || a.sign != "")
}

// isAmount tells texts that may stand for a number.
func (n *node) isAmount() bool {
	if n == nil || n.kind != text {
		return false
	}
	_, ok := readAmount(n.value.(string))
	return ok
}

// number gives the number that a key holds: itself, or what an amount means.
func (n *node) number() (x float64, ok bool) {
	switch {
	case n == nil:
		return 0, false
	case n.kind == number:
		return asFloat(n), true
	case n.kind != text:
		return 0, false
	}
	a, ok := readAmount(n.value.(string))
	return a.value, ok
}

// takesAmounts tells keys whose numbers may be written with a scale: money and counts.
func takesAmounts(p plan.Param) bool { return p.Kind == "number" && (p.Money || p.Count()) }

// amount turns a text such as "650k" into the number that it means, where the key is one
// of money or a count. It is false where that failed, which is reported.
func (b *builder) amount(n *node, key string, p plan.Param) (*node, bool) {
	if n.kind != text || !takesAmounts(p) {
		return n, true
	}
	a, ok := readAmount(n.value.(string))
	if !ok {
		return n, true
	}
	if wrong := b.otherMoney(a, p); wrong != "" {
		b.fail(n, key, "%s", wrong)
		return nil, false
	}
	m := *n
	m.kind, m.value, m.text = number, a.value, n.show()
	return &m, true
}

// otherMoney says what is wrong with the currency of an amount; empty: nothing.
func (b *builder) otherMoney(a amount, p plan.Param) string {
	mine := currency.Of(b.plan.Run.Currency)
	code, known := currency.Written(a.sign, mine.Code)
	switch plain := plan.FormatNumber(a.value); {
	case a.sign == "":
		return ""
	case !known:
		return fmt.Sprintf("%q is no currency; write %s", strings.TrimSpace(a.sign), plain)
	case !p.Money:
		return fmt.Sprintf("is a number of %s, not money; write %s", p.Unit, plain)
	case code != mine.Code:
		return fmt.Sprintf("is in %s, and the scenario counts in %s (run.currency); nothing is converted: "+
			"write what it is in %s", code, mine.Code, mine.Code)
	}
	return ""
}

// writeAmount says how to write a number of a key that takes amounts: "650k" or 650_000.
func writeAmount(x float64) string {
	plain := plan.FormatNumber(x)
	for _, s := range []struct {
		of   float64
		word string
	}{{1e9, "B"}, {1e6, "M"}, {1e3, "k"}} {
		if x < s.of {
			continue
		}
		short := strconv.FormatFloat(x/s.of, 'f', -1, 64) + s.word
		if a, ok := readAmount(short); ok && a.value == x && len(short) < len(plain) {
			return fmt.Sprintf("%q or %s", short, plain)
		}
		break
	}
	return plain
}
