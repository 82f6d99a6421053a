package page

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/experiment"
	"windfall/sim/panel"
)

// experiments lays out an answer on made-up numbers: counts of 50 in each region and week with some noise, an effect in
// each week of a test, and its cost.
func experiments(t *testing.T, a experiment.Ask, runs int, noise, effect, cost float64, sets ...string) *Document {
	t.Helper()
	var err error
	a.Plan, err = loaded("metro", append([]string{"run.weeks=60"}, sets...)...)
	require.NoError(t, err)
	d, err := a.Design()
	require.NoError(t, err)
	got, err := a.Answer(d.Panel(runs, func(l panel.Leaf, i int) float64 {
		// What happens to each week of each region is the same with and without a test.
		x := math.Mod(math.Abs(math.Sin(float64(i*7919+l.Measure.From*131+len(l.Measure.Name)))*43758.5453), 1)
		x = 50 + noise*3.46*(x-0.5)
		switch {
		case l.Measure.From == 0:
			x = 1000 + float64(i%5)
			if l.Setting != "plan" && l.Measure.Column == "lifetime_margin" {
				x -= cost
			}
		case l.Setting != "plan" && l.Measure.From > 30 && l.Measure.Name != "city":
			x += effect
		}
		return x
	}))
	require.NoError(t, err)
	doc := Experiment(got, cure)
	sound(t, doc)
	return doc
}

// The finding has its verdict, what to run its dates and its price, and how sure it is says what the method promises.
func TestExperimentIsTold(t *testing.T) {
	a := experiment.Ask{Kind: experiment.Geo, On: "brand", EffectOn: "leads", Weeks: 8, Regions: []string{"suburbs"}}
	d := experiments(t, a, 400, 7, -20, 500)
	assert.Regexp(t, "^Switching the brand off for 8 weeks in suburbs shows its effect on leads in .* of runs: enough, "+
		"since a test should reach 80%.$", d.Sentences[0])
	assert.Regexp(t, `^Run (it: it is|a smaller test: \d weeks in suburbs is) the smallest .*2013-.*costs \$500 of customer `+
		"lifetime margin", d.Sentences[1])
	assert.Contains(t, d.Sentences[2], "95% intervals from 400 runs with the planned test over 60 weeks; random variation only")
	assert.Contains(t, d.Sentences[2], "5% is what its method (treated beside other regions, week by week) promises, approximately")
	assert.Regexp(t, `^\d weeks in suburbs is the smallest test that is seen to show an effect of the brand in 80% of runs$`,
		d.Pictures[0].Data.(picture.Bars).Finding)
	assert.Equal(t, "What running it is worth: not applicable, since no input is uncertain and there is nothing to "+
		"learn.", d.Sentences[3])

	d = experiments(t, a, 400, 7, 0, 500)
	assert.Regexp(t, "of runs: there is no effect to find, since leads are the same with the test and without it in every run.$",
		d.Sentences[0])
	assert.Equal(t, "Do not run it: no test finds an effect that is not there.", d.Sentences[1], "of any design, and longer")

	d = experiments(t, a, 400, 7, -0.02, 500)
	assert.Contains(t, d.Sentences[1], "Do not run it: in 2 to 24 weeks no test of this design reaches 80%.")
	assert.NotContains(t, d.Sentences[1], "such as leads", "which are what is counted")
	assert.Equal(t, "No test of 2 to 24 weeks shows an effect of the brand in 80% of runs", d.Pictures[0].Data.(picture.Bars).Finding)

	d = experiments(t, a, 400, 7, -4, -500)
	assert.Contains(t, d.Sentences[0], "too seldom, since a test should reach 80%.")
	assert.Regexp(t, `reaches 80%\. Take another design\.$`, d.Sentences[1], "all spend is off, and leads are looked at")
	a.EffectOn, a.Spend = "signups", 0.5
	d = experiments(t, a, 400, 7, -4, -500)
	assert.Regexp(t, `reaches 80%\. Move more spend, take another design or look at a count that is larger, such as leads\.$`,
		d.Sentences[1])
	a.EffectOn, a.Spend = "leads", 0

	d = experiments(t, a, 1, 7, -4, 500)
	assert.Contains(t, printed(d), "1 run is too few for a power; replications = 1000 would do")
}

func TestExperimentOfEachDesign(t *testing.T) {
	for kind, want := range map[experiment.Kind]string{
		experiment.Pulse: "Switching paid-search off for 2 weeks and on for 2 in turn, 8 weeks in all, shows",
		experiment.Dark:  "Switching paid-search off for 8 weeks shows",
	} {
		d := experiments(t, experiment.Ask{Kind: kind, On: "paid-search", EffectOn: "signups", Weeks: 8}, 60, 7, -20, 500)
		assert.Contains(t, d.Sentences[0], want)
		assert.Contains(t, d.Sentences[0], "its effect on sign-ups")
		assert.Contains(t, d.Sheets[0].Notes[0], "Where nothing changes the same weeks are read", "everywhere")
		assert.Equal(t, "ends", d.Sheets[1].Columns[2].Name)
		assert.Len(t, d.Sheets[1].Notes, 1)
	}
	d := experiments(t, experiment.Ask{Kind: experiment.Holdout, On: "direct-mail", EffectOn: "won", Weeks: 8,
		Regions: []string{"suburbs"}}, 60, 7, -20, 500)
	assert.Contains(t, d.Sentences[0], "Switching direct-mail off for good in suburbs, read after 8 weeks, shows its effect "+
		"on customers won")
	d = experiments(t, experiment.Ask{Kind: experiment.Geo, On: "brand", EffectOn: "leads", Spend: 2, Weeks: 8,
		Regions: []string{"suburbs"}}, 60, 7, 20, 500)
	assert.Contains(t, d.Sentences[0], "Spending 2 times the budget on the brand for 8 weeks in suburbs shows")
}

// What the estimator says nothing about is not applicable; what a test is worth is told where something is uncertain.
func TestExperimentThatSaysNothing(t *testing.T) {
	a := experiment.Ask{Kind: experiment.Geo, On: "brand", EffectOn: "leads", Weeks: 8, Regions: []string{"suburbs"}}
	d := experiments(t, a, 60, math.NaN(), 0, 500)
	assert.Contains(t, d.Sentences[0], "Not applicable: switching the brand off cannot be read, since")
	assert.Contains(t, d.Sentences[1], "Take another design")

	d = experiments(t, a, 200, 7, -20, 500, `media.radio.to_salience="0.5 to 3"`)
	assert.Contains(t, d.Sentences[3], "it loses $500: not worth running.")
}

// A holdout by firms says so, and has a table of the rates of both sides.
func TestExperimentOfFirms(t *testing.T) {
	a := experiment.Ask{Kind: experiment.Holdout, On: "direct-mail", EffectOn: "leads", Weeks: 8, Firms: "10%"}
	d := experiments(t, a, 60, 7, -20, 500)
	assert.Contains(t, d.Sentences[0], "Holding 10% of firms out of direct-mail for good, read after 8 weeks, shows its effect "+
		"on leads in")
	assert.Contains(t, d.Sentences[2], "5% is what its method (firms held out beside the others) promises, approximately, if each "+
		"firm decides for itself.")
	assert.Contains(t, d.Sheets[0].Notes[0], "the same weeks and firms are read", "of whom there are no regions")
	costs := d.Sheets[1]
	assert.Contains(t, costs.Notes[1], "every length costs the same")
	assert.Equal(t, "read to", costs.Columns[2].Name, "firms are held out for good")
	kept, _ := costs.Kept(func(name string) string { return name })
	assert.Equal(t, "ends", kept[2].Name, "as programs know it")
	bars := d.Pictures[0].Data.(picture.Bars)
	assert.Equal(t, "80%, which a test should reach", bars.Goal())
	rates := d.Sheets[3]
	assert.Equal(t, "rates", rates.Name)
	assert.Equal(t, "11.5k", rates.Rows[0][5].Text)
	assert.Len(t, rates.Rows, len(d.Sheets[0].Rows))
	assert.Len(t, experiments(t, experiment.Ask{Kind: experiment.Dark, On: "direct-mail", EffectOn: "leads", Weeks: 8}, 60, 7,
		-20, 500).Sheets, 3)
}

// Why a power is not known is said: too few runs can be read, or it lies too near to what it should be.
func TestPowerThatIsNotKnown(t *testing.T) {
	x := experimentPage{&experiment.Answer{Kind: experiment.Dark, On: "radio", EffectOn: "leads", Replications: 30,
		Verdict: decide.Verdict{Kind: decide.TooCloseToCall}}, words.In("USD").Money(), cure}
	x.Planned = experiment.Test{Weeks: 4, Power: analysis.Estimate{Value: 0, High: 0.324, N: 8},
		Effect: analysis.Estimate{Value: -1, Low: -2, High: -0.5, N: 30}}
	assert.Equal(t, "Switching radio off for 4 weeks shows its effect on leads in 0% (0% to 32.4%) of runs: too few to tell whether "+
		"that reaches 80%, since only 8 of 30 could be read.", x.finding())
	x.Planned.Power = analysis.Estimate{Value: 0.8, Low: 0.6, High: 0.9, N: 30}
	assert.Contains(t, x.finding(), "of runs: whether that reaches 80% is too close to call.")
	x.Verdict.Kind, x.Planned.Power = decide.No, analysis.Estimate{Value: 0.1, High: 0.3, N: 30}
	x.Planned.Effect = analysis.Estimate{Value: -1, Low: -3, High: 1, N: 30}
	assert.Contains(t, x.finding(), "no, there is no effect in sight to be found.")
	x.Planned.Effect, x.EffectOn = analysis.Estimate{N: 30}, "signups"
	assert.Contains(t, x.finding(), "there is no effect to find, since there are no sign-ups with the test or without it.")
	assert.Equal(t, "Do not run it: no test finds an effect that is not there. Look at another count, such as leads.", x.do())
}
