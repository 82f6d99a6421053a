package export_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/scenarios/edit"
	"windfall/sim/export"
)

func load(t testing.TB, name string, sets ...string) *plan.Plan {
	t.Helper()
	p, err := scenarios.Load(name, scenarios.Set(sets...))
	require.NoError(t, err)
	return p
}

// sum adds the numbers of a week over what else they are by.
func sum(by [][]float64, week int) (x float64) {
	for _, weeks := range by {
		x += weeks[week]
	}
	return x
}

func sums(by [][][]float64, week int) (x float64) {
	for _, regions := range by {
		x += sum(regions, week)
	}
	return x
}

// cents are whole ones: sums of dollars are off by less than that.
func cents(usd float64) int64 { return int64(math.Round(usd * 100)) }

// adds holds a panel against the weekly table of its run, week by week: counts are equal, and money to the cent.
func adds(t *testing.T, p *export.Panel) {
	t.Helper()
	for week := range p.Weeks {
		require.Equal(t, p.Of("leads")[week], sum(p.Leads, week), "week %d", week)
		require.Equal(t, p.Of("signups")[week], sum(p.Signups, week), "week %d", week)
		require.Equal(t, p.Of("won")[week], sum(p.Won, week), "week %d", week)
		require.Equal(t, p.Of("live_customers")[week], sum(p.Customers, week), "week %d", week)
		require.Equal(t, p.Of("touches")[week], sums(p.Touches, week), "week %d", week)
		require.Equal(t, sum(p.Leads, week), sums(p.LeadsBy, week))
		require.Equal(t, sum(p.Won, week), sums(p.WonBy, week))
		require.Equal(t, cents(sum(p.MRR, week)), cents(sums(p.MRRBy, week)))
		for c, name := range p.Channels {
			require.Equal(t, p.Of("signups." + name)[week], sum(p.SignupsBy[c], week), "%s, week %d", name, week)
		}
		require.Equal(t, cents(p.Of("media")[week]), cents(sums(p.Spend, week)), "week %d", week)
		require.Equal(t, cents(p.Of("brand")[week]), cents(sum(p.BrandSpend, week)), "week %d", week)
		require.Equal(t, cents(p.Of("brand")[week]), cents(sums(p.MediaSpend, week)), "week %d", week)
	}
}

// The panel adds up to the run's own weeks, whatever the plan does: steps of days, daily changes of a budget, cash rules
// and ruin, searches, growth.
func TestThePanelAddsUpToTheRun(t *testing.T) {
	for name, sets := range map[string][]string{
		"town":  {"run.weeks=40"},
		"days":  {"run.weeks=12", `run.step="day"`},
		"ruin":  {"run.weeks=40", "finance.fixed_cost_per_week=25000", "finance.opening_cash=30000"},
		"grows": {"run.weeks=30", "population.growth_per_year=0.2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := load(t, "town", sets...)
			r, err := export.NewRunner(p)
			require.NoError(t, err)
			for replication := range 3 {
				x := r.Run(uint64(p.Run.Seed), replication)[0]
				adds(t, x)
				require.Positive(t, export.Total(x.Won))
				if name == "ruin" {
					require.Less(t, x.Lived, x.Weeks)
				} else {
					require.Equal(t, x.Weeks, x.Lived)
				}
			}
		})
	}
}

// Plans that are run together, with a part of the run that they share, have the panels that each has alone.
func TestPanelsOfPairsAreThoseOfEachAlone(t *testing.T) {
	p := load(t, "metro", "run.weeks=30")
	q := p.Clone()
	x, err := edit.NewPause(q, []string{"brand"}, nil)
	require.NoError(t, err)
	paused := x.Plan(q.Run.Start+7*12, q.Run.Start+7*17)
	without, err := edit.Without(p, "paid-search")
	require.NoError(t, err)
	plans := []*plan.Plan{x.Without(), paused, without}
	together, err := export.NewRunner(plans...)
	require.NoError(t, err)
	for replication := range 2 {
		for i, got := range together.Run(uint64(p.Run.Seed), replication) {
			alone, err := export.Observe(plans[i], replication)
			require.NoError(t, err)
			adds(t, got)
			require.Equal(t, alone.Touches, got.Touches)
			require.Equal(t, alone.WonBy, got.WonBy)
			require.Equal(t, alone.Spend, got.Spend)
			require.Equal(t, alone.MediaSpend, got.MediaSpend)
			require.Equal(t, alone.Lift, got.Lift)
			require.Equal(t, alone.Population, got.Population)
		}
	}
}

// An observer moves no number.
func TestObservingMovesNothing(t *testing.T) {
	p := load(t, "town", "run.weeks=30")
	pr, err := model.Prepare(p)
	require.NoError(t, err)
	want := pr.Schema().NewRecord()
	pr.NewState().Replicate(7, 2, want)
	r, err := export.NewRunner(p)
	require.NoError(t, err)
	r.Run(7, 2)
	require.Equal(t, bits(want.Outcomes), bits(r.Records()[0].Outcomes))
	require.Equal(t, bits(want.Weekly), bits(r.Records()[0].Weekly))
}

func bits(numbers []float64) (out []uint64) {
	for _, x := range numbers {
		out = append(out, math.Float64bits(x))
	}
	return out
}

// A replication after the first costs next to no memory: a benchmark needs a hundred thousand panels.
func TestPanelsCostLittleMemory(t *testing.T) {
	p := load(t, "town", "run.weeks=52")
	r, err := export.NewRunner(p)
	require.NoError(t, err)
	for replication := range 5 {
		r.Run(1, replication)
	}
	next := 5
	allocations := testing.AllocsPerRun(20, func() {
		r.Run(1, next)
		next++
	})
	require.Less(t, allocations, 300.0)
}
