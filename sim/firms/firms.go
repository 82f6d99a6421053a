// Package firms writes the table of single firms: each that is won in either of two paired worlds, with what became
// of it in both and the touches that led to it. It is written row by row while replications are run again, so that
// memory is that of one replication per worker whatever the number of rows.
package firms

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim"
	"windfall/sim/analysis"
	"windfall/sim/panel"
	"windfall/sim/store"
	"windfall/sim/table"
)

// Name is that of the table.
const Name = "firms"

// Columns are those of the table. Weeks are counted from the first day of the run, 0 being that day; what is not there
// in a world is empty.
var Columns = func() (out []table.Column) {
	out = append(out, table.Whole.Named("replication")...)
	out = append(out, table.Text.Named("without", "firm", "label", "trigger", "size", "industry", "region")...)
	out = append(out, table.Number.Named("trigger_week")...)
	for _, world := range []string{"with", "without"} {
		out = append(out, table.Text.Named("channel_"+world, "product_"+world, "team_"+world)...)
		out = append(out, table.Number.Named("lead_week_"+world, "won_week_"+world, "price_"+world,
			"lifetime_value_"+world)...)
	}
	out = append(out, table.Whole.Named("touches")...)
	return append(out, table.Text.Named("path")...)
}()

// Write writes the firms of the first replications of a design, whose first setting is the plan and whose others are
// worlds without something. A workbook cannot hold any number of rows: beside one they are CSV.
func Write(ctx context.Context, dir *store.Folder, format table.Format, d sim.Design) error {
	if format != table.Parquet {
		format = table.CSV
	}
	return dir.Write(Name+"."+string(format), func(out io.Writer) error {
		w := writer{Writer: table.New(format, out, Columns), plan: d.Settings[0].Plan,
			cells: model.Cells(d.Settings[0].Plan)}
		if err := sim.Observe(ctx, d, model.Wins|model.PathsOfWins, func(replication int, all []*model.Trace) error {
			for i, s := range d.Settings[1:] {
				for p := range panel.Pairs(all[0].Customers, all[1+i].Customers) {
					if err := w.row(replication, s.Name, p); err != nil {
						return err
					}
				}
			}
			return nil
		}); err != nil {
			return err
		}
		return w.Close()
	})
}

// writer writes rows of firms of a plan.
type writer struct {
	table.Writer
	plan  *plan.Plan
	cells []model.Cell
}

func (w *writer) row(replication int, world string, p panel.Pair) error {
	f := p.With
	if f == nil {
		f = p.Without
	}
	m := &w.plan.Population
	cell := w.cells[f.Cell]
	w.Whole(replication)
	for _, text := range []string{strings.TrimPrefix(world, "without "), fmt.Sprintf("%016x", f.ID), string(p.Label()),
		w.plan.Triggers[f.Kind].Name, m.Sizes[cell.Size].Name, m.Industries[cell.Industry].Name,
		m.Regions[cell.Region].Name} {
		w.Text(text)
	}
	w.Number(f.Trigger)
	w.world(p.With)
	w.world(p.Without)
	w.Whole(len(f.Path))
	w.Text(w.path(f))
	return w.EndRow()
}

// world writes what a firm buys in one of the worlds.
func (w *writer) world(x *model.Win) {
	if x == nil {
		for range 3 {
			w.Text("")
		}
		for range 4 {
			w.Number(math.NaN())
		}
		return
	}
	w.Text(w.plan.Channels[x.Channel].Name)
	w.Text(w.plan.Products[x.Product].Name)
	w.Text(w.plan.Teams[x.Team].Name)
	for _, number := range []float64{x.Raised, x.Won, x.Price, x.LTV} {
		w.Number(number)
	}
}

// path writes the last touches, oldest first, with the days before the lead: radio 9.4 > seo-content 0.0.
func (w *writer) path(f *model.Win) string {
	var parts []string
	for _, t := range f.Path[max(0, len(f.Path)-analysis.LastTouches):] {
		parts = append(parts, fmt.Sprintf("%s %.1f", w.plan.Channels[t.Channel].Name,
			(f.Raised-t.At)*plan.DaysPerWeek))
	}
	return strings.Join(parts, " > ")
}
