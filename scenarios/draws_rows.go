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
		for i := range d.Rows() {
			wrong := b.checkRow(d, i)
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

// checkRow holds one row of draws against what the keys mean together.
func (b *builder) checkRow(d *plan.Draws, row int) Problems {
	c := *b
	c.plan, c.problems, c.warnings, c.oneRow = b.plan.Clone(), nil, nil, true
	c.plan.Inputs = slices.Clone(b.plan.Inputs)
	for i := range c.plan.Inputs {
		in := &c.plan.Inputs[i]
		if in.Draws != d.Name {
			continue
		}
		in.Dist.Values = in.Dist.Values[row : row+1]
		refs, _, _ := c.plan.Numbers(in.Key) // it was there when the column was laid
		for _, x := range refs {
			*x = in.Dist.Values[0]
		}
	}
	c.check()
	return c.problems
}
