package page

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide/truth"
	"windfall/sim/panel"
)

// truths lays out an answer on made-up numbers: customers won and lifetime margin by world, and what the last touch
// credits branded search with.
func truths(t *testing.T, a truth.Ask, won, margin func(world string, r int) float64, credit float64) *Document {
	t.Helper()
	var err error
	a.Plan, err = loaded("town")
	require.NoError(t, err)
	c, err := a.Course()
	require.NoError(t, err)
	var panels []*panel.Panel
	for {
		round, err := c.Next(panels)
		require.NoError(t, err)
		if len(round) == 0 {
			return Truth(c.Answer(), cure)
		}
		panels = nil
		for _, p := range round {
			panels = append(panels, p.Panel(a.Replications, func(l panel.Leaf, r int) float64 {
				switch m := l.Measure; {
				case m.Rule != "" && m.Name == "branded-search":
					return credit
				case m.Rule != "":
					return 1
				case m.Against != "":
					return 0
				case m.Column == "lifetime_margin":
					return margin(l.Setting, r)
				}
				return won(l.Setting, r)
			}))
		}
	}
}

// The finding is the channel that the last touch flatters most, what to do follows from what budgets bring.
func TestTruthIsToldWithWhatLastTouchSays(t *testing.T) {
	won := func(world string, r int) float64 {
		if world == "without branded-search" {
			return 96 - float64(r%2)
		}
		return 100 - float64(r%3)
	}
	margin := func(less float64) func(string, int) float64 {
		return func(world string, r int) float64 {
			if world == "last touch" {
				return 1e6 - less + 100*float64(r%3)
			}
			return 1e6 + 100*float64(r%2)
		}
	}
	all := truth.Ask{Replications: 60}
	d := truths(t, all, won, margin(50_000), 31)
	assert.Equal(t, "Branded-search is credited with 31.3% of customers by last touch; without it 3.5% would be lost: "+
		"3.50 ± 0.25 customers per run, not the 31 credited.", d.Sentences[0])
	assert.Contains(t, d.Sentences[1], "Do not budget by last touch: that loses $50.0k ± $0.1k of")
	assert.Contains(t, d.Sentences[2], "95% intervals from 60 pairs of each world; random variation only")
	assert.Contains(t, truths(t, all, won, margin(-50_000), 31).Sentences[1], "by last touch it brings $50.1k ± $0.1k more")
	noise := func(world string, r int) float64 { return 1e6 + 1e4*float64((r+len(world))%5) }
	assert.Contains(t, truths(t, all, won, noise, 31).Sentences[1], "is too close to call")
	one := truth.Ask{Replications: 60, Without: []string{"branded-search"}}
	assert.Equal(t, "Judge branded-search by what is lost without it, not by last touch.",
		truths(t, one, won, noise, 31).Sentences[1], "budgets need all channels")
	assert.Equal(t, "Without branded-search 3.5% of customers would be lost: 3.50 ± 0.25 per run.",
		truths(t, one, won, noise, 0).Sentences[0])
	assert.Equal(t, "Nothing is lost without branded-search: not one customer and not one sign-up differs.",
		truths(t, one, func(_ string, r int) float64 { return float64(r % 3) }, noise, 0).Sentences[0])
	idle := truths(t, all, func(_ string, r int) float64 { return float64(3 + r%3) }, noise, 2)
	assert.Equal(t, []string{"Nobody is won through anything that was taken out: the customers won, 4 per run, are won without it.",
		"Deal no budget out by attribution here: rules credit channels with customers who come anyway."}, idle.Sentences[:2])
	assert.NotContains(t, printed(idle), "NaN", "where nothing is brought no rule is right or wrong")
	assert.Equal(t, []string{"Nothing to credit: nobody is won, with all that was taken out or without it.", "Ask what keeps " +
		"customers away before what a channel brings: look at win rates, prices and teams."},
		truths(t, all, func(string, int) float64 { return 0 }, noise, 0).Sentences[:2])
	assert.Equal(t, []string{"Last touch is nearly right: it credits branded-search, which it flatters most, with 31 customers per " +
		"run, and 30 would be lost without it.", "Ask what the next dollar brings before you move a budget."},
		truths(t, one, func(world string, r int) float64 {
			if world == "without branded-search" {
				return 70 - float64(r%3)
			}
			return 100 - float64(r%3)
		}, noise, 31).Sentences[:2])
	single := one
	single.Replications = 1
	assert.Equal(t, "Too close to call: one run gives no margin of error, so what differs in it may be chance: 4 customers "+
		"fewer are won without branded-search.", truths(t, single, won, noise, 0).Sentences[0])
	few := one
	few.Replications = 4
	require.Len(t, truths(t, few, won, noise, 31).Warnings, 1)
}

// What no rule credits is in the picture beside what is lost without it, and a table promises no budgets where there
// are none.
func TestTruthShowsWhatNoRuleSees(t *testing.T) {
	won := func(world string, r int) float64 {
		if world == "without brand" {
			return 40
		}
		return 100 - float64(r%3)
	}
	same := func(string, int) float64 { return 1 }
	d := truths(t, truth.Ask{Replications: 60, Without: []string{"inbound", "brand"}}, won, same, 31)
	bars := d.Pictures[0].Data.(picture.Bars)
	assert.Equal(t, []string{"inbound", "brand"}, bars.Labels)
	assert.Zero(t, bars.Lines[0].Points[1].Value, "credited")
	assert.InDelta(t, 59, bars.Lines[1].Points[1].Value, 1e-9, "lost")
	rules := d.Sheets[2]
	assert.Equal(t, "Whether each rule puts channels in the order of what is lost without them", rules.Caption)
	lost := func(world string, r int) float64 { return 100 - float64(r%3) - float64(len(world)%9) }
	all := truths(t, truth.Ask{Replications: 60}, lost, same, 31).Sheets[2]
	assert.Contains(t, all.Caption, ", and what a media budget dealt out by it brings")
	assert.Equal(t, 5, d.Sheets[0].Main, "a board is not shown who was won later")
	assert.Equal(t, "60 runs of each of 3 plans", d.Size)
}

// Which tables there are follows from what was asked, not from the numbers.
func TestFilesOfTruthFollowFromTheAsk(t *testing.T) {
	a := truth.Ask{Replications: 6, Without: []string{"branded-search", "inbound"}, Pairs: true, Shapley: true, Pause: 3}
	number := func(x float64) func(string, int) float64 { return func(string, int) float64 { return x } }
	want := files(truths(t, a, func(world string, r int) float64 { return float64(len(world) + r) }, number(1), 3))
	assert.Len(t, want, 6)
	assert.Equal(t, want, files(truths(t, a, number(0), number(0), 0)))
	assert.Equal(t, []string{"Shapley values need 8 plans beside each other: 80 runs; name fewer channels to have fewer"},
		TruthCost(true, 8, 80))
	assert.Empty(t, TruthCost(false, 8, 80))
}

// What another channel does when one is missing is said in the first lines, where pairs were asked.
func TestTruthSaysWhatOverlaps(t *testing.T) {
	e := func(v, half float64) analysis.Estimate {
		return analysis.Estimate{Value: v, Low: v - half, High: v + half, N: 60}
	}
	over := e(20, 2)
	x := truthPage{&truth.Answer{Replications: 60, Won: e(200, 4),
		Worlds: []truth.World{{Name: "branded-search", Won: e(11, 2), Share: 0.055}},
		Rules:  []truth.Rule{{Credits: []truth.Credit{{Channel: "branded-search", Customers: e(31, 1), Share: 0.155, Over: &over}}}},
		Pairs: []truth.Together{{A: "branded-search", B: "radio", Won: e(15, 2), Overlap: e(0.5, 1)},
			{A: "inbound", B: "branded-search", Won: e(30, 2), Overlap: e(8, 1)},
			{A: "inbound", B: "radio", Won: e(40, 2), Overlap: e(12, 1)}}}, words.Money, cure}
	assert.Equal(t, "Branded-search is credited with 15.5% of customers by last touch; without it 5.5% would be lost: 11.0 ± 2.0 customers "+
		"per run, not the 31 credited. It overlaps with inbound: without both, 30.0 ± 2.0 customers per run are lost, 8.0 ± 1.0 more "+
		"than the two by themselves.", x.finding())
	x.Pairs = x.Pairs[:1]
	assert.NotContains(t, x.finding(), "overlaps", "that is not seen")
}
