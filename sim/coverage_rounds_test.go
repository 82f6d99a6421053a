package sim_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"windfall/model"
	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/analysis"
	"windfall/sim/decide"
	"windfall/sim/decide/discover"
	"windfall/sim/decide/respond"
	"windfall/sim/decide/value"
	"windfall/sim/panel"
)

// What rules of rounds stopped at, or left out, has the intervals that are told: studies go in the rounds of the
// questions themselves, on numbers of a known truth.

// must is what a study needs, or the end of it.
func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}

// inRounds follows a design in its rounds.
func inRounds(d *decide.Design, of func(l panel.Leaf, i int) float64) *panel.Panel {
	s := decide.NewInRounds(d)
	var panels []*panel.Panel
	for {
		round := must(s.Next(panels))
		if len(round) == 0 {
			return s.Panel()
		}
		panels = []*panel.Panel{round[0].Panel(round[0].Replications, of)}
	}
}

// channelsOfTown asks where the next dollar goes of a plan of four channels.
func channelsOfTown() respond.Ask {
	with := func(changes ...string) (*plan.Plan, error) {
		return scenarios.Load("town", scenarios.Set(append([]string{"run.weeks=2"}, changes...)...))
	}
	return respond.Ask{Plan: must(with()), With: with, Outcomes: []string{"lifetime_margin"}}
}

// dollars is a world in which a dollar brings so much on each place in turn, where it was 800, with a chance of each
// setting that makes the standard error of a next dollar 1 after the first round.
type dollars struct {
	ask    respond.Ask
	design *decide.Design
	names  []string
	brings []float64
	chance *rand.Rand
	told   []*respond.Answer
}

func newDollars(brings ...float64) *dollars {
	w := &dollars{ask: channelsOfTown(), brings: brings, chance: rand.New(rand.NewPCG(17, uint64(1000*brings[1])))}
	w.design = must(w.ask.Design())
	for _, c := range w.ask.Plan.Channels {
		if c.Enabled && c.Driver == "budget" {
			w.names = append(w.names, c.Name)
		}
	}
	for _, m := range w.ask.Plan.Media {
		if m.Enabled {
			w.names = append(w.names, m.Name)
		}
	}
	if len(w.names) < len(brings) {
		panic(fmt.Sprintf("%d channels", len(w.names)))
	}
	return w
}

// of is what a dollar brings in a place: less on each of those that are not named.
func (w *dollars) of(channel string) float64 {
	switch i := slices.Index(w.names, channel); {
	case i < 0: // the plan, which has nothing more to spend
		return 0
	case i < len(w.brings):
		return w.brings[i]
	default:
		return -40 * float64(i)
	}
}

// each gives the answers to the question one after the other: studies of an interval are the same as those of others.
func (w *dollars) each(of func(a *respond.Answer) analysis.Estimate) func(*rand.Rand) analysis.Estimate {
	k := -1
	return func(*rand.Rand) analysis.Estimate {
		if k++; k == len(w.told) {
			w.told = append(w.told, w.answer(w.chance))
		}
		return of(w.told[k])
	}
}

// answer answers the question once.
func (w *dollars) answer(r *rand.Rand) *respond.Answer {
	chance := map[string][]float64{}
	for _, s := range w.design.Settings {
		for range respond.Replications {
			chance[s.Name] = append(chance[s.Name], r.NormFloat64())
		}
	}
	p := inRounds(w.design, func(l panel.Leaf, i int) float64 {
		channel, text, ok := strings.Cut(l.Setting, " x")
		times := 1.0
		if ok {
			times = must(strconv.ParseFloat(text, 64))
		}
		more := 800 * (times - 1)
		switch l.Measure.Column {
		case "media":
			return 800
		case "media_spend", "media_and_brand", "lifetime_media", "acquisition_cost":
			return 10_000 + more
		case "won":
			return 200
		case "ltv_total":
			return 1000
		}
		// 400 dollars more after 50 replications: the plan's own chance is small, and that of a setting is its share.
		return 5000 + w.of(channel)*more + 400*7.07*(0.98*chance[l.Setting][i]+0.2*chance["plan"][i])
	})
	return must(w.ask.Answer(p))
}

// less makes a truth of 0 of an estimate of one that hangs on what was found.
func less(e analysis.Estimate, truth float64) analysis.Estimate {
	e.Value, e.Low, e.High = e.Value-truth, e.Low-truth, e.High-truth
	return e
}

// coveringsOfRounds are the intervals of questions that go in rounds.
func coveringsOfRounds() (out []covering) {
	for _, c := range []struct {
		world  string
		brings []float64
	}{
		{"rounds, a leader that is clear at the first look", []float64{12, -4, -8}},
		{"rounds, a leader that is clear at some look", []float64{8, 2.5, -8}},
		{"rounds, a leader that is seldom clear", []float64{6, 3, -8}},
		{"rounds, two leaders alike", []float64{6, 6, -8}},
	} {
		w := newDollars(c.brings...)
		out = append(out,
			covering{"respond", "next dollar of the first channel", c.world, 0.93, 0.97, coverageStudies, 0, w.each(func(a *respond.Answer) analysis.Estimate {
				return less(a.Goes.Next, w.of(a.Goes.Channel))
			})},
			covering{"respond", "its lead", c.world, 0.93, 0.97, coverageStudies, 0, w.each(func(a *respond.Answer) analysis.Estimate {
				other := a.RivalChannel
				if other == "" {
					other = a.Ranked[1].Channel
				}
				return less(*a.Lead, w.of(a.Goes.Channel)-w.of(other))
			})},
			covering{"respond", "last dollar of the channel to take from", c.world, 0.93, 0.97, coverageStudies, 0, w.each(func(a *respond.Answer) analysis.Estimate {
				return less(a.Take.Last, w.of(a.Take.Channel))
			})})
	}
	return append(out, coveringsOfInputs()...)
}

// uncertainTown is a plan with two uncertain inputs.
func uncertainTown() *plan.Plan {
	return must(scenarios.Load("town", scenarios.Set("run.weeks=2", "customers.weibull_shape=0.7 to 0.95", "finance.opening_cash=1e4 to 1e6")))
}

// coveringsOfInputs are those of questions about uncertain inputs.
func coveringsOfInputs() (out []covering) {
	plan := uncertainTown()
	prepared := must(model.Prepare(plan))
	// A condition that holds in half of the runs below the 10% of an input, and in 5% of the others.
	const cash = "finance.opening_cash"
	which := -1
	for i, in := range prepared.Plan().UncertainInputs() {
		if in.Name == cash {
			which = i
		}
	}
	draws := prepared.Plan().InputDraws(uint64(plan.Run.Seed), discover.Replications)
	failing := discover.Ask{Plan: plan, When: "cash_end < 0", Metric: "won"}
	design := must(failing.Design())
	out = append(out, covering{"discover", "density of the box", "rounds, a box of a tenth in which half fails", 0.93, 1, coverageStudies / 10, 0, func(r *rand.Rand) analysis.Estimate {
		noise := make([]float64, len(draws))
		// Where there is no box there is no interval either, and the next study is looked at.
		for range 20 {
			for i := range noise {
				noise[i] = r.Float64()
			}
			a := must(failing.Answer(inRounds(design, func(l panel.Leaf, i int) float64 {
				chance := 0.02
				if draws[i][which] < 0.1 {
					chance = 0.5
				}
				if noise[i] < chance {
					return -1000
				}
				return 1000
			})))
			if a.Box == nil {
				continue
			}
			from, to := 0.0, 1.0 // of the input that matters; what a box says of others changes nothing
			for _, c := range a.Box.Conditions {
				if c.Name == cash {
					from, to = c.From, c.To
				}
			}
			inside := max(0, min(to, 0.1)-from)
			return less(a.Box.Density, (0.5*inside+0.02*(to-from-inside))/(to-from))
		}
		return analysis.Missing(0, "no box")
	}})
	return append(out, coveringsOfValue(plan)...)
}

// coveringsOfValue are those of a choice between two plans, of which one is mostly better.
func coveringsOfValue(plan *plan.Plan) (out []covering) {
	other := must(scenarios.Load("town", scenarios.Set("run.weeks=2", "customers.weibull_shape=0.7 to 0.95", "finance.opening_cash=1e4 to 1e6", "channels.*.weekly_budget*=2")))
	ask := value.Ask{A: value.Plan{Setting: decide.Setting{Name: "plan", Plan: plan}}, B: value.Plan{Setting: decide.Setting{Name: "other", Plan: other}}, Metric: "lifetime_margin", Seeds: 2}
	design := must(ask.Design())
	draws := must(model.Prepare(plan)).Plan().InputDraws(uint64(plan.Run.Seed), value.Draws)
	for _, by := range []float64{0.05, 0.3} {
		out = append(out, covering{"value", "difference of the plans", fmt.Sprintf("rounds, better by %v of the spread of a draw", by), 0.93, 0.97, coverageStudies / 4, 0, func(r *rand.Rand) analysis.Estimate {
			chance := make([]float64, design.Replications)
			for i := range chance {
				chance[i] = r.NormFloat64()
			}
			p := inRounds(design, func(l panel.Leaf, i int) float64 {
				if l.Setting == "plan" {
					return 100
				}
				return 100 + by + 0.2*(draws[i/2][0]-0.5) + chance[i]*1.4
			})
			return less(must(ask.Answer(p)).Difference, by)
		}})
	}
	return out
}
