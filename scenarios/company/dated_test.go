package company

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
	"windfall/scenarios"
)

// ramped is a folder with a team whose people changed, of a history of 24 months that ends with April 2026.
func ramped(t *testing.T, people string, files map[string]string) string {
	t.Helper()
	dir := folder(t, "", files)
	text := strings.Replace(smallTOML, "people = 2\n", "people = "+people+"\npay_per_year = 60_000\n", 1)
	require.NoError(t, os.WriteFile(filepath.Join(dir, tomlFile), []byte(text), 0o600))
	return dir
}

const twoYears = "month,channel,spend,leads,signups,won\n"

func historyOf(months int) string {
	text := twoYears
	for i := range months {
		d := plan.NewDate(2024, 5+i, 1).String()[:7]
		text += d + ",search,900,40,20,\n" + d + ",friends,,10,5,\n" + d + ",,,,,6\n"
	}
	return text
}

// Heads by date are a schedule: of the history that is fitted, and of the plan behind it, whose opening replays them;
// a plan that replays nothing says who began lately.
func TestHeadsByDate(t *testing.T) {
	dir := ramped(t, "{2024-01 = 2, 2025-01 = 3, 2026-03-16 = 5, 2026-07 = 6}", map[string]string{historyFile: historyOf(24)})
	c, problems := Read(dir)
	wrong, _ := Split(problems)
	require.Empty(t, wrong)
	require.Len(t, c.Teams, 1)
	assert.Equal(t, 5.0, c.Teams[0].People.Value)
	at := func(o PlanOptions) (*scenarios.Scenario, string) {
		s, err := c.Scenario(o)
		require.NoError(t, err, c.Plan(o))
		assert.Empty(t, s.Warnings)
		return s, c.Plan(o)
	}
	s, text := at(PlanOptions{Replay: true})
	assert.Contains(t, text, "people = [{value = 2}, {from = 2025-01-01, value = 3}, {from = 2026-03-18, value = 5}]\n")
	assert.Contains(t, text, "ramp_weeks = 20\n")
	assert.Equal(t, 2.0, s.Plan.Teams[0].People)
	_, text = at(PlanOptions{Replay: true, Scale: 0.4}) // 0.8, 1.2 and 2 people
	assert.Contains(t, text, "people = [{value = 1}, {from = 2026-03-18, value = 2}]\n")
	s, text = at(PlanOptions{})
	assert.Contains(t, text, "people = [{value = 5}, {from = 2026-07-03, value = 6}]\n")
	assert.Contains(t, text, "ramping = [{people = 2, weeks_ago = 6}]\n")
	assert.Equal(t, []plan.Began{{People: 2, WeeksAgo: 6}}, s.Plan.Teams[0].Ramping)
	s, text = at(PlanOptions{Fitted: &Fitted{Middle: func(string) (float64, bool) { return 0, false }}})
	assert.Contains(t, text, "people = [{value = 2}, {from = 2025-01-03, value = 3}, {from = 2026-03-20, value = 5}, "+
		"{from = 2026-07-03, value = 6}]\n")
	assert.True(t, s.Plan.Opening.Replay)
	// What is dated behind the history is of the forecast, on the weeks of the history.
	assert.Equal(t, []plan.Schedule{{Key: "teams.sales.people", Entries: []plan.ScheduleEntry{
		{From: plan.NewDate(2026, 7, 1), Value: 6, Input: -1}}}}, c.After(52))
	assert.Empty(t, c.After(4), "they come later")
	later := mustRead(t, ramped(t, "{2024-01 = 2, 2026-04-30 = 0, 2026-05-30 = 0, 2026-10-01 = 4, 2028-01-01 = 9}",
		map[string]string{historyFile: historyOf(24)}))
	assert.Equal(t, []plan.ScheduleEntry{{From: plan.NewDate(2026, 5, 6), Input: -1},
		{From: plan.NewDate(2026, 10, 7), Value: 4, Input: -1}}, later.After(52)[0].Entries)
	assert.NotContains(t, text, "ramping")
	sum := Check(dir)
	require.Len(t, sum.ByDate, 4)
	assert.Equal(t, DatedOf{"people", "sales", "2026-03-16", 5}, sum.ByDate[2])
	// Spend stands still, heads do not.
	for people, moved := range map[string]bool{"2": false, "{2024-01 = 2, 2025-01 = 3}": true} {
		still := mustRead(t, ramped(t, people, unpaid())).Plan(PlanOptions{Fitted: &Fitted{Middle: func(string) (float64, bool) { return 0, false }}})
		assert.Equal(t, moved, strings.Contains(still, "replay = true"), people)
	}
	// A team that never changed is as it was.
	c, _ = Read(ramped(t, "5", map[string]string{historyFile: historyOf(24)}))
	assert.Contains(t, c.Plan(PlanOptions{}), "people = 5\n")
	assert.NotContains(t, c.Plan(PlanOptions{}), "ramp")
	assert.Empty(t, c.After(52))
	assert.Empty(t, mustRead(t, ramped(t, "{2026-07 = 5}", map[string]string{historyFile: historyOf(24)})).After(52),
		"those of the first date were as many before")
	assert.Contains(t, mustRead(t, ramped(t, "{2024-01 = 5}", map[string]string{historyFile: historyOf(24)})).Plan(PlanOptions{}),
		"people = 5\n")
}

// unpaid is a history of 24 months in which nothing is spent, so that no spend of it moves.
func unpaid() map[string]string {
	return map[string]string{historyFile: strings.NewReplacer("search,900,", "seo,,").Replace(historyOf(24))}
}

// priced is a folder with a product whose price changed, of a history of 24 months that ends with April 2026.
func priced(t *testing.T, price string) string {
	t.Helper()
	dir := folder(t, "", unpaid())
	text := regexp.MustCompile(`(?m)^price = .*$`).ReplaceAllLiteralString(smallTOML, "price = "+price)
	require.Contains(t, text, price)
	require.NoError(t, os.WriteFile(filepath.Join(dir, tomlFile), []byte(text), 0o600))
	return dir
}

// Prices by date are a schedule: of the history that is fitted, in the forecast after it, and in the plan behind it,
// whose opening replays them though nothing else moved.
func TestPricesByDate(t *testing.T) {
	const prices = "{2024-01 = 40, 2025-01 = \"€45\", 2026-07 = 52}"
	dir := priced(t, prices)
	c := mustRead(t, dir)
	assert.Equal(t, 45.0, c.Products[0].Price.Value, "at the end of the history")
	at := func(o PlanOptions) (*scenarios.Scenario, string) {
		s, err := c.Scenario(o)
		require.NoError(t, err, c.Plan(o))
		assert.Empty(t, s.Warnings)
		return s, c.Plan(o)
	}
	for scale := range map[float64]bool{1: true, 0.4: true} {
		s, text := at(PlanOptions{Replay: true, Scale: scale})
		assert.Contains(t, text, "price = [{value = 40}, {from = 2025-01-01, value = 45}]\n", "a part of the market has the same price")
		assert.Equal(t, 40.0, s.Plan.Products[0].Price)
		assert.NotContains(t, text, "price_for_all")
		assert.Contains(t, text, "willingness_median = 104", "twice the highest price")
	}
	_, text := at(PlanOptions{})
	assert.Contains(t, text, "price = [{value = 45}, {from = 2026-07-03, value = 52}]\n")
	fitted := PlanOptions{Fitted: &Fitted{Middle: func(string) (float64, bool) { return 0, false }}}
	s, text := at(fitted)
	assert.Contains(t, text, "price = [{value = 40}, {from = 2025-01-03, value = 45}, {from = 2026-07-03, value = 52}]\n")
	assert.True(t, s.Plan.Opening.Replay)
	assert.Equal(t, []plan.Schedule{{Key: "products.main.price", Entries: []plan.ScheduleEntry{
		{From: plan.NewDate(2026, 7, 1), Value: 52, Input: -1}}}}, c.After(52))
	assert.Empty(t, c.After(4), "it comes later")
	assert.Equal(t, []DatedOf{{"price", "main", "2024-01-01", 40}, {"price", "main", "2025-01-01", 45}, {"price", "main", "2026-07-01", 52}},
		Check(dir).ByDate)

	c = mustRead(t, priced(t, prices+"\nprice_for_all = true"))
	for _, o := range []PlanOptions{{Replay: true}, {}, fitted} {
		s, _ := at(o)
		assert.True(t, s.Plan.Products[0].PriceForAll)
	}
	// A price that never changed is as it was, and nothing is replayed for it.
	for _, price := range []string{"45", "{2024-01 = 45}", "{2026-01 = 45, 2029-01 = 60}"} {
		c = mustRead(t, priced(t, price))
		s, text := at(fitted)
		assert.Contains(t, text, "price = 45\n", price)
		assert.False(t, s.Plan.Opening.Replay, price)
	}
	for price, want := range map[string]string{
		"{soon = 3}":                        "is not a date; write price as a number, or by date: {2025-01 = 49, 2026-04 = 59}",
		"{2025-01 = \"much\"}":              "is not a number",
		"{2025-01 = \"£45\"}":               "is in GBP, and the company counts in EUR",
		"{2025-01 = 0}":                     "must lie between 0.01 and 1000000000000",
		"{2025-01 = 40, \"Jan 2025\" = 45}": "is the date of two numbers",
		"{2025-01 = true}":                  "must lie between",
		"{}":                                "names no date",
	} {
		_, problems := Read(priced(t, price))
		wrong, _ := Split(problems)
		require.Len(t, wrong, 1, "%s: %v", price, wrong)
		assert.Contains(t, wrong[0].Error(), want, price)
		assert.Positive(t, wrong[0].Row)
		listed(t, wrong[0])
	}
}

// A price that moves on the first day of the plan or beside it leaves older customers theirs, so that the past is
// replayed; of several dates in one week the last holds, wherever that week begins; what no plan sees moves nothing.
func TestPricesOnTheEdge(t *testing.T) {
	fitted := PlanOptions{Fitted: &Fitted{Middle: func(string) (float64, bool) { return 0, false }}}
	for day, replays := range map[string]bool{"2026-04-20": true, "2026-04-30": true, "2026-05-01": true, "2026-05-02": false} {
		c := mustRead(t, priced(t, "{2025-01 = 40, "+day+" = 80}"))
		s, err := c.Scenario(fitted)
		require.NoError(t, err)
		assert.Equal(t, replays, s.Plan.Opening.Replay, day)
		assert.Equal(t, plan.NewDate(2026, 5, 1), s.Plan.Run.Start)
	}
	for _, price := range []string{"{2024-06 = 40, 2025-05-02 = 45, 2025-05-03 = 50, 2025-05-05 = 55}",
		"{2024-06 = 40, 2026-06-02 = 45, 2026-06-03 = 50, 2026-06-04 = 55}"} {
		c := mustRead(t, priced(t, price))
		for _, o := range []PlanOptions{{Replay: true}, {}, fitted} {
			s, err := c.Scenario(o)
			require.NoError(t, err, price)
			for _, x := range s.Plan.Schedules {
				if x.Key == "products.main.price" {
					assert.Equal(t, 55.0, x.Entries[len(x.Entries)-1].Value)
				}
			}
		}
		for _, x := range c.After(52) {
			for i := 1; i < len(x.Entries); i++ {
				assert.Less(t, x.Entries[i-1].From, x.Entries[i].From)
			}
		}
	}
	far := priced(t, "{2010-01 = 900, 2024-01 = 45, 2035-01 = 800}")
	c := mustRead(t, far)
	assert.Contains(t, c.Plan(PlanOptions{Replay: true}), "willingness_median = 90\n")
	_, problems := Read(far)
	_, notes := Split(problems)
	var told []string
	for _, n := range notes {
		if n.Heading == "products.main.price" {
			told = append(told, n.Message)
			listed(t, n)
		}
	}
	assert.Equal(t, []string{"has prices from before the history, which no plan knows: who was won then counts as won at 45",
		"has prices from after the year that a plan covers, which it leaves out"}, told)
	assert.Equal(t, 45.0, Check(far).ByDate[0].Value)
	for price, want := range map[string]string{"\"79,50\"": "has its marks for decimals and thousands in another order",
		"\"4000%\"": "is not a number", "{2025-01 = \"79,50\"}": "has its marks"} {
		_, problems := Read(priced(t, price))
		wrong, _ := Split(problems)
		require.Len(t, wrong, 1, "%s: %v", price, wrong)
		assert.Contains(t, wrong[0].Error(), want, price)
	}
}

// A price per seat says how many seats there are, or is told what is assumed.
func TestSeatsThatAreAssumed(t *testing.T) {
	for more, told := range map[string]bool{"\nper = \"seat\"": true, "\nper = \"seat\"\nseats_per_employee = 0.4": false, "": false} {
		_, problems := Read(priced(t, "45"+more))
		wrong, notes := Split(problems)
		require.Empty(t, wrong)
		found := false
		for _, n := range notes {
			if n.Message == "is per seat, and a seat for each employee is assumed" {
				found = true
				listed(t, n)
			}
		}
		assert.Equal(t, told, found, more)
	}
}

// What company.toml says of today is held against the end of the history.
func TestTodayIsTheEndOfTheHistory(t *testing.T) {
	rows := historyOf(24) + "2026-04,,,,,,"
	text := strings.Replace(rows, twoYears, "month,channel,spend,leads,signups,won,customers,cash\n", 1)
	dir := priced(t, "45")
	for ends, told := range map[string]int{"500,900000": 0, "510,880000": 0, "490,400000": 1, "700,-20": 2} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, historyFile), []byte(strings.Replace(text, "2026-04,,,,,6\n", "", 1)+ends+"\n"), 0o600))
		_, problems := Read(dir)
		_, notes := Split(problems)
		n := 0
		for _, x := range notes {
			if strings.HasPrefix(x.Message, "is not what the history ends with") {
				n++
				listed(t, x)
			}
		}
		assert.Equal(t, told, n, "%s: %v", ends, problems)
	}
}

func mustRead(t *testing.T, dir string) *Company {
	t.Helper()
	c, problems := Read(dir)
	wrong, _ := Split(problems)
	require.Empty(t, wrong)
	return c
}

// What is wrong with heads by date is said at its line, with the cure.
func TestHeadsThatAreNone(t *testing.T) {
	for people, want := range map[string]string{
		"{soon = 3}":                      "teams.sales.people = soon: is not a date; write people as a number, or by date: {2025-01 = 3, 2026-04 = 5}",
		"{2025-01 = \"three\"}":           "is not a number; write it as 1234.50",
		"{2025-01 = -1}":                  "must lie between 0 and 100000",
		"{2025-01 = 3, \"Jan 2025\" = 4}": "is the date of two numbers",
		"{\"01/02/2025\" = 4}":            "is not a date",
		"{}":                              "names no date",
	} {
		_, problems := Read(ramped(t, people, map[string]string{historyFile: historyOf(24)}))
		wrong, _ := Split(problems)
		require.Len(t, wrong, 1, people)
		assert.Contains(t, wrong[0].Error(), want)
		assert.Contains(t, wrong[0].File, "company.toml")
		assert.Positive(t, wrong[0].Row)
		listed(t, wrong[0])
	}
}

// The answer to --ask takes people by date, too.
func TestSellersByDate(t *testing.T) {
	last, text, err := readSellers("2025-01 = 3, 2026-04 = 5")
	require.NoError(t, err)
	assert.Equal(t, 5.0, last.People.Value)
	assert.Equal(t, "{2025-01-01 = 3, 2026-04-01 = 5}", text)
	last, text, err = readSellers("4")
	require.NoError(t, err)
	assert.Equal(t, "4", text)
	assert.Equal(t, 4.0, last.People.Value)
	for _, wrong := range []string{"x", "2025-13 = 3", "2025-01 = many", "= 3", "-2"} {
		require.Error(t, checkSellers(wrong), wrong)
	}
	dir := newFolder(t, "ca", func(a *Answers) { a.Sellers = "2025-01 = 3, 2026-04 = 5" })
	c := mustRead(t, dir)
	assert.Len(t, c.Teams[0].Heads, 2)
}

// A plan opens with the rows of pipeline.csv where each says what a plan needs, and says which does not.
func TestPipelineOfAPlan(t *testing.T) {
	csv := "stage,count,age_days,size,value,channel\nlead,4,2,1-4,,search\nopportunity,9,,1-4,70,\nopportunity,3,30,1-4,,search\n"
	dir := ramped(t, "4", map[string]string{historyFile: historyOf(24), pipelineFile: csv})
	c := mustRead(t, dir)
	text, assumed, why := c.PipelineFile()
	require.Empty(t, why)
	assert.Equal(t, "stage,count,team,age_days,size,product,channel,monthly_value\n"+
		"lead,4,sales,2,1-4,main,search,\n"+
		"opportunity,7,sales,15,1-4,main,search,70\nopportunity,2,sales,15,1-4,main,friends,70\n"+
		"opportunity,3,sales,30,1-4,main,search,\n", text)
	require.Len(t, assumed, 2)
	assert.Contains(t, assumed[0], "has 1 row without an age: leads are taken to be of today, opportunities to be half through")
	assert.Contains(t, assumed[1], "has 1 row without a channel: they are dealt over channels as the history's sign-ups")
	for want, change := range map[string]func(o *Opportunity){
		"has no size": func(o *Opportunity) { o.Size = "" },
		"has no whole number of leads or opportunities":    func(o *Opportunity) { o.Count = 2.5 },
		"is older than ten years":                          func(o *Opportunity) { o.Days = 4000 },
		"has no team that serves its size":                 func(*Opportunity) { c.Teams[0].Sizes = []string{"5-9"} },
		"names no team, and several serve its size":        func(*Opportunity) { c.Teams = append(c.Teams, c.Teams[0]) },
		"has no product that is sold to its size, or seve": func(*Opportunity) { c.Products = append(c.Products, Product{Name: "second"}) },
		"is of a size outside of the market":               func(*Opportunity) { c.Market.Sizes = []string{"5-9"} },
	} {
		c = mustRead(t, dir)
		c.Teams, c.Products = append([]Team{}, c.Teams...), append([]Product{}, c.Products...)
		change(&c.Pipeline[0])
		text, _, why := c.PipelineFile()
		assert.Empty(t, text, want)
		assert.Contains(t, why, want)
		_, message, _ := strings.Cut(why, " ")
		listed(t, Problem{Message: message})
	}
	// Teams that answer at once keep nobody waiting.
	c = mustRead(t, dir)
	c.Teams[0].Kind = "web"
	text, _, _ = c.PipelineFile()
	assert.NotContains(t, text, "lead,")
	c.Pipeline = nil
	text, _, why = c.PipelineFile()
	assert.Empty(t, text+why)
	// A row that lacks something is told when the folder is checked.
	_, problems := Read(ramped(t, "4", map[string]string{historyFile: historyOf(24), pipelineFile: "stage,count\nlead,4\n"}))
	_, notes := Split(problems)
	found := false
	for _, n := range notes {
		if found = found || n.Message == "has no size"; n.Message == "has no size" {
			listed(t, n)
		}
	}
	assert.True(t, found, "%v", notes)
	assert.False(t, math.IsNaN(mustRead(t, dir).Pipeline[0].Days))
}

// A first plan keeps up with the leads of its own history, in its busiest quarter too: a history of which few leads are
// sign-ups, one that grows, and one with a team for some channels.
func TestAFirstPlanIsNotOverloaded(t *testing.T) {
	few := twoYears
	for i := range 24 {
		d := plan.NewDate(2024, 5+i, 1).String()[:7]
		few += fmt.Sprintf("%s,search,900,%d,6,\n%s,friends,,%d,2,\n%s,,,,,6\n", d, 100+10*i, d, 40+i, d)
	}
	for name, more := range map[string]string{"one team": "", "two teams": "[teams.second]\npeople = 1\nchannels = [\"friends\"]\n"} {
		dir := ramped(t, "2", map[string]string{historyFile: few})
		text, err := os.ReadFile(filepath.Join(dir, tomlFile))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, tomlFile), append(text, more...), 0o600))
		c := mustRead(t, dir)
		s, err := c.Scenario(PlanOptions{Replay: true})
		require.NoError(t, err)
		for i := range s.Plan.Teams {
			x := &s.Plan.Teams[i]
			if x.Kind != "people" {
				continue
			}
			busiest := 0. // leads of the last quarter a week, as the plan has them
			for _, ch := range s.Plan.Channels {
				h := c.History.Channel(ch.Name)
				if h == nil || len(s.Plan.Teams) > 1 && (ch.Name == "friends") != (x.Name == "second") {
					continue
				}
				leads, _ := Sum(h.Leads[21:])
				busiest += leads / 13 * (ch.Real + x.ScreeningShare*(1-ch.Real))
			}
			load := busiest / (x.People * x.OpportunitiesPerWeek)
			t.Logf("%s: %s is busy %.2f of the time in the busiest quarter", name, x.Name, load)
			assert.Less(t, load, 0.95, "%s: %s", name, x.Name)
			assert.Greater(t, load, 0.5, "%s: %s", name, x.Name)
		}
	}
}
