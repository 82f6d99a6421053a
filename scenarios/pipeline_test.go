package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// withPipeline writes a scenario of a small vendor with a file of the open pipeline beside it, and gives its path.
func withPipeline(t *testing.T, csv, more string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "pipeline.csv"), []byte(csv), 0o666))
	path := filepath.Join(dir, "mine.toml")
	require.NoError(t, os.WriteFile(path, []byte("extends = \"small\"\n[opening]\nplan = \"mine\"\n"+
		"pipeline_file = \"pipeline.csv\"\n"+more), 0o666))
	return path
}

const somePipeline = "stage,count,team,age_days,size,product,channel,monthly_value\n" +
	"lead,6,sales,2.5,5-19,pro,search,\n" +
	"opportunity,9,sales,12,20+,pro,inbound,240.5\n" +
	"\n" +
	"opportunity,,web,4,1-4,basic,search,\n"

// What a file lists is the pipeline of the first day; it travels with the resolved scenario, and is part of what the plan
// is.
func TestPipelineOfAFile(t *testing.T) {
	t.Parallel()
	load := func(csv, more string) *plan.Plan {
		p, err := Load(withPipeline(t, csv, more), withBuiltins(testFiles))
		require.NoError(t, err)
		return p
	}
	p := load(somePipeline, "")
	require.Len(t, p.Opening.Pipeline, 3)
	require.Equal(t, 6.0, p.Opening.OpenOf("5-19"))
	again, err := LoadBytes("elsewhere.toml", []byte(Resolved(p)), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Equal(t, Digest(p), Digest(again))
	require.Equal(t, p.Opening.PipelineText, again.Opening.PipelineText)
	x, err := trace(p)
	require.NoError(t, err)
	y, err := trace(again)
	require.NoError(t, err)
	require.Equal(t, x, y)
	_, differs := OpeningDifference(p, again)
	require.False(t, differs)
	// Rows in another order and parts of a group are the same pipeline.
	q := load("size,stage,count,team,age_days,product,channel,monthly_value\n1-4,opportunity,1,web,4,basic,search,\n"+
		"5-19,lead,2,sales,2.5,pro,search,\n20+,opportunity,9,sales,12.0,pro,inbound,240.50\n5-19,lead,4,sales,2.5,pro,search,\n", "")
	require.Equal(t, p.Opening.PipelineHash, q.Opening.PipelineHash)
	require.Equal(t, Digest(p), Digest(q))
	// Another pipeline is another plan and another opening, and acts; so does an empty one.
	none := load("stage,team,age_days,size,channel\n", "")
	require.True(t, none.Opening.Lists())
	plain, err := LoadBytes("mine.toml", []byte("extends = \"small\"\n"), withBuiltins(testFiles))
	require.NoError(t, err)
	seen := map[[32]byte]bool{}
	for _, other := range []*plan.Plan{p, none, plain, load(strings.Replace(somePipeline, "240.5", "250", 1), "")} {
		x, err := trace(other)
		require.NoError(t, err)
		require.False(t, seen[x])
		seen[x] = true
		if other != p {
			require.NotEqual(t, Digest(p), Digest(other))
			d, differs := OpeningDifference(p, other)
			require.True(t, differs)
			require.Contains(t, d.Key, "opening.pipeline")
		}
	}
	// A stated hash refuses another file.
	_, err = Load(withPipeline(t, somePipeline, "pipeline_hash = \""+none.Opening.PipelineHash+"\"\n"), withBuiltins(testFiles))
	require.ErrorContains(t, err, "lists another pipeline than was meant: its hash is "+p.Opening.PipelineHash)
}

// What is wrong in a file is said with its row, column and what to do.
func TestProblemsOfAFileOfThePipeline(t *testing.T) {
	t.Parallel()
	const head = "stage,count,team,age_days,size,product,channel,monthly_value\n"
	for csv, want := range map[string]string{
		"":                              "pipeline.csv: is empty; its first line is stage,count,team,age_days",
		"stage,team,age_days,size\n":    "pipeline.csv:1: channel: is a column that the file lacks; count, product and monthly_value may be left out",
		"stage,team,age,size,channel\n": "pipeline.csv:1: age: is no column of a file of leads and opportunities: stage, count, team",
		head + "lead,1,sales,2,5-19,pro,search,,\n":           "pipeline.csv:2: is no CSV",
		head + "deal,1,sales,2,5-19,pro,search,\n":            "pipeline.csv:2: stage = \"deal\": must be lead (nobody has answered yet) or opportunity (somebody works on it)",
		head + "lead,1.5,sales,2,5-19,pro,search,\n":          "count = \"1.5\": must be a whole number of leads and opportunities above 0",
		head + "lead,1,saels,2,5-19,pro,search,\n":            "team = \"saels\": is no team of this plan: dealers, sales, web; did you mean sales?",
		head + "lead,1,sales,2,1-4,pro,search,\n":             "team = \"sales\": does not serve class 1-4: 20+, 5-19",
		head + "lead,1,web,2,1-4,basic,search,\n":             "stage = \"lead\": cannot be: team web is of kind web and answers at once, so nobody waits; write opportunity",
		head + "lead,1,sales,-2,5-19,pro,search,\n":           "age_days = \"-2\": must be the days since the lead, or since the first contact of an opportunity: a number from 0 to 3653",
		head + "lead,1,sales,2,5-20,pro,search,\n":            "size = \"5-20\": is no size class of this market: 1-4, 5-19, 20+",
		head + "lead,1,sales,2,5-19,pros,search,\n":           "product = \"pros\": is no product of this plan",
		head + "lead,1,sales,2,5-19,,search,\n":               "product: is needed: class 5-19 is sold",
		head + "lead,1,sales,2,5-19,pro,,\n":                  "channel: is no channel of this plan:",
		head + "lead,1,sales,2,5-19,pro,serch,\n":             "did you mean search?",
		head + "lead,1,sales,2,5-19,pro,search,\"1,5\"\n":     "monthly_value = \"1,5\": must be what one customer would pay for a month",
		head + "opportunity,900000,web,2,1-4,basic,search,\n": "lists 900000 leads and opportunities of size class 1-4, of whose",
	} {
		_, err := Load(withPipeline(t, csv, ""), withBuiltins(testFiles))
		require.ErrorContains(t, err, want, csv)
	}
	_, err := OpenBytes("mine.toml", []byte("extends = \"small\"\n[opening]\nplan = \"mine\"\npipeline_hash = \"x\"\n"), withBuiltins(testFiles))
	require.ErrorContains(t, err, "opening.pipeline_hash = \"x\": does nothing without pipeline_file")
	_, err = OpenBytes("mine.toml", []byte("extends = \"small\"\n[opening]\nplan = \"mine\"\npipeline_file = \"none.csv\"\n"), withBuiltins(testFiles))
	require.ErrorContains(t, err, "there is no file none.csv")
	_, err = OpenBytes("mine.toml", []byte("extends = \"small\"\n"), withBuiltins(testFiles), Set("opening.pipeline_file=x.csv"))
	require.ErrorContains(t, err, "shapes the opening state")
}

// What is older than next to all that a plan makes is doubted.
func TestAStalePipelineIsDoubted(t *testing.T) {
	t.Parallel()
	for row, want := range map[string]string{
		"opportunity,9,sales,300,5-19,pro,inbound,": "lists opportunities of team sales that are 300 days old, and of its cycles, 14 days on average, fewer than 1 in 1,000 last as long",
		"lead,9,sales,900,5-19,pro,inbound,":        "lists leads that have waited for 900 days, and of the buying windows, at most",
		"opportunity,9,sales,30,5-19,pro,inbound,":  "",
	} {
		s, err := Open(withPipeline(t, "stage,count,team,age_days,size,product,channel,monthly_value\n"+row+"\n", ""), withBuiltins(testFiles))
		require.NoError(t, err)
		if want == "" {
			require.Empty(t, s.Warnings)
			continue
		}
		require.ErrorContains(t, s.Warnings, want)
	}
}

// Who ramps up on the first day is one of the people, of a team that has people, and is said once.
func TestPeopleInRampOfAPlan(t *testing.T) {
	t.Parallel()
	open := func(more string, options ...Option) (*Scenario, error) {
		return OpenBytes("mine.toml", []byte("extends = \"small\"\n[opening]\nplan = \"mine\"\n"+more), append(options, withBuiltins(testFiles))...)
	}
	const team = "[teams.sales]\npeople = 3\nramp_start = 0.3\nramp_weeks = 12\n"
	s, err := open(team + "ramping = [{people = 1, weeks_ago = 9}, {people = 2, weeks_ago = 4}]\n")
	require.NoError(t, err)
	require.Empty(t, s.Warnings)
	at := 0
	for s.Plan.Teams[at].Name != "sales" {
		at++
	}
	require.Equal(t, []plan.Began{{People: 2, WeeksAgo: 4}, {People: 1, WeeksAgo: 9}}, s.Plan.Teams[at].Ramping)
	again, err := LoadBytes("elsewhere.toml", []byte(Resolved(s.Plan)), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Equal(t, s.Plan.Teams[at].Ramping, again.Teams[at].Ramping)
	require.Equal(t, Digest(s.Plan), Digest(again))
	plain, err := open(team)
	require.NoError(t, err)
	x, err := trace(s.Plan)
	require.NoError(t, err)
	y, err := trace(plain.Plan)
	require.NoError(t, err)
	require.NotEqual(t, x, y)
	for more, want := range map[string]string{
		team + "ramping = [{people = 4, weeks_ago = 2}]\n":                     "mine.toml:8: teams.sales.ramping: names 4 people, and the team has 3 on the first day; raise people",
		"[teams.web]\nramping = [{people = 1, weeks_ago = 2}]\n":               "belongs to a team of kind people; this one has kind = \"web\"",
		"replay = true\n" + team + "ramping = [{people = 1, weeks_ago = 2}]\n": "is said twice: opening.replay replays the head-counts of the past",
		team + "ramping = [{people = 1}]\n":                                    "an entry lacks weeks_ago",
		team + "ramping = [{people = 1.5, weeks_ago = 2}]\n":                   "teams.sales.ramping.people = 1.5",
		team + "ramping = 3\n":                                                 "must be a list of tables",
	} {
		_, err := open(more)
		require.ErrorContains(t, err, want, more)
	}
	s, err = open(team + "ramping = [{people = 1, weeks_ago = 30}]\n")
	require.NoError(t, err)
	require.Contains(t, s.Warnings.Error(), "does nothing for who began 30 weeks ago: a new person is at full speed after ramp_weeks, 12")
}
