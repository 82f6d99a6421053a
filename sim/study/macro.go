package study

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"windfall/scenarios"
)

// longest is how long an expression may grow.
const longest = 100_000

// unfold writes out what an expression says for many names or numbers at once:
//
//	sum(LIST: EXPRESSION)                  the sum over the names, {each} in the expression
//	list(FIRST..LAST by STEP: EXPRESSIONS) arguments, one set a number, {x}, {x+N} and {x-N} in them
//
// and puts in what [study.let] names, {NAME}, and the number that a key of the
// scenario has, --set included, key(KEY).
//
// A LIST is what the key each takes, its names separated by commas.
func (b *builder) unfold(at *scenarios.Raw, path, text string) string {
	for range keysOf(b.lets) { // one may use another
		if len(text) > longest {
			b.fail(at, path, "longer than %d characters once what [study.let] names is put in", longest)
			return "0"
		}
		for _, name := range keysOf(b.lets) {
			text = fill(text, name, "("+b.needText(b.lets, "study.let", name)+")")
		}
	}
	for _, word := range []string{"sum(", "list("} {
		for i := wordAt(text, word); i >= 0; i = wordAt(text, word) {
			j := closing(text, i+len(word))
			what, body, ok := strings.Cut(text[i+len(word):j], ":")
			if !ok || j == len(text) {
				b.fail(at, path, "%s needs a colon and a closing parenthesis, as in sum(channels: won(plan, channel {each})) or "+
					"list(1..9 by 2: {x}, won(plan, week {x}))", word[:len(word)-1])
				return "0"
			}
			var parts []string
			open, between, shut := "(", " + ", ")"
			if word == "sum(" {
				for _, name := range b.namesOf(at, path, strings.Split(what, ",")) {
					parts = append(parts, fill(body, "each", name))
				}
			} else {
				open, between, shut = "", ", ", ""
				var first, last, step int
				if n, _ := fmt.Sscanf(strings.TrimSpace(what), "%d..%d by %d", &first, &last, &step); n != 3 || step < 1 ||
					last < first || last > first+1000*step {
					b.fail(at, path, "list needs FIRST..LAST by STEP, as in list(1..9 by 2: {x}, won(plan, week {x}))")
					return "0"
				}
				for x := first; x <= last; x += step {
					parts = append(parts, fillNumber(body, "x", float64(x)))
				}
			}
			text = text[:i] + open + strings.Join(parts, between) + shut + text[min(j+1, len(text)):]
		}
	}
	for i := wordAt(text, "key("); i >= 0; i = wordAt(text, "key(") {
		j := closing(text, i+len("key("))
		text = text[:i] + b.numberOf(at, path, strings.TrimSpace(text[i+len("key("):j])) + text[min(j+1, len(text)):]
	}
	return text
}

// numberOf writes the number that a key has in the scenario. A key that names
// several numbers must give them all one value.
func (b *builder) numberOf(at *scenarios.Raw, path, key string) string {
	numbers, _, err := b.base.Plan.Numbers(key)
	if err != nil {
		b.fail(at, path, "key(%s): %v", key, err)
		return "0"
	}
	for _, x := range numbers {
		if *x != *numbers[0] {
			b.fail(at, path, "key(%s): the numbers of this key differ: %g and %g; name one of them", key, *numbers[0], *x)
			return "0"
		}
	}
	return "(" + strconv.FormatFloat(*numbers[0], 'f', -1, 64) + ")"
}

// wordAt finds a word that does not end another.
func wordAt(text, word string) int {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return -1
		}
		i += from
		if i == 0 || !strings.ContainsAny(text[i-1:i], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") {
			return i
		}
		from = i + 1
	}
}

// closing finds the parenthesis that closes one opened before from.
func closing(text string, from int) int {
	for depth, i := 1, from; i < len(text); i++ {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

// fillNumber replaces {name}, {name+N} and {name-N} in a text.
func fillNumber(text, name string, value float64) string {
	text = fill(text, name, numeral(value))
	for _, found := range placeholders(text) {
		if rest, ok := strings.CutPrefix(found, name); ok {
			if d, err := strconv.ParseFloat(rest, 64); err == nil && strings.ContainsAny(rest[:1], "+-") {
				text = fill(text, found, numeral(value+d))
			}
		}
	}
	return text
}

func numeral(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return strconv.FormatInt(int64(x), 10)
	}
	return fmt.Sprint(x)
}
