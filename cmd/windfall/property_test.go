package main

import (
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/plots/terminal"
	"windfall/sim/panel"
	"windfall/sim/store"
)

// dice takes choices from bytes; where there are no more it takes the first.
type dice struct{ data []byte }

func (d *dice) of(n int) int {
	if len(d.data) < 2 {
		return 0
	}
	x := int(binary.LittleEndian.Uint16(d.data))
	d.data = d.data[2:]
	return x % n
}

func (d *dice) pick(from ...string) string { return from[d.of(len(from))] }

// moves are what a random plan has other than town: usual, empty, and at the ends of
// what is allowed.
var moves = []string{
	"channels.*.weekly_budget=0", "channels.*.weekly_budget*=3", "channels.*.response=0", "channels.*.response=1", "channels.*.half_saturation=1e-9", "channels.*.half_saturation=1e12",
	"channels.*.cost_multiplier=1e-9", "channels.*.cost_multiplier=100", "channels.*.shape=10", "channels.*.max_touches_per_week=0", "channels.*.fee_per_customer=1e6", "channels.*.fee_per_lead=1e4",
	"products.*.price=0", "products.*.price=1e6", "products.*.cost_to_serve_per_month=500", "products.*.onboarding_cost=1e5", "products.*.cost_of_revenue_share=1", "products.*.discount=0.9",
	"teams.*.win_rate=0", "teams.*.win_rate=1", "teams.*.cycle_days=0", "journey.willingness_median=1e-9", "journey.willingness_median=1e12", "journey.touches_needed=1000", "journey.memory_weeks=1e6",
	"finance.opening_cash=0", "finance.opening_cash=1", "finance.opening_cash=1e12", "finance.fixed_cost_per_week=1e6", "finance.fixed_cost_per_week=0", "finance.discount_rate=10", "finance.ltv_horizon_years=50",
	"customers.churn_multiplier=0", "customers.churn_multiplier=100", "population.sizes.*.firm_death_per_year*=0", "triggers.*.urgency=0", "brand.awareness_max=0", "media.*.weekly_budget=0",
	"channels.*.weekly_budget=100 to 400", "channels.*.response=1% to 3%", "finance.opening_cash=1e3 to 1e6", "products.*.price=5 to 50",
}

var metrics = []string{"lifetime_margin", "live_customers", "cac", "payback_months", "burn_multiple", "cash_end", "ltv_cac", "won", "business_value", "P(out_of_business)", "p5(cash_end)", "week_of_ruin", "gross_margin_share"}

// command throws a command line, with a plan of its own.
func (d *dice) command(t *testing.T, out string) (args []string) {
	weeks := []int{1, 2, 4, 6}[d.of(4)]
	name, plan := "town", []string{"--set", fmt.Sprintf("run.weeks=%d", weeks)}
	if d.of(3) > 0 {
		name, plan = d.plan(t, weeks), nil
	}
	for range d.of(3) {
		plan = append(plan, "--set", moves[d.of(len(moves))])
	}
	var verb []string
	few := fmt.Sprint(2 + d.of(7))
	over := []string{"channels.*.weekly_budget*=0.5", "products.*.price*=1.1", "media.*.weekly_budget*=0", "teams.*.win_rate*=0.5", "teams.*.people*=0", "customers.churn_multiplier*=2", "channels.*.weekly_budget=100"}
	switch d.of(11) {
	case 0:
		verb = []string{"run", name, "--replications", few}
	case 1:
		verb = []string{"stress", name, "--replications", few, "--metric", d.pick(metrics...)}
	case 2:
		verb = []string{"stress", name, name, "--replications", "2", "--metric", d.pick(metrics...)}
	case 3:
		verb = []string{"pause", name, "--weeks", "1", "--replications", few}
	case 4:
		verb = []string{"respond", name, "--vary", d.pick("channels.*.weekly_budget=x0..x2:3", "channels.*.weekly_budget=0..900:3", "finance.fixed_cost_per_week=0..5000:2"), "--metric", d.pick(metrics...), "--replications", few}
	case 5:
		verb = []string{"respond", name, "--metric", d.pick(metrics...), "--replications", "2"}
	case 6:
		verb = []string{"sensitivity", name, "--set", "finance.opening_cash=1e3 to 1e6", "--outcome", d.pick(metrics[:8]...), "--replications", "4"}
	case 7:
		verb = []string{"optimise", name, "--maximise", d.pick(metrics...), "--levers", d.pick("media", "sales", "media,brand,sales", "products.*.price"), "--evaluations", "4", "--replications", "2", "--hold-out", few}
	case 8:
		verb = []string{"value", name, "--decide", d.pick(over...), "--set", d.pick("finance.opening_cash=1e3 to 1e6", "channels.*.response=1% to 30%"), "--draws", "100", "--seeds-per-draw", "1", "--metric", d.pick("lifetime_margin", "won", "cash_end", "business_value")}
	case 9:
		verb = []string{"compare", name, name, "--metric", d.pick(metrics...), "--replications", few}
	default: // each --set is a plan of its own
		verb, plan = []string{"compare", name, "--weeks", fmt.Sprint(weeks), "--metric", d.pick(metrics...), "--replications", few}, []string{"--set", d.pick(over...)}
	}
	args = append(append(verb, plan...), "--json", "--out", out)
	if d.of(8) > 0 {
		args = append(args, "--no-pictures")
	}
	return args
}

// trial throws a command and looks at everything that comes of it.
func trial(t *testing.T, data []byte) {
	d := &dice{data}
	dir := filepath.Join(t.TempDir(), "out")
	args := d.command(t, dir)
	code, stdout, stderr := exits(args...)
	t.Logf("exit code %d: windfall %s", code, store.ShellLine(args))
	fail := func(format string, a ...any) {
		t.Helper()
		plan, _ := os.ReadFile(args[1])
		t.Errorf("windfall %s\n%s\n%s\n%s", store.ShellLine(args), fmt.Sprintf(format, a...), stderr, plan)
	}
	if strings.Contains(stderr, "internal error") || code == exitFailed {
		fail("exit code %d", code)
		return
	}
	if code == exitUsage {
		if entries, _ := os.ReadDir(dir); len(entries) > 0 {
			fail("%d files of a command that was refused", len(entries))
		}
		return
	}
	if bad := notANumber.FindString(stdout + stderr); bad != "" {
		fail("it says %q", bad)
	}
	var answer any
	if err := json.Unmarshal([]byte(stdout), &answer); err != nil {
		fail("its JSON: %v", err)
		return
	}
	for _, wrong := range unfounded("", answer) {
		fail("%s", wrong)
	}
	_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			for _, wrong := range inspect(path) {
				fail("%s: %s", path[len(dir):], wrong)
			}
		}
		return err
	})
}

// notANumber finds what no reader should see.
var notANumber = regexp.MustCompile(`\bNaN\b|[+-]Inf\b|\bInfinity\b|%!|\$-?Inf|∞%`)

var (
	scripts = regexp.MustCompile(`(?s)<(script|style)\b.*?</(script|style)>`)
	tags    = regexp.MustCompile(`(?s)<[^>]*>`)
	dotted  = regexp.MustCompile(`^[a-z][a-z0-9_]*$|^[a-z_]+\.`)
)

// inspect says what is wrong with a file of results.
func inspect(path string) (wrong []string) {
	text, err := os.ReadFile(path)
	if err != nil {
		return []string{err.Error()}
	}
	switch filepath.Ext(path) {
	case ".json":
		var v any
		if err := json.Unmarshal(text, &v); err != nil {
			return []string{err.Error()}
		}
		return unfounded("", v)
	case ".html":
		if bad := notANumber.FindString(tags.ReplaceAllString(scripts.ReplaceAllString(string(text), ""), " ")); bad != "" {
			return []string{"shows " + bad}
		}
	case ".csv":
		rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil {
			return []string{err.Error()}
		}
		for i, row := range rows {
			for k, cell := range row {
				switch {
				case i == 0 && (!dotted.MatchString(cell) || !strings.Contains(cell, ".") && store.Column(cell) != cell):
					wrong = append(wrong, fmt.Sprintf("column %q needs quotes in SQL", cell))
				case i > 0 && (strings.Contains(cell, "NaN") || cell == "+Inf" || cell == "-Inf" || cell == "Inf"):
					wrong = append(wrong, fmt.Sprintf("%s in row %d is %s", rows[0][k], i, cell))
				}
			}
		}
	}
	return wrong
}

// unfounded walks an answer and says what it claims without ground.
func unfounded(at string, v any) (wrong []string) {
	switch v := v.(type) {
	case []any:
		for i, x := range v {
			wrong = append(wrong, unfounded(fmt.Sprintf("%s[%d]", at, i), x)...)
		}
	case map[string]any:
		for k, x := range v {
			wrong = append(wrong, unfounded(at+"."+k, x)...)
		}
		if verdict := v["verdict"]; verdict == "met" && v["expect"] != nil {
			e, _ := v["estimate"].(map[string]any)
			if math.IsNaN(numberOf(e, "value")) && e["never"] != true {
				wrong = append(wrong, at+": met without a value")
			}
			if numberOf(v, "missing_share") == 1 {
				wrong = append(wrong, at+": met where every run has no value")
			}
		}
		if lo, x, hi := numberOf(v, "low"), numberOf(v, "value"), numberOf(v, "high"); lo > x || x > hi {
			wrong = append(wrong, fmt.Sprintf("%s: %v lies outside its interval, %v to %v", at, x, lo, hi))
		}
		name, _ := v["name"].(string)
		if c, ok := outcomes()[name]; ok && v["unit"] == c.Unit {
			low, _ := c.Range() // a rate of leaving may pass 1 in a short run
			for _, key := range []string{"estimate", "a", "b"} {
				if x := numberOf(v[key], "value"); x < low {
					wrong = append(wrong, fmt.Sprintf("%s.%s: %s is %v, which means nothing", at, key, name, x))
				}
			}
		}
		wrong = append(wrong, winner(v)...)
	}
	return wrong
}

// outcomes are the outcomes of every plan, by name.
var outcomes = sync.OnceValue(func() map[string]plan.Column {
	m := map[string]plan.Column{}
	for _, c := range model.NewSchema(&plan.Plan{}).Outcomes {
		m[c.Name] = c
	}
	return m
})

// answerOf is the JSON of an answer, for those who look for claims in it.
type answerOf map[string]any

func (v answerOf) rows(key string) (out []map[string]any) {
	list, _ := v[key].([]any)
	for _, x := range list {
		if m, ok := x.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// numberOf is a part of an estimate, NaN if it is none.
func numberOf(of any, key string) float64 {
	m, _ := of.(map[string]any)
	if x, ok := m[key].(float64); ok {
		return x
	}
	return math.NaN()
}

// sure: a number that is known is told from 0 by its interval.
func sure(e any) bool {
	return math.IsNaN(numberOf(e, "value")) || numberOf(e, "low") > 0 || numberOf(e, "high") < 0
}

// apart: two numbers, if both are known, are told from each other by their intervals.
func apart(a, b any) bool {
	return math.IsNaN(numberOf(b, "value")) || numberOf(a, "low") > numberOf(b, "high") || numberOf(b, "low") > numberOf(a, "high")
}

// winner says where the first line of an answer names a winner, or the worst, that
// intervals do not tell from the others, without saying so.
func winner(v answerOf) (wrong []string) {
	note := func(answer any, format string, args ...any) {
		wrong = append(wrong, fmt.Sprintf("%q, and %s", answer, fmt.Sprintf(format, args...)))
	}
	for _, x := range v.rows("against") {
		answer, _ := x["answer"].(string)
		for _, row := range answerOf(x).rows("outcomes") {
			if d := row["difference"]; row["name"] == v["metric"] && !sure(d) && claims.MatchString(answer) {
				note(answer, "the difference lies between %v and %v", numberOf(d, "low"), numberOf(d, "high"))
			}
		}
	}
	for _, x := range v.rows("pauses") {
		if answer, _ := x["answer"].(string); pauseEnds.MatchString(answer) && !sure(x["lifetime_margin"]) {
			note(answer, "that is not told from nothing")
		}
	}
	answer, _ := v["answer"].(string)
	answer = failing.ReplaceAllString(answer, "") // what is found besides
	if bestOf.MatchString(answer) && !sure(v["gain"]) && !sure(v["gain_over_proportional_split"]) {
		note(answer, "the gain may be none")
	}
	do, _ := v["what_to_do"].(string)
	if d := v["difference"]; strings.HasPrefix(do, "On current knowledge, ") && strings.Contains(do, " it beats ") && !sure(d) {
		note(answer, "the difference lies between %v and %v", numberOf(d, "low"), numberOf(d, "high"))
	}
	if strings.HasPrefix(answer, "Measure ") && !strings.HasPrefix(answer, "Measure several") && !strings.Contains(answer, "Too close to call") {
		inputs := v.rows("inputs")
		for _, k := range inputs[1:] {
			if !apart(inputs[0]["value"], k["value"]) {
				note(answer, "knowing %s may be worth as much", k["input"])
			}
		}
	}
	if top := v.rows("ranking"); strings.HasPrefix(answer, "The best of ") && len(top) > 0 && top[0]["too_close_to_call"] != nil {
		note(answer, "it is too close to call against %v", top[0]["too_close_to_call"])
	}
	v.dollars(answer, do, note)
	if unsure.MatchString(answer) {
		return wrong
	}
	v.shocks(answer, note)
	v.points(answer, note)
	return wrong
}

// dollars looks at what is said to come back, or to be lost everywhere, and at what is to be cut.
func (v answerOf) dollars(answer, do string, note func(answer any, format string, args ...any)) {
	even, ok := v["break_even"].(float64)
	if !ok {
		return
	}
	for _, x := range v.rows("ranked") {
		if strings.HasPrefix(answer, "Nowhere: ") && !(numberOf(x["next_dollar"], "high") < even) {
			note(answer, "%s may pay", x["channel"])
		}
		if strings.Contains(answer, fmt.Sprintf(" goes to %s: ", x["channel"])) && !(numberOf(x["next_dollar"], "low") > even) {
			note(answer, "it may lose")
		}
		if strings.Contains(do, fmt.Sprintf("Cut %s first", x["channel"])) && !(numberOf(x["last_dollar"], "high") < even) {
			note(do, "its last dollar may have paid")
		}
	}
}

// shocks looks at the worst shock, and at the plan of least regret.
func (v answerOf) shocks(answer string, note func(answer any, format string, args ...any)) {
	cells := v.rows("cells")
	if worst := worstOf.FindStringSubmatch(answer); worst != nil {
		for _, x := range cells {
			for _, y := range cells {
				named := strings.HasPrefix(worst[1], fmt.Sprintf("%q. ", x["title"])) && x["title"] != y["title"]
				if named && !math.IsNaN(numberOf(x["change"], "value")) && !apart(x["change"], y["change"]) {
					note(answer, "the interval of %s is not apart", y["title"])
				}
			}
		}
	}
	plan, _, ok := strings.Cut(answer, " has the least regret")
	if !ok {
		return
	}
	largest := map[string]any{} // regret of each
	for _, x := range cells {
		if name := fmt.Sprint(x["plan"]); largest[name] == nil || numberOf(x["regret"], "value") > numberOf(largest[name], "value") {
			largest[name] = x["regret"]
		}
	}
	for name, r := range largest {
		if name != plan && !apart(largest[plan], r) {
			note(answer, "the regret of %s is not apart", name)
		}
	}
}

// points looks at the channel of the next dollar, and at the best of several points.
func (v answerOf) points(answer string, note func(answer any, format string, args ...any)) {
	if lead := v["lead_of_the_first"]; strings.HasPrefix(answer, "The next ") && lead != nil && !sure(lead) {
		note(answer, "it leads by what may be nothing")
	}
	curves := v.rows("curves")
	if len(curves) == 0 {
		return
	}
	points := answerOf(curves[0]).rows("points")
	for i, at := range points {
		if !strings.Contains(answer, fmt.Sprintf(" at %s = %s:", curves[0]["name"], at["name"])) {
			continue
		}
		for _, k := range []int{i, i + 1} { // the steps to its neighbours
			if k > 0 && k < len(points) && points[k]["marginal"] != nil && !sure(points[k]["marginal"]) {
				note(answer, "the step beside it may be none")
			}
		}
	}
}

var (
	claims    = regexp.MustCompile(`\b(more|less|fewer|higher|lower|better|worse)\b`)
	worstOf   = regexp.MustCompile(`^The worst of [^:]* is (.*)`)
	bestOf    = regexp.MustCompile(`^A better plan was found|^The best plan found is to stop`)
	failing   = regexp.MustCompile(`^The company goes out of business in (all|the one) [^.]*\. `)
	pauseEnds = regexp.MustCompile(`: a net (gain|loss) of `)
	unsure    = regexp.MustCompile(`Too close to call|alike|may be none`)
)

// run, compare and stress give the same number for the same plan, seed and number of
// replications.
func TestCommandsAgreeOnEveryNumber(t *testing.T) {
	sets := [][]string{{}, {"--set", "finance.opening_cash=2000", "--set", "finance.fixed_cost_per_week=1000"}, {"--set", "products.*.cost_to_serve_per_month=500"}, {"--set", "channels.*.response=0"}}
	shock := filepath.Join(t.TempDir(), "shock.toml")
	require.NoError(t, os.WriteFile(shock, []byte("[dear]\ntitle = \"sellers cost twice as much\"\nmultiply = {\"teams.*.pay_per_year\" = 2}\n"), 0o666))
	for i, set := range sets {
		dir := t.TempDir()
		ask := func(args ...string) map[string]any {
			args = append(append(args, set...), "--set", "run.weeks=4", "--replications", "6", "--json", "--no-pictures", "--out", filepath.Join(dir, args[0]+args[len(args)-1]))
			code, stdout, stderr := exits(args...)
			require.Contains(t, []int{exitDone, exitGoalMissed}, code, stderr)
			var v map[string]any
			require.NoError(t, json.Unmarshal([]byte(stdout), &v))
			return v
		}
		ran := map[string]any{}
		for _, o := range ask("run", "town")["summary"].(map[string]any)["outcomes"].([]any) {
			o := o.(map[string]any)
			ran[o["name"].(string)] = o["estimate"].(map[string]any)["value"]
		}
		same := func(want, got any, what string) {
			x, known := want.(float64)
			y, _ := got.(float64)
			assert.True(t, !known && got == nil || known && math.Abs(x-y) <= 1e-9*max(1, math.Abs(x)), "plan %d, %s: run says %v, not %v", i, what, want, got)
		}
		seen := 0
		for _, x := range ask("compare", "town", "town", "--metric", "won")["against"].([]any) {
			for _, o := range x.(map[string]any)["outcomes"].([]any) {
				o := o.(map[string]any)
				if o["name"] == panel.BusinessValue { // which is made of outcomes of a run
					continue
				}
				same(ran[o["name"].(string)], o["a"].(map[string]any)["value"], "compare: "+o["name"].(string))
				seen++
			}
		}
		require.Greater(t, seen, 40)
		for _, metric := range []string{"live_customers", "lifetime_margin", "cac", "payback_months"} {
			v := ask("stress", "town", "--shocks", shock, "--metric", metric)["without_shock"].([]any)[0].(map[string]any)
			same(ran[metric], v["value"].(map[string]any)["value"], "stress: "+metric)
			same(ran["out_of_business"], v["out_of_business"].(map[string]any)["value"], "stress: out_of_business")
		}
	}
}

// Random small plans under random commands: whatever they are asked, no answer holds
// what is no number, claims what it does not know, or leaves half of its files.
func TestRandomCommandsOnRandomPlans(t *testing.T) {
	trials := 12
	if os.Getenv("WINDFALL_VERIFY") == "1" {
		trials = 200
	}
	for seed := range uint64(trials) {
		r := rand.New(rand.NewPCG(seed, 1))
		data := make([]byte, 100)
		for i := range data {
			data[i] = byte(r.UintN(256))
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) { trial(t, data) })
	}
}

// FuzzCommands drives the command line in this process with plans and commands made of
// bytes.
func FuzzCommands(f *testing.F) {
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) { trial(t, data[:min(len(data), 160)]) })
}

// FuzzArguments gives commands texts where keys, values, metrics, goals, dates and
// names are meant.
func FuzzArguments(f *testing.F) {
	for _, text := range []string{"finance.opening_cash=49,90", "channels.*.weekly_budget*=1e300", "P(cac > 3) <= 5%", "2013-02-05", "x0..x3:4", "a=b=c", "\x1b[2J", "../x", "-", "--", "won - 1/0"} {
		for i := range uint8(8) {
			f.Add(i, text)
		}
	}
	f.Fuzz(func(t *testing.T, which uint8, text string) {
		if len(text) > 200 || strings.Contains(text, "replications") || strings.Contains(text, "weeks") {
			t.Skip()
		}
		dir := filepath.Join(t.TempDir(), "out")
		small := []string{"--replications", "2", "--set", "run.weeks=1", "--no-pictures", "--out", dir}
		args := [][]string{
			append([]string{"run", "town", "--set", text}, small...),
			append([]string{"compare", "town", "town", "--metric", text}, small...),
			append([]string{"pause", "town", "--from", text}, small...),
			append([]string{"respond", "town", "--vary", text}, small...),
			append([]string{"stress", "town", "--from", text}, small...),
			{"scenarios", "explain", "town", text},
			{"scenarios", "check", text},
			{"report", text, "--out", filepath.Join(dir, "x.html")},
		}[which%8]
		code, stdout, stderr := exits(args...)
		if strings.Contains(stderr, "internal error") || code == exitFailed && which%8 < 5 {
			t.Errorf("windfall %s: exit code %d\n%s", store.ShellLine(args), code, stderr)
		}
		for _, out := range []string{stdout, stderr} {
			if i := strings.IndexFunc(out, terminal.Hidden); i >= 0 {
				t.Errorf("windfall %s: a control character reaches the terminal", store.ShellLine(args))
			}
		}
	})
}
