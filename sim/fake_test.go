package sim

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/result"
	"windfall/sim/table"
)

// fake is an engine whose numbers are a function of seed and replication, of
// the kinds that the real one reports: counts, money, shares, missing numbers.
type fake struct {
	schema *plan.Schema
	pause  time.Duration // a replication
}

func (f *fake) ReplicateNested(seed uint64, draw, chance int, rec *plan.Record) {
	panic("not nested")
}

func (f *fake) ReplicateAt(seed uint64, chance int, inputs []float64, rec *plan.Record) {
	panic("not at given inputs")
}

func (f *fake) Replicate(seed uint64, replication int, rec *plan.Record) {
	r := rand.New(rand.NewPCG(seed, uint64(replication)))
	fill := func(columns []plan.Column, out []float64) {
		for i := range out {
			switch columns[i%len(columns)].Unit {
			case "USD", "USD/month", "USD/year":
				out[i] = float64(r.IntN(1e7)) / 100
			case "share", "share per month", "salience", "equity", "ratio":
				out[i] = r.Float64()
			default:
				out[i] = float64(r.IntN(1000))
			}
		}
	}
	fill(f.schema.Outcomes, rec.Outcomes)
	fill(f.schema.Weekly, rec.Weekly)
	fill(f.schema.Months, rec.Months)
	fill(f.schema.Slice, rec.Slices)
	for i := range rec.Inputs {
		rec.Inputs[i] = r.NormFloat64()
	}
	set := func(name string, x float64) {
		for i, c := range f.schema.Outcomes {
			if c.Name == name {
				rec.Outcomes[i] = x
			}
		}
	}
	set("cash_end", 1000+r.NormFloat64()*100)
	ruin, week := 0.0, plan.Never
	if r.IntN(20) == 0 {
		ruin, week = 1, float64(1+r.IntN(f.schema.Weeks))
		for w := int(week); w < f.schema.Weeks; w++ {
			rec.Weekly[w*len(f.schema.Weekly)+1] = math.NaN() // market counts after ruin
		}
	}
	set("out_of_business", ruin)
	set("week_of_ruin", week)
	if f.pause > 0 {
		time.Sleep(f.pause)
	}
}

// market is a plan with so many channels, sizes and weeks.
func market(channels, sizes, weeks, inputs int) *plan.Plan {
	p := &plan.Plan{Name: "test market", Run: plan.Run{Start: plan.NewDate(2013, 1, 1), Weeks: float64(weeks), Replications: 200}}
	name := func(i int) string { return string(rune('a'+i/26)) + string(rune('a'+i%26)) }
	for i := range channels {
		p.Channels = append(p.Channels, plan.Channel{Name: "ch" + name(i)})
	}
	for i := range sizes {
		p.Population.Sizes = append(p.Population.Sizes, plan.Size{Name: "size " + name(i)})
	}
	for i := range 4 {
		p.Population.Regions = append(p.Population.Regions, plan.Region{Name: "r" + name(i)})
		p.Population.Industries = append(p.Population.Industries, plan.Industry{Name: "i" + name(i)})
	}
	p.Teams = []plan.Team{{Name: "inside", Kind: "people"}, {Name: "web", Kind: "web"}}
	p.Products = []plan.Product{{Name: "phone"}}
	for i := range inputs {
		p.Inputs = append(p.Inputs, plan.Input{Name: "channels.ch" + name(i) + ".response"})
	}
	p.Goals = []plan.Goal{{Name: "solvent", Expect: "P(out_of_business) <= 50%"}}
	return p
}

// design is a small run with a fake engine.
func design(out string) Design {
	return Design{Settings: []Setting{{Plan: market(2, 2, 30, 2), Digest: "plan-1"}}, Scenario: "title = \"x\"\n", Version: "test", Seed: 7,
		Replications: 230, Workers: 2, Out: out, Command: []string{"windfall", "run", "metro", "--replications", "230", "--out", "x"}, Prepare: fakeEngine(0)}
}

func fakeEngine(pause time.Duration) func(*plan.Plan) (*Engine, error) {
	return func(p *plan.Plan) (*Engine, error) {
		s := model.NewSchema(p)
		return &Engine{Schema: s, Warnings: []string{"a budget is beyond 3 half-saturations"}, NewState: func() Replicator { return &fake{s, pause} }}, nil
	}
}

func mustRun(t *testing.T, d Design) *result.Result {
	t.Helper()
	r, err := Run(context.Background(), d)
	require.NoError(t, err)
	r.Close()
	return r
}

func mustMerge(t *testing.T, dirs []string, out string) {
	t.Helper()
	r, err := Merge(dirs, out, nil)
	require.NoError(t, err)
	r.Close()
}

// comparable are the files that are the same for the same run anywhere.
var comparable = []string{"scenario.toml", "columns.json", "columns.csv", "summary.json"}

var tableNames = []string{"replications", "weekly", "months", "quarters", "slices"}

// content reads the files of a results folder that must be the same.
func content(t *testing.T, dir string, format table.Format) map[string]string {
	t.Helper()
	out := map[string]string{}
	names := append([]string{}, comparable...)
	for _, n := range tableNames {
		names = append(names, n+"."+string(format))
	}
	for _, n := range names {
		text, err := os.ReadFile(filepath.Join(dir, n))
		require.NoError(t, err)
		require.NotEmpty(t, text, n)
		out[n] = string(text)
	}
	return out
}

// requireSame compares two folders file by file.
func requireSame(t *testing.T, want map[string]string, dir string, format table.Format) {
	t.Helper()
	for name, text := range content(t, dir, format) {
		require.True(t, want[name] == text, "%s of %s differs", name, dir)
	}
}
