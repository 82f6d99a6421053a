package table

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"windfall/model/plan"
)

// Dictionary is columns.json: every column of every table of a run, and what else
// fixes the shape of a replication.
type Dictionary struct {
	Start   string         `json:"start"`
	Weeks   int            `json:"weeks"`
	Months  []string       `json:"months"` // first days
	Columns []columnLine   `json:"columns"`
	Rows    []sliceRow     `json:"slice_rows"`
	Tables  []tableMeaning `json:"tables"`
}

type columnLine struct {
	Table     string  `json:"table"`
	Name      string  `json:"name"`
	Label     string  `json:"label"` // what people call it
	Unit      string  `json:"unit"`
	Meaning   string  `json:"meaning"`
	Direction string  `json:"direction"` // what is better: more, less or neither
	Over      string  `json:"over,omitempty"`
	Under     string  `json:"under,omitempty"`
	Scale     float64 `json:"scale,omitempty"`

	Missing     string `json:"missing,omitempty"` // why there may be no number
	Free        string `json:"free,omitempty"`    // why there is none where the denominator alone is 0
	Never       string `json:"never,omitempty"`   // what an infinite number means
	NeverAtZero bool   `json:"never_at_zero,omitempty"`
	NoneAtZero  bool   `json:"none_at_zero,omitempty"`
	Signed      bool   `json:"signed,omitempty"` // may lie below 0
	Share       bool   `json:"share,omitempty"`  // may not exceed 1
}

type sliceRow struct {
	Dimension string `json:"dimension"`
	Name      string `json:"name"`
}

type tableMeaning struct {
	Table   string `json:"table"`
	Meaning string `json:"meaning"`
}

var tableMeanings = []tableMeaning{
	{"replications", "One row a replication, numbered from 0: its outcomes, then as input.NAME the value drawn for each " +
		"uncertain input. An empty field is a missing number."},
	{"weekly", "Kind rows: one row a replication and week (from 1, with its first day). Kind bands: one row a column " +
		"and week, with mean and quantiles over replications."},
	{"months", "The same by calendar month (2013-10)."},
	{"quarters", "Sums of the months by calendar quarter (2013Q4); the first and the last may be cut by the run."},
	{"slices", "Kind rows: one row a replication and slice. Kind totals: one row a slice and column, with the mean over " +
		"replications or, for a ratio, the quotient of totals, and its standard error."},
}

// Names of the tables whose columns it describes.
const (
	outcomes = "outcomes"
	inputs   = "inputs"
	weekly   = "weekly"
	months   = "months"
	slices   = "slices"
)

// DictionaryOf describes the tables of a schema.
func DictionaryOf(s *plan.Schema, start plan.Date) *Dictionary {
	d := &Dictionary{Start: start.String(), Weeks: s.Weeks, Tables: tableMeanings, Months: []string{}, Rows: []sliceRow{}}
	for _, m := range s.MonthStart {
		d.Months = append(d.Months, m.String())
	}
	for _, r := range s.SliceRows {
		d.Rows = append(d.Rows, sliceRow(r))
	}
	add := func(table string, columns []plan.Column) {
		for _, c := range columns {
			d.Columns = append(d.Columns, columnLine{
				Table: table, Name: c.Name, Label: c.Label, Unit: c.Unit, Meaning: c.Meaning,
				Direction: c.Direction.String(), Over: c.Over, Under: c.Under, Scale: c.Scale,
				Missing: c.Missing, Free: c.Free, Never: c.Never, NeverAtZero: c.NeverAtZero, NoneAtZero: c.NoneAtZero,
				Signed: c.Signed, Share: c.Share,
			})
		}
	}
	add(outcomes, s.Outcomes)
	for _, name := range s.Inputs {
		d.Columns = append(d.Columns, columnLine{Table: inputs, Name: name, Label: name, Unit: "as the key",
			Meaning: "The value drawn for this uncertain input.", Direction: plan.Neither.String()})
	}
	add(weekly, s.Weekly)
	add(months, s.Months)
	add(slices, s.Slice)
	return d
}

// schema gives back what DictionaryOf was made of.
func (d *Dictionary) schema() (*plan.Schema, plan.Date, error) {
	s := &plan.Schema{Weeks: d.Weeks}
	start, err := plan.ParseDate(d.Start)
	if err != nil {
		return nil, 0, err
	}
	for _, m := range d.Months {
		date, err := plan.ParseDate(m)
		if err != nil {
			return nil, 0, err
		}
		s.MonthStart = append(s.MonthStart, date)
	}
	for _, r := range d.Rows {
		s.SliceRows = append(s.SliceRows, plan.SliceRow(r))
	}
	for _, l := range d.Columns {
		c := plan.Column{
			Name: l.Name, Label: l.Label, Unit: l.Unit, Meaning: l.Meaning, Over: l.Over, Under: l.Under, Scale: l.Scale,
			Missing: l.Missing, Free: l.Free, Never: l.Never, NeverAtZero: l.NeverAtZero, NoneAtZero: l.NoneAtZero,
			Signed: l.Signed, Share: l.Share,
		}
		for _, direction := range []plan.Direction{plan.More, plan.Less} {
			if l.Direction == direction.String() {
				c.Direction = direction
			}
		}
		switch l.Table {
		case outcomes:
			s.Outcomes = append(s.Outcomes, c)
		case inputs:
			s.Inputs = append(s.Inputs, l.Name)
		case weekly:
			s.Weekly = append(s.Weekly, c)
		case months:
			s.Months = append(s.Months, c)
		case slices:
			s.Slice = append(s.Slice, c)
		default:
			return nil, 0, fmt.Errorf("unknown table %q", l.Table)
		}
	}
	return s, start, nil
}

// ReadDictionary reads what JSON wrote.
func ReadDictionary(text []byte) (*plan.Schema, plan.Date, error) {
	d := new(Dictionary)
	if err := json.Unmarshal(text, d); err != nil {
		return nil, 0, err
	}
	return d.schema()
}

// JSON writes the dictionary for programs.
func (d *Dictionary) JSON() []byte {
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		panic(err) // plain data always encodes
	}
	return append(text, '\n')
}

// Digest identifies a dictionary, and so the shape of the results, in blocks and manifests.
func Digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// CSV writes the columns as a table.
func (d *Dictionary) CSV() []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Write([]string{"table_name", "name", "unit", "meaning", "direction"})
	for _, c := range d.Columns {
		w.Write([]string{c.Table, c.Name, c.Unit, c.Meaning, c.Direction})
	}
	w.Flush() // into memory: it cannot fail
	return out.Bytes()
}

// Fill writes every column of the tables with what it means, for the sheet of a workbook.
func (d *Dictionary) Fill(open Opener) error {
	rows := Rows{Columns: append(Text.Named("table_name", "label", "name"),
		Text.Named("unit", "direction", "missing", "never", "meaning")...)}
	rows.Columns[2].Head = "name in files"
	for _, c := range d.Columns {
		rows.Rows = append(rows.Rows, []any{c.Table, c.Label, c.Name, c.Unit, c.Direction, why(c), c.Never,
			c.Meaning})
	}
	return rows.Fill(open)
}

// why says why a column may have no number.
func why(c columnLine) string {
	if c.Free == "" {
		return c.Missing
	}
	return c.Missing + ", or " + c.Free
}

// BookNotes say what the sheets of a workbook hold, and what they leave to files.
func BookNotes() []Note {
	return []Note{
		{"sheet slices", "One row per slice and measure: the mean over all runs or, for a ratio, the quotient of totals, " +
			"and its standard error."},
		{"sheet weekly", "One row per measure and week (from 1, with its first day): mean and quantiles over all runs."},
		{"sheet months", "The same by calendar month (2013-10)."},
		{"sheet quarters", "Sums of the months by calendar quarter (2013Q4); the first and the last may be cut by the run."},
		{"sheet dictionary", "Every column of the tables: its name in files, unit, which way is better, why a number may " +
			"be missing, what is meant by never (inf), and its meaning."},
		{"not in this workbook", "The numbers of single runs, whole and by week, month, quarter and slice: the same " +
			"command with --format csv or --format parquet writes them."},
	}
}
