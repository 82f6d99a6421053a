package panel

import (
	"iter"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/analysis"
)

// Seen is what a replication of one setting shows: measures are read from it.
type Seen struct {
	Record *plan.Record
	Trace  *model.Trace // what was asked for: see Asks
	// Other is the trace of the same replication of another setting.
	Other func(setting string) *model.Trace

	credits map[string][]float64
	labels  map[string]map[Label]float64
	// regional are counts by week and region.
	regional map[string][]float64
	// arms are counts of firms by week, of each arm as it is asked for.
	arms map[counted][]float64
}

// Asks says which events of a replication the measure is read from.
func (m Measure) Asks() model.Events {
	switch {
	case m.Path.Asked:
		return model.Leads | model.PathsOfLeads
	case m.Rule != "":
		return model.Leads | model.PathsOfLeads | model.Wins | model.PathsOfWins
	case m.Against != "":
		return model.Wins
	case m.Arm.Channel != "" && m.Column == "won":
		return model.Wins
	case m.Arm.Channel != "":
		return model.Leads
	case m.isRegional():
		return model.Weeks
	}
	return 0
}

// credit is what a rule credits channels with. All channels are asked about one after the other.
func (x *Seen) credit(rule string, channels int) []float64 {
	if x.credits == nil {
		x.credits = map[string][]float64{}
		paths := PathsOf(x.Trace)
		for _, a := range analysis.Attributions {
			x.credits[a.Name] = a.Credit(paths, channels)
		}
	}
	return x.credits[rule]
}

// count is how many firms have a label against another setting.
func (x *Seen) count(against string, label Label) float64 {
	if x.labels[against] == nil {
		if x.labels == nil {
			x.labels = map[string]map[Label]float64{}
		}
		counts := map[Label]float64{}
		for p := range Pairs(x.Other(against).Customers, x.Trace.Customers) {
			counts[p.Label()]++
		}
		x.labels[against] = counts
	}
	return x.labels[against][label]
}

// PathsOf are the paths of touches of a replication as the vendor's own records show them, one for each firm that
// became a lead: of one that is won that up to the lead that was, else that up to its last lead.
func PathsOf(t *model.Trace) (out []analysis.Path) {
	at := make(map[uint64]int, len(t.Leads)) // of a firm in the list
	add := func(f *model.Firm, won bool) {
		i, known := at[f.ID]
		if !known {
			i, out = len(out), append(out, analysis.Path{})
			at[f.ID] = i
		}
		p := analysis.Path{Won: won}
		for _, x := range f.Path[max(0, len(f.Path)-analysis.LastTouches):] {
			p.Touches = append(p.Touches,
				analysis.PathTouch{Channel: int(x.Channel), Days: (f.Raised - x.At) * plan.DaysPerWeek})
		}
		out[i] = p
	}
	for i := range t.Leads {
		add(&t.Leads[i].Firm, false)
	}
	for i := range t.Customers {
		add(&t.Customers[i].Firm, true)
	}
	return out
}

// A Label says what becomes of a firm in two paired worlds, with something and without it.
type Label string

// The labels. Each firm that is won in either world has one of them.
const (
	Alike        Label = "won in both"      // through the same channel at the same time
	Later        Label = "later"            // won in both, later without
	Sooner       Label = "sooner"           // won in both, sooner without
	OtherChannel Label = "other channel"    // won in both, credited to another channel
	OnlyWith     Label = "won only with"    // lost without
	OnlyWithout  Label = "won only without" // gained without
)

// Labels are all labels.
var Labels = []Label{Alike, Later, Sooner, OtherChannel, OnlyWith, OnlyWithout}

// A Pair is a firm that is won in either of two paired worlds; nil: it is not won in that one.
type Pair struct{ With, Without *model.Win }

// Label says what became of it.
func (p Pair) Label() Label {
	switch {
	case p.Without == nil:
		return OnlyWith
	case p.With == nil:
		return OnlyWithout
	case p.With.Channel != p.Without.Channel:
		return OtherChannel
	case p.Without.Won > p.With.Won:
		return Later
	case p.Without.Won < p.With.Won:
		return Sooner
	}
	return Alike
}

// Pairs matches the wins of two paired worlds by the firm: those with in their order, then those that are won only
// without in theirs. It needs some 30 bytes for each win beside the wins themselves.
func Pairs(with, without []model.Win) iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		at := make(map[uint64]int, len(without))
		for i := range without {
			at[without[i].ID] = i
		}
		for i := range with {
			p := Pair{With: &with[i]}
			if k, both := at[with[i].ID]; both {
				p.Without = &without[k]
				delete(at, with[i].ID)
			}
			if !yield(p) {
				return
			}
		}
		for i := range without {
			if _, only := at[without[i].ID]; only && !yield(Pair{Without: &without[i]}) {
				return
			}
		}
	}
}
