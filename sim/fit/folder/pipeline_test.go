package folder

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/stat"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/scenarios/company"
)

// The plan of a fit opens with pipeline.csv, and its people by date are those of the replayed history; a row that says
// too little leaves what the history leaves open, and says so.
func TestAFittedPlanOpensWithItsPipeline(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("some seconds of CPU time: with WINDFALL_VERIFY=1, as make test does; a pipeline without a fit is tested in scenarios")
	}
	dir := small(t)
	toml := strings.Replace(read(t, dir, "company.toml"), "[teams.web]\nkind = \"web\"\n",
		"[teams.sales]\npeople = {2025-01 = 1, 2025-09 = 3, 2026-02 = 0}\n", 1)
	put := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	put("company.toml", toml)
	put("pipeline.csv", "stage,count,age_days,size,value,channel\nlead,3,2,1-4,,search\nopportunity,8,20,5-9,80,search\n")
	text, _, f := run(t, dir, 2)
	s, err := scenarios.Open(filepath.Join(dir, PlanFile))
	require.NoError(t, err)
	assert.Empty(t, s.Warnings)
	assert.Contains(t, text, `pipeline_file = "plan-pipeline.csv"`)
	assert.Contains(t, text, `pipeline_file = "your pipeline.csv"`)
	assert.Equal(t, "stage,count,team,age_days,size,product,channel,monthly_value\nlead,3,sales,2,1-4,main,search,\n"+
		"opportunity,8,sales,20,5-9,main,search,80\n", read(t, dir, PipelineFile))
	require.Len(t, s.Plan.Opening.Pipeline, 2)
	assert.Equal(t, []plan.ScheduleEntry{{From: plan.NewDate(2025, 9, 6), Value: 3, Input: -1},
		{From: plan.NewDate(2026, 2, 7), Value: 0, Input: -1}}, scheduleOf(s.Plan, "teams.sales.people"))
	// The forecast has them too: a team of three that is gone after three months.
	assert.Equal(t, []plan.ScheduleEntry{{From: plan.NewDate(2025, 9, 3), Value: 3, Input: -1},
		{From: plan.NewDate(2026, 2, 4), Value: 0, Input: -1}}, scheduleOf(f.Ask.Plan, "teams.sales.people"))
	won, months := company.Sum(f.Company.History.Won)
	next := f.Answer.Forecast[0]
	perMonth := won / float64(months)
	most := perMonth*3.1 + 11 // as many per month for 14 weeks, and all of the pipeline
	_, sd := stat.MeanStdDev(next.Draws, nil)
	assert.Less(t, next.Median, most+3*sd*math.Sqrt(math.Pi/2/float64(len(next.Draws))), "the error of a median")
	assert.Greater(t, next.Median, 0.0)
	assert.Greater(t, perMonth*12, 2*most, "what they would win in a year lies far from it")
	for _, n := range f.Answer.Notes {
		assert.NotContains(t, n, "pipeline.csv")
	}
	put("pipeline.csv", "stage,count,age_days\nlead,3,2\n")
	_, _, err = f.write(f.Answer) // of the folder as it was read
	require.NoError(t, err)
	g, err := Open(dir, Options{Workers: 2})
	require.NoError(t, err)
	g.Answer = f.Answer
	g.Answer.Notes = nil
	_, _, err = g.write(g.Answer)
	require.NoError(t, err)
	assert.NotContains(t, read(t, dir, PlanFile), "pipeline_file")
	require.Len(t, g.Answer.Notes, 1)
	assert.Contains(t, g.Answer.Notes[0], "pipeline.csv:2 has no size, so that the plan opens with what its history leaves open")
}

// scheduleOf are the dated values of a key, after the one that holds before them.
func scheduleOf(p *plan.Plan, key string) []plan.ScheduleEntry {
	for _, s := range p.Schedules {
		if s.Key == key {
			return s.Entries
		}
	}
	return nil
}
