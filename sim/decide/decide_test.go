package decide

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/scenarios"
	"windfall/sim/analysis"
)

// Questions and the layout of their answers need no files, no pictures and no engine of
// repetition, and compile for a browser.
func TestQuestionsStandOnLittle(t *testing.T) {
	packages := []string{"windfall/sim/decide/...", "windfall/plots/page", "windfall/plots/words",
		"windfall/plots/picture"}
	out, err := exec.Command("go", append([]string{"list", "-deps"}, packages...)...).Output()
	require.NoError(t, err)
	deps := strings.Fields(string(out))
	require.Contains(t, deps, "windfall/sim/panel", "the list is that of this module")
	questions, err := filepath.Glob("*/ask.go")
	require.NoError(t, err)
	require.Greater(t, len(questions), 5)
	for _, q := range questions {
		require.Contains(t, deps, "windfall/sim/decide/"+filepath.Dir(q))
	}
	for _, dep := range deps {
		for _, not := range []string{"github.com/parquet-go/", "gonum.org/v1/plot", "windfall/sim/store",
			"windfall/sim/result", "windfall/sim/table",
			"windfall/plots/report", "windfall/plots/gallery", "windfall/cmd/", "github.com/spf13/"} {
			assert.False(t, strings.HasPrefix(dep+"/", not+"/") || strings.HasPrefix(dep, not) && strings.HasSuffix(not, "/"),
				"%s is reached", dep)
		}
		assert.NotContains(t, []string{"windfall/plots", "windfall/sim"}, dep)
	}
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		return // make test builds them
	}
	build := exec.Command("go", append([]string{"build"}, packages...)...)
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	text, err := build.CombinedOutput()
	require.NoError(t, err, "%s", text)
}

func TestGains(t *testing.T) {
	for _, c := range []struct {
		e    analysis.Estimate
		want Verdict
	}{
		{analysis.Estimate{Value: 3, Low: 1, High: 5}, Verdict{Kind: Yes}},
		{analysis.Estimate{Value: -3, Low: -5, High: -1}, Verdict{Kind: No}},
		{analysis.Estimate{Value: 3, Low: -1, High: 7}, Verdict{Kind: TooCloseToCall}},
		{analysis.Estimate{Value: 0, Low: 0, High: 0}, Verdict{Kind: TooCloseToCall}},
		{analysis.Estimate{Value: 3, Low: math.NaN(), High: math.NaN(), Needs: 6},
			Verdict{TooCloseToCall, "an interval needs 6 runs"}},
		{analysis.Missing(9, "no customer was won"), Verdict{NotApplicable, "no customer was won"}},
	} {
		assert.Equal(t, c.want, Gains(c.e))
	}
}

func TestAProblemSaysWhatWouldBeRight(t *testing.T) {
	assert.EqualError(t, Unknown("what", "radoi", "there is no such medium", []string{"radio", "tv"}),
		"what radoi: there is no such medium; did you mean radio?")
	assert.EqualError(t, Wrong("regions", "", "%s is spent for all", "tv"), "regions: tv is spent for all")
}

// Of a plan that spends nothing there are no multiples to ask about, but an amount.
func TestTheNextStepCanBeAsked(t *testing.T) {
	of := func(sets ...string) Step {
		p, err := scenarios.Load("town", scenarios.Set(append([]string{"run.weeks=8"}, sets...)...))
		require.NoError(t, err)
		return Respond(p)
	}
	assert.Equal(t, Step{Question: "respond"}, of())
	assert.Equal(t, Step{Question: "respond"}, of("channels.*.weekly_budget=0"), "radio is left")
	s := of("channels.*.weekly_budget=0", "media.*.weekly_budget=0")
	assert.Equal(t, [][]string{{"amount", "10000"}}, s.Parts())
}
