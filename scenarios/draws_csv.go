package scenarios

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"windfall/model/plan"
)

// parsed makes a table of its text, once for each place that it is read from.
func (l *loader) parsed(b *builder, name, as, id, display string, data []byte) *drawsTable {
	key := strings.Join([]string{name, as, id, display}, "\x00")
	t, ok := l.drawsRead[key]
	if !ok {
		var problems Problems
		if t, problems = parseDraws(name, as, display, data); len(problems) > 0 {
			b.problems = append(b.problems, problems...)
			return nil
		}
		l.drawsRead[key] = t
	}
	return t
}

// parseDraws reads a table of draws: a header of full keys, and a draw a row.
func parseDraws(name, as, display string, data []byte) (*drawsTable, Problems) {
	var problems Problems
	fail := func(line, col int, key, value, format string, args ...any) {
		problems = append(problems, Problem{File: display, Line: line, Col: col, Key: key, Value: value,
			Message: fmt.Sprintf(format, args...)})
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	switch {
	case len(data) > mostDrawsBytes:
		fail(0, 0, "", "", "has more than %d MB; a thousand draws are enough for most questions", mostDrawsBytes>>20)
	case len(bytes.TrimSpace(data)) == 0:
		fail(0, 0, "", "", "is empty; its first line is a header of full keys, such as channels.paid-search.response")
	case !utf8.Valid(data):
		fail(0, 0, "", "", "is not UTF-8; save it as CSV in UTF-8")
	}
	if len(problems) > 0 {
		return nil, problems
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord = -1
	t := &drawsTable{file: display, open: data[len(data)-1] != '\n'}
	var keys []string
	var rows [][]float64
	for {
		record, err := r.Read()
		if err == io.EOF {
			break
		}
		if wrong := new(csv.ParseError); errors.As(err, &wrong) {
			fail(wrong.Line, 0, "", "", "is no CSV: %v; write the file again", wrong.Err)
			return nil, problems
		}
		line, _ := r.FieldPos(0)
		if keys == nil {
			if keys = headerOf(record, line, fail); len(problems) > 0 {
				return nil, problems
			}
			continue
		}
		if len(rows) == mostRows {
			fail(line, 0, "", "", "has more than %d rows; take every tenth", mostRows)
			return nil, problems
		}
		t.lines = append(t.lines, line)
		rows = append(rows, rowOf(record, keys, len(rows)+1, line, fail))
		if len(problems) >= mostListed {
			return nil, problems
		}
	}
	if len(rows) == 0 {
		fail(0, 0, "", "", "has a header and no rows; each row is one draw")
	}
	if len(problems) > 0 {
		return nil, problems
	}
	t.Draws = plan.NewDraws(name, as, keys, rows)
	return t, nil
}

// aFault says what is wrong at a place of a table.
type aFault func(line, col int, key, value, format string, args ...any)

// headerOf reads the keys of a table, in canonical form.
func headerOf(record []string, line int, fail aFault) (keys []string) {
	if len(record) == 1 && strings.ContainsAny(record[0], ";\t") {
		fail(line, 0, "", "", "is separated by semicolons or tabs; save it with commas between columns and points in numbers")
		return nil
	}
	if len(record) > mostColumns {
		fail(line, 0, "", "", "has %d columns; at most %d are allowed", len(record), mostColumns)
		return nil
	}
	for i, s := range record {
		segs, err := plan.SplitKey(strings.TrimSpace(s))
		switch key := plan.JoinKey(segs...); {
		case strings.TrimSpace(s) == "":
			fail(line, i+1, "", "", "column %d has no name; its header is a full key, such as channels.paid-search.response; "+
				"leave out a column of row numbers", i+1)
		case err != nil:
			fail(line, i+1, s, "", "%v", err)
		case slices.Contains(segs, "*"):
			fail(line, i+1, key, "", "has a star; give each key a column of its own")
		case slices.Contains(keys, key):
			fail(line, i+1, key, "", "is the header of two columns")
		default:
			keys = append(keys, key)
		}
	}
	return keys
}

// rowOf reads the numbers of a row, which is given by its number and line.
func rowOf(record, keys []string, number, line int, fail aFault) []float64 {
	out := make([]float64, len(keys))
	if len(record) != len(keys) {
		fail(line, 0, "", "", "row %d has %d of %d values: the file was cut short or edited; write it again", number,
			len(record), len(keys))
		return out
	}
	for i, s := range record {
		s = strings.TrimSpace(s)
		x, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			fail(line, i+1, keys[i], strconv.Quote(clip(s)), "row %d: must be a finite number with a decimal point, such as "+
				"0.025; correct the row or leave it out", number)
		}
		out[i] = x
	}
	return out
}
