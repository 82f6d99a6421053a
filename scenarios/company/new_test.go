package company

import (
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
