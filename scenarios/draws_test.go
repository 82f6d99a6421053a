package scenarios

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// drawsText is a table of five rows; three keys go together.
const drawsText = `channels.search.response,brand.initial_equity,channels.search.initial_adstock,teams.web.win_rate.1-4
0.10,1.0,5,0.30
0.12,1.2,6,0.32
0.14,1.4,7,0.34
0.16,1.6,8,0.36
0.18,1.8,9,0.38
`

// ownOpening makes a scenario its own opening plan, with draws.
const ownOpening = "[opening]\nplan = \"mine\"\n[draws.posterior]\nfile = \"posterior.csv\"\n"

// inFolder writes files into a folder of their own and gives the path of the first.
func inFolder(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		require.NoError(t, os.WriteFile(filepath.Join(dir, files[i]), []byte(files[i+1]), 0o644))
	}
	return filepath.Join(dir, files[0])
}

// withTable writes a scenario that extends the small vendor, and its table.
func withTable(t *testing.T, text, table string) string {
	t.Helper()
	return inFolder(t, "mine.toml", "extends = \"small\"\n"+text, "posterior.csv", table)
}

func TestDrawsAreRead(t *testing.T) {
	path := withTable(t, ownOpening, drawsText)
	p, err := Load(path, withBuiltins(testFiles))
	require.NoError(t, err)
	require.Len(t, p.Draws, 1)
	d := p.Draws[0]
	require.Equal(t, 5, d.Rows())
	require.Nil(t, p.OpeningPlan)
	require.Equal(t, 0.14, channelOf(p.Channels, "search").Response, "the medoid")
	require.Equal(t, []float64{1.4, 1.4}, p.Brand.InitialEquity)
	// The plan and its opening plan have the same row in every replication.
	line := plan.NewTimeline(p)
	seen := map[float64]bool{}
	for r := range 40 {
		line.Set(5, r)
		for _, q := range []*plan.Plan{line.Plan(0), line.Opening()} {
			c := channelOf(q.Channels, "search")
			k := (c.Response - 0.10) / 0.02
			require.InDelta(t, 1+0.2*k, q.Brand.InitialEquity[0], 1e-12)
			require.InDelta(t, 5+k, c.InitialAdstock, 1e-12)
			require.InDelta(t, 0.30+0.02*k, q.Teams[len(q.Teams)-1].WinRate[0], 1e-12)
			seen[c.Response] = true
		}
	}
	require.Len(t, seen, 5)
	text, err := Explain(p, "channels.search.response")
	require.NoError(t, err)
	require.Contains(t, text, "channels.search.response = draws.posterior\n")
	require.Contains(t, text, "set in    posterior.csv:1")
	require.Contains(t, text, "median 0.14")
	text, err = Explain(p, "draws.posterior")
	require.NoError(t, err)
	require.Contains(t, text, "draws.posterior.hash = \""+d.Hash)
}

// channelOf finds a channel.
func channelOf(list []plan.Channel, name string) *plan.Channel {
	for i := range list {
		if list[i].Name == name {
			return &list[i]
		}
	}
	return nil
}

// A resolved scenario has the table in itself: it needs no file, gives the same bytes again, and has the digest of the
// plan; the digest is another if a cell is, and not if rows are in another order.
func TestResolvedScenariosHaveTheirDraws(t *testing.T) {
	path := withTable(t, ownOpening, drawsText)
	for _, sets := range [][]string{nil, {"channels.search.response=0.3"}, {"channels.search.response*=2", "opening.plan=self"}} {
		p, err := Load(path, Set(sets...), withBuiltins(testFiles))
		require.NoError(t, err)
		text := Resolved(p)
		again, err := LoadBytes("scenario.toml", []byte(text), withBuiltins(testFiles))
		require.NoError(t, err, text)
		require.Equal(t, Digest(p), Digest(again))
		require.Equal(t, text, Resolved(again))
		require.Equal(t, p.Inputs, again.Inputs)
		require.Equal(t, 1, strings.Count(text, "'''\nbrand.initial_equity,"), "one copy for the plan and its opening plan")
		_, err = LoadBytes("scenario.toml", bytes.Replace([]byte(text), []byte("\n1.2,"), []byte("\n1.3,"), 1),
			withBuiltins(testFiles))
		require.ErrorContains(t, err, "is another table than the one that was meant: it has 5 rows")
		moved, err := LoadBytes("scenario.toml", []byte(text), Set("run.replications=7"), withBuiltins(testFiles))
		require.NoError(t, err)
		require.Equal(t, Digest(p), Digest(moved))
	}
	p, err := Load(path, withBuiltins(testFiles))
	require.NoError(t, err)
	lines := strings.Split(strings.TrimSpace(drawsText), "\n")
	lines[1], lines[4] = lines[4], lines[1]
	same, err := Load(withTable(t, ownOpening, strings.Join(lines, "\r\n")), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Equal(t, Digest(p), Digest(same))
	other, err := Load(withTable(t, ownOpening, strings.Replace(drawsText, "0.38", "0.39", 1)), withBuiltins(testFiles))
	require.NoError(t, err)
	require.NotEqual(t, Digest(p), Digest(other))
	require.NotEmpty(t, Diff(p, other))
	_, differs := OpeningDifference(p, other)
	require.True(t, differs)
	_, differs = OpeningDifference(p, same)
	require.False(t, differs)
}

// A number of the command line takes its key out of the table. The others keep their rows, and so does the
// opening plan all of them.
func TestANumberTakesAKeyOutOfTheTable(t *testing.T) {
	path := withTable(t, ownOpening, drawsText)
	base, err := Load(path, withBuiltins(testFiles))
	require.NoError(t, err)
	p, err := Load(path, Set("channels.search.response=0.3"), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Len(t, p.Inputs, 3)
	require.Len(t, p.OpeningPlan.Inputs, 4)
	twice, err := Load(path, Set("channels.search.response*=2"), withBuiltins(testFiles))
	require.NoError(t, err)
	a, b, c := plan.NewTimeline(base), plan.NewTimeline(p), plan.NewTimeline(twice)
	for r := range 20 {
		a.Set(5, r)
		b.Set(5, r)
		c.Set(5, r)
		drawn := channelOf(a.Plan(0).Channels, "search")
		require.Equal(t, 0.3, channelOf(b.Plan(0).Channels, "search").Response)
		require.Equal(t, drawn.Response*2, channelOf(c.Plan(0).Channels, "search").Response)
		require.Equal(t, drawn.Response, channelOf(b.Opening().Channels, "search").Response)
		last := len(p.Teams) - 1
		require.Equal(t, a.Plan(0).Teams[last].WinRate, b.Plan(0).Teams[last].WinRate)
		require.Equal(t, a.Opening().Brand.InitialEquity, b.Opening().Brand.InitialEquity)
	}
	except, err := Load(withTable(t, ownOpening+"except = [\"channels.search.response\"]\n", drawsText), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Len(t, except.Inputs, 3)
	require.Equal(t, p.Draws[0].Values, except.Draws[0].Values)
	off, err := Load(withTable(t, ownOpening+"enabled = false\n", drawsText), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Empty(t, off.Inputs)
	require.Empty(t, off.Draws)
}

// A scenario that extends one with draws has them, from the folder of the file that names them, and starts from its
// state; several tables are drawn apart.
func TestDrawsAreInherited(t *testing.T) {
	path := withTable(t, ownOpening, drawsText)
	child := filepath.Join(filepath.Dir(path), "sub", "child.toml")
	require.NoError(t, os.MkdirAll(filepath.Dir(child), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(child), "more.csv"),
		[]byte("finance.opening_cash\n1e6\n2e6\n"), 0o644))
	require.NoError(t, os.WriteFile(child, []byte("extends = \"../mine.toml\"\n[channels.search]\nweekly_budget = 10\n"+
		"[draws.cash]\nfile = \"more.csv\"\n"), 0o644))
	p, err := Load(child, withBuiltins(testFiles))
	require.NoError(t, err)
	require.Len(t, p.Draws, 2)
	require.Len(t, p.OpeningPlan.Draws, 1)
	require.Equal(t, []string{"draws.cash", "draws.posterior"}, []string{p.Factors()[0].Name, p.Factors()[1].Name})
	line, both := plan.NewTimeline(p), map[string]bool{}
	for r := range 300 {
		line.Set(1, r)
		require.Equal(t, line.Plan(0).Brand.InitialEquity, line.Opening().Brand.InitialEquity)
		both[fmt.Sprint(line.Plan(0).Finance.OpeningCash, line.Plan(0).Brand.InitialEquity[0])] = true
	}
	require.Len(t, both, 10)
}

func TestDrawsAreRefused(t *testing.T) {
	cell := func(old, new string) string { return strings.Replace(drawsText, old, new, 1) }
	for _, c := range []struct{ name, text, table, want string }{
		{"unknown key", "", cell("search.response", "serch.response"),
			"posterior.csv:1: channels.serch.response: unknown key in the header; did you mean channels.search.response?"},
		{"unknown table", "", cell("channels.search.response", "chanels.search.response"), "did you mean channels.search.response?"},
		{"unknown class", "", cell("win_rate.1-4", "win_rate.1-5"), "teams.web.win_rate.1-5: unknown key in the header; did you mean teams.web.win_rate.1-4?"},
		{"no number", "", cell("channels.search.response", "title"), "posterior.csv:1: title: takes no draws"},
		{"key that is the same in all replications", "", cell("channels.search.response", "run.weeks"), "run.weeks: takes no draws"},
		{"monthly", "", cell("channels.search.response", "channels.search.monthly_budget"), "give a column to that"},
		{"twice", "", cell("channels.search.initial_adstock", "channels.search.response"), "is the header of two columns"},
		{"star", "", cell("channels.search.response", "channels.*.response"), "give each key a column of its own"},
		{"row numbers", "", "row," + strings.ReplaceAll(strings.TrimSpace(drawsText), "\n", "\n0,"), "posterior.csv:1: row: unknown key in the header"},
		{"unnamed column", "", cell("brand.initial_equity", ""), "column 2 has no name"},
		{"semicolons", "", strings.ReplaceAll(drawsText, ",", ";"), "is separated by semicolons or tabs"},
		{"out of range", "", cell("0.16", "1.6"),
			"posterior.csv:5: channels.search.response = 1.6: row 4: a chance lies between 0 and 1; correct the rows or leave them out, or write except = [\"channels.search.response\"] under [draws.posterior]"},
		{"two out of range", "", strings.NewReplacer("0.16", "1.6", "0.12", "-3").Replace(drawsText),
			"posterior.csv:3: channels.search.response = -3: row 2 (as are 1 more rows): a chance"},
		{"no whole number", "", strings.NewReplacer("channels.search.response", "population.firms", "0.1", "3.1").Replace(drawsText),
			"row 1 (as are 4 more rows): must be a whole number"},
		{"text", "", cell("0.16", "many"), `posterior.csv:5: channels.search.response = "many": row 4: must be a finite number`},
		{"not a number", "", cell("0.16", "NaN"), "row 4: must be a finite number"},
		{"empty cell", "", cell("0.16", ""), "row 4: must be a finite number"},
		{"percentage", "", cell("0.16", "16%"), "such as 0.025"},
		{"cut short", "", drawsText[:len(drawsText)-6], "posterior.csv:6: row 5 has 3 of 4 values: the file was cut short or edited"},
		{"too long a row", "", cell("0.36", "0.36,1"), "row 4 has 5 of 4 values"},
		{"quotes", "", cell("0.16", `"0.16`), "posterior.csv"},
		{"header alone", "", drawsText[:strings.Index(drawsText, "\n")+1], "posterior.csv: has a header and no rows"},
		{"empty", "", " ", "posterior.csv: is empty"},
		{"own interval", "[channels.search]\nresponse = \"0.1 to 0.2\"\n", drawsText,
			"mine.toml:7: channels.search.response = \"0.1 to 0.2\": is drawn or dated here and a column of"},
		{"own schedule", "[channels.search]\nresponse = [{value = 0.1}, {from = 2013-02-05, value = 0.2}]\n", drawsText,
			"is drawn or dated here"},
		{"own interval for all classes", "[teams.web]\nwin_rate = \"0.1 to 0.2\"\n", drawsText, "teams.web.win_rate.1-4 = \"0.1 to 0.2\": is drawn or dated here"},
		{"own table by class", "[teams.web]\nwin_rate = {1-4 = 0.2, 5-19 = 0.3}\n", cell("win_rate.1-4", "win_rate"), "is drawn or dated here"},
		{"correlation", "[correlations.a]\nbetween = [\"channels.search.response\", \"brand.initial_equity\"]\nrho = 0.5\n", drawsText,
			"leave the correlation out"},
		{"two tables with a key", "[draws.other]\nfile = \"posterior.csv\"\n", drawsText, "is drawn twice: also by column"},
		{"key and its entry", "", cell("channels.search.initial_adstock", "teams.web.win_rate"), "is drawn twice"},
		{"no file", "file = \"none.csv\"", drawsText, "there is no file"},
		{"no CSV", "file = \"mine.toml\"", drawsText, "must be a file that ends in .csv"},
		{"folder", "file = \".csv\"", drawsText, "there is no file"},
		{"file left out", "fiel = \"posterior.csv\"", drawsText, "draws.posterior.fiel = \"posterior.csv\": unknown key; did you mean draws.posterior.file?"},
		{"hash of another", "file = \"posterior.csv\"\nhash = \"abc\"", drawsText,
			"mine.toml:6: draws.posterior.hash: posterior.csv is another table than the one that was meant: it has 5 rows and the hash b11179"},
		{"except", "file = \"posterior.csv\"\nexcept = [\"brand.initial_equty\"]", drawsText, "is no column of"},
		{"except as text", "file = \"posterior.csv\"\nexcept = \"brand.initial_equity\"", drawsText, "must be a list of columns"},
		{"shares", "", strings.NewReplacer("channels.search.response", "population.regions.east.share", "0.16", "0.9").Replace(drawsText),
			"the shares sum to"},
		{"hours", "[teams.sales]\nopen_hour = 9\n", strings.NewReplacer("channels.search.response", "teams.sales.close_hour", "0.10,", "20,", "0.12,", "18,", "0.14,", "19,",
			"0.16,", "8,", "0.18,", "21,").Replace(drawsText), "posterior.csv:5: teams.sales.close_hour: row 4 of draws.posterior: must be after open_hour, 9"},
		{"money", "", strings.NewReplacer("channels.search.response", "products.basic.cost_to_serve_per_month", "0.16,", "1e12,").Replace(drawsText),
			"posterior.csv:5: products.basic.cost_to_serve_per_month: row 4 of draws.posterior: what it costs to serve all firms could come to"},
	} {
		text := ownOpening + c.text
		if strings.HasPrefix(c.text, "f") {
			text = "[opening]\nplan = \"mine\"\n[draws.posterior]\n" + c.text + "\n"
		}
		path := withTable(t, text, c.table)
		_, err := Load(path, withBuiltins(testFiles))
		require.Error(t, err, c.name)
		require.Contains(t, strings.ReplaceAll(err.Error(), filepath.Dir(path)+string(filepath.Separator), ""), c.want, c.name)
	}
	path := withTable(t, ownOpening, drawsText)
	for set, want := range map[string]string{
		"draws.posterior.file=other.csv":                              "--set: draws: cannot be overridden",
		"channels.search.response=[{from = 2013-02-05, value = 0.2}]": "dated values cannot stand over a column of",
		"brand.initial_equity=3":                                      "shapes the opening state, which overrides never enter",
	} {
		_, err := Load(path, Set(set), withBuiltins(testFiles))
		require.ErrorContains(t, err, want, set)
	}
}

// The stocks of the first day are those of the opening plan: to draw them where that is another plan does nothing.
func TestDrawnStocksOfAnotherOpening(t *testing.T) {
	_, err := Load(withTable(t, "[draws.posterior]\nfile = \"posterior.csv\"\n", drawsText), withBuiltins(testFiles))
	require.ErrorContains(t, err, "brand.initial_equity = draws.posterior: does nothing: the state on the first day is that of the opening plan")
}

// A table of the size that a fit writes is read, and written into a resolved scenario, in a time that nobody minds.
func TestLargeTables(t *testing.T) {
	var b strings.Builder
	b.WriteString("channels.search.response,brand.initial_equity\n")
	row := func(i int) {
		fmt.Fprintf(&b, "%g,%g\n", 0.1+float64(i%977)*1e-5+1e-17, 1+float64(i%331)/300)
	}
	for i := range 5000 {
		row(i)
	}
	p, err := Load(withTable(t, ownOpening, b.String()), withBuiltins(testFiles))
	require.NoError(t, err)
	again, err := LoadBytes("scenario.toml", []byte(Resolved(p)), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Equal(t, Digest(p), Digest(again))
	for i := range mostRows - 5000 + 1 {
		row(i)
	}
	_, err = Load(withTable(t, ownOpening, b.String()), withBuiltins(testFiles))
	require.ErrorContains(t, err, "has more than 20000 rows; take every tenth")
}

// A plan narrowed to parts of columns has the rows that lie in all of them, in its opening plan too, and so has what is
// written of it.
func TestANarrowedTableHasItsRows(t *testing.T) {
	p, err := Load(withTable(t, ownOpening, drawsText), Set("teams.web.win_rate.1-4=0.5"), withBuiltins(testFiles))
	require.NoError(t, err)
	require.NotNil(t, p.OpeningPlan)
	narrow := Narrow(p, map[string]Range{"channels.search.response": {0.2, 0.8}, "brand.initial_equity": {0.4, 1}})
	q, err := LoadBytes("box.toml", []byte(Resolved(narrow)), Set("run.replications=20"), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Equal(t, []string{"teams.web.win_rate.1-4"}, exceptIn(q, q.Draws[0]))
	for _, x := range []*plan.Plan{narrow, q, narrow.OpeningPlan, q.OpeningPlan} {
		d := x.Draws[0]
		require.ElementsMatch(t, []float64{0.14, 0.16}, d.Values[d.Column("channels.search.response")])
		require.Equal(t, channelOf(x.Channels, "search").Response, d.Values[d.Column("channels.search.response")][1])
	}
	require.Equal(t, Digest(narrow), Digest(q))
	require.Nil(t, Narrow(p, map[string]Range{"channels.search.response": {0, 0.2}, "brand.initial_equity": {0.8, 1}}))
}

// A file that ends inside a number is told of, and a hash refuses it.
func TestATableThatWasCutShort(t *testing.T) {
	cut := strings.TrimSuffix(drawsText, "8\n")
	s, err := Open(withTable(t, ownOpening, cut), withBuiltins(testFiles))
	require.NoError(t, err)
	require.Contains(t, s.Warnings.Error(), "has no line end after its last row, number 5; if it was cut short, write it again")
	hash := fmt.Sprintf("hash = %q\n", s.Plan.Draws[0].Hash)
	_, err = Load(withTable(t, ownOpening+hash, cut), withBuiltins(testFiles))
	require.NoError(t, err)
	_, err = Load(withTable(t, ownOpening+hash, drawsText), withBuiltins(testFiles))
	require.ErrorContains(t, err, "is another table than the one that was meant")
}
