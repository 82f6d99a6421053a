package model

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// In a nested design the inputs are those of the draw in every variation; variation 0
// is the replication itself, and the others differ from it.
func TestNestedReplicationsShareTheirInputs(t *testing.T) {
	p := inputPlan(inputA, inputB)
	p.Run.Weeks, p.Finance.OpeningCash = 8, 1e9
	pr, err := Prepare(p)
	require.NoError(t, err)
	s, rec, other := pr.NewState(), pr.Schema().NewRecord(), pr.Schema().NewRecord()
	s.Replicate(3, 7, rec)
	s.ReplicateNested(3, 7, 0, other)
	require.Equal(t, rec.Weekly, other.Weekly)
	s.ReplicateNested(3, 7, 1, other)
	require.Equal(t, rec.Inputs, other.Inputs)
	require.NotEqual(t, rec.Weekly, other.Weekly)
	again := pr.Schema().NewRecord()
	s.ReplicateNested(3, 7, 1, again)
	require.Equal(t, other.Weekly, again.Weekly)
}
