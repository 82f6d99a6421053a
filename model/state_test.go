package model

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLook(t *testing.T) {
	p := testMarket(116000, 4)
	pr, err := Prepare(p)
	require.NoError(t, err)
	s := pr.NewState()
	rec := pr.Schema().NewRecord()
	for r := 0; r < 2; r++ {
		s.Replicate(1, r, rec)
		for i, c := range pr.Schema().Outcomes {
			fmt.Printf("%-28s %14.3f\n", c.Name, rec.Outcomes[i])
		}
	}
}

func BenchmarkReplicate(b *testing.B) {
	p := testMarket(5.8e6, 15)
	p.Run.Weeks = 104
	pr, err := Prepare(p)
	require.NoError(b, err)
	s := pr.NewState()
	rec := pr.Schema().NewRecord()
	s.Replicate(1, 0, rec)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		s.Replicate(1, i+1, rec)
	}
	fmt.Println("journeys", rec.Outcomes[0], "signups", rec.Outcomes[8], "touches", rec.Outcomes[4])
}
