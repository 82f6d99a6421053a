package company

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

const smallTOML = `currency = "EUR"
[market]
base = "de-smb"
[demand]
bought_every_years = 8
[products.main]
price = 50
[customers]
now = 500
[money]
cash = "900k"
[teams.sales]
people = 2
`

// folder writes files: company.toml with lines behind the usual ones, and others by name.
func folder(t testing.TB, more string, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, tomlFile), []byte(smallTOML+more), 0o600))
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

// history reads a folder whose history has these files.
func history(t testing.TB, more string, files map[string]string) (*Company, Problems, Problems) {
	t.Helper()
	c, problems := Read(folder(t, more, files))
	wrong, notes := Split(problems)
	return c, wrong, notes
}

// Each dialect says the same: January to April 2026, two channels, 1,234.50 of spend in January, 20 leads in February.
func TestDialects(t *testing.T) {
	long := `month,channel,spend,leads
2026-01,Google Ads,1234.50,10
2026-01,LinkedIn,100,1
2026-02,Google Ads,1300,20
2026-02,LinkedIn,,2
2026-03,Google Ads,1400,30
2026-03,LinkedIn,100,3
2026-04,Google Ads,1500,40
2026-04,LinkedIn,100,4
`
	dates := func(months ...string) string {
		var pairs []string
		for i, m := range months {
			pairs = append(pairs, fmt.Sprintf("2026-%02d", i+1), m)
		}
		return strings.NewReplacer(pairs...).Replace(long)
	}
	semicolons := strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(long, ",", ";"), "1234.50", "1.234,50"), "1300", "1.300,00")
	utf16le := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(strings.ReplaceAll(long, ",", "\t"))) {
		utf16le = append(utf16le, byte(u), byte(u>>8))
	}
	for name, x := range map[string]struct{ more, text string }{
		"comma":                     {"", long},
		"semicolon, decimal comma":  {"", semicolons},
		"semicolon, simple decimal": {"", strings.ReplaceAll(strings.ReplaceAll(long, ",", ";"), "1234.50", "1234,5")},
		"tabs":                      {"", strings.ReplaceAll(long, ",", "\t")},
		"UTF-16 with tabs":          {"", string(utf16le)},
		"BOM and CRLF":              {"", "\xef\xbb\xbf" + strings.ReplaceAll(long, "\n", "\r\n")},
		"lines of an old Mac":       {"", strings.ReplaceAll(long, "\n", "\r")},
		"sep=":                      {"", "sep=;\n" + strings.ReplaceAll(long, ",", ";")},
		"thousands in quotes":       {"", strings.ReplaceAll(long, "1234.50", `"1,234.50"`)},
		"euro before":               {"", strings.ReplaceAll(long, "1234.50", `"€1,234.50"`)},
		"euro behind":               {"", strings.ReplaceAll(semicolons, "1.234,50", "1.234,50 €")},
		"code":                      {"", strings.ReplaceAll(long, "1234.50", "EUR 1234.50")},
		"Swiss":                     {"", strings.ReplaceAll(long, "1234.50", "1'234.50")},
		"French spaces":             {"", strings.ReplaceAll(semicolons, "1.234,50", "1 234,50")},
		"thin spaces":               {"", strings.ReplaceAll(strings.ReplaceAll(semicolons, "1.234,50", "1\u202f234,50"), "1.300,00", "1\u00a0300,00")},
		"empty as dash":             {"", strings.ReplaceAll(long, "LinkedIn,,2", "LinkedIn,-,2")},
		"empty as n/a":              {"", strings.ReplaceAll(long, "LinkedIn,,2", "LinkedIn,n/a,2")},
		"padding":                   {"", strings.ReplaceAll(long, ",", " , ")},
		"empty lines":               {"", strings.ReplaceAll(long, "\n", "\n\n,,,\n")},
		"title above":               {"", "Report\nAll campaigns,,,\n" + long},
		"totals below":              {"", long + "Total,,9999,999\n"},
		"more columns":              {"", strings.ReplaceAll(strings.ReplaceAll(long, "\n", ",x\n"), "leads,x", "leads,clicks")},
		"Jan 2026":                  {"", dates("Jan 2026", "Feb 2026", "Mar 2026", "Apr 2026")},
		"January 2026":              {"", dates("January 2026", "February 2026", "March 2026", "April 2026")},
		"Jan-26":                    {"", dates("Jan-26", "Feb-26", "Mar-26", "Apr-26")},
		"German months":             {"", dates("Januar 2026", "Februar 2026", "März 2026", "April 2026")},
		"French months":             {"", dates("janv. 2026", "févr. 2026", "mars 2026", "avr. 2026")},
		"2026 Jan":                  {"", dates("2026 Jan", "2026 Feb", "2026 Mar", "2026 Apr")},
		"01/2026":                   {"", dates("01/2026", "02/2026", "03/2026", "04/2026")},
		"202601":                    {"", dates("202601", "202602", "202603", "202604")},
		"31/01/2026":                {"", dates("31/01/2026", "28/02/2026", "31/03/2026", "30/04/2026")},
		"01/31/2026":                {"", dates("01/31/2026", "02/28/2026", "03/31/2026", "04/30/2026")},
		"31.01.2026":                {"", dates("31.01.2026", "28.02.2026", "31.03.2026", "30.04.2026")},
		"01.02.2026":                {"", dates("01.01.2026", "01.02.2026", "01.03.2026", "01.04.2026")},
		"15 Jan 2026":               {"", dates("15 Jan 2026", "15 Feb 2026", "15 Mar 2026", "15 Apr 2026")},
		"Jan 15, 2026":              {"", dates(`"Jan 15, 2026"`, `"Feb 15, 2026"`, `"Mar 15, 2026"`, `"Apr 15, 2026"`)},
		"clock":                     {"", dates("2026-01-01 00:00:00", "2026-02-01T00:00:00Z", "2026-03-01 12:00 AM", "2026-04-01 00:00")},
		"asked, dmy": {"[files.history]\ndates = \"dmy\"\n", dates("01/01/2026", "01/02/2026", "01/03/2026",
			"01/04/2026")},
		"asked, mdy": {"[files.history]\ndates = \"mdy\"\n", dates("01/01/2026", "02/01/2026", "03/01/2026",
			"04/01/2026")},
		"first and last day": {"", strings.ReplaceAll(dates("2026-01-01,2026-01-31", "2026-02-01,2026-02-28",
			"2026-03-01,2026-03-31", "2026-04-01,2026-04-30"), "month,", "Reporting starts,Reporting ends,")},
		"first day and first after": {"", strings.ReplaceAll(dates("2026-01-01,2026-02-01", "2026-02-01,2026-03-01",
			"2026-03-01,2026-04-01", "2026-04-01,2026-05-01"), "month,", "start,end,")},
		"range in a cell": {"", dates("2026-01-01 - 2026-01-31", "2026-02-01 - 2026-02-28", "2026-03-01 - 2026-03-31",
			"2026-04-01 - 2026-04-30")},
		"wide": {"", `Month,Spend Google Ads,Google Ads: leads,linkedin cost,Leads (LinkedIn) x,leads linkedin
2026-01,1234.50,10,100,,1
2026-02,1300,20,,,2
2026-03,1400,30,100,,3
2026-04,1500,40,100,,4
`},
		"periods side by side": {"", `channel,metric,Jan 2026,Feb 2026,Mar 2026,Apr 2026
Google Ads,cost,1234.50,1300,1400,1500
Google Ads,leads,10,20,30,40
LinkedIn,cost,100,,100,100
LinkedIn,leads,1,2,3,4
`},
		"one number a row": {"", tidy(long)},
		"mapped headings": {"[files.history.columns]\n\"Zeit\" = \"period\"\n\"Werbung\" = \"spend\"\n\"Kontakte neu\" = \"leads\"\n" +
			"\"Wo\" = \"channel\"\n", strings.Replace(long, "month,channel,spend,leads", "Zeit,Wo,Werbung,Kontakte neu", 1)},
		"mapped to channels, times a factor": {"[files.history.columns]\n\"t\" = \"period\"\n\"GA_S\" = \"spend Google Ads\"\n" +
			"\"GA_L\" = \"leads google-ads\"\n\"LI_S\" = \"spend linkedin\"\n\"LI_L\" = \"leads linkedin\"\n\"events\" = \"ignore\"\n" +
			"[files.history.times]\n\"GA_S\" = 1000\n\"LI_L\" = 0.1\n", `t,GA_S,GA_L,LI_S,LI_L,events
2026-01,1.2345,10,100,10,na
2026-02,1.3,20,,20,na
2026-03,1.4,30,100,30,fair
2026-04,1.5,40,100,40,na
`},
		"German headings": {"", strings.Replace(long, "month,channel,spend,leads", "Monat,Kanal,Kosten,Anfragen", 1)},
		"mapped names": {"[names]\n\"SEA Konto 1\" = \"google-ads\"\n\"SEA Konto 2\" = \"google-ads\"\n", strings.Replace(
			strings.ReplaceAll(long, "Google Ads", "SEA Konto 1"), "SEA Konto 1,1234.50,10", "SEA Konto 1,1000,10\n2026-01,SEA Konto 2,234.50,", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			c, wrong, _ := history(t, x.more, map[string]string{historyFile: x.text})
			require.Empty(t, wrong)
			requireSmall(t, c)
		})
	}
}

func requireSmall(t *testing.T, c *Company) {
	t.Helper()
	h := &c.History
	require.Equal(t, []Period{{plan.NewDate(2026, 1, 1), plan.NewDate(2026, 2, 1)}, {plan.NewDate(2026, 2, 1), plan.NewDate(2026, 3, 1)},
		{plan.NewDate(2026, 3, 1), plan.NewDate(2026, 4, 1)}, {plan.NewDate(2026, 4, 1), plan.NewDate(2026, 5, 1)}}, h.Periods)
	g, l := h.Channel("google-ads"), h.Channel("linkedin")
	require.NotNil(t, g)
	require.NotNil(t, l)
	assert.Equal(t, []float64{1234.5, 1300, 1400, 1500}, g.Spend)
	assert.Equal(t, []float64{10, 20, 30, 40}, g.Leads)
	assert.True(t, math.IsNaN(l.Spend[1]))
	assert.Equal(t, []float64{1, 2, 3, 4}, l.Leads)
	assert.Nil(t, g.Won)
}

// tidy writes a long table with one number per row.
func tidy(long string) string {
	out := "month,channel,measure,value\n"
	for _, row := range strings.Split(strings.TrimSpace(long), "\n")[1:] {
		f := strings.Split(row, ",")
		out += fmt.Sprintf("%s,%s,spend,%s\n%s,%s,leads,%s\n", f[0], f[1], f[2], f[0], f[1], f[3])
	}
	return out
}

// Files of several tools make one history: spend by day, leads row by row of a CRM, the company by month.
func TestSeveralFiles(t *testing.T) {
	var ads strings.Builder
	ads.WriteString("Day\tCampaign\tCost\tClicks\n")
	for d := plan.NewDate(2026, 1, 1); d < plan.NewDate(2026, 5, 1); d++ {
		fmt.Fprintf(&ads, "%s\tBrand\t10\t1\n%s\tGeneric\t20.5\t1\n", d, d)
	}
	crm := "Created Date,Lead Source,Owner,Amount\n05/01/2026,Google,Ann,1\n17/01/2026,Google,Bob,1\n02/03/2026,Google,Ann,1\n" +
		"02/04/2026,,Ann,1\n"
	won := "Close date;Lead source;Team\n20.01.2026;Google;sales\n28.03.2026;Google;sales\n"
	books := "month,churned,customers,revenue,cash\n2026-01,3,500,25000,90000\n2026-02,4,499,25000,-500\n2026-03,,,,\n2026-04,3,498,25000,80000\n"
	more := `
[names]
"Google" = "paid-search"
[files.ads]
file = "ads.tsv"
channel = "paid-search"
columns = {"Campaign" = "ignore", "Cost" = "spend"}
[files.crm]
file = "crm.csv"
each_row_is = "leads"
columns = {"Owner" = "ignore"}
[files.won]
file = "won.csv"
each_row_is = "won"
`
	c, wrong, notes := history(t, more, map[string]string{"ads.tsv": ads.String(), "crm.csv": crm, "won.csv": won, historyFile: books})
	require.Empty(t, wrong)
	h := &c.History
	require.Len(t, h.Periods, 4)
	p := h.Channel("paid-search")
	assert.InDeltaSlice(t, []float64{31 * 30.5, 28 * 30.5, 31 * 30.5, 30 * 30.5}, p.Spend, 1e-9)
	assert.Equal(t, []float64{2, 0, 1, 0}, p.Leads)
	assert.Equal(t, []float64{1, 0, 1}, p.Won[:3])
	assert.Equal(t, []float64{1, 0, 1}, h.Teams[0].Won[:3])
	assert.Equal(t, 1., h.Channel(InboundKind).Leads[3])
	assert.Equal(t, []float64{3, 4}, h.Churned[:2])
	assert.True(t, math.IsNaN(h.Churned[2]))
	assert.Equal(t, -500., h.Cash[1])
	assert.Contains(t, notes.Error(), "Clicks")
}

// Weeks, dated by any of their days of one kind, or by number.
func TestWeeks(t *testing.T) {
	for _, write := range []func(d plan.Date, i int) string{
		func(d plan.Date, _ int) string { return d.String() },
		func(_ plan.Date, i int) string { return fmt.Sprintf("2026-W%02d", i+2) },
		func(d plan.Date, _ int) string { return d.String() + " - " + (d + 6).String() },
	} {
		text := "week,spend email,leads email,team\n"
		for i := range 20 {
			text += fmt.Sprintf("%s,%d,%d,\n", write(plan.NewDate(2026, 1, 5)+plan.Date(7*i), i), 100+i, i)
		}
		c, wrong, _ := history(t, "", map[string]string{historyFile: text})
		require.Empty(t, wrong)
		require.False(t, c.History.Monthly)
		require.Len(t, c.History.Periods, 20)
		assert.Equal(t, plan.NewDate(2026, 1, 5), c.History.From())
		assert.Equal(t, plan.NewDate(2026, 5, 25), c.History.To())
		assert.Equal(t, 20, c.History.Weeks())
		assert.Equal(t, 119., c.History.Channel("email").Spend[19])
	}
}

// Won by channel and by team in one table.
func TestWonByChannelAndTeam(t *testing.T) {
	text := "month,channel,team,won\n"
	for _, m := range []string{"2026-01", "2026-02", "2026-03"} {
		text += m + ",email,sales,2\n" + m + ",email,web,3\n" + m + ",webinars,sales,4\n"
	}
	c, wrong, _ := history(t, "[teams.web]\nkind = \"web\"\n", map[string]string{historyFile: text})
	require.Empty(t, wrong)
	h := &c.History
	assert.Equal(t, []float64{5, 5, 5}, h.Channel("email").Won)
	assert.Equal(t, []float64{6, 6, 6}, h.Teams[0].Won)
	assert.Equal(t, []float64{9, 9, 9}, h.Won)
}

// The other tables, and all of company.toml.
func TestOtherTables(t *testing.T) {
	months := "month,channel,spend,leads\n2026-01,radio,100,\n2026-02,radio,50,\n2026-03,radio,100,\n" +
		"2026-01,Ads,10,1\n2026-02,Ads,20,2\n2026-03,Ads,30,3\n"
	more := `
[channels.ads]
kind = "display"
[evidence.off]
changed = ["radio"]
spend_times = 0.5
regions = ["bavaria"]
from = 2026-02-02
until = "2026-03-02"
outcome = "won"
effect = "-35% to -10%"
source = "our agency"
`
	c, wrong, _ := history(t, more, map[string]string{historyFile: months,
		customersFile: "Anzahl;Employees;since;channel;MRR;paid until\n300;1-4;2024-05;ads;1.049,50;31.12.2026\n200;7;;;;\n",
		pipelineFile:  "stage,team,weeks,size,value\nlead,sales,1,12,\nDeal,sales,2,,99\n",
		curvesFile:    "channel,half saturation,half_saturation_low,half_saturation_high,slope,half life\nads,500,300,900,1.1,\n"})
	require.Empty(t, wrong)
	assert.Equal(t, "display", c.Channels[0].Kind)
	assert.Equal(t, "radio", c.Media[0].Name)
	require.Len(t, c.Groups, 2)
	assert.Equal(t, []any{300., "1-4", plan.NewDate(2024, 5, 1), true, "ads", 1049.5, plan.NewDate(2026, 12, 31)},
		[]any{c.Groups[0].Count, c.Groups[0].Size, c.Groups[0].Start, c.Groups[0].HasStart, c.Groups[0].Channel,
			c.Groups[0].MonthlyBill, c.Groups[0].PrepaidUntil})
	assert.Equal(t, "5-9", c.Groups[1].Size)
	assert.False(t, c.Groups[1].HasStart)
	require.Len(t, c.Pipeline, 2)
	assert.Equal(t, []any{OpenLead, 7., "10-49", 1.}, []any{c.Pipeline[0].Open, c.Pipeline[0].Days, c.Pipeline[0].Size, c.Pipeline[0].Count})
	assert.Equal(t, []any{OpenOpportunity, 99.}, []any{c.Pipeline[1].Open, c.Pipeline[1].Value})
	require.Len(t, c.Curves, 1)
	assert.Equal(t, Interval{500, 300, 900}, c.Curves[0].HalfSaturation)
	assert.Equal(t, 1.1, c.Curves[0].Shape.Value)
	assert.False(t, c.Curves[0].HalfLife.Known())
	require.Len(t, c.Evidence, 1)
	e := c.Evidence[0]
	e.At = Place{}
	assert.Equal(t, Evidence{Name: "off", Channels: []string{"radio"}, Factor: 0.5, Regions: []string{"bavaria"},
		From: plan.NewDate(2026, 2, 2), Until: plan.NewDate(2026, 3, 2), Outcome: Won, Low: -0.35, High: -0.1, Relative: true,
		Source: "our agency"}, e)
	s, err := c.Scenario(PlanOptions{})
	require.NoError(t, err)
	assert.Contains(t, c.Plan(PlanOptions{}), `half_saturation = "300 to 900"`)
	assert.Equal(t, []float64{300, 200, 0, 0, 0}, s.Plan.Opening.Customers)
}
