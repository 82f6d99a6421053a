package scenarios

import (
	"fmt"
	"slices"

	"windfall/model/plan"
)

// rowsOf is a plan of a tree, as far as the check of its rows goes: the columns that it draws.
type rowsOf struct {
	tree    *node
	columns string
}

// checkRowsOnce is checkRows where no plan of the tree with the same columns was found to be right.
func (l *loader) checkRowsOnce(b *builder, tree *node) {
	of := rowsOf{tree: tree}
	for _, in := range b.plan.Inputs {
		if in.Draws != "" {
			of.columns += in.Key + "\n"
		}
	}
	if len(b.problems) == 0 && !l.rowsRight[of] {
		b.checkRows()
		l.rowsRight[of] = len(b.problems) == 0
	}
}

// checkRows holds every row of draws against what the keys mean together, as check does with the medoids.
func (b *builder) checkRows() {
	for _, d := range b.plan.Draws {
		t := b.drawsLaid(d.Name)
		if t.lines == nil { // written by windfall, which had checked it
			continue
		}
		most := b.with(d, slices.Max)
		most.checkMoney()
		fits := len(most.problems) == 0 // what all rows could come to is more than what any does
		for i := range d.Rows() {
			wrong := b.checkRow(d, i, fits)
			if len(wrong) == 0 {
				continue
			}
			p := wrong[0]
			line, number := t.row(i)
			b.problems = append(b.problems, Problem{File: t.file, Line: line, Key: p.Key,
				Message: fmt.Sprintf("row %d of %s: %s; correct the row or leave it out", number, d.Factor(), p.Message)})
			if len(b.problems) >= mostListed {
				return
			}
		}
	}
}

// checkRow holds one row of draws against what the keys mean together; fits: its money is known to fit into cash.
func (b *builder) checkRow(d *plan.Draws, row int, fits bool) Problems {
	c := b.with(d, func(column []float64) float64 { return column[row] })
	c.oneRow, c.moneyFits = true, fits
	c.check()
	return c.problems
}

// with is the builder of a plan whose draws are numbers of their columns.
func (b *builder) with(d *plan.Draws, of func(column []float64) float64) *builder {
	c := *b
	c.plan, c.problems, c.warnings = b.plan.Clone(), nil, nil
	c.plan.Inputs = slices.Clone(b.plan.Inputs)
	for i := range c.plan.Inputs {
		in := &c.plan.Inputs[i]
		if in.Draws != d.Name {
			continue
		}
		in.Dist.Values = []float64{of(in.Dist.Values)}
		refs, _, _ := c.plan.Numbers(in.Key) // it was there when the column was laid
		for _, x := range refs {
			*x = in.Dist.Values[0]
		}
	}
	return &c
}
