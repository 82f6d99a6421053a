package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// longestName is the length of a name in bytes. File systems allow 255, from which
// come what is put before and after it.
const longestName = 100

// Name makes the name of a file or folder of a text: ASCII letters, digits and ._-,
// with no dot or dash in front, so that it is neither hidden, nor an option, nor a way
// out of its folder, nor a name that Windows keeps for itself. A space becomes a dash. A text that loses more than that
// has a hash at its end, so that different texts have different names.
func Name(text string) string {
	lost := false
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_':
			return r
		case r != ' ':
			lost = true
		}
		return '-'
	}, text)
	plain := strings.TrimLeft(name, ".-")
	lost = lost || device.MatchString(name) || strings.HasSuffix(name, ".")
	if !lost && plain == name && name != "" && len(name) <= longestName {
		return name
	}
	if device.MatchString(plain) { // whatever follows its dot
		plain = strings.Replace(plain, ".", "-", 1)
	}
	sum := sha256.Sum256([]byte(text))
	return strings.TrimLeft(plain[:min(len(plain), longestName-9)]+"-"+hex.EncodeToString(sum[:4]), "-")
}

// device matches the names that no file of Windows can have.
var device = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$`)

// Names makes the names of the files of one folder: no two are the same, nor the same
// but for large and small letters, which many file systems do not tell apart.
func Names(texts []string) []string {
	taken := map[string]bool{}
	names := make([]string, len(texts))
	for i, text := range texts {
		name := Name(text)
		for n := 2; taken[strings.ToLower(name)]; n++ {
			name = fmt.Sprintf("%s-%d", Name(text), n)
		}
		taken[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

// AsText makes a cell of a table of a name: the name itself, or behind the word for what
// it names ("channel NA", "size 1-4") where spreadsheets or statistics packages would
// take it for something else: a missing value, a truth value, a number, a date or a
// formula. A table that is opened, saved and read again has the same names.
func AsText(what, name string) string {
	if !misread(name) {
		return name
	}
	return what + " " + name
}

// missing lists what pandas, R, DuckDB or a spreadsheet take for a missing or truth
// value by itself.
var missing = []string{"na", "n/a", "#n/a", "#na", "<na>", "null", "nan", "-nan", "1.#ind", "-1.#ind", "1.#qnan",
	"-1.#qnan", "true", "false", "t", "f"}

const months = `(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|` +
	`august|september|october|november|december)`

var (
	// 500+ is 500 to LibreOffice
	numberLike = regexp.MustCompile(`(?i)^[+-]?(?:0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:[ed][+-]?\d+)?|inf|infinity)[+-]?$`)
	// dateLike are names that spreadsheets make dates of. Whole dates are none: a date is what they mean.
	dateLike = regexp.MustCompile(`(?i)^(?:\d{1,4}-\d{1,4}|\d{1,2}-\d{1,2}-\d{1,4}|\d{1,2}[-_]?` + months +
		`(?:-?\d{2,4})?|` + months + `[-_]?\d{1,4}(?:-\d{2,4})?|` + months + `)$`)
	isoLike = regexp.MustCompile(`^\d{4}-\d{2}(?:-\d{2})?$`)
)

func misread(s string) bool {
	return s != "" && (strings.ContainsAny(s[:1], "=+-@\t") || s == "None" || s == "NONE" ||
		slices.Contains(missing, strings.ToLower(s)) || numberLike.MatchString(s) ||
		dateLike.MatchString(s) && !isoLike.MatchString(s))
}

// reserved are words of SQL that name no column without quotes, in DuckDB, PostgreSQL
// or the standard.
var reserved = strings.Fields(`
	all analyse analyze and anti any array as asc asof asymmetric at authorization between binary both by case cast
	check collate collation column columns concurrently constraint create cross current_date default deferrable delete
	desc describe distinct do drop else end escape except exists false fetch for foreign freeze from full generated
	glob grant group having ilike in initially inner insert intersect into is isnull join lambda lateral leading left
	like limit map natural not notnull null offset on only or order outer overlaps pivot pivot_longer pivot_wider
	placing positional primary qualify references returning right select semi set show similar some struct summarize
	symmetric table tablesample then to trailing true try_cast union unique unpack unpivot update user using values
	variadic verbose when where window with`)

// Column makes the name of a column of a text: words of small letters and digits with _
// between them, none that SQL reserves.
func Column(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
	name := strings.Join(words, "_")
	if slices.Contains(reserved, name) || name != "" && name[0] <= '9' {
		name = "column_" + name
	}
	return name
}
