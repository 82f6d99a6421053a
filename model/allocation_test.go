package model

import (
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/model/rng"
)

// ledgerOf prepares a state of the test market on its first day with nothing
// counted, so that a test can write the counts that allocation works from.
func ledgerOf(t *testing.T, channels int) (*State, *tally) {
	t.Helper()
	p := testMarket(10000, 2)
	p.Opening.BurnInWeeks = 0
	p.Opening.Customers = fill(4, 0)
	p.Channels = p.Channels[:channels]
	_, s, _ := prepared(t, p)
	s.w.set(1, 0, rng.Root(1, 0))
	s.reset(uint32(s.w.lastTick))
	return s, &s.tally
}

// rowOf is a column of a slice row by dimension and name.
func rowOf(t *testing.T, s *State, dimension, name string, column int) float64 {
	t.Helper()
	for i, r := range s.pr.Schema().SliceRows {
		if r.Dimension == dimension && r.Name == name {
			return s.tally.row(i)[column]
		}
	}
	t.Fatalf("no slice %s %s", dimension, name)
	return 0
}

// cell finds a cell of the market by size, industry and region.
func cellOf(s *State, size, industry, region int) int {
	for i, c := range s.w.cells {
		if c.Size == size && c.Industry == industry && c.Region == region {
			return i
		}
	}
	panic("no such cell")
}

// A channel's media goes to sizes, industries and regions by touches, to
// products and teams by its sign-ups.
func TestMediaIsSharedByTouchesAndSignups(t *testing.T) {
	t.Parallel()
	s, c := ledgerOf(t, 2)
	n := len(s.w.cells)
	a, b := cellOf(s, 0, 0, 0), cellOf(s, 2, 1, 1)
	c.touchCell[1][a], c.touchCell[1][b] = 30, 10 // channel 0
	c.touchCell[1][n+b] = 5                       // channel 1
	c.signProd[(0*c.regions+0)*c.products+0], c.signProd[(0*c.regions+1)*c.products+1] = 1, 4
	c.signTeam[(0*c.regions+1)*c.teams+2] = 5
	s.money.mediaOf[0], s.money.mediaOf[1] = 400, 50
	c.allocate(s)
	at := func(dimension, name string) float64 { return rowOf(t, s, dimension, name, colMedia) }
	require.Equal(t, 450.0, at("company", "company"))
	require.Equal(t, 400.0, at("channel", "affiliates"))
	require.Equal(t, 50.0, at("channel", "direct-mail"))
	require.Equal(t, 300.0, at("size", "1-4"))
	require.Equal(t, 150.0, at("size", "20-99"))
	require.Equal(t, 300.0, at("industry", "industry-00"))
	require.Equal(t, 150.0, at("region", "west"))
	require.Equal(t, 300.0, at("channel-size", "affiliates x 1-4"))
	require.Equal(t, 100.0, at("channel-size", "affiliates x 20-99"))
	require.Equal(t, 50.0, at("channel-size", "direct-mail x 20-99"))
	require.Equal(t, 80.0, at("product", "office"))
	require.Equal(t, 320.0, at("product", "small"))
	require.Equal(t, 400.0, at("team", "web"))
	// Channel 1 has touches but no sign-up: no product and no team can take it.
	require.Equal(t, 50.0, at("product", plan.Unassigned))
	require.Equal(t, 50.0, at("team", plan.Unassigned))
}

// Without a touch the number of firms shares media over sizes, industries and
// regions.
func TestMediaWithoutTouchesGoesByFirms(t *testing.T) {
	t.Parallel()
	s, c := ledgerOf(t, 1)
	s.money.mediaOf[0] = 1000
	c.allocate(s)
	at := func(dimension, name string) float64 { return rowOf(t, s, dimension, name, colMedia) }
	require.InDelta(t, 620, at("size", "1-4"), 0.5)
	require.InDelta(t, 20, at("size", "100-499"), 0.5)
	require.InDelta(t, 500, at("industry", "industry-01"), 0.5)
	require.InDelta(t, 600, at("region", "east"), 0.5)
	require.InDelta(t, 270, at("channel-size", "affiliates x 5-19"), 0.5)
	require.Equal(t, 1000.0, at("product", plan.Unassigned))
	require.Equal(t, 1000.0, at("team", plan.Unassigned))
	require.Zero(t, at("channel", plan.Unassigned))
}

// Brand goes to regions by spend and inside a region to all else by sign-ups.
func TestBrandIsSharedWithinItsRegion(t *testing.T) {
	t.Parallel()
	s, c := ledgerOf(t, 2)
	n := len(s.w.cells)
	east, west := cellOf(s, 0, 0, 0), cellOf(s, 3, 1, 1)
	c.signCell[east], c.signCell[n+east], c.signCell[n+west] = 3, 1, 6
	c.signProd[(0*c.regions+0)*c.products+0], c.signProd[(1*c.regions+0)*c.products+1], c.signProd[(1*c.regions+1)*c.products+1] = 3, 1, 6
	c.signTeam[(0*c.regions+0)*c.teams+2], c.signTeam[(1*c.regions+0)*c.teams+2], c.signTeam[(1*c.regions+1)*c.teams+0] = 3, 1, 6
	s.money.brandIn[0], s.money.brandIn[1] = 800, 60
	c.allocate(s)
	at := func(dimension, name string) float64 { return rowOf(t, s, dimension, name, colBrand) }
	require.Equal(t, 860.0, at("company", "company"))
	require.Equal(t, 800.0, at("region", "east"))
	require.Equal(t, 60.0, at("region", "west"))
	require.Equal(t, 600.0, at("channel", "affiliates"))
	require.Equal(t, 260.0, at("channel", "direct-mail"))
	require.Equal(t, 800.0, at("size", "1-4"))
	require.Equal(t, 60.0, at("size", "100-499"))
	require.Equal(t, 60.0, at("industry", "industry-01"))
	require.Equal(t, 600.0, at("product", "office"))
	require.Equal(t, 260.0, at("product", "small"))
	require.Equal(t, 800.0, at("team", "web"))
	require.Equal(t, 60.0, at("team", "mid"))
	require.Equal(t, 200.0, at("channel-size", "direct-mail x 1-4"))
	require.Equal(t, 60.0, at("channel-size", "direct-mail x 100-499"))
}

// A region with brand spend and no sign-up: firms share it over sizes and
// industries (its own or all is for the rule to say), nobody takes the rest.
func TestBrandWithoutSignupsIsUnassigned(t *testing.T) {
	t.Parallel()
	s, c := ledgerOf(t, 2)
	west := cellOf(s, 3, 1, 1)
	c.signCell[west] = 6
	c.signProd[(0*c.regions+1)*c.products+1], c.signTeam[(0*c.regions+1)*c.teams+0] = 6, 6
	s.money.brandIn[0] = 500
	c.allocate(s)
	at := func(dimension, name string) float64 { return rowOf(t, s, dimension, name, colBrand) }
	require.InDelta(t, 310, at("size", "1-4"), 0.5)
	require.InDelta(t, 250, at("industry", "industry-00"), 0.5)
	require.Equal(t, 500.0, at("region", "east"))
	require.Zero(t, at("region", "west"))
	for _, dimension := range []string{"channel", "product", "team"} {
		require.Equal(t, 500.0, at(dimension, plan.Unassigned), dimension)
	}
	require.InDelta(t, 310, at("channel-size", plan.Unassigned+" x 1-4"), 0.5)
}

// A team's cost goes by first contacts made.
func TestTeamsAreSharedByFirstContacts(t *testing.T) {
	t.Parallel()
	s, c := ledgerOf(t, 2)
	n := len(s.w.cells)
	a, b := cellOf(s, 1, 0, 0), cellOf(s, 1, 1, 1)
	small := 1 // team "small"
	c.oppCell[(small*c.channels+0)*n+a], c.oppCell[(small*c.channels+1)*n+b] = 1, 3
	c.oppProd[small*c.products+0] = 4
	s.money.payOf[small], s.money.payOf[0] = 4000, 600 // team "mid" was idle
	c.allocate(s)
	at := func(dimension, name string) float64 { return rowOf(t, s, dimension, name, colSales) }
	require.Equal(t, 4600.0, at("company", "company"))
	require.Equal(t, 4000.0, at("team", "small"))
	require.Equal(t, 600.0, at("team", "mid"))
	require.InDelta(t, 1000, at("channel", "affiliates"), 1e-9)
	require.InDelta(t, 3000, at("channel", "direct-mail"), 1e-9)
	require.InDelta(t, 600, at("channel", plan.Unassigned), 1e-9)
	require.InDelta(t, 4000, at("product", "office"), 1e-9)
	require.InDelta(t, 600, at("product", plan.Unassigned), 1e-9)
	require.InDelta(t, 4000+600*0.27, at("size", "5-19"), 0.5)
	require.InDelta(t, 1000+600*0.6, at("region", "east"), 0.5)
	require.InDelta(t, 3000, at("channel-size", "direct-mail x 5-19"), 1e-9)
	require.InDelta(t, 600*0.62, at("channel-size", plan.Unassigned+" x 1-4"), 0.5)
	require.Equal(t, 4.0, rowOf(t, s, "team", "small", colOpportunities))
	require.Equal(t, 3.0, rowOf(t, s, "region", "west", colOpportunities))
}

// A channel with spend and no touch, a brand medium over a region without
// sign-ups and an idle team, in whole runs: everything still sums.
func TestSlicesSumWhereRulesHaveZeroTotals(t *testing.T) {
	t.Parallel()
	p := testMarket(3000, 2)
	p.Run.Weeks = 6
	p.Channels[0].MaxTouchesPerWeek = 0
	p.Channels[1].Response = 0
	p.Teams[0].People = 5
	p.Population.Regions[0].Share, p.Population.Regions[1].Share = 1, 0
	p.Opening.Customers = fill(4, 0)
	pr, s, rec := prepared(t, p)
	s.Replicate(3, 0, rec)
	requireSlicesSum(t, pr, rec)
	require.Positive(t, rec.Slices[(s.tally.rowTeam+3)*len(pr.Schema().Slice)+colMedia], "direct mail without sign-ups is unassigned")
}

// Costs of customers follow the customer: fees, onboarding and commission stand
// in the slices of those who caused them.
func TestCostsOfCustomersFollowTheCustomer(t *testing.T) {
	t.Parallel()
	p := shop(plan.Product{Name: "a", Price: 15, OnboardingCost: 10, Channels: []string{"ads"}}, plan.Product{Name: "b", Price: 0, OnboardingCost: 3, Channels: []string{"fair"}})
	p.Channels[0].FeePerLead, p.Channels[1].FeePerCustomer = 2, 7
	p.Teams = append(p.Teams, testTeam(p, "z", "partners"))
	p.Teams[1].Channels, p.Teams[1].CommissionPerWin = []string{"fair"}, []float64{50}
	pr, s, rec := prepared(t, p)
	s.Replicate(3, 0, rec)
	n := len(pr.Schema().Slice)
	at := func(row, column int) float64 { return rec.Slices[row*n+column] }
	leads, wonA, wonB := at(s.tally.rowChannel, colLeads), at(s.tally.rowProduct, colWon), at(s.tally.rowProduct+1, colWon)
	require.Less(t, wonA, 0.8*leads)
	require.Equal(t, 2*leads+10*wonA, at(s.tally.rowChannel, colOnboardingFees))
	require.Equal(t, 2*wonA+10*wonA, at(s.tally.rowProduct, colOnboardingFees))
	require.Equal(t, 2*(leads-wonA), at(s.tally.rowProduct+2, colOnboardingFees), "leads without a product are unassigned")
	require.Equal(t, 2*(leads-wonA), at(s.tally.rowTeam+2, colOnboardingFees), "and without a team")
	require.Equal(t, 10*wonB, at(s.tally.rowChannel+1, colOnboardingFees))
	require.Equal(t, 50*wonB, at(s.tally.rowTeam+1, colSales))
	require.Equal(t, 50*wonB, at(s.tally.rowProduct+1, colSales))
	require.Zero(t, at(s.tally.rowTeam, colSales))
	requireSlicesSum(t, pr, rec)
}
