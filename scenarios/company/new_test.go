package company

import (
	"math"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
)

var today = plan.NewDate(2026, 11, 20)

// newFolder writes a folder with the default answers.
func newFolder(t *testing.T, market string, change func(*Answers)) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "acme")
	a := Defaults("acme", market)
	if change != nil {
		change(&a)
	}
	require.NoError(t, New(dir, a, nil, today))
	return dir
}

// What New writes is read back without a problem, and the plans that are made of it run, for each market.
func TestNewIsReadBackAndRuns(t *testing.T) {
	for market := range Markets {
		for name, change := range map[string]func(*Answers){
			"firm, sellers": nil,
			"seat, web":     func(a *Answers) { a.Per, a.Sellers, a.Media, a.Price = "seat", "0", "", "19" },
		} {
			t.Run(market+" "+name, func(t *testing.T) {
				dir := newFolder(t, market, change)
				c, problems := Read(dir)
				wrong, _ := Split(problems)
				require.Empty(t, wrong)
				assert.Len(t, c.History.Periods, exampleMonths)
				assert.True(t, c.History.Monthly)
				for _, o := range []PlanOptions{{}, {Replay: true}, {Replay: true, Scale: 0.25}} {
					s, err := c.Scenario(o)
					require.NoError(t, err, "%+v\n%s", o, c.Plan(o))
					assert.Empty(t, s.Warnings, "%+v\n%s", o, c.Plan(o))
				}
				s, err := c.Scenario(PlanOptions{Replay: true, Scale: 0.1})
				require.NoError(t, err)
				prepared, err := model.Prepare(s.Plan)
				require.NoError(t, err)
				record := prepared.Schema().NewRecord()
				for r := range 2 {
					prepared.NewState().Replicate(1, r, record)
					for i, column := range prepared.Schema().Outcomes {
						if column.Name == "signups" || column.Name == "leads" || column.Name == "won" {
							t.Log(r, column.Name, record.Outcomes[i])
							assert.Positive(t, record.Outcomes[i], column.Name)
						}
					}
				}
			})
		}
	}
}

// invented are answers of which companies are made: the defaults, and others that a person may give.
var invented = map[string]func(*Answers){
	"defaults":       nil,
	"seats, web":     func(a *Answers) { a.Per, a.Sellers, a.Media, a.Price = "seat", "0", "", "19" },
	"sellers, dated": func(a *Answers) { a.Sellers = "2025-01 = 1, 2026-04-15 = 4" },
	"earns money":    func(a *Answers) { a.Cash, a.FixedCost, a.Price = "20k", "0", "149.50" },
	"few customers":  func(a *Answers) { a.Customers, a.Channels = "7", "google-ads, pigeons" },
	"leave often":    func(a *Answers) { a.Churn, a.Customers = "20%", "5000" },
	"stay":           func(a *Answers) { a.Churn = "0" },
}

// The files of the invented company agree: customers won are those of the channels, customers what is won and lost,
// revenue their bills, cash what is left of it after the cost that company.toml has, up to the cash of today. Its
// defaults tell a plain story: it loses some money, less than half of its revenue, has never been without cash, and will
// not be for a year. (A fixed cost of 65,000 per month would lose most of it.)
func TestTheInventedCompanyAgreesWithItself(t *testing.T) {
	for market := range Markets {
		for name, change := range invented {
			t.Run(market+" "+name, func(t *testing.T) {
				c, problems := Read(newFolder(t, market, change))
				for _, p := range problems {
					assert.Contains(t, p.Error(), "pigeons", "there is nothing to say of the others")
				}
				h, last := &c.History, exampleMonths-1
				bills, customers := 0., 0.
				for _, g := range c.Groups {
					bills, customers = bills+g.Count*g.MonthlyBill, customers+g.Count
				}
				assert.Equal(t, c.CustomersNow.Value, h.Customers[last])
				assert.Equal(t, h.Customers[last], customers, "customers.csv")
				assert.Equal(t, c.Cash.Value, h.Cash[last])
				before := c.CashAtStart()
				assert.InDelta(t, before+c.cameIn(0), h.Cash[0], 1)
				signups := 0.
				for i := range h.Periods {
					won := 0.
					for _, x := range h.Channels {
						if !x.Medium {
							won += x.Won[i]
							assert.True(t, x.Won[i] <= x.Signups[i] && x.Signups[i] <= x.Leads[i], x.Name)
							if i == last {
								signups += x.Signups[i]
							}
						}
					}
					assert.Equal(t, won, h.Won[i])
					assert.InDelta(t, h.Customers[i]*bills/customers, h.Revenue[i], 0.5+1e-9)
					assert.GreaterOrEqual(t, h.Customers[i]+h.Churned[i]-won, 0.)
					if i > 0 {
						assert.Equal(t, h.Customers[i-1]+won-h.Churned[i], h.Customers[i], h.name(i))
						assert.InDelta(t, h.Cash[i-1]+c.cameIn(i), h.Cash[i], 1.5, h.name(i))
					}
					if change == nil {
						loss := -c.cameIn(i)
						assert.True(t, loss > 0 && loss < h.Revenue[i]/2, h.name(i))
						assert.Greater(t, h.Cash[i], 12*loss)
					}
				}
				if change == nil {
					assert.Positive(t, before)
				}
				open := 0.
				for _, o := range c.Pipeline {
					if o.Open == OpenOpportunity {
						open += o.Count
						assert.Empty(t, o.Source, "channels are the first that somebody replaces")
					}
				}
				assert.InDelta(t, max(1, signups*c.Teams[0].CycleDays.Value/h.Periods[last].Weeks()/7), open, 0.6,
					"as many are open as came in one cycle")
			})
		}
	}
}

// The cash on the first day is that at the end of the first period that has it, without what moved it until then.
func TestCashAtStart(t *testing.T) {
	c, problems := Read(newFolder(t, "ca", nil))
	wrong, _ := Split(problems)
	require.Empty(t, wrong)
	h := &c.History
	first := c.CashAtStart()
	h.Cash[0], h.Cash[2] = math.NaN(), math.NaN()
	assert.InDelta(t, first, c.CashAtStart(), 2, "the second month has it")
	h.Revenue = nil
	assert.InDelta(t, first, c.CashAtStart(), 15000, "as in the months that follow")
	assert.NotEqual(t, h.Cash[1], c.CashAtStart())
	for i := 2; i < exampleMonths; i++ {
		h.Cash[i] = math.NaN()
	}
	assert.Equal(t, h.Cash[1], c.CashAtStart(), "nothing says what moved it")
	h.Cash = nil
	assert.True(t, math.IsNaN(c.CashAtStart()))

	c, _ = Read(newFolder(t, "ca", invented["earns money"]))
	assert.Negative(t, c.CashAtStart(), "an overdraft, long ago")
	s, err := c.Scenario(PlanOptions{Replay: true})
	require.NoError(t, err)
	assert.Zero(t, s.Plan.Finance.OpeningCash)
}
