package company

import (
	"regexp"
	"slices"
	"strings"
)

// What a column of a file can be.
const (
	rolePeriod  = "period"
	roleUntil   = "until"
	roleChannel = "channel"
	roleTeam    = "team"
	roleMeasure = "measure" // what the number of the row is: spend, leads, ...
	roleValue   = "value"   // the number of a row with a measure
	roleIgnore  = "ignore"
)

// outcomeNames are the columns of a history.
var outcomeNames = []string{string(Spend), string(Leads), string(Signups), string(Won), string(Churned),
	string(Customers),
	string(Revenue), string(Cash)}

// byChannel says whether a column belongs to channels; won is of channels, of teams, or of all.
func (o Outcome) byChannel() bool { return o == Spend || o == Leads || o == Signups || o == Won }

// Money says whether a column counts money.
func (o Outcome) Money() bool { return o == Spend || o == Revenue || o == Cash }

// stock says whether a column is a level at the end of the period, and not what the period added.
func (o Outcome) stock() bool { return o == Customers || o == Cash }

// roleNames are what the columns of each kind of file can be.
var roleNames = map[string][]string{
	"history":   append([]string{rolePeriod, roleUntil, roleChannel, roleTeam, roleMeasure, roleValue}, outcomeNames...),
	"customers": {"count", "size", "start", "product", "channel", "monthly_bill", "prepaid_until"},
	"pipeline":  {"stage", "count", "team", "age_days", "age_weeks", "size", "product", "value", "channel"},
	"curves": {"channel", "half_saturation", "half_saturation_low", "half_saturation_high", "shape", "shape_low",
		"shape_high",
		"half_life_weeks", "half_life_weeks_low", "half_life_weeks_high"},
}

// headingWords are other ways to head a column, as headingKey writes them: those of spreadsheets and of the exports of
// common tools in English, German and French.
var headingWords = map[string]map[string][]string{
	"history": {
		rolePeriod: {"month", "week", "date", "day", "from", "start", "start date", "week starting", "week beginning",
			"week of",
			"monat", "woche", "datum", "tag", "mois", "semaine", "date de debut", "reporting starts", "created date",
			"create date",
			"close date", "closed date", "year month", "period start", "begin", "zeitraum"},
		roleUntil: {"to", "end", "end date", "reporting ends", "until date", "bis", "fin", "period end", "week ending"},
		roleChannel: {"channels", "source", "lead source", "utm source", "kanal", "canal", "quelle", "platform", "campaign",
			"original source", "marketing channel", "campaign name", "kampagne", "campagne", "traffic source"},
		roleTeam: {"owner", "sales team", "lead owner", "opportunity owner", "deal owner", "seller", "equipe",
			"verkaufsteam"},
		roleMeasure: {"metric", "what", "kpi", "kennzahl", "indicateur", "type"},
		roleValue:   {"number", "wert", "valeur", "amount"},
		string(Spend): {"cost", "costs", "amount spent", "ad spend", "total spend", "spent", "kosten", "ausgaben", "depenses",
			"cout", "media spend", "budget", "total spent", "marketing spend", "werbekosten"},
		string(Leads): {"lead", "new leads", "inquiries", "enquiries", "contacts", "results", "conversions", "anfragen",
			"prospects", "demandes", "form fills", "mqls", "mql"},
		string(Signups): {"sign ups", "sign up", "signup", "trials", "trial starts", "registrations", "sqls", "sql",
			"opportunities", "demos", "anmeldungen", "inscriptions", "qualified leads"},
		string(Won): {"wins", "new customers", "customers won", "deals won", "closed won", "won deals", "deals", "neukunden",
			"nouveaux clients", "sales won"},
		string(Churned): {"lost", "customers lost", "lost customers", "churned customers", "cancelled", "canceled",
			"cancellations", "churn", "left", "kuendigungen", "resilies"},
		string(Customers): {"customer count", "active customers", "live customers", "total customers", "kunden", "clients",
			"customers at end", "customers end"},
		string(Revenue): {"revenues", "turnover", "mrr", "umsatz", "chiffre d affaires", "ca", "income", "sales revenue"},
		string(Cash):    {"cash at end", "bank", "bank balance", "cash balance", "kasse", "tresorerie", "liquiditaet"},
	},
	"customers": {
		"count": {"customers", "number", "anzahl", "nombre"}, "size": {"size class", "employees", "groesse", "taille"},
		"start":   {"start month", "since", "month", "start date", "customer since", "seit", "debut"},
		"product": {"plan", "package", "produkt", "produit"}, "channel": {"source", "kanal", "canal", "lead source"},
		"monthly_bill":  {"bill", "mrr", "monthly price", "price", "monatlich", "monthly"},
		"prepaid_until": {"paid until", "prepaid", "bezahlt bis", "paid through"},
	},
	"pipeline": {
		"stage": {"kind", "type", "status", "what"}, "count": {"number", "anzahl", "nombre"},
		"team": {"owner", "equipe", "sales team"}, "age_days": {"age", "days", "age in days", "days open"},
		"age_weeks": {"weeks", "weeks open"}, "size": {"size class", "employees", "groesse", "taille"},
		"product": {"plan", "package", "produkt", "produit"},
		"value":   {"monthly value", "monthly bill", "amount", "wert", "mrr"}, "channel": {"source", "lead source", "kanal",
			"canal"},
	},
	"curves": {
		"half_saturation": {"half sat", "ec", "ec50", "half saturation per week"}, "shape": {"slope", "alpha", "hill"},
		"half_life_weeks": {"half life", "adstock half life", "adstock half life weeks", "carry over half life weeks"},
	},
}

var notWord = regexp.MustCompile(`[^a-z0-9]+`)

// headingKey is a heading as it is compared: plain letters and single spaces, without a currency or a unit in brackets.
func headingKey(text string) string {
	if i := strings.IndexAny(text, "(["); i > 0 {
		text = text[:i]
	}
	return strings.TrimSpace(notWord.ReplaceAllString(plainLetters.Replace(strings.ToLower(text)), " "))
}

// role is what a heading of a kind of file means, "" if nothing.
func (o *fileOptions) role(heading string) string {
	key := headingKey(heading)
	if r, mapped := o.columns[key]; mapped {
		return r.role
	}
	return roleOf(o.kind(), key)
}

// mapping is what a column map says of a heading: its role, and whose it is where the role is of one channel or team.
type mapping struct{ role, channel, team string }

// mappingOf reads what a column map says: a role, or in a history an outcome with its channel or team, written as a
// heading of a wide layout.
func (o *fileOptions) mappingOf(text string) (m mapping, ok bool) {
	if text == roleIgnore || slices.Contains(roleNames[o.kind()], text) {
		return mapping{role: text}, true
	}
	if o.kind() != "history" {
		return mapping{}, false
	}
	what, channel, team := wideHeading(headingKey(text))
	return mapping{string(what), channel, team}, channel+team != ""
}

// roleOf is what a heading means without a map.
func roleOf(kind, key string) string {
	for _, r := range roleNames[kind] {
		if key == headingKey(r) || slices.Contains(headingWords[kind][r], key) {
			return r
		}
	}
	return ""
}

// wideHeading reads the heading of a column of one channel or team: "spend google-ads", "Google Ads: cost", "won team
// field". The longest word for an outcome at either end counts.
func wideHeading(key string) (what Outcome, channel, team string) {
	longest := 0
	for _, o := range outcomeNames {
		for _, w := range append([]string{o}, headingWords["history"][o]...) {
			if len(w) <= longest {
				continue
			}
			rest, before := strings.CutPrefix(key, w+" ")
			if !before {
				rest, before = strings.CutSuffix(key, " "+w)
			}
			if before {
				longest, what, channel = len(w), Outcome(o), strings.TrimSpace(rest)
			}
		}
	}
	if !what.byChannel() {
		return "", "", ""
	}
	channel = strings.TrimPrefix(channel, "by ")
	if name, is := strings.CutPrefix(channel, "team "); is && what == Won {
		return what, "", slug(name)
	}
	return what, slug(channel), ""
}
