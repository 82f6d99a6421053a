package page

import (
	"slices"
	"strings"

	"windfall/plots/words"
)

// Labelled is a sheet in the words of its readers: columns and outcomes are what people call them. Files keep the
// names, and notes and captions may use them.
func (s *Sheet) Labelled() *Sheet {
	out := *s
	out.Caption, out.Lead, out.Columns = words.Labelled(s.Caption), words.Labelled(s.Lead), slices.Clone(s.Columns)
	out.Notes, out.Rows = slices.Clone(s.Notes), make([][]Cell, len(s.Rows))
	for i := range out.Columns {
		out.Columns[i].Name = heading(s.Columns[i].Name)
	}
	for i, note := range out.Notes {
		out.Notes[i] = words.Labelled(note)
	}
	for i, row := range s.Rows {
		out.Rows[i] = row
		if len(row) > 0 && len(s.Columns) > 0 && s.Columns[0].Outcomes {
			out.Rows[i] = slices.Clone(row)
			out.Rows[i][0].Text = labelled(row[0].Text)
		}
	}
	return &out
}

// heading is the head of a column, which begins small. A name of one word is known by where it stands: alone, before
// "of" or behind it.
func heading(name string) string {
	parts := strings.Split(name, " ")
	for i, part := range parts {
		bare := strings.TrimRight(part, ",:")
		alone := i == 0 && (len(parts) == 1 || parts[1] == "of") || i > 0 && parts[i-1] == "of"
		if words.InDictionary(bare) && (alone || strings.Contains(bare, "_")) {
			parts[i] = words.Said(bare) + part[len(bare):]
		}
	}
	return strings.Join(parts, " ")
}

// labelled is the name of an outcome, perhaps with a mark behind it, as people call it.
func labelled(text string) string {
	name, mark, _ := strings.Cut(text, " ")
	if !words.InDictionary(name) {
		return text
	}
	return strings.TrimSpace((words.Measure{Name: name}).Called() + " " + mark)
}
