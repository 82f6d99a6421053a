package folder

import (
	"context"
	"encoding/csv"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gonum.org/v1/gonum/optimize"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/scenarios/company"
	"windfall/sim/fit"
	"windfall/sim/fit/learned"
)

// cohortYears are those of which a fit of a cohort may learn: those of row F32. The years after are held back.
const cohortYears = 4

// cohort is one of retention.csv: the share of its customers that is there after each year, from 0 on.
func cohort(t *testing.T, name string) (kept []float64) {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(read(t, publicData, "retention.csv"))).ReadAll()
	require.NoError(t, err)
	for column, heading := range rows[0] {
		if heading != name {
			continue
		}
		for _, row := range rows[1:] {
			x, err := strconv.ParseFloat(row[column], 64)
			require.NoError(t, err)
			kept = append(kept, x/100)
		}
	}
	require.NotEmpty(t, kept)
	return kept
}

// cohortAsk is the fit of the first years of a cohort of 1,000 customers: those who left in each year, and those who
// are there at its end.
func cohortAsk(t *testing.T, kept []float64, years int) *fit.Ask {
	t.Helper()
	p, err := scenarios.Load(filepath.Join(publicData, "cohort.toml"))
	require.NoError(t, err)
	h := &company.History{}
	first, _, _ := p.Run.Start.YMD()
	for year := range len(kept) - 1 {
		h.Periods = append(h.Periods, company.Period{From: plan.NewDate(first+year, 1, 1), To: plan.NewDate(first+year+1, 1, 1)})
		h.Customers = append(h.Customers, math.Round(1000*kept[year+1]))
		h.Churned = append(h.Churned, math.Round(1000*kept[year])-math.Round(1000*kept[year+1]))
	}
	return &fit.Ask{Plan: p, History: h, HoldBack: len(h.Periods) - years, Unknowns: fit.Defaults(p, h, nil), Seed: 1}
}

// shifted is the share of a cohort that is there after some years where each customer leaves at the end of a year with
// a chance of his own, which has the beta distribution (the shifted beta-geometric model of Fader and Hardie).
func shifted(alpha, beta float64, years int) float64 {
	kept := 1.0
	for year := 1; year <= years; year++ {
		kept *= (beta + float64(year-1)) / (alpha + beta + float64(year-1))
	}
	return kept
}

// likeliest are the parameters of that model under which the first years of a cohort of 1,000 are likeliest.
func likeliest(t *testing.T, kept []float64, years int) (alpha, beta float64) {
	t.Helper()
	x, err := optimize.Minimize(optimize.Problem{Func: func(x []float64) float64 {
		alpha, beta := math.Exp(x[0]), math.Exp(x[1])
		sum := kept[years] * math.Log(shifted(alpha, beta, years))
		for year := 1; year <= years; year++ {
			sum += (kept[year-1] - kept[year]) * math.Log(shifted(alpha, beta, year-1)-shifted(alpha, beta, year))
		}
		return -1000 * sum
	}}, []float64{0, 0}, nil, &optimize.NelderMead{})
	require.NoError(t, err)
	return math.Exp(x.X[0]), math.Exp(x.X[1])
}

// The closed form beside the fit is that of the paper: on the first seven years it has the paper's parameters.
func TestShiftedBetaGeometric(t *testing.T) {
	for name, want := range map[string][2]float64{"regular": {0.704, 1.182}, "high end": {0.668, 3.806}} {
		alpha, beta := likeliest(t, cohort(t, name), 7)
		assert.InDelta(t, want[0], alpha, 0.002, name)
		assert.InDelta(t, want[1], beta, 0.006, name)
	}
	assert.InDelta(t, 0.25, shifted(1, 1, 3), 1e-12, "an even chance to leave: 1/(years + 1)")
}

// retained is what a fit of a cohort says of each year, beside the closed form.
func retained(t *testing.T, name string, kept []float64, a *learned.Answer) string {
	alpha, beta := likeliest(t, kept, cohortYears)
	band := a.Bands[len(a.Bands)-1]
	require.Equal(t, company.Customers, band.Outcome)
	var text string
	var errors [2]float64
	for year := 1; year < len(kept); year++ {
		predicted, closed := band.Median[year-1]/10, 100*shifted(alpha, beta, year)
		seen := 100 * kept[year]
		off, closedOff := math.Abs(predicted-seen), math.Abs(closed-seen)
		held := "learned from"
		if year > cohortYears {
			held = "the fit"
			if closedOff < off {
				held = "closed form"
			}
			n := float64(len(kept) - 1 - cohortYears)
			errors[0] += off / n
			errors[1] += closedOff / n
		}
		text += fmt.Sprintf("| %s | %d | %.1f | %.1f | %.1f to %.1f | %.1f | %.1f | %.1f | %s |\n", name, year, seen, predicted,
			band.Low[year-1]/10, band.High[year-1]/10, off, closed, closedOff, held)
	}
	best := "the fit: won"
	if errors[1] < errors[0] {
		best = "closed form: lost"
	}
	return text + fmt.Sprintf("| %s | mean of %d to %d | | | | %.1f | | %.1f | %s |\n", name, cohortYears+1, len(kept)-1, errors[0],
		errors[1], best)
}

// Both cohorts of row F32: what a fit of four years says of the eight after them, beside the closed form of the paper,
// won or lost. WINDFALL_RECORD=1 writes the page.
func TestRetentionOfCohorts(t *testing.T) {
	table := "| cohort | year | still there, % | fit | 95% of runs | off by | closed form | off by | nearer |\n" +
		"|---|---|---|---|---|---|---|---|---|\n"
	var lists string
	for _, name := range []string{"regular", "high end"} {
		kept := cohort(t, name)
		a, err := cohortAsk(t, kept, cohortYears).Run(context.Background())
		require.NoError(t, err)
		require.Len(t, a.Unknowns, 3)
		require.Equal(t, learned.Churn, a.Unknowns[0].Kind)
		require.Equal(t, learned.Learned, a.Unknowns[0].Verdict, "the level of churn of 1,000 customers is seen")
		require.Equal(t, learned.ChurnShape, a.Unknowns[1].Kind)
		require.Equal(t, learned.Frailty, a.Unknowns[2].Kind)
		table += retained(t, name, kept, a)
		alpha, beta := likeliest(t, kept, cohortYears)
		lists += fmt.Sprintf("\n%s: hazard of the first year x %.2f (%.0f%% of the width of its prior left, %s), exponent x %.2f "+
			"(%.0f%%, %s), variance between customers x %.2f (%.0f%%, %s); %.0f%% of the years held back inside of the 90%% intervals; closed form alpha %.3f, beta %.3f.\n", name,
			learned.Factor(a.Unknowns[0].Mean), 100*a.Unknowns[0].Ratio, a.Unknowns[0].Verdict,
			learned.Factor(a.Unknowns[1].Mean), 100*a.Unknowns[1].Ratio, a.Unknowns[1].Verdict,
			learned.Factor(a.Unknowns[2].Mean), 100*a.Unknowns[2].Ratio, a.Unknowns[2].Verdict, 100*a.BackTest.Cover, alpha, beta)
	}
	t.Log("\n" + table + lists)
	recordPart(t, "retention of cohorts", table+lists)
}
