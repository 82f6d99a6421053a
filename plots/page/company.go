package page

import (
	"fmt"
	"slices"

	"windfall/plots/words"
	"windfall/scenarios/company"
)

// Company says what was read of the folder of a company: a line, and its channels; then, below them, the columns of the
// whole company, what is missing, what is worth knowing and what is wrong.
func Company(s company.Summary) (head []string, channels *Sheet, below []string) {
	money := words.MoneyIn(s.Currency)
	whats := []company.Outcome{company.Spend, company.Leads, company.Signups, company.Won}
	channels = NewSheet("history", "What the history has", "channel", "kind", "#spend", "#leads", "#sign-ups", "#won")
	rows := map[string][]any{}
	for _, c := range s.Columns {
		format := words.Count
		if c.What.Money() {
			format = money
		}
		text := format.Text(c.Total)
		if c.Cells < s.Periods {
			text += fmt.Sprintf(" (%d of %d)", c.Cells, s.Periods)
		}
		if c.Of == "all" {
			below = append(below, all(c, text))
			continue
		}
		row := rows[c.Of]
		if row == nil {
			row = []any{c.Of, c.Kind, "–", "–", "–", "–"}
			rows[c.Of] = row
			channels.Shown++
		}
		row[2+slices.Index(whats, c.What)] = Num(text, c.Total)
	}
	for _, c := range s.Columns { // in their order
		if row := rows[c.Of]; row != nil {
			channels.Row(row...)
			delete(rows, c.Of)
		}
	}
	if s.Periods > 0 {
		unit := "week"
		if s.Monthly {
			unit = "month"
		}
		head = append(
			head,
			fmt.Sprintf("%s: %s from %s to %s, %s in the market (%s, %s)", s.Name, words.Counted(s.Periods, unit), s.From, s.To,
				words.Counted(int(s.Firms), "firm"), s.Market, s.Currency),
		)
	}
	for i, x := range s.ByDate {
		unit := words.Count
		if x.What == "price" {
			unit = money
		}
		if i == 0 || s.ByDate[i-1].What != x.What || s.ByDate[i-1].Of != x.Of {
			below = append(below, x.What+" of "+x.Of+": "+unit.Text(x.Value)+" at first")
			continue
		}
		below[len(below)-1] += ", " + unit.Text(x.Value) + " from " + x.From
	}
	for _, x := range []struct {
		n    int
		what string
	}{{s.Groups, "customer group"}, {s.Open, "pipeline row"}, {s.Curves, "curve"},
		{s.Evidence, "experiment"}} {
		if x.n > 0 {
			below = append(below, "read: "+words.Counted(x.n, x.what))
		}
	}
	for _, m := range s.Missing {
		below = append(below, "missing: "+m)
	}
	for _, n := range s.Notes {
		below = append(below, "note: "+n.Text)
	}
	for _, p := range s.Problems {
		below = append(below, p.Text)
	}
	found := "ok"
	if n := len(s.Problems); n > 0 {
		found = words.Counted(n, "problem")
	}
	return head, channels, append(below, s.Folder+": "+found)
}

// all is a column of the whole company.
func all(c company.Column, text string) string {
	if c.Stock {
		return fmt.Sprintf("%s: %s at the end", c.What, text)
	}
	return fmt.Sprintf("%s: %s in all", c.What, text)
}
