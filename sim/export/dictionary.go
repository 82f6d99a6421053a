package export

import (
	"encoding/json"
	"io"
	"strings"

	"windfall/model/currency"
	"windfall/sim/table"
)

// dictionary says what every column is, and what was left out and why.
type dictionary struct {
	Tables  []tableOf `json:"tables"`
	LeftOut []leftOut `json:"left_out"`
}

type tableOf struct {
	Table   string   `json:"table"`
	Known   string   `json:"known_to"` // analyst or nobody
	Meaning string   `json:"meaning"`
	Columns []lineOf `json:"columns"`
}

type lineOf struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Unit    string `json:"unit"`
	Meaning string `json:"meaning"`
}

type leftOut struct {
	Name string `json:"name"`
	Why  string `json:"why"`
}

// What an analyst may look for in vain.
var absent = []leftOut{
	{"impressions", "An advertisement that reaches a firm that is not in the market does nothing in the model and is " +
		"not simulated. touches are those that reach firms in the market."},
	{"clicks of channels that do not capture searches", "A touch has no click: it makes a firm a lead or not."},
	{"touches of brand media", "Brand media never touch a firm: they build salience and equity by region."},
	{"revenue by region and channel", "The books have revenue by size, channel and product, week by week in all. " +
		"new_monthly_revenue has the first monthly bills of the customers won, by region and channel; the table weeks has " +
		"revenue."},
	{"spend on channels that crosses a border", "What a channel spends in a region (by the firms that it reaches there, " +
		"times region_spend) touches firms of that region alone."},
	{"which leads mean to buy", "A vendor learns it when it screens them; the engine counts it (docs/results.md)."},
	{"rivals' prices and media", "Rivals are a hazard and have neither."},
}

// kinds are the types of columns.
var kinds = map[table.Kind]string{table.Text: "text", table.Date: "date", table.Whole: "whole number",
	table.Number: "number"}

func (x *exporter) dictionary() *dictionary {
	d := &dictionary{LeftOut: absent}
	money := currency.Of(x.Plan.Run.Currency).Code
	for _, s := range x.sheets {
		t := tableOf{Table: s.name, Known: "analyst", Meaning: s.meaning}
		if s.truth {
			t.Known = "nobody"
		}
		for _, c := range s.columns {
			t.Columns = append(t.Columns, lineOf{c.Name, kinds[c.Kind], strings.Replace(c.Unit, "MONEY", money, 1), c.Meaning})
		}
		d.Tables = append(d.Tables, t)
	}
	return d
}

func (d *dictionary) json() []byte {
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		panic(err) // plain data always encodes
	}
	return append(text, '\n')
}

// csv writes the columns as a table.
func (d *dictionary) csv(out io.Writer) error {
	rows := table.Rows{Columns: table.Text.Named("table_name", "known_to", "name", "type", "unit", "meaning")}
	for _, t := range d.Tables {
		for _, c := range t.Columns {
			rows.Rows = append(rows.Rows, []any{t.Table, t.Known, c.Name, c.Type, c.Unit, c.Meaning})
		}
	}
	for _, a := range d.LeftOut {
		rows.Rows = append(rows.Rows, []any{"", "", a.Name, "", "", "Left out. " + a.Why})
	}
	return rows.Fill(table.On(table.CSV, out))
}
