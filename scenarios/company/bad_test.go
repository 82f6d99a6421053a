package company

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rowsOf writes rows of the months from January 2026 on.
func rowsOf(n int, row string) string {
	out := ""
	for i := range n {
		out += fmt.Sprintf("%d-%02d,%s\n", 2026+i/12, 1+i%12, row)
	}
	return out
}

// Whatever is wrong is said with file, row, column and cure.
func TestBadInput(t *testing.T) {
	const head = "month,channel,spend,leads,signups,won\n"
	ok := head + rowsOf(4, "email,100,10,5,1")
	many := "month,channel,spend,leads,signups,won\n"
	for c := range 64 {
		many += rowsOf(3, fmt.Sprintf("campaign%d,100,10,5,1", c))
	}
	for name, x := range map[string]struct{ more, history, want string }{
		"no rows":             {"", head, "history.csv: has no number: the history is empty; write what you know"},
		"no numbers":          {"", head + rowsOf(4, "email,,,,"), "history.csv: has no number: the history is empty; write what you know"},
		"nothing":             {"", "", "history.csv: is empty; write a row of headings"},
		"no headings":         {"", rowsOf(4, "email,100,10,5,1"), "history.csv: has no row of headings with a period"},
		"one month":           {"", head + rowsOf(1, "email,100,10,5,1"), "history.csv: has 1 month, of which nothing can be learned; write at least 3 months"},
		"two months":          {"", head + rowsOf(2, "email,100,10,5,1"), "has 2 months"},
		"zeros":               {"", ok + rowsOf(4, "flyers,0,0,0,0"), "history.csv:6: column C \"spend\" = 0: flyers has zeros alone; leave the channel out"},
		"spend without leads": {"", ok + rowsOf(4, "flyers,50,,,"), "history.csv:6: column C \"spend\" = 50: flyers has spend and neither leads, sign-ups nor customers won; fill one"},
		"sign-ups over leads": {"", head + rowsOf(3, "email,100,10,5,1") + "2026-04,email,100,10,11,1\n",
			"history.csv:5: column E \"signups\" = 11: email has more sign-ups than leads in 2026-04 (11 and 10); a sign-up is a lead that was qualified"},
		"negative spend": {"", ok + "2026-01,flyers,-50,1,1,1\n", `history.csv:6: column C "spend" = -50: is negative; write what was spent`},
		"in brackets":    {"", ok + "2026-01,flyers,(50),1,1,1\n", `history.csv:6: column C "spend" = (50): is negative`},
		"missing month": {"", strings.ReplaceAll(ok, "2026-02,email,100,10,5,1\n", ""),
			"history.csv:2: the month 2026-02 is missing; add a row for it"},
		"missing months": {"", head + "2026-01,email,100,10,5,1\n2026-05,email,100,10,5,1\n",
			"history.csv:2: the months 2026-02 and 2 more are missing"},
		"no period": {"", ok + ",email,100,10,5,1\n", `history.csv:6: column A "month": has no period; write the month`},
		"twice":     {"", ok + "2026-02,email,100,10,5,1\n", `history.csv:6: column C "spend" = 100: is a second row for 2026-02-01 and email, after line 3: the dates overlap; write one row per period and channel`},
		"overlapping days": {"", "from,to,channel,spend,leads\n2026-01-05,2026-01-11,email,1,1\n2026-01-12,2026-01-18,email,1,1\n" +
			"2026-01-17,2026-01-23,email,1,1\n", `history.csv:4: column A "from" = 2026-01-17: begins before 2026-01-19, where the period before ends: the dates overlap`},
		"overlapping weeks": {"", "week,channel,spend,leads\n2026-01-05,email,1,1\n2026-01-12,email,1,1\n2026-01-17,email,1,1\n",
			`history.csv:4: column A "week" = 2026-01-17: begins 5 days after the week before: the dates overlap`},
		"ten days":                 {"", "from,to,channel,spend\n2026-01-05,2026-01-14,email,1\n", "covers 10 days; a row covers a calendar month"},
		"months and days":          {"", ok + "2026-05-01,email,100,10,5,1\n", `history.csv:6: column A "month" = 2026-05-01: is of another kind than the first period, 2026-01`},
		"two dates of a month":     {"", "day,channel,spend,leads\n2026-01-01,email,1,1\n2026-01-31,email,1,1\n", "has the same month as 2026-01-01: the dates overlap"},
		"quarter":                  {"", ok + "Q1 2026,email,100,10,5,1\n", `= Q1 2026: is not a date; write it as 2026-01`},
		"ambiguous":                {"", "day,channel,spend,leads\n01/02/2026,email,1,1\n01/03/2026,email,1,1\n", `history.csv:2: column A "day" = 01/02/2026: can be two days, and no date of the file says which number is the month; write dates = "dmy" (31/01/2026)`},
		"both orders":              {"", "day,channel,spend,leads\n31/01/2026,email,1,1\n01/31/2026,email,1,1\n01/02/2026,email,1,1\n", `can be two days`},
		"against the order":        {"[files.history]\ndates = \"mdy\"\n", "day,channel,spend,leads\n31/01/2026,email,1,1\n", `= 31/01/2026: is not a date when read as month, day, year`},
		"two currencies":           {"", ok + "2026-01,flyers,$50,1,1,1\n", `history.csv:6: column C "spend" = $50: is in USD, and the company counts in EUR; convert it: a folder has one currency`},
		"count of money":           {"", ok + "2026-01,flyers,1,€1,1,1\n", `column D "leads" = €1: has a currency sign and is a count; write the number alone`},
		"word":                     {"", ok + "2026-01,flyers,lots,1,1,1\n", `history.csv:6: column C "spend" = lots: is not a number; write it as 1234.50`},
		"percent":                  {"", ok + "2026-01,flyers,5%,1,1,1\n", "= 5%: is not a number"},
		"can be two numbers":       {"", head + rowsOf(4, "email,\"1,234\",10,5,1"), `history.csv:2: column C "spend" = 1,234: can be read as 1234 and as 1.234; say which mark stands before decimals in this file: decimal = "."`},
		"two ways of decimals":     {"", head + "2026-01,email,1234.50,10,5,1\n2026-02,email,\"1.234,50\",10,5,1\n", "history.csv:3: column C \"spend\" = 1.234,50: has its marks for decimals and thousands in another order"},
		"huge":                     {"", ok + "2026-01,flyers,9e9,1,1,1\n", "is not a number"},
		"too large":                {"", ok + "2026-01,flyers,99999999999999,1,1,1\n", "is larger than 1,000,000,000,000"},
		"spend of nobody":          {"", "month,spend,leads\n2026-01,5,1\n", `column B "spend" = 5: is spend of no channel; name the channel`},
		"open quote":               {"", ok + "2026-01,\"email,100\n", "history.csv:6: column B: has a quotation mark"},
		"64 channels":              {"", many, "history.csv: has 64 channels; at most 60 are allowed; join small ones under [names]"},
		"customers over firms":     {"", "month,customers,won\n2026-01,9000000,1\n2026-02,5,1\n2026-03,5,1\n", "history.csv:2: column B \"customers\" = 9000000: more customers in 2026-01 than the market has firms, 1990000"},
		"churned over customers":   {"", "month,customers,churned,won\n2026-01,5,0,0\n2026-02,5,50,0\n2026-03,5,0,0\n", "history.csv:3: column C \"churned\" = 50: more customers left in 2026-02 than there were, 5"},
		"company said twice":       {"", "month,channel,leads,revenue\n2026-01,email,1,5\n2026-01,flyers,1,6\n", `history.csv:3: column D "revenue" = 6: is another number for 2026-01-01 than 5 before it`},
		"leads of a medium":        {"[media.tv]\n", ok + rowsOf(4, "tv,50,1,,"), "history.csv:6: column C \"spend\" = 50: tv is a brand medium and has leads"},
		"a measure that is none":   {"", "month,channel,measure,value\n2026-01,email,smiles,5\n", `history.csv:2: column C "measure" = smiles: does not say what the number is; write one of spend, leads`},
		"side by side, no measure": {"", "channel,Jan 2026,Feb 2026,Mar 2026\nemail,1,2,3\n", "does not say what its numbers are"},
		"years":                    {"", ok + "1926-01,email,1,1,1,1\n", "check the years"},
		"no such file":             {"[files.ads]\nfile = \"ads.csv\"\n", ok, "ads.csv: cannot be read: no such file or directory; put the file into the folder"},
		"file elsewhere":           {"[files.ads]\nfile = \"../ads.csv\"\n", ok, "company.toml:15: files.ads.file = ../ads.csv: must be a file of this folder"},
		"role":                     {"[files.history.columns]\n\"x\" = \"spnd\"\n", ok, "files.history.columns.x = spnd: must be one of period, until"},
		"role of a channel":        {"[files.history.columns]\n\"x\" = \"churned email\"\n", ok, `files.history.columns.x = churned email: must be one of period, until`},
		"factor of no column":      {"[files.history.times]\n\"spnd\" = 1000\n", ok, "company.toml:14: files.history.times = spnd: is the heading of no column that is read; did you mean spend?"},
		"factor of nothing":        {"[files.history.times]\n\"spend\" = 0\n", ok, "files.history.times.spend = 0: must lie between"},
		"spend seen in one place":  {"", head + rowsOf(3, "email,100,,,1") + rowsOf(3, "flyers,50,,,"), "flyers has spend and neither leads, sign-ups nor customers won"},
		"evidence outside":         {"[evidence.x]\nchanged = \"email\"\nspend_times = 0\nfrom = 2027-01-01\nuntil = 2027-02-01\neffect = \"-5 to -1\"\n", ok, "company.toml:14: evidence.x.from = 2027-01-01: is an experiment outside the history, 2026-01-01 to 2026-05-01"},
		"evidence of nothing":      {"[evidence.x]\nchanged = \"emial\"\nspend_times = 0\nfrom = 2026-01-01\nuntil = 2026-02-01\neffect = \"-5 to -1\"\n", ok, "evidence.x.changed = emial: is no channel or medium of the history; did you mean email?"},
		"evidence the wrong way":   {"[evidence.x]\nchanged = \"email\"\nspend_times = 0\nfrom = 2026-01-01\nuntil = 2026-02-01\neffect = \"-1 to -5\"\n", ok, "company.toml:19: evidence.x.effect = -1 to -5: must be a 90% interval, the lower end first"},
		"evidence without":         {"[evidence.x]\n", ok, "evidence.x.changed: is missing"},
		"evidence of no change":    {"[evidence.x]\nchanged = \"email\"\nspend_times = 1\nfrom = 2026-01-01\nuntil = 2026-02-01\neffect = \"-5 to -1\"\n", ok, "evidence.x.spend_times = 1: changes nothing"},
		"evidence backwards":       {"[evidence.x]\nchanged = \"email\"\nspend_times = 0\nfrom = 2026-02-01\nuntil = 2026-01-01\neffect = \"-5 to -1\"\n", ok, "evidence.x.until: must be a day after from"},
		"evidence elsewhere":       {"[evidence.x]\nchanged = \"email\"\nregions = [\"bavria\"]\nspend_times = 0\nfrom = 2026-01-01\nuntil = 2026-02-01\neffect = \"-5 to -1\"\n", ok, "is none of the regions of this market; did you mean bavaria?"},
	} {
		t.Run(name, func(t *testing.T) {
			more := x.more
			dir := folder(t, more, map[string]string{historyFile: x.history})
			_, problems := Read(dir)
			wrong, _ := Split(problems)
			require.NotEmpty(t, wrong)
			assert.Contains(t, strings.ReplaceAll(wrong.Error(), dir+string(filepath.Separator), ""), x.want)
			for _, p := range wrong {
				listed(t, p)
				assert.NotEmpty(t, p.File)
				assert.NotEmpty(t, p.Message)
			}
		})
	}
}

// What is wrong in company.toml is said with its line.
func TestBadCompany(t *testing.T) {
	for name, x := range map[string]struct{ old, new, want string }{
		"key":                 {"now = 500", "nwo = 500", "company.toml:9: customers.nwo = 500: is no key of this file; did you mean now?"},
		"missing":             {"now = 500\n", "", "company.toml: customers.now: is missing; write under [customers]"},
		"cash":                {"cash = \"900k\"\n", "", "money.cash: is missing"},
		"product":             {"[products.main]\nprice = 50", "", "products: is missing; write a table as [products.main]"},
		"team":                {"[teams.sales]\npeople = 2", "", "teams: is missing"},
		"price":               {"price = 50", "", "company.toml:6: products.main.price: is missing"},
		"no TOML":             {"price = 50", "price 50", "company.toml:7: is not valid TOML"},
		"table":               {`currency = "EUR"`, "currency = \"EUR\"\nmedia = 5", "company.toml:2: media = 5: must be a table; write [media] above its keys"},
		"kind":                {"people = 2", "people = 2\nkind = \"robots\"", "company.toml:14: teams.sales.kind = robots: must be one of web, partners, people"},
		"people of a web":     {"people = 2", "people = 2\nkind = \"web\"", "teams.sales.people = 2: are paid by a team of the kind people alone"},
		"no people":           {"people = 2", "pay_per_year = 5", "teams.sales.people: is missing"},
		"market":              {`base = "de-smb"`, `base = "atlantis"`, "company.toml:3: market.base = atlantis: "},
		"no market":           {`base = "de-smb"`, "", "market.base: is missing"},
		"vendor":              {`base = "de-smb"`, `base = "metro"`, "has a vendor: a market has firms"},
		"region":              {`base = "de-smb"`, "base = \"de-smb\"\nregions = [\"bavria\"]", "company.toml:4: market.regions = bavria: is none of the regions of this market; did you mean bavaria?"},
		"share":               {`base = "de-smb"`, "base = \"de-smb\"\nshare = 20", `market.share = 20: must lie between 0.0001 and 1`},
		"few firms":           {`base = "de-smb"`, "base = \"de-smb\"\nregions = [\"hesse\"]\nsizes = [\"250+\"]\nindustries = [\"health\"]\nshare = 0.01", "in the part that is named; name a larger part"},
		"more customers":      {"now = 500", "now = 5_000_000", "company.toml:9: customers.now = 5000000: is more customers than the market has firms, 1990000"},
		"currency":            {`currency = "EUR"`, `currency = "USD"`, "company.toml:1: currency = USD: is not that of the market, EUR"},
		"no currency":         {`currency = "EUR"`, `currency = "XXX"`, "currency = XXX: must be one of USD, AUD"},
		"price in dollars":    {"price = 50", `price = "$50"`, "company.toml:7: products.main.price = $50: is in USD, and the company counts in EUR"},
		"two kinds of prices": {"[customers]", "[products.b]\nprice = 5\nper = \"seat\"\n[customers]", "company.toml:8: products.b.per: is not that of main"},
		"size":                {"price = 50", "price = 50\nsizes = [\"1-5\"]", "products.main.sizes = 1-5: is none of the sizes of this market; did you mean 1-4?"},
		"names":               {"people = 2", "people = 2\nchannels = [\"adz\"]", "teams.sales.channels = adz: is no channel of the history or of company.toml"},
		"text":                {"cash = \"900k\"", "cash = true", "money.cash = true: must lie between 0 and 1000000000000"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, "", map[string]string{historyFile: "month,channel,spend,leads\n" + rowsOf(4, "email,100,10")})
			require.Contains(t, smallTOML, x.old)
			require.NoError(t, os.WriteFile(filepath.Join(dir, tomlFile), []byte(strings.Replace(smallTOML, x.old, x.new, 1)), 0o600))
			_, problems := Read(dir)
			wrong, _ := Split(problems)
			require.NotEmpty(t, wrong)
			assert.Contains(t, strings.ReplaceAll(wrong.Error(), dir+string(filepath.Separator), ""), x.want)
			for _, p := range wrong {
				listed(t, p)
			}
		})
	}
	_, problems := Read(filepath.Join(t.TempDir(), "none"))
	require.Len(t, problems, 1)
	assert.Contains(t, problems[0].Error(), "cannot be read: no such file or directory; write the folder with: windfall company new")
	dir := folder(t, "", nil)
	_, problems = Read(dir)
	assert.Contains(t, Problems(problems).Error(), "history.csv: is missing; write a row per month and channel")
}

// What is wrong in the other tables.
func TestBadTables(t *testing.T) {
	ok := "month,channel,spend,leads\n" + rowsOf(4, "email,100,10")
	for name, x := range map[string]struct{ file, text, want string }{
		"no count":         {customersFile, "size,start\n1-4,2026-01\n", "customers.csv: has no column count"},
		"size":             {customersFile, "count,size\n5,tiny\n", `customers.csv:2: column B "size" = tiny: is no size class of the market`},
		"product":          {customersFile, "count,product\n5,mian\n", "customers.csv:2: column B \"product\" = mian: is no product of company.toml; did you mean main?"},
		"channel":          {customersFile, "count,channel\n5,emial\n", "customers.csv:2: column B \"channel\" = emial: is no channel of the history"},
		"negative":         {customersFile, "count\n-5\n", `customers.csv:2: column A "count" = -5: is negative`},
		"date":             {customersFile, "count,start\n5,sometime\n", `column B "start" = sometime: is not a date`},
		"ambiguous":        {customersFile, "count,start\n5,01/02/2026\n", `can be two days`},
		"over firms":       {customersFile, "count\n3000000\n", "customers.csv: has 3000000 customers, more than the market has firms"},
		"currency":         {customersFile, "count,monthly_bill\n5,£9\n", "is in GBP, and the company counts in EUR"},
		"stage":            {pipelineFile, "stage,count\nhope,5\n", `pipeline.csv:2: column A "stage" = hope: is no stage; write lead`},
		"team":             {pipelineFile, "stage,team\nlead,slaes\n", "is no team of company.toml; did you mean sales?"},
		"curve":            {curvesFile, "channel,half_saturation\nemail,0\n", `curves.csv:2: column B "half_saturation" = 0: must be above 0`},
		"one end":          {curvesFile, "channel,shape,shape_low\nemail,1,0.5\n", "has one end of its interval"},
		"outside":          {curvesFile, "channel,shape,shape_low,shape_high\nemail,3,0.5,2\n", "lies outside its interval"},
		"curve twice":      {curvesFile, "channel,shape\nemail,1\nemail,2\n", "curves.csv:3: column A \"channel\" = email: is in line 2 too"},
		"curve of nothing": {curvesFile, "channel,shape\nemial,1\n", "curves.csv:2: column A \"channel\" = emial: is no channel of the history or of company.toml; did you mean email?"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, "", map[string]string{historyFile: ok, x.file: x.text})
			_, problems := Read(dir)
			wrong, _ := Split(problems)
			require.NotEmpty(t, wrong)
			assert.Contains(t, strings.ReplaceAll(wrong.Error(), dir+string(filepath.Separator), ""), x.want)
			for _, p := range wrong {
				listed(t, p)
			}
		})
	}
}

// Nothing is left where New cannot write.
func TestNewLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	for name, change := range map[string]func(*Answers){
		"market": func(a *Answers) { a.Market = "atlantis" },
		"price":  func(a *Answers) { a.Price = "cheap" },
		"vendor": func(a *Answers) { a.Market = "metro" },
	} {
		a := Defaults("acme", "us")
		change(&a)
		require.Error(t, New(filepath.Join(parent, "acme"), a, nil, today), name)
		left, err := os.ReadDir(parent)
		require.NoError(t, err)
		assert.Empty(t, left, name)
	}
	require.Error(t, New(filepath.Join(parent, "no", "acme"), Defaults("acme", "us"), nil, today))
}

// Any text is read without a panic, and every problem of a row says which.
func FuzzHistory(f *testing.F) {
	f.Add("month,channel,spend,leads\n2026-01,email,1,1\n")
	f.Add("month;spend email;won team sales\n01/02/2026;1.234,50;3\n")
	f.Add("sep=;\nchannel;measure;Jan 2026;Feb 2026\nx;spend;(1'000.5);5\n")
	f.Add("from,to,revenue\n2026-01-05,2026-01-11,$5\n,,\n\"")
	f.Add("\xff\xfem\x00o\x00")
	f.Add("week,customers\n2026-W01,5\n2026-W02,-\n")
	dir := f.TempDir()
	require.NoError(f, os.WriteFile(filepath.Join(dir, tomlFile), []byte(smallTOML+"[files.customers]\nfile = \"history.csv\"\n"+
		"[files.pipeline]\nfile = \"history.csv\"\n[files.curves]\nfile = \"history.csv\"\n[files.x]\nfile = \"history.csv\"\neach_row_is = \"won\"\n"), 0o600))
	f.Fuzz(func(t *testing.T, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, historyFile), []byte(text), 0o600))
		c, problems := Read(dir)
		require.NotNil(t, c)
		rows := 1 + strings.Count(text, "\n") + strings.Count(text, "\r") + len(text)/2
		for _, p := range problems {
			require.NotEmpty(t, p.File)
			require.NotEmpty(t, p.Message)
			require.True(t, p.Row >= 0 && p.Row <= rows, "%+v", p)
			require.True(t, (p.Column > 0) == (p.Row > 0) || p.Note || strings.Contains(p.Message, "missing"), "%+v", p)
		}
		if wrong, _ := Split(problems); len(wrong) == 0 {
			_, err := c.Scenario(PlanOptions{Replay: true})
			require.NoError(t, err, "%s\n%s", text, c.Plan(PlanOptions{Replay: true}))
		}
	})
}
