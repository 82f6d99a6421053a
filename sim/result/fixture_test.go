package result

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/sim/store"
)

// small is the schema of a run of 10 weeks over two calendar years.
func small() *plan.Schema {
	return &plan.Schema{
		Outcomes: []plan.Column{
			{Name: "won", Unit: "customers", Label: "Customers won", Meaning: "Customers won.", Direction: plan.More},
			{Name: "spend", Unit: "USD", Meaning: "Spend, all of it.", Direction: plan.Less},
			{Name: "cac", Unit: "USD", Label: "Fully loaded CAC", Meaning: "Spend a customer won.", Direction: plan.Less, Over: "spend", Under: "won"},
			{Name: "out_of_business", Unit: "chance", Direction: plan.Less},
			{Name: "week_of_ruin", Unit: "week"},
		},
		Weekly:     []plan.Column{{Name: "won", Unit: "customers", Label: "Customers won"}, {Name: "cash", Unit: "USD"}, {Name: "load.inside", Unit: "share"}},
		Months:     []plan.Column{{Name: "won", Unit: "customers"}, {Name: "media", Unit: "USD"}},
		Slice:      []plan.Column{{Name: "won", Unit: "customers"}, {Name: "spend", Unit: "USD"}, {Name: "cac", Unit: "USD", Over: "spend", Under: "won", Scale: 2}},
		Weeks:      10,
		MonthStart: []plan.Date{plan.NewDate(2013, 11, 1), plan.NewDate(2013, 12, 1), plan.NewDate(2014, 1, 1)},
		SliceRows:  []plan.SliceRow{{Dimension: "company", Name: "company"}, {Dimension: "channel", Name: "radio, AM"}, {Dimension: "channel-size", Name: "radio, AM x 1-4"}},
		Inputs:     []string{"channels.radio.response"},
	}
}

var firstDay = plan.NewDate(2013, 11, 12)

// fill makes the numbers of a replication, of every kind.
func fill(s *plan.Schema, replication int) *plan.Record {
	r := rand.New(rand.NewPCG(5, uint64(replication)))
	rec := s.NewRecord()
	rec.Replication = replication
	won, spend := float64(r.IntN(40)), float64(r.IntN(1e8))/100
	copy(rec.Outcomes, []float64{won, spend, spend / won, 0, math.NaN()})
	if won == 0 {
		rec.Outcomes[2] = math.NaN()
	}
	if r.IntN(10) == 0 {
		rec.Outcomes[3], rec.Outcomes[4] = 1, float64(r.IntN(10))
	}
	rec.Inputs[0] = r.Float64()
	for i := range rec.Weekly {
		rec.Weekly[i] = []float64{float64(r.IntN(100)), float64(r.IntN(1e6)-5e5) / 100, r.Float64()}[i%3]
	}
	for i := range rec.Months {
		rec.Months[i] = float64(r.IntN(1e4)) / []float64{1, 100}[i%2]
	}
	for i := range rec.Slices {
		rec.Slices[i] = float64(r.IntN(50))
	}
	rec.Weekly[3*9] = math.NaN()
	return rec
}

// run fills a folder (in memory if dir is empty) with n replications.
func run(t *testing.T, dir string, n int, change func(*Manifest)) *Result {
	t.Helper()
	f := begin(t, dir, n, change)
	fillBlocks(t, f)
	r, err := f.Finish(nil)
	require.NoError(t, err)
	f.Close()
	return r
}

func begin(t *testing.T, dir string, n int, change func(*Manifest)) *Folder {
	t.Helper()
	m := Manifest{
		Manifest: store.Manifest{Version: "test", Command: []string{"windfall", "run", "my plan.toml"}},
		Run:      &Run{Scenario: "metro", Digest: "plan-1", Seed: 3, Replications: n}}
	if change != nil {
		change(&m)
	}
	f, err := Create(dir, Setup{Manifest: m, Schema: small(), Start: firstDay, Scenario: "x = 1\n"})
	require.NoError(t, err)
	return f
}

func fillBlocks(t *testing.T, f *Folder) {
	t.Helper()
	for _, b := range f.Missing() {
		require.NoError(t, f.Put(filledBlock(f, b)))
	}
}

func filledBlock(f *Folder, number int) *store.Block {
	b := store.NewBlock(f.Shape, number, f.Wanted(number))
	for i := range b.Count {
		Set(b, f.Schema, i, fill(f.Schema, b.First()+i))
	}
	return b
}

// same compares numbers by their bits, missing ones as equal.
func same(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if math.Float64bits(a[i]) != math.Float64bits(b[i]) && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			return false
		}
	}
	return true
}

func TestRecordsComeBack(t *testing.T) {
	f := begin(t, "", 75, nil)
	fillBlocks(t, f)
	r, err := f.Finish(nil)
	require.NoError(t, err)
	for _, replication := range []int{0, 49, 50, 74} {
		want := fill(small(), replication)
		got, err := r.Record(replication)
		require.NoError(t, err)
		require.Equal(t, replication, got.Replication)
		for of := range tables {
			require.True(t, same(of.of(want), of.of(got)), "table %d of replication %d", of, replication)
		}
	}
}
