package fit

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios/company"
	"windfall/sim/fit/learned"
)

// kindOf is what each kind is of: channels, teams or products; "": the whole plan.
var kindOf = map[learned.Kind]string{
	learned.Level: "channel", learned.Demand: "channel", learned.Response: "channel", learned.Saturation: "channel",
	learned.Capture: "channel", learned.Real: "channel", learned.CarryOver: "channel", learned.Halo: "channel",
	learned.Salience: "", learned.Equity: "", learned.Win: "team", learned.Cycle: "team", learned.Churn: "",
	learned.ChurnShape: "", learned.Frailty: "", learned.Seats: "product", learned.Price: "product",
	learned.Total: "",
}

// Between is the prior whose 90% interval is from one factor (or odds ratio) to another.
func Between(low, high float64, source string) learned.Prior {
	a, b := rng.Log(low), rng.Log(high)
	return learned.Prior{Mean: snap((a + b) / 2), SD: snap((b - a) / (2 * learned.Reach90)), Source: source}
}

// ProblemError says what is wrong with what is asked.
type ProblemError struct{ Part, Problem string }

// Error implements error.
func (e *ProblemError) Error() string { return e.Part + ": " + e.Problem }

// BadInput marks it: nothing was run.
func (*ProblemError) BadInput() {}

func problem(part, format string, args ...any) error {
	return &ProblemError{part, fmt.Sprintf(format, args...)}
}

// checkUnknowns looks for unknowns that cannot be.
func checkUnknowns(p *plan.Plan, unknowns []learned.Unknown) error {
	if len(unknowns) == 0 {
		return problem("unknowns", "there is nothing to learn")
	}
	seen := map[string]bool{}
	for i := range unknowns {
		u := &unknowns[i]
		by, ok := kindOf[u.Kind]
		switch {
		case !ok:
			return problem("unknown "+u.Name, "there is no kind %q", u.Kind)
		case u.Name == "" || seen[u.Name]:
			return problem("unknown "+u.Name, "each has a name of its own")
		case !(u.Prior.SD > 0) || math.IsInf(u.Prior.SD, 0) || math.IsNaN(u.Prior.Mean) || math.IsInf(u.Prior.Mean, 0):
			return problem("unknown "+u.Name, "its prior has mean %g and standard deviation %g; that must be above 0",
				u.Prior.Mean, u.Prior.SD)
		case by == "" && len(u.Of) > 0:
			return problem("unknown "+u.Name, "the kind %s is of the whole plan", u.Kind)
		}
		seen[u.Name] = true
		for _, name := range u.Of {
			names := p.Dimension(by)
			if !slices.Contains(names, name) {
				return problem("unknown "+u.Name, "there is no %s %q; did you mean %s?", by, name, plan.Nearest(name, names))
			}
		}
	}
	return nil
}

// priors by kind; those of channels are of their kind of channel (Defaults).
var priors = map[learned.Kind]learned.Prior{
	learned.Total:      Between(1./3, 3, "assumption"),
	learned.Saturation: Between(company.HalfSaturation.Low, company.HalfSaturation.High, "C35-C37"),
	learned.Capture:    Between(1./3, 3, "C39; assumption"),
	learned.Halo:       Between(0.4, 2.5, "C30; assumption"),
	learned.Real:       Between(1./4, 4, "C16; assumption"),
	learned.Salience:   Between(0.5, 2, "B3, C38"),
	learned.Equity:     Between(0.5, 2, "B3, B13"),
	learned.Win:        Between(0.4, 2.5, "S12"),
	learned.Cycle:      Between(0.5, 2, "S10, S11"),
	learned.Churn:      Between(0.4, 2.5, "F1-F7"),
	learned.ChurnShape: Between(0.75, 1.3, "F33, F7; assumption"),
	learned.Frailty:    Between(0.4, 1.9, "F33"),
	learned.Seats:      Between(0.5, 2, "assumption"),
}

// yearsOfFrailty is how many years a history needs to tell customers of whom some never leave from customers who all
// leave less the longer they stay: the two part late.
const yearsOfFrailty = 3

// moved is the coefficient of variation of a spend from which on it can teach something of its curve.
const moved = 0.05

// Defaults lists what a history can say something of. Priors are the intervals that the plan gives its numbers, else by
// kind of channel (kinds, by name of a channel; else its own name is looked up, and they are wide where nothing is
// known of it): for each paid channel with outcomes, or whose spend varies beside an outcome of all, its level, and a
// common saturation; carry-over of channels whose spend varies; unpaid demand that is counted, or where nothing is by
// channel, and then what all channels bring together; the capture of channels that capture demand; halo and half-lives
// of the brand where its spend varies; win rates by team where wins are known; churn, its level and shape, where those
// who leave, or customers, are, and over some years how much customers differ; seats where revenue and customers are.
func Defaults(p *plan.Plan, h *company.History, kinds map[string]string) []learned.Unknown {
	var out []learned.Unknown
	add := func(name string, kind learned.Kind, prior learned.Prior, of ...string) {
		out = append(out, learned.Unknown{Name: name, Kind: kind, Of: of, Prior: prior})
	}
	paid, inAll := false, h.Won != nil || h.Revenue != nil
	for i := range p.Channels {
		ch := &p.Channels[i]
		x := h.Channel(ch.Name)
		if x == nil || !ch.Enabled || outcomeOf(x) == nil && (variation(x.Spend) <= moved || !inAll) {
			continue
		}
		if seenReal(x) && ch.Real > 0 && ch.Real < 1 {
			add("real."+ch.Name, learned.Real, priors[learned.Real], ch.Name)
		}
		k := channelKind(ch.Name, kinds)
		level := Between(k.Level.Low, k.Level.High, k.Rows)
		switch spend, _ := company.Sum(x.Spend); {
		case ch.Driver != "budget":
			add("demand."+ch.Name, learned.Demand, level, ch.Name)
			continue
		case spend <= 0:
			continue // nothing was bought, so that nothing is seen
		case ch.Captures != "":
			add("capture."+ch.Name, learned.Capture, priors[learned.Capture], ch.Name)
		default:
			paid = true
		}
		add("level."+ch.Name, learned.Level, level, ch.Name)
		if variation(x.Spend) > moved && k.HalfLife.Low > 0 {
			add("carry-over."+ch.Name, learned.CarryOver, around(Between(k.HalfLife.Low, k.HalfLife.High, k.Rows)), ch.Name)
		}
	}
	if h.SeenInAll() {
		for i := range p.Channels {
			if ch := &p.Channels[i]; ch.Enabled && ch.Driver != "budget" && h.Channel(ch.Name) == nil {
				k := channelKind(ch.Name, kinds)
				add("demand."+ch.Name, learned.Demand, Between(k.Level.Low, k.Level.High, k.Rows), ch.Name)
			}
		}
		if len(out) > 1 {
			add("total", learned.Total, priors[learned.Total])
		}
	}
	if paid {
		add("saturation", learned.Saturation, around(priors[learned.Saturation]))
	}
	out = append(out, ofTheRest(p, h)...)
	for i := range out {
		if prior, ok := fromPlan(p, &out[i]); ok {
			out[i].Prior = prior
		}
	}
	return out
}

// seenReal says whether a history shows how many leads of a channel are real: it has leads and sign-ups.
func seenReal(x *company.ChannelHistory) bool {
	leads, _ := company.Sum(x.Leads)
	_, cells := company.Sum(x.Signups)
	return leads > 0 && cells > 0
}

// around moves a prior to the number of the plan, which is what is known best.
func around(p learned.Prior) learned.Prior { p.Mean = 0; return p }

// channelKind is the kind of a channel by what is said of it, else by its name.
func channelKind(name string, kinds map[string]string) company.Kind {
	for _, kind := range []string{kinds[name], name, company.OtherKind} {
		if k, ok := company.KindOf(kind); ok {
			return k
		}
	}
	return company.Kind{}
}

// ofTheRest lists unknowns beside those of channels.
func ofTheRest(p *plan.Plan, h *company.History) (out []learned.Unknown) {
	add := func(name string, kind learned.Kind, of ...string) {
		out = append(out, learned.Unknown{Name: name, Kind: kind, Of: of, Prior: priors[kind]})
	}
	for i := range h.Channels {
		if x := &h.Channels[i]; x.Medium && variation(x.Spend) > moved {
			add("halo", learned.Halo)
			add("salience", learned.Salience)
			add("equity", learned.Equity)
			break
		}
	}
	won := h.Won != nil
	byTeam := map[string]bool{}
	for i := range h.Teams {
		byTeam[h.Teams[i].Team] = true
	}
	switch {
	case len(byTeam) > 0:
		for i := range p.Teams {
			if t := &p.Teams[i]; t.Enabled && byTeam[t.Name] {
				add("win."+t.Name, learned.Win, t.Name)
			}
		}
	case won:
		add("win", learned.Win)
	}
	if h.Churned != nil || h.Customers != nil && won {
		add("churn", learned.Churn)
		add("churn-shape", learned.ChurnShape)
		if h.To()-h.From() >= yearsOfFrailty*365 {
			add("churn-frailty", learned.Frailty)
		}
	}
	if h.Revenue != nil && h.Customers != nil && slices.ContainsFunc(p.Products, func(x plan.Product) bool {
		return x.Enabled && x.PricePer != plan.PerFirm
	}) {
		add("seats", learned.Seats)
	}
	return out
}

// variation is the coefficient of variation of the numbers of a column that are there.
func variation(column []float64) float64 {
	sum, n := company.Sum(column)
	if n < 2 || sum <= 0 {
		return 0
	}
	mean, squares := sum/float64(n), 0.0
	for _, x := range column {
		if !math.IsNaN(x) {
			squares += float64((x - mean) * (x - mean))
		}
	}
	return math.Sqrt(squares/float64(n-1)) / mean
}
