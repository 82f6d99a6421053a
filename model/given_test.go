package model

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// With the inputs of a replication and its number as variation, a replication at given
// inputs is that replication; draws come in between without a trace.
func TestReplicationsAtTheirOwnInputsAreThemselves(t *testing.T) {
	p := inputPlan(inputA, inputB, inputC)
	p.Correlations = []plan.Correlation{{A: inputA, B: inputC, Rho: 0.7}}
	p.Run.Weeks, p.Finance.OpeningCash = 8, 1e9
	pr, err := Prepare(p)
	require.NoError(t, err)
	s, want, got := pr.NewState(), pr.Schema().NewRecord(), pr.Schema().NewRecord()
	draws := pr.Plan().InputDraws(3, 60)
	for _, r := range []int{7, 52} {
		s.Replicate(3, r, want)
		s.ReplicateAt(3, r, draws[r], got)
		require.Equal(t, want.Inputs, got.Inputs)
		require.Equal(t, want.Weekly, got.Weekly)
		s.ReplicateAt(3, r, draws[r+1], got)
		require.NotEqual(t, want.Inputs, got.Inputs)
		s.ReplicateAt(3, r+1, draws[r], got)
		require.Equal(t, want.Inputs, got.Inputs)
		require.NotEqual(t, want.Weekly, got.Weekly)
	}
	s.Replicate(3, 7, want)
	s.ReplicateAt(3, 7, draws[7], got)
	require.Equal(t, want.Weekly, got.Weekly)
	require.Panics(t, func() { s.ReplicateAt(3, 7, draws[7][:2], got) })
}

// Inputs are those of the plan and its opening plan, by name; a chain of
// correlations makes one group.
func TestInputsAndWhatTiesThem(t *testing.T) {
	p := inputPlan(inputD, inputB, inputA)
	p.OpeningPlan = inputPlan(inputC, inputB)
	p.OpeningPlan.Inputs[1].Dist.B = 0.5
	p.Correlations = []plan.Correlation{{A: inputA, B: inputD, Rho: 0.5}, {A: inputB, B: inputD, Rho: 0.2}}
	pr, err := Prepare(p)
	require.NoError(t, err)
	var names []string
	for _, in := range pr.Plan().UncertainInputs() {
		names = append(names, in.Name)
		require.Equal(t, 1.0, in.Dist.B, "the plan's own distribution")
	}
	require.Equal(t, []string{inputD, inputA, inputB, inputC}, names)
	require.Equal(t, [][]int{{0, 1, 2}, {3}}, pr.Plan().TiedFactors())
}
