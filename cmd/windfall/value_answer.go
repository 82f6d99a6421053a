package main

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// information is what value writes and prints as JSON.
type information struct {
	args   []string
	flags  *valueFlags
	format words.Format
	doubts

	Scenario   string            `json:"scenario"`
	A          string            `json:"a"`
	B          string            `json:"b"`
	Metric     string            `json:"metric"`
	Unit       string            `json:"unit"`
	Draws      int               `json:"draws"`
	Lucks      int               `json:"seeds_per_draw"`
	Missing    int               `json:"draws_left_out"`
	Seed       uint64            `json:"seed"`
	Weeks      int               `json:"weeks"`
	Answer     string            `json:"answer"`
	Difference analysis.Estimate `json:"difference"` // above 0: B is better
	All        analysis.Estimate `json:"value_of_all"`
	Changes    analysis.Estimate `json:"changes_decision"`
	Explained  analysis.Number   `json:"explained"`
	Worth      bool              `json:"worth_measuring"`
	Inputs     []knowledge       `json:"inputs"`
}

// knowledge is what knowing one input is worth.
type knowledge struct {
	Input   string            `json:"input"`
	Value   analysis.Estimate `json:"value"`
	Changes analysis.Estimate `json:"changes_decision"`
	Turns   *turn             `json:"turns,omitempty"`
}

// turn is the value of an input at which one plan takes over from the other.
type turn struct {
	At    analysis.Number `json:"at"`
	Low   analysis.Number `json:"low"`
	High  analysis.Number `json:"high"`
	Above bool            `json:"b_is_better_above"`

	text, between string
}

func knowledgeOf(u *uncertainPlan, k analysis.Knowing) knowledge {
	in := u.inputs[k.Input]
	out := knowledge{Input: in.Name, Value: k.Value, Changes: k.Changes}
	if t := k.Turns; t != nil {
		// The ends of a distribution may lie at infinity.
		low, high := math.Max(t.Low, 0.001), math.Min(t.High, 0.999)
		out.Turns = &turn{At: analysis.Number(in.Dist.Quantile(t.Value)), Low: analysis.Number(in.Dist.Quantile(low)),
			High: analysis.Number(in.Dist.Quantile(high)), Above: k.Above, text: u.value(k.Input, t.Value)}
		out.Turns.between = fmt.Sprintf("%s to %s", u.value(k.Input, low), u.value(k.Input, high))
	}
	return out
}

// better names the plan that is better as things are known, the other one, and by
// how much.
func (a *information) better() (one, other string, by analysis.Estimate) {
	if a.Difference.Value > 0 {
		return a.B, a.A, a.Difference
	}
	return a.A, a.B, a.Difference.Minus()
}

// sentence is the answer.
func (a *information) sentence() string {
	percent := words.Percent
	unit := ""
	if !a.format.IsMoney() && a.format != words.Percent && a.Unit != a.Metric {
		unit = " " + a.Unit
	}
	one, other, by := a.better()
	if !by.Known() {
		return fmt.Sprintf("Nothing can be valued: %s has no value with both plans in the same draw (%s).", a.Metric,
			words.Counted(a.Draws, "draw"))
	}
	unsure := ""
	if !(by.Low > 0) {
		unsure = ", which may be none"
	}
	known := fmt.Sprintf("as things are known %s is better than %s by %s%s of %s%s within %s (95%% intervals, n = %s "+
		"of %s)", one, other, words.Ends(a.format.Text, by), unit, a.Metric, unsure, words.Counted(a.Weeks, "week"),
		words.Sized(a.Draws-a.Missing, valueDraws/2, "draw"), words.Counted(a.Lucks, "seed"))
	if !a.Worth {
		return fmt.Sprintf("Nothing worth measuring: knowing all uncertain inputs would be worth %s%s and change the "+
			"decision in %s of cases; %s.", words.Ends(a.format.Text, a.All), unit, words.Ends(percent.Text, a.Changes), known)
	}
	top := &a.Inputs[0]
	if top.Value.Value == 0 {
		return fmt.Sprintf("Measure several inputs together: no single one changes the decision, but knowing all is "+
			"worth %s%s and changes it in %s of cases; %s.", words.Ends(a.format.Text, a.All), unit,
			words.Ends(percent.Text, a.Changes), known)
	}
	first := top.Input
	if k := slices.IndexFunc(a.Inputs[1:], func(k knowledge) bool { return !analysis.Apart(top.Value, k.Value) }); k >= 0 {
		first += " first (" + a.Inputs[1+k].Input + " may be worth as much)"
	} else {
		first += " first"
	}
	turns := ""
	if t := top.Turns; t != nil {
		side := "below"
		if t.Above {
			side = "above"
		}
		turns = fmt.Sprintf("; %s takes over from %s %s %s (%s)", a.B, a.A, side, t.text, t.between)
	}
	return fmt.Sprintf("Measure %s: knowing it is worth %s%s and changes the decision in %s of cases%s; knowing all "+
		"uncertain inputs is worth %s%s; %s.",
		first, words.Ends(a.format.Text, top.Value), unit, words.Ends(percent.Text, top.Changes), turns,
		words.Ends(a.format.Text, a.All), unit, known)
}

func (a *information) sentences() []string { return []string{a.Answer} }

func (a *information) size() string {
	return fmt.Sprintf("%s of %s, both plans", words.Counted(a.Draws, "draw"), words.Counted(a.Lucks, "seed"))
}

func (a *information) next() []string {
	words := []string{"windfall", "compare"}
	learn := shellLine(append([]string{"windfall", "sensitivity", a.args[0], "--outcome", a.Metric}, a.flags.typed()...))
	switch {
	case len(a.flags.set) > 0: // in compare each --set is a plan of its own
		return []string{learn}
	case a.A == "plan" && strings.Contains(a.B, "="):
		words = append(words, a.args[0], "--set", a.B)
	case !strings.Contains(a.A, "=") && !strings.Contains(a.B, "="):
		for _, n := range []string{a.A, a.B} {
			if n == "plan" {
				n = a.args[0]
			}
			words = append(words, n)
		}
	default:
		return []string{learn}
	}
	return []string{shellLine(slices.Concat(words, []string{"--metric", a.Metric}, a.flags.typed())), learn}
}

func (a *information) warnings() (out []string) {
	if a.Draws < valueDraws/2 {
		out = append(out, fmt.Sprintf("%s are few to learn from; --draws %d would do", words.Counted(a.Draws, "draw"),
			valueDraws))
	}
	if a.Missing > 0 {
		out = append(out, fmt.Sprintf("%s is missing in %s of %s, which are left out", a.Metric,
			words.Counted(a.Missing, "draw"), words.Thousands(a.Draws)))
	}
	return out
}

// sheets is the table of what knowing each input is worth.
func (a *information) sheets() []*page.Sheet {
	s := page.NewSheet("inputs", fmt.Sprintf("What knowing is worth before choosing between A, %s, and B, %s", a.A,
		a.B), "knowing", "#is worth", "#changes the decision", "#B takes over", "between")
	cell := func(f words.Format, e analysis.Estimate) page.Cell {
		c := page.Value(f, e)
		c.Text = words.Ends(f.Text, e)
		return c
	}
	s.Row("all inputs", cell(a.format, a.All), cell(words.Percent, a.Changes), "", "")
	for _, k := range a.Inputs {
		turns, between := page.Words("nowhere"), ""
		if k.Turns != nil {
			side := "below "
			if k.Turns.Above {
				side = "above "
			}
			turns, between = page.Num(side+k.Turns.text, float64(k.Turns.At)), k.Turns.between
		}
		s.Row(k.Input, cell(a.format, k.Value), cell(words.Percent, k.Changes), turns, between)
	}
	s.Notes = []string{fmt.Sprintf("A is %s, B is %s (95%% intervals).", a.A, a.B),
		fmt.Sprintf("The inputs foretell %s of the variance of the difference between draws, on draws that the "+
			"regression has not seen; the rest is luck or escapes it.", words.Percent.Text(float64(a.Explained)))}
	return []*page.Sheet{s}
}

// drawn is the picture of what knowing is worth.
func (a *information) drawn() []page.Picture {
	bars := picture.Bars{Source: picture.Source{Scenario: a.Scenario, Replications: a.Draws * a.Lucks, Seed: a.Seed,
		Note: "inputs uncertain"}, Names: "knowing", ValueName: fmt.Sprintf("Worth, %s (%s)", a.Metric, a.Unit),
		Finding: "What knowing is worth before choosing between " + a.A + " and " + a.B,
		Lines:   []picture.Line{{Name: "worth"}}}
	add := func(name string, e analysis.Estimate) {
		if page.Drawable(e) {
			bars.Labels, bars.Lines[0].Points = append(bars.Labels, name), append(bars.Lines[0].Points, e)
		}
	}
	add("all inputs", a.All)
	for _, k := range a.Inputs[:min(mostRows, len(a.Inputs))] {
		add(k.Input, k.Value)
	}
	if len(bars.Labels) == 0 {
		return nil
	}
	return []page.Picture{{Name: "worth", Data: bars}}
}
