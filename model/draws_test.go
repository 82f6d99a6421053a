package model

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// tablePlan draws responses, and the stocks of the first day, from a table of twelve rows.
func tablePlan() *plan.Plan {
	p := inputPlan(inputD)
	keys := []string{"brand.initial_equity", "brand.initial_salience", "channels.display.initial_adstock", inputA, inputB}
	var rows [][]float64
	for i := range 12 {
		x := float64(i)
		rows = append(rows, []float64{x / 4, 1 + x, 100 * x, 0.1 + 0.02*x, 0.5 - 0.03*x})
	}
	d := plan.NewDraws("posterior", "posterior.csv", keys, rows)
	for k := range keys {
		p.Inputs = append(p.Inputs, d.Input(k))
	}
	p.Draws = []*plan.Draws{d}
	p.Run.Weeks, p.Finance.OpeningCash, p.Opening.BurnInWeeks = 6, 1e9, 4
	return p
}

// A replication at its own factors is itself; one uniform gives all columns of a row.
func TestReplicationsOfATable(t *testing.T) {
	pr, err := Prepare(tablePlan())
	require.NoError(t, err)
	s, want, got := pr.NewState(), pr.Schema().NewRecord(), pr.Schema().NewRecord()
	draws := pr.Plan().FactorDraws(3, 20)
	require.Len(t, draws[0], 2)
	rows := map[float64]bool{}
	for r := range 20 {
		s.Replicate(3, r, want)
		s.ReplicateAt(3, r, draws[r], got)
		require.Equal(t, want.Inputs, got.Inputs)
		require.Equal(t, want.Weekly, got.Weekly)
		row := want.Inputs[1] * 4
		require.InDeltaSlice(t, []float64{row / 4, 1 + row, 100 * row, 0.1 + 0.02*row, 0.5 - 0.03*row}, want.Inputs[1:], 1e-9)
		rows[row] = true
	}
	require.Greater(t, len(rows), 8)
	// At 0.5 a table is at its medoid, which is what the plan has where its numbers are fixed.
	s.ReplicateAt(3, 0, []float64{0.5, 0.5}, got)
	at := plan.NewTimeline(pr.Plan())
	at.SetFixed()
	require.Equal(t, at.Drawn(), got.Inputs)
	require.Equal(t, got.Inputs[1], at.Opening().Brand.InitialEquity[0])
}

// A replication with drawn stocks is that of a plan that states them.
func TestDrawnStocksOfTheFirstDay(t *testing.T) {
	p := tablePlan()
	pr, err := Prepare(p)
	require.NoError(t, err)
	s, drawn, stated := pr.NewState(), pr.Schema().NewRecord(), pr.Schema().NewRecord()
	for _, r := range []int{0, 7, 11} {
		s.Replicate(3, r, drawn)
		q := p.Clone()
		q.Inputs = nil
		for i, in := range p.Inputs {
			refs, _, err := q.Numbers(in.Key)
			require.NoError(t, err)
			for _, x := range refs {
				*x = drawn.Inputs[i]
			}
		}
		fixed, err := Prepare(q)
		require.NoError(t, err)
		fixed.NewState().Replicate(3, r, stated)
		require.Equal(t, fmt.Sprint(drawn.Outcomes), fmt.Sprint(stated.Outcomes)) // some are missing
		require.Equal(t, drawn.Weekly, stated.Weekly)
	}
}

// Plans that part inside the run have the row, and what follows from it, in common; a group gives what each plan
// gives by itself.
func TestAGroupSharesItsRow(t *testing.T) {
	p := tablePlan()
	q := p.With(p.Final("more", p.Run.Start+21, 0))
	q.Changes[0].Effects = []plan.Effect{{Key: "channels.display.weekly_budget", Multiply: true, Value: 2, Input: -1}}
	fixed := p.Clone() // one number in place of a column: the opening plan has all columns
	fixed.OpeningPlan = p
	fixed.Inputs = append(fixed.Inputs[:1:1], fixed.Inputs[2:]...)
	fixed.Draws = p.Draws
	var all []*Prepared
	var records []*plan.Record
	for _, x := range []*plan.Plan{p, q, fixed} {
		pr, err := Prepare(x)
		require.NoError(t, err)
		all, records = append(all, pr), append(records, pr.Schema().NewRecord())
	}
	g := NewGroup(all)
	for r := range 12 {
		g.Replicate(4, r, records)
		for i, pr := range all {
			want := pr.Schema().NewRecord()
			pr.NewState().Replicate(4, r, want)
			require.Equal(t, want.Inputs, records[i].Inputs)
			require.Equal(t, want.Weekly, records[i].Weekly)
			require.Equal(t, fmt.Sprint(want.Outcomes), fmt.Sprint(records[i].Outcomes))
		}
		require.Equal(t, records[0].Inputs, records[1].Inputs)
		require.Equal(t, records[0].Inputs[2:], records[2].Inputs[1:])
	}
}
