package scenarios

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"windfall/model/currency"
	"windfall/model/plan"
)

// advice says how to write a value that a person or a spreadsheet wrote in another way,
// as in `write 49.90 without quotes`, or "". A key of no kind may be any.
func advice(s string, p plan.Param) string {
	s = strings.TrimSpace(strings.Trim(strings.TrimSpace(s), `"'“”„‘’`))
	for _, form := range []struct{ kind, write string }{{"date", writeDate(s)}, {"number", writeNumber(s, p)},
		{"flag", writeFlag(s)}} {
		if form.write != "" && (p.Kind == form.kind || p.Kind == "") {
			return "write " + form.write
		}
	}
	switch {
	case slices.Contains([]string{"null", "nil", "none", "na", "n/a", "nan", "-", ""}, strings.ToLower(s)):
		if p.Default == "none" {
			return `write "none", or leave the key out`
		}
		return "leave the key out if it has no value"
	case (p.Kind == "" || p.Kind == "text") && wordText.MatchString(s):
		return "write " + strconv.Quote(s) + ", in quotes"
	}
	return ""
}

// advice says how to write a value of the wrong kind, behind a semicolon, or "".
func (n *node) advice(p plan.Param) string {
	s := n.text
	switch n.kind {
	case text:
		s = n.value.(string)
	case table, array:
		return ""
	}
	if how := advice(s, p); how != "" {
		return "; " + how
	}
	return ""
}

var wordText = regexp.MustCompile(`^[\pL_][\pL\d_ .+-]*$`)

// writeFlag says how to write yes or no.
func writeFlag(s string) string {
	switch strings.ToLower(s) {
	case "true", "yes", "on", "1":
		return "true"
	case "false", "no", "off", "0":
		return "false"
	}
	return ""
}

// signs are the codes and symbols of currencies, as a part of an expression.
var signs = func() string {
	var list []string
	for _, code := range currency.Codes() {
		list = append(list, code, regexp.QuoteMeta(strings.TrimRight(currency.Of(code).Symbol, "\u00a0")))
	}
	slices.SortFunc(list, func(a, b string) int { return cmp.Or(-cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
	return strings.Join(slices.Compact(list), "|")
}()

var (
	// numberForm is a number as people write it: sign, currency, digits in groups of
	// three or not, decimals after a point or a comma, power of ten, scale, currency.
	numberForm = regexp.MustCompile(`(?i)^([+-]?)(?:` + signs + `)? ?([+-]?)(` +
		`\d{1,3}(?:,\d{3})+(?:\.\d+)?` + // 1,234.50
		`|\d{1,3}(?:[ '’_]\d{3})+(?:[.,]\d+)?` + // 1 234,50
		`|\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}` + // 1.234,50
		`|[\d_]+(?:[.,][\d_]*)?|[.,]\d+` + // 1234.50, 49,90, 5., .5
		`)(e[+-]?\d+)? ?(%|percent|k|m|mn|bn?|thousand|million|billion)? ?(?:` + signs +
		`|dollars?|euros?|pounds?|francs?)?$`)
	thousands    = regexp.MustCompile(`^\d{1,3}(,\d{3})+$`)
	intervalForm = regexp.MustCompile(`(?i)^(.*?\d.*?) *(?:-|–|—|\.\.\.?|…|bis| to ) *(.*\d.*)$`)
)

// scales are the powers of ten that stand for words behind a number.
var scales = map[string]string{"k": "e3", "thousand": "e3", "m": "e6", "mn": "e6", "million": "e6", "b": "e9",
	"bn": "e9", "billion": "e9"}

// plainNumber reads a number as people write it: its digits with a point, and whether it is
// in percent.
func plainNumber(s string) (digits string, percent, ok bool) {
	m := numberForm.FindStringSubmatch(strings.NewReplacer("\u00a0", " ", "\u202f", " ", "−", "-").Replace(s))
	if m == nil || !strings.ContainsAny(m[3], "0123456789") {
		return "", false, false
	}
	body := strings.NewReplacer("_", "", " ", "", "'", "", "’", "").Replace(m[3])
	comma, point := strings.LastIndexByte(body, ','), strings.LastIndexByte(body, '.')
	switch {
	case comma > point && !thousands.MatchString(body): // the comma is before the decimals, points between thousands
		body = strings.Replace(strings.ReplaceAll(body, ".", ""), ",", ".", 1)
	case strings.Count(body, ".") > 1:
		body = strings.ReplaceAll(body, ".", "")
	}
	body = strings.ReplaceAll(body, ",", "")
	whole, decimals, isDecimal := strings.Cut(body, ".")
	whole = cmp.Or(strings.TrimLeft(whole, "0"), "0")
	if isDecimal && decimals != "" {
		whole += "." + decimals
	}
	if sign := m[1] + m[2]; sign == "-" {
		whole = sign + whole
	}
	power, scale := strings.ToLower(m[4]), strings.ToLower(m[5])
	percent = scale == "%" || scale == "percent"
	if power == "" {
		if power = scales[scale]; power != "" {
			x, err := strconv.ParseFloat(whole+power, 64)
			return plan.FormatNumber(x), false, err == nil
		}
	}
	return whole + power, percent, true
}

// writeNumber says how to write a number or an interval, or "".
func writeNumber(s string, p plan.Param) string {
	digits, percent, ok := plainNumber(s)
	if !ok {
		return writeInterval(s, p)
	}
	x, err := strconv.ParseFloat(digits, 64)
	switch {
	case err != nil: // beyond what a computer can hold
		if p.Kind == "" {
			return "a smaller number"
		}
		return p.Limits()
	case percent && (p.Kind == "" || p.Percent()):
		y, _ := percentage(digits + "%")
		return fmt.Sprintf("%s or %q", plan.FormatNumber(y), digits+"%")
	case percent:
		return ""
	case digits == s && p.Kind != "" && !p.Allows(x): // the form is right, the size is not
		return p.Limits()
	case strings.Contains(s, ",") && strings.ReplaceAll(s, ",", "") == digits: // 1,234
		return digits + " or " + strings.ReplaceAll(s, ",", "_")
	case digits == s:
		return digits + " without quotes"
	case takesAmounts(p) && scaleWord.MatchString(s): // 650K dollars, 2,5M
		return writeAmount(x)
	}
	return digits
}

// scaleWord is a scale behind the digits of a number.
var scaleWord = regexp.MustCompile(`(?i)\d ?(?:k|m|mn|b|bn|thousand|million|billion)\b`)

// writeInterval says how to write a 90% interval, or "".
func writeInterval(s string, p plan.Param) string {
	m := intervalForm.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	lo, percentLo, ok1 := plainNumber(strings.TrimSpace(m[1]))
	hi, percentHi, ok2 := plainNumber(strings.TrimSpace(m[2]))
	if !ok1 || !ok2 || p.Kind != "" && !p.Draw {
		return ""
	}
	if percentHi {
		hi += "%"
	}
	if percentLo || percentHi && !strings.Contains(m[1], "%") { // 5 to 10%
		lo += "%"
	}
	return strconv.Quote(lo+" to "+hi) + " for a 90% interval"
}

var (
	dateDigits   = regexp.MustCompile(`^(\d{4})(\d\d)(\d\d)$`)
	dateForm     = regexp.MustCompile(`^(\d{1,4})([./-])(\d{1,2})[./-](\d{1,4})\.?$`)
	dateTimeForm = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[Tt ]\d{1,2}:.*$`)
)

// writeDate says how to write a date, or "".
func writeDate(s string) string {
	iso := func(year, month, day string) (string, bool) {
		if len(year) == 2 {
			year = "20" + year
		}
		s := fmt.Sprintf("%04s-%02s-%02s", year, month, day)
		_, err := plan.ParseDate(s)
		return s, err == nil
	}
	if m := dateTimeForm.FindStringSubmatch(s); m != nil {
		return m[1] + ", without a time"
	}
	if m := dateDigits.FindStringSubmatch(s); m != nil {
		s = strings.Join(m[1:], "-")
	}
	for _, layout := range []string{"January 2 2006", "Jan 2 2006", "2 January 2006", "2 Jan 2006", "2 Jan 06"} {
		if d, err := time.Parse(layout, strings.NewReplacer(",", "", "-", " ").Replace(s)); err == nil {
			s = d.Format(time.DateOnly)
		}
	}
	m := dateForm.FindStringSubmatch(s)
	if m == nil {
		return ""
	}
	a, b, c := m[1], m[3], m[4]
	if len(a) > 2 {
		if d, ok := iso(a, b, c); ok {
			return "dates as " + d + ", with year, month and day in this order"
		}
		return "" // there is no such day
	}
	american, isAmerican := iso(c, a, b)
	european, isEuropean := iso(c, b, a)
	if m[2] == "." {
		isAmerican = false
	}
	switch {
	case isAmerican && isEuropean && american != european:
		return fmt.Sprintf("dates as %s, with year, month and day in this order (or %s if the day came first)", american,
			european)
	case isAmerican:
		european = american
	case !isEuropean:
		return "dates as 2013-07-02, with year, month and day in this order"
	}
	return "dates as " + european + ", with year, month and day in this order"
}

// valueEnd ends a value in an inline table or a list: the next key, or a bracket.
var valueEnd = regexp.MustCompile(`^(.*?)\s*(?:[}\]#]|,\s*(?:"[^"]*"|'[^']*'|[\w.-]+)\s*=|,?$)`)

// misread explains a syntax error by the value at its place, if it is one that advice
// knows. With a 0 in its place the scanner finds its key.
func misread(data []byte, line, offset int) (Problem, bool) {
	start := 0
	for range line - 1 {
		start += bytes.IndexByte(data[start:], '\n') + 1
	}
	text, _, _ := bytes.Cut(data[start:], []byte("\n"))
	text = bytes.TrimRight(text, "\r")
	for _, from := range valueStarts(text, offset-start, nested(data[:start])) {
		raw := valueEnd.FindSubmatch(text[from:])[1]
		if len(raw) == 0 || start+from+len(raw) < offset || isValue(raw) {
			continue
		}
		p := Problem{Line: line, Value: string(raw)}
		fixed := slices.Clone(data)
		copy(fixed[start+from:start+from+len(raw)], "0"+strings.Repeat(" ", len(raw)-1))
		last := -1
		var path []string
		for at, place := range findPlaces(fixed) {
			segs := strings.Split(at, "\x00")
			// A number stands for an element, whose place is that of its list or of its first key.
			_, err := strconv.Atoi(segs[len(segs)-1])
			if place.offset < start+from && (place.offset > last || place.offset == last && err != nil) {
				path, p.Col, last = segs, place.col, place.offset
			}
		}
		if path == nil {
			continue
		}
		p.Key = plan.JoinKey(path...)
		param := paramOfPath(path).In(statedCurrency(data))
		switch how := advice(string(raw), param); {
		case how != "":
			p.Message = "not valid TOML; " + how
		case param.Kind == "text":
			p.Message = "not valid TOML; must be " + need(param) + ", in quotes"
		case param.Kind != "":
			p.Message = "not valid TOML; must be " + need(param)
		default:
			continue
		}
		return p, true
	}
	return Problem{}, false
}

var currencyLine = regexp.MustCompile(`(?m)^\s*(?:run\.)?currency\s*=\s*["']([A-Z]{3})["']`)

// statedCurrency is the currency that a file states which is no TOML, the default where none is seen.
func statedCurrency(data []byte) string {
	if m := currencyLine.FindSubmatch(data); m != nil {
		return currency.Of(string(m[1])).Code
	}
	return currency.Default
}

// isValue tells whether a text is a value of TOML, so that what is wrong is not there.
func isValue(raw []byte) bool {
	var m map[string]any
	_, err := toml.Decode("v = "+string(raw), &m)
	return err == nil
}

// nested tells whether a list or an inline table is open at the end of a text.
func nested(data []byte) bool {
	depth := 0
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '[', '{':
			depth++
		case ']', '}':
			depth--
		case '#':
			for i+1 < len(data) && data[i+1] != '\n' {
				i++
			}
		case '"', '\'':
			i += skipString(data[i:]) - 1
		}
	}
	return depth > 0
}

// valueStarts lists the places of a line at which a value that holds an offset may
// begin: behind the last equals sign, unless a list begins there, then behind commas
// and brackets, nearest first. With inside a list is open where the line begins.
func valueStarts(line []byte, offset int, inside bool) (starts []int) {
	behind := func(i int) int {
		for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
			i++
		}
		return i
	}
	if inside {
		starts = append(starts, behind(0))
	} else if first := behind(0); first < len(line) && line[first] == '[' {
		return nil // a table
	}
	for i := 0; i < len(line) && i <= offset; i++ {
		switch c := line[i]; {
		case c == '"' || c == '\'':
			i += skipString(line[i:]) - 1
		case c == '#':
			i = len(line)
		case c == '=':
			starts = []int{behind(i + 1)}
		case (c == '[' || c == ',') && len(starts) > 0:
			starts = append(starts, behind(i+1))
		}
	}
	if len(starts) > 1 {
		slices.Reverse(starts[1:])
		if first := starts[0]; first < len(line) && line[first] == '[' {
			starts = starts[1:]
		}
	}
	return starts
}

// paramOfPath is the row of the key at a path, or of the table, list or dated value
// that it is a part of; without kind if there is none.
func paramOfPath(path []string) plan.Param {
	if slices.Contains([]string{"from", "until", "from_latest"}, path[len(path)-1]) {
		return plan.Param{Kind: "date"}
	}
	for i, k := range path {
		if k == "set" && i+1 < len(path) && path[0] != "set" { // of a change or a shock
			path = path[i+1:]
			break
		}
	}
	for ; len(path) > 0; path = path[:len(path)-1] {
		if pattern, ok := patternOf(path); ok {
			p, _ := paramOf(pattern)
			return p
		}
	}
	return plan.Param{}
}
