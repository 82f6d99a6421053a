package company

import (
	"regexp"
	"slices"
	"strings"
)

// Kind is what is known of a kind of channel before a company's own history is looked at. Ranges are 90% intervals;
// their widths are the priors of a fit.
type Kind struct {
	Name   string
	Driver string // budget, brand or customers, as in channels.NAME.driver
	// Captures is category or brand, as in channels.NAME.captures, or "".
	Captures string
	Medium   bool // a brand medium: it touches nobody and has no other number here
	// CostPerLead is in US dollars; {0, 0} where nothing is paid per lead.
	CostPerLead Range
	HalfLife    Range // of the carry-over of spend, in weeks
	// Level is by how much the touch rate that the history's leads suggest may be off; the same for all kinds, wider
	// where nothing is known.
	Level                                    Range
	Response, Weight, Halo, Churn, Real, Win float64
	FeePerCustomer, FeeInBills, RevenueShare float64
	Rows                                     string // rows and sections of docs/facts.md that the kind rests on

	words []string // parts of names that mean it
}

// Range is a 90% interval.
type Range struct{ Low, High float64 }

// HalfSaturation is the prior of the spend at which the Hill curve is at one half, against the spend of the history
// (docs/facts.md section 8, C35-C37), Shape that of its exponent.
var (
	HalfSaturation = Range{0.3, 3}
	Shape          = Range{0.6, 1.6}
)

var (
	usual = Range{1. / 3, 3}
	wide  = Range{1. / 10, 10}
)

// OtherKind is the kind of a channel of whose name nothing is known.
const OtherKind = "other"

// InboundKind is the kind of who comes without an advertisement.
const InboundKind = "inbound"

// kinds is the table. The multipliers and shares are those of the shipped vendors (scenarios/library/scheduling.toml
// and payroll.toml) by the column of section 8.1 of docs/facts.md; halos are 0.66 times that column.
var kinds = []Kind{
	{Name: "paid-search", Driver: "budget", Captures: "category", CostPerLead: Range{53, 200}, HalfLife: Range{0.1, 0.4},
		Level: usual, Response: 0.5, Weight: 2.8, Halo: 0.66, Churn: 1, Real: 0.6, Win: 1, Rows: "C1, C38, section 8.1",
		words: []string{"search", "sem", "ppc", "adwords", "google", "google-ads", "bing", "bing-ads", "microsoft-ads", "cpc",
			"sea", "generic-search"}},
	{Name: "branded-search", Driver: "budget", Captures: "brand", CostPerLead: Range{10, 40}, HalfLife: Range{0.05, 0.2},
		Level: usual, Response: 0.5, Weight: 3.5, Halo: 0.89, Churn: 0.95, Real: 0.6, Win: 1, Rows: "C39, section 8.1",
		words: []string{"brand-search", "google-brand", "brand-keywords", "search-brand", "own-name", "brand-terms"}},
	{Name: "social", Driver: "budget", CostPerLead: Range{22, 60}, HalfLife: Range{0.2, 0.8}, Level: usual, Response: 0.35,
		Weight: 1.6, Halo: 0.59, Churn: 1.15, Real: 0.5, Win: 0.9, Rows: "C3, C38, section 8.1",
		words: []string{"facebook", "facebook-ads", "instagram", "meta", "meta-ads", "tiktok", "tiktok-ads", "paid-social", "x-ads",
			"twitter", "pinterest", "reddit", "fb"}},
	{Name: "linkedin", Driver: "budget", CostPerLead: Range{75, 350}, HalfLife: Range{0.2, 0.8}, Level: usual, Response: 0.35,
		Weight: 1.6, Halo: 0.59, Churn: 1, Real: 0.5, Win: 0.9, Rows: "C2, C24, section 8.1", words: []string{"linkedin-ads", "xing"}},
	{Name: "display", Driver: "budget", CostPerLead: Range{31, 90}, HalfLife: Range{0.15, 0.6}, Level: usual, Response: 0.3,
		Weight: 1.2, Halo: 0.59, Churn: 1.1, Real: 0.45, Win: 0.9, Rows: "C4, C38, section 8.1",
		words: []string{"retargeting", "remarketing", "programmatic", "banner", "banners", "gdn"}},
	{Name: "content", Driver: "budget", CostPerLead: Range{31, 164}, HalfLife: Range{13, 52}, Level: usual, Response: 0.45,
		Weight: 2.4, Halo: 0.73, Churn: 0.9, Real: 0.55, Win: 1, Rows: "C21, C24, section 8.1",
		words: []string{"seo", "blog", "seo-content", "content-marketing"}},
	{Name: "email", Driver: "budget", CostPerLead: Range{30, 100}, HalfLife: Range{0.25, 1}, Level: usual, Response: 0.35,
		Weight: 1.5, Halo: 0.66, Churn: 1, Real: 0.4, Win: 0.9, Rows: "C6, C7, section 8.1",
		words: []string{"e-mail", "newsletter", "mailing", "mailings", "emailing", "e-mails", "emails", "mailchimp"}},
	{Name: "affiliates", Driver: "budget", CostPerLead: Range{20, 120}, HalfLife: Range{0.1, 0.4}, Level: usual, Response: 0.4,
		Weight: 2, Halo: 0.53, Churn: 1.5, Real: 0.4, Win: 0.8, FeeInBills: 2, Rows: "C13, section 8.1",
		words: []string{"affiliate", "influencer", "influencers"}},
	{Name: "review-sites", Driver: "budget", CostPerLead: Range{40, 150}, HalfLife: Range{0.1, 0.4}, Level: usual,
		Response: 0.45, Weight: 3, Halo: 0.59, Churn: 0.95, Real: 0.6, Win: 1.1, Rows: "C14, section 8.1",
		words: []string{"capterra", "g2", "reviews", "software-advice", "getapp", "trustpilot", "review", "directories", "listings"}},
	{Name: "partners", Driver: "budget", CostPerLead: Range{50, 300}, HalfLife: Range{2, 8}, Level: usual, Response: 0.5,
		Weight: 3.5, Halo: 0.46, Churn: 0.85, Real: 0.7, Win: 1.1, RevenueShare: 0.15, Rows: "C13, section 8.1",
		words: []string{"partner", "resellers", "reseller", "dealers", "dealer", "agencies", "accountants", "channel-partners"}},
	{Name: "marketplaces", Driver: "budget", CostPerLead: Range{20, 150}, HalfLife: Range{0.15, 0.6}, Level: usual,
		Response: 0.45, Weight: 2.5, Halo: 0.59, Churn: 0.9, Real: 0.6, Win: 1, RevenueShare: 0.2, Rows: "C15, section 8.1",
		words: []string{"marketplace", "app-store", "app-stores", "appstore", "shopify"}},
	{Name: "direct-mail", Driver: "budget", CostPerLead: Range{40, 110}, HalfLife: Range{0.5, 2}, Level: usual, Response: 0.3,
		Weight: 1.5, Halo: 0.66, Churn: 1.25, Real: 0.5, Win: 0.9, Rows: "C7, C8, section 8.1",
		words: []string{"letters", "postcards", "mailshot", "flyers", "print-mail", "post"}},
	{Name: "outbound", Driver: "budget", CostPerLead: Range{150, 500}, HalfLife: Range{0.25, 1}, Level: usual, Response: 0.35,
		Weight: 2.2, Halo: 0.59, Churn: 1.05, Real: 0.7, Win: 1, Rows: "C11, C12, section 8.1",
		words: []string{"cold-calls", "sdr", "outbound-calls", "cold-email", "prospecting", "telemarketing", "telesales", "bdr"}},
	{Name: "trade-shows", Driver: "budget", CostPerLead: Range{96, 1100}, HalfLife: Range{1, 4}, Level: usual, Response: 0.4,
		Weight: 2.2, Halo: 0.53, Churn: 0.9, Real: 0.6, Win: 1, Rows: "C9, section 8.1",
		words: []string{"events", "event", "trade-show", "fairs", "conferences", "messe", "conference", "exhibitions", "tradeshows"}},
	{Name: "webinars", Driver: "budget", CostPerLead: Range{40, 130}, HalfLife: Range{0.5, 2}, Level: usual, Response: 0.4,
		Weight: 1.8, Halo: 0.59, Churn: 0.9, Real: 0.45, Win: 1, Rows: "C10, C24, section 8.1", words: []string{"webinar"}},
	{Name: "referrals", Driver: "customers", Level: usual, Response: 0.5, Weight: 3, Halo: 0.66, Churn: 0.82, Real: 0.8,
		Win: 1.3, Rows: "F30, section 8.1", words: []string{"referral", "word-of-mouth", "recommendation", "recommendations",
			"refer-a-friend", "customer-referral"}},
	{Name: InboundKind, Driver: "brand", Level: usual, Response: 0.5, Weight: 3, Halo: 0.66, Churn: 0.95, Real: 0.55, Win: 1,
		Rows: "C16, section 4.1", words: []string{"direct", "organic", "organic-search", "website", "none", "unknown", "walk-in",
			"organic-social", "unattributed", "not-set", "direct-traffic"}},
	{Name: "brand-media", Medium: true, Rows: "C5, C35, C36", words: []string{"brand", "tv", "radio", "outdoor", "ooh", "billboards",
		"podcast", "podcasts", "online-video", "youtube", "video", "press", "print", "cinema", "sponsoring", "sponsorship", "ctv",
		"awareness", "newspapers", "magazines"}},
	{Name: OtherKind, Driver: "budget", CostPerLead: Range{20, 800}, HalfLife: Range{0.1, 8}, Level: wide, Response: 0.4,
		Weight: 2, Halo: 0.66, Churn: 1, Real: 0.55, Win: 1, Rows: "C23, C24"},
}

// KindNames are the names of the kinds, in the order of the table.
func KindNames() (names []string) {
	for _, k := range kinds {
		names = append(names, k.Name)
	}
	return names
}

// KindOf is a kind by its name.
func KindOf(name string) (Kind, bool) {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return kinds[i], true
}


// guessKind is the kind that the name of a channel means: that of its longest known word; OtherKind if it has none.
func guessKind(name string) string {
	padded := "-" + slug(name) + "-"
	best, length := OtherKind, 0
	for _, k := range kinds {
		for _, w := range append([]string{k.Name}, k.words...) {
			if strings.Contains(padded, "-"+w+"-") && len(w) > length {
				best, length = k.Name, len(w)
			}
		}
	}
	return best
}

// plainLetters writes letters with marks without them: names of a plan have plain letters.
var plainLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "é", "e", "è", "e", "ê", "e", "ë", "e",
	"à", "a", "â", "a", "á", "a", "ç", "c", "ñ", "n", "ó", "o", "ô", "o", "í", "i", "î", "i", "ï", "i", "ú", "u", "û", "u")

var plainName = regexp.MustCompile(`[^a-z0-9_+]+`)

// slug makes a name of a plan of what somebody calls a thing: "Google Ads (CPC)" is google-ads-cpc.
func slug(name string) string {
	name = plainLetters.Replace(strings.ToLower(name))
	return strings.Trim(plainName.ReplaceAllString(name, "-"), "-")
}
