package folder

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/scenarios/company"
	"windfall/sim/fit"
	"windfall/sim/fit/learned"
)

// public are the series of others on which the fit is tried: weekly, a year of which is held back.
const (
	publicData = "../../../scenarios/company/testdata/public"
	heldBack   = 52
)

var publicSeries = []string{"robyn", "meridian"}

// publicAsk is the fit of a public series as it would have been asked a year before its end: plan and unknowns are made
// of what was known then, and nothing of that year is learned from but what was spent.
func publicAsk(t *testing.T, name string) (*fit.Ask, *company.Company) {
	t.Helper()
	c, problems := company.Read(filepath.Join(publicData, name))
	wrong, _ := company.Split(problems)
	require.Empty(t, wrong)
	then := *c
	then.History = c.History.First(len(c.History.Periods) - heldBack)
	s, err := then.Scenario(company.PlanOptions{Replay: true})
	require.NoError(t, err)
	kinds := map[string]string{}
	for _, ch := range c.Channels {
		kinds[ch.Name] = ch.Kind
	}
	return &fit.Ask{Plan: s.Plan, History: &c.History, HoldBack: heldBack, Share: share(s.Plan),
		Unknowns: fit.Defaults(s.Plan, &then.History, kinds), Seed: uint64(s.Plan.Run.Seed)}, c
}

// The fit of each public series, its forecast of the year that is held back beside two naive ones, won or lost, and
// what it does not learn. WINDFALL_RECORD=1 writes the page.
func TestPublicSeries(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" && os.Getenv("WINDFALL_RECORD") != "1" {
		t.Skip("some minutes of CPU time: with WINDFALL_VERIFY=1")
	}
	table := "| series | learned from, held back | outcome | inside of 90% | error (CRPS): fit | last year | smoothing | best | runs, of firms |\n" +
		"|---|---|---|---|---|---|---|---|---|\n"
	var lists string
	for _, name := range publicSeries {
		ask, c := publicAsk(t, name)
		a, err := ask.Run(context.Background())
		require.NoError(t, err)
		for _, u := range a.Unknowns {
			t.Logf("%-22s factor %5.2f sd %4.2f ratio %4.2f %s", u.Name, learned.Factor(u.Mean), u.SD, u.Ratio, u.Verdict)
		}
		require.NotNil(t, a.BackTest)
		for _, s := range a.BackTest.Scores {
			table += fmt.Sprintf("| %s | %d, %d weeks | %s | %.0f%% | %s | %s | %s | %s | %d, %.3g%% |\n", c.Name,
				len(c.History.Periods)-heldBack, heldBack, s.Name(), 100*s.Cover(), short(s.Fit), short(s.LastYear),
				short(s.Smoothing), best(&s), a.Runs, 100*ask.Share)
		}
		lists += fmt.Sprintf("\n%s: learned %s; in part %s; stay prior %s. %.0f%% of the weeks learned from lie outside of the "+
			"95%% of runs; predictions are wider by what was missed there: %s.\n", c.Name, named(a, learned.Learned), named(a, learned.Partly), named(a, learned.Unmoved),
			100*a.Outside(), widened(a.BackTest.Missed))
		t.Log("\n" + table + lists)
	}
	recordPart(t, "public series", table+lists+"\n"+sumOfData(t, publicSeries)+"\n")
}

// widened says by how much predictions are wider than the plan's.
func widened(missed []learned.Missed) string {
	if len(missed) == 0 {
		return "no more than chance"
	}
	m := &missed[0]
	return fmt.Sprintf("%.0f%% in a week, of which %.2f stays in the next", 100*(math.Exp(m.SD)-1), m.Stays)
}

// best is the forecast with the least error.
func best(s *learned.Score) string {
	if naive := s.Naive(); naive != "" {
		return naive + ": lost"
	}
	return "the fit: won"
}

func short(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	if x >= 1e4 {
		return fmt.Sprintf("%.4gk", x/1000)
	}
	return fmt.Sprintf("%.4g", x)
}

// named lists the unknowns with a verdict.
func named(a *learned.Answer, v learned.Verdict) string {
	var names []string
	for _, u := range a.Unknowns {
		if u.Verdict == v {
			names = append(names, u.Name)
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, ", ")
}

// sumOfData says of which files a recorded table is.
func sumOfData(t *testing.T, folders []string) string {
	t.Helper()
	h := sha256.New()
	for _, name := range folders {
		entries, err := os.ReadDir(filepath.Join(publicData, name))
		require.NoError(t, err)
		for _, e := range entries {
			data, err := os.ReadFile(filepath.Join(publicData, name, e.Name()))
			require.NoError(t, err)
			fmt.Fprintf(h, "%s/%s %d\n%s", name, e.Name(), len(data), data)
		}
	}
	return fmt.Sprintf("Of the files with the sum %.8x.", h.Sum(nil))
}

// recordPart holds a part of docs/verification.md, between its marks, against a text, or writes it with
// WINDFALL_RECORD=1.
func recordPart(t *testing.T, name, text string) {
	t.Helper()
	const file = "../../../docs/verification.md"
	page := read(t, filepath.Dir(file), filepath.Base(file))
	begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->\n"
	before, rest, ok := strings.Cut(page, begin)
	require.True(t, ok)
	shown, after, ok := strings.Cut(rest, end)
	require.True(t, ok)
	if os.Getenv("WINDFALL_RECORD") == "1" {
		require.NoError(t, os.WriteFile(file, []byte(before+begin+text+end+after), 0o600))
		return
	}
	assert.Equal(t, text, shown, "the part %q of %s", name, file)
}

// The public series are read as they are: what was spent, and one outcome; the recorded table is of these files.
func TestPublicSeriesAreRead(t *testing.T) {
	for name, x := range map[string]struct {
		weeks, channels int
		outcome         func(h *company.History) []float64
		sum, spend      float64
		of              string
		unknowns        []string
	}{
		"robyn": {208, 5, func(h *company.History) []float64 { return h.Revenue }, 379_005_696.7, 3_087_487.8, "tv",
			[]string{"level.facebook", "capture.search", "demand.inbound", "saturation", "halo"}},
		"meridian": {156, 4, func(h *company.History) []float64 { return h.Won }, 32_581.24, 2_715_689.5, "channel-0",
			[]string{"level.channel-0", "carry-over.channel-3", "demand.inbound", "saturation", "win"}},
	} {
		ask, c := publicAsk(t, name)
		h := &c.History
		assert.Len(t, h.Periods, x.weeks, name)
		assert.False(t, h.Monthly)
		assert.Len(t, h.Channels, x.channels, name)
		sum, cells := company.Sum(x.outcome(h))
		assert.InEpsilon(t, x.sum, sum, 1e-6, name)
		assert.Equal(t, x.weeks, cells, name)
		spent, _ := company.Sum(h.Channel(x.of).Spend)
		assert.InEpsilon(t, x.spend, spent, 1e-6, name)
		assert.True(t, h.SeenInAll())
		var names []string
		for _, u := range ask.Unknowns {
			names = append(names, u.Name)
		}
		assert.Subset(t, names, x.unknowns, name)
		assert.False(t, slices.Contains(names, "churn"), "nobody counted who left")
	}
	assert.True(t, strings.Contains(read(t, "../../../docs", "verification.md"), sumOfData(t, publicSeries)),
		"docs/verification.md: the table is of other files than these: %s", sumOfData(t, publicSeries))
}
