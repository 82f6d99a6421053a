package learned

import (
	"fmt"
	"strings"
)

// Kind is what an unknown is of.
type Kind string

// The kinds. A value is a shift x of the logarithm of the numbers on which it acts (they are multiplied by e^x), or of
// their log odds (Real, Capture and Win); 0 is the plan as it stands.
const (
	// Level is the touch rate of paid channels at their spend in the history (of one that captures demand, its
	// searches), Demand that of channels without a budget: inbound, referrals.
	Level  Kind = "level"
	Demand Kind = "demand"
	// Total is what all channels whose Level or Demand is asked bring together, where nothing is counted by channel: their
	// own values then say how it is shared among them, and leave it as it is.
	Total Kind = "total"
	// Response is the chance that a touch makes a ready firm a lead.
	Response Kind = "response"
	// Real is the share of leads that mean to buy: sign-ups per lead.
	Real Kind = "real"
	// Saturation is the spend of half the limit, at the touch rate of the history: what is learned of one says nothing
	// of the other. Capture is the share of searches that a paid link takes at the spend of the history.
	Saturation Kind = "saturation"
	Capture    Kind = "capture"
	// CarryOver is the half-life of what channels spend.
	CarryOver Kind = "carry-over"
	// Halo is how strongly brand lifts the response of channels, at the response of the history; Salience and Equity
	// are the half-lives of the brand's stocks.
	Halo     Kind = "halo"
	Salience Kind = "salience"
	Equity   Kind = "equity"
	// Win is the chance to win, Cycle the time until the result, of teams.
	Win   Kind = "win"
	Cycle Kind = "cycle"
	// Churn is the integrated hazard of a customer's first year, ChurnShape the exponent of that hazard over tenure,
	// Frailty the variance of the hazards of customers of one age.
	Churn      Kind = "churn"
	ChurnShape Kind = "churn-shape"
	Frailty    Kind = "churn-frailty"
	// Seats is seats per employee, Price the list price, of products.
	Seats Kind = "seats"
	Price Kind = "price"
)

// Odds says whether values of the kind shift log odds; those of others shift logarithms.
func (k Kind) Odds() bool { return k == Capture || k == Win || k == Real }

// Prior is what is known of an unknown before the history is looked at: a normal distribution of its value.
type Prior struct {
	Mean, SD float64
	Source   string // rows of docs/facts.md, "assumption", a test or a tool
}

// Unknown is a number that is to be learned.
type Unknown struct {
	Name  string
	Kind  Kind
	Of    []string // channels, teams or products, as its kind is of; none: all on which it can act
	Prior Prior
}

// labels are what people call unknowns by kind: of all, and in front of the name of one.
var labels = map[Kind][2]string{
	Level:      {"response of paid channels", "response of "},
	Demand:     {"unpaid demand", "unpaid demand of "},
	Total:      {"response of all channels", ""},
	Response:   {"leads per touch", "leads per touch of "},
	Real:       {"sign-ups per lead", "sign-ups per lead of "},
	Saturation: {"saturation of paid channels", "saturation of "},
	Capture:    {"search share of paid channels", "search share of "},
	CarryOver:  {"carry-over of paid channels", "carry-over of "},
	Halo:       {"brand lift", "brand lift of "},
	Salience:   {"half-life of brand salience", ""},
	Equity:     {"half-life of brand equity", ""},
	Win:        {"win rate", "win rate of "},
	Cycle:      {"time to decide", "time to decide of "},
	Churn:      {"churn", ""},
	ChurnShape: {"churn by age of customers", ""},
	Frailty:    {"differences in churn between customers", ""},
	Seats:      {"seats per employee", "seats per employee of "},
	Price:      {"list price", "list price of "},
}

// mostNamed channels, teams or products are named in a label; of more it says how many there are.
const mostNamed = 2

// Label is what people call an unknown, whose Name is for programs.
func (u *Unknown) Label() string {
	label, ok := labels[u.Kind]
	switch {
	case !ok:
		return u.Name
	case len(u.Of) == 0:
		return label[0]
	case len(u.Of) > mostNamed:
		return fmt.Sprintf("%s%d others", label[1], len(u.Of))
	}
	return label[1] + strings.Join(u.Of, " and ")
}
