package plan

import (
	"cmp"
	"fmt"
	"slices"

	"windfall/model/rng"
)

// This file is the vocabulary of a scenario: every key that a scenario file may
// set stands here once, as a field with its unit, range, default and meaning in
// the field's tag. The parameter table in param.go is read from these tags; the
// loader, the error messages, the editor schema, the reference page, dated
// changes, shocks and uncertain inputs all work from that table.
//
// Tags:
//
//	toml     the key
//	unit     the unit of the value ("USD/week", "share", "weeks", ...)
//	range    the allowed range, as in "[0,1]", "(0,inf)", "[1,inf)"; round
//	         brackets exclude the end; inf is the largest number that the unit
//	         allows (Param.Most)
//	default  the value where a file says nothing; "required" if there is none,
//	         "none" for an optional number (NaN in the struct)
//	         USD stands for the plan's currency (Param.In, NewSchema)
//	by       the dimension of a table: size, industry, region, month, product
//	total    "firms" for a count by class of which a single number is the total of all
//	         classes, dealt over them by their firms
//	writes   the key that a number by calendar month is turned into when a file is read;
//	         the field itself stays empty
//	whole    "yes" for a whole number
//	vary     "no" for keys that a dated change, a shock or a distribution may
//	         not touch (they shape the plan);
//	         "draw" for keys that may be a distribution but not change over time
//	oneof    the words that a text key may hold
//	names    what a list of texts must name: size, industry, region, trigger,
//	         channel, product
//	doc      the meaning, one sentence

// Plan is one resolved scenario: a market, a vendor and what is done with them.
// In a Plan each number has its fixed value (the median of an uncertain one);
// Schedules, Changes, Shocks and Inputs say how numbers move. A Timeline turns
// a Plan into the numbers of each step of one replication.
//
// Named tables are slices in alphabetical order of name, so that an index is
// stable within a plan; random numbers are addressed by name, never by index.
type Plan struct {
	Name     string `toml:"-"`
	Title    string `toml:"title" default:"" doc:"One line that names the scenario in tables and pictures."`
	Question string `toml:"question" default:"" doc:"The question that the scenario answers; the report opens with it."`
	Baseline string `toml:"baseline" default:"" doc:"The plan that a run of this one is held against: a shipped scenario or a file, as in extends. Both are run with the same random numbers, and the difference is the answer; run.replications is then the most that are run."`

	Run        Run        `toml:"run" doc:"Calendar, size and seed of a run."`
	Population Population `toml:"population" doc:"The market: firms by size class, industry and region."`
	Triggers   []Trigger  `toml:"triggers" doc:"Events that make a firm a buyer in the market."`
	Rivals     Rivals     `toml:"rivals" doc:"Other vendors, whom a firm in market may choose first."`
	Economy    Economy    `toml:"economy" doc:"The business cycle: two regimes and what a recession multiplies."`
	Journey    Journey    `toml:"journey" doc:"How touches add up to a lead, and how long a decision lasts. A journey is the way of a buyer in the market from the trigger to a lead."`
	Brand      Brand      `toml:"brand" doc:"The two brand stocks, salience and equity, and awareness."`
	Media      []Medium   `toml:"media" doc:"Brand media: they never touch a firm directly, they feed the brand stocks."`
	Channels   []Channel  `toml:"channels" doc:"Channels that touch firms in market."`
	Products   []Product  `toml:"products" doc:"What is sold, to whom, at what price and cost."`
	Teams      []Team     `toml:"teams" doc:"Who sells: self-service, partners, or people with limited capacity."`
	Customers  Customers  `toml:"customers" doc:"Churn and growth of customers."`
	Finance    Finance    `toml:"finance" doc:"Cash, fixed cost, financing and discounting."`
	CashRules  []CashRule `toml:"cash_rules" doc:"What the vendor stops doing when cash is low."`
	Opening    Opening    `toml:"opening" doc:"The state on the first day."`

	// What moves the numbers above; see Timeline.
	Schedules    []Schedule    `toml:"-"`
	Changes      []Change      `toml:"-"`
	Shocks       []Shock       `toml:"-"`
	Inputs       []Input       `toml:"-"`
	Correlations []Correlation `toml:"-"`
	Draws        []*Draws      `toml:"-"` // by name; their columns are Inputs, but those that have a number of their own
	Goals        []Goal        `toml:"-"`

	// OpeningPlan is the plan that made the opening state; nil means this one.
	OpeningPlan *Plan `toml:"-"`
	// BaselinePlan is the plan that Baseline names; nil without one.
	BaselinePlan *Plan `toml:"-"`

	// Origins says for each key that a file set where it was set and on what
	// evidence. Keys are full ("channels.radio.response").
	Origins map[string]Origin `toml:"-"`
}

// Origin is where a value came from.
type Origin struct {
	File   string
	Line   int
	Source string // a row of the facts, "assumption", or empty
}

// Run is the calendar and the size of a run.
type Run struct {
	Start        Date    `toml:"start" default:"2013-01-01" vary:"no" doc:"First day of the run."`
	Weeks        float64 `toml:"weeks" unit:"weeks" range:"[1,2000]" default:"104" whole:"yes" vary:"no" doc:"Length of the run."`
	Currency     string  `toml:"currency" oneof:"USD,AUD,BRL,CAD,CHF,CLP,CNY,COP,CZK,DKK,EUR,GBP,HKD,HUF,IDR,ILS,INR,ISK,JPY,KRW,MXN,MYR,NOK,NZD,PHP,PLN,RON,SEK,SGD,THB,TRY,TWD,ZAR" default:"USD" doc:"Currency of every amount of money (ISO 4217). Nothing is converted: a scenario counts in the currency of its market."`
	Step         string  `toml:"step" oneof:"week,day" default:"week" doc:"Step of the simulation."`
	Replications float64 `toml:"replications" unit:"replications" range:"[1,10000000]" default:"200" whole:"yes" vary:"no" doc:"Replications of a run without --replications."`
	Seed         float64 `toml:"seed" range:"[0,9007199254740991]" default:"1" whole:"yes" vary:"no" doc:"Seed of the random numbers."`
}

// Population is the market: N firms split over cells (size, industry, region).
type Population struct {
	Firms           float64    `toml:"firms" unit:"firms" range:"[1,1000000000]" default:"required" whole:"yes" vary:"draw" doc:"Number of firms in the market on the first day."`
	MediaFirms      float64    `toml:"media_firms" unit:"firms" range:"[1,1000000000]" default:"none" whole:"yes" vary:"no" doc:"Number of firms for which the half-saturations, touch rates and media pressures of the file are stated: the same money then reaches the same number of firms in a market of any size. Without it money reaches a share of any market."`
	GrowthPerYear   float64    `toml:"growth_per_year" unit:"per year" range:"[-1,1]" default:"0" doc:"Growth rate g of the number of firms, which may change at dates: N(t) = N exp(integral of g). A market that shrinks loses dormant firms only."`
	TailExponent    float64    `toml:"tail_exponent" range:"(0,10]" default:"1.06" doc:"Exponent of the Pareto law of head-count within a size class."`
	MinDormantShare float64    `toml:"min_dormant_share" unit:"share" range:"[0.01,1)" default:"0.4" vary:"draw" doc:"Smallest reference share of dormant firms of a cell; all trigger rates of a cell that falls below are scaled down to it."`
	SMBEmployees    float64    `toml:"smb_employees" unit:"employees" range:"[1,inf)" default:"100" doc:"A firm with fewer employees passes the SMB test."`
	SMBSales        float64    `toml:"smb_sales" unit:"USD/year" range:"[0,inf)" default:"100000000" doc:"A firm with lower sales (head-count x revenue per employee) passes the SMB test."`
	Sizes           []Size     `toml:"sizes" doc:"Size classes by head-count."`
	Industries      []Industry `toml:"industries" doc:"Industries."`
	Regions         []Region   `toml:"regions" doc:"Regions."`
}

// Size is a size class. Sizes are ordered by Lowest, not by name.
type Size struct {
	Name             string  `toml:"-"`
	Share            float64 `toml:"share" unit:"share of firms" range:"[0,1]" default:"required" vary:"draw" doc:"Share of all firms."`
	Lowest           float64 `toml:"lowest" unit:"employees" range:"[1,10000000]" default:"required" whole:"yes" vary:"no" doc:"Smallest head-count."`
	Highest          float64 `toml:"highest" unit:"employees" range:"[1,10000000]" default:"required" whole:"yes" vary:"no" doc:"Largest head-count."`
	FirmDeathPerYear float64 `toml:"firm_death_per_year" unit:"per year" range:"[0,5]" default:"required" doc:"Hazard of the firm's death in expansion; where it depends on age, its mean over all firms."`
	DeathShape       float64 `toml:"death_shape" range:"[0.3,1]" default:"1" vary:"draw" doc:"Weibull shape of a firm's life: 1 is a hazard that does not depend on age, below 1 young firms die more often (US firms: 0.66)."`
}

// Industry is an industry.
type Industry struct {
	Name               string  `toml:"-"`
	Share              float64 `toml:"share" unit:"share of firms" range:"[0,1]" default:"required" vary:"draw" doc:"Share of all firms."`
	RevenuePerEmployee float64 `toml:"revenue_per_employee" unit:"USD/year" range:"[0,inf)" default:"150000" doc:"Sales per employee, for the SMB test."`
}

// Region is a region.
type Region struct {
	Name  string  `toml:"-"`
	Share float64 `toml:"share" unit:"share of firms" range:"[0,1]" default:"required" vary:"draw" doc:"Share of all firms."`
}

// Trigger is a kind of event that opens a journey.
type Trigger struct {
	Name        string    `toml:"-"`
	Enabled     bool      `toml:"enabled" default:"true" doc:"False switches an inherited trigger kind off."`
	Kind        string    `toml:"kind" oneof:"event,ageing,threshold" default:"required" doc:"event: a rate; ageing: the rate 1/life of a system that wears out; threshold: firms that grow past a head-count."`
	RatePerYear []float64 `toml:"rate_per_year" by:"size" unit:"per firm and year" range:"[0,100]" default:"0" doc:"Rate per firm over all firms (kind event)."`
	LifeYears   []float64 `toml:"life_years" by:"size" unit:"years" range:"(0,inf)" default:"none" doc:"Mean life of the replaced system (kind ageing)."`
	Employees   float64   `toml:"employees" unit:"employees" range:"[1,10000000]" default:"none" whole:"yes" doc:"Head-count X that is crossed (kind threshold)."`
	GrowthScale float64   `toml:"growth_scale" range:"(0,0.9)" default:"none" doc:"Laplace scale b of yearly log growth (kind threshold)."`
	Industry    []float64 `toml:"industry" by:"industry" unit:"multiplier" range:"[0,100]" default:"1" doc:"Multiplier on the rate by industry."`
	Region      []float64 `toml:"region" by:"region" unit:"multiplier" range:"[0,100]" default:"1" doc:"Multiplier on the rate by region."`
	Season      []float64 `toml:"season" by:"month" unit:"multiplier" range:"[0,100]" default:"1" doc:"Twelve monthly numbers, divided by their mean over 365 days."`
	Recession   float64   `toml:"recession" unit:"multiplier" range:"[0,10]" default:"1" doc:"Multiplier on the rate in a recession."`
	WindowWeeks float64   `toml:"window_weeks" unit:"weeks" range:"(0,520]" default:"required" doc:"Mean length of the buying window (gamma)."`
	WindowCV    float64   `toml:"window_cv" range:"[0,5]" default:"1" doc:"Coefficient of variation of the window; 1 is exponential."`
	Visible     float64   `toml:"visible" unit:"chance" range:"[0,1]" default:"0" doc:"Chance that the event can be seen from outside, so that channels can target it."`
	Newborn     bool      `toml:"newborn" default:"false" doc:"True: the trigger is the birth of the firm, whose age is 0 then (it matters where death_shape is below 1)."`
	Urgency     float64   `toml:"urgency" unit:"multiplier" range:"[0,100]" default:"1" doc:"Multiplier on the chance to become a lead."`

	RivalPerWeek float64 `toml:"rival_per_week" unit:"per firm and week" range:"[0,100]" default:"0" doc:"Hazard with which a firm in market chooses another vendor first, until its result is booked."`
}

// Rivals are the other vendors of the market: what moves the hazards of all trigger kinds, and what they
// spend on brand media.
type Rivals struct {
	Strength        float64 `toml:"strength" unit:"multiplier" range:"[0,1000]" default:"1" doc:"Multiplier on every rival_per_week: a rival's campaign, or a rival more."`
	Price           float64 `toml:"price" unit:"multiplier" range:"(0,100]" default:"1" doc:"The rivals' price level against their usual one."`
	PriceElasticity float64 `toml:"price_elasticity" range:"[0,20]" default:"0" doc:"Elasticity of the hazards to the rivals' price: times price^(-price_elasticity)."`
	MediaPerWeek    float64 `toml:"media_per_week" unit:"USD/week" range:"[0,inf)" default:"0" doc:"The rivals' spend on brand media, for share_of_voice; it moves nothing else."`
}

// Hazard is the hazard per week with which a firm in market of a trigger kind chooses a rival.
func (r *Rivals) Hazard(k *Trigger) float64 {
	h := float64(k.RivalPerWeek * r.Strength)
	if h > 0 && r.PriceElasticity != 0 && r.Price != 1 {
		h = float64(h * rng.Pow(r.Price, -r.PriceElasticity))
	}
	return h
}

// Economy is a two-state regime, drawn or scripted.
type Economy struct {
	Regime          string       `toml:"regime" oneof:"random,scripted" default:"scripted" doc:"random: a Markov chain in continuous time; scripted: the start regime and the dated path."`
	StartRegime     string       `toml:"start_regime" oneof:"expansion,recession" default:"expansion" doc:"Regime of the first day."`
	ExpansionMonths float64      `toml:"expansion_months" unit:"months" range:"(0,inf)" default:"60" doc:"Mean length of an expansion."`
	RecessionMonths float64      `toml:"recession_months" unit:"months" range:"(0,inf)" default:"11" doc:"Mean length of a recession."`
	Recession       Recession    `toml:"recession" doc:"What a recession multiplies (expansion: 1)."`
	Path            []RegimeFrom `toml:"path" doc:"Scripted path: [{from = 2014-01-01, regime = \"recession\"}, ...]; the last state holds."`
}

// Recession holds the multipliers of a recession.
type Recession struct {
	WinRate     float64 `toml:"win_rate" unit:"multiplier" range:"[0,10]" default:"1" doc:"Multiplier on the win rate."`
	Willingness float64 `toml:"willingness" unit:"multiplier" range:"[0,10]" default:"1" doc:"Multiplier on willingness to pay."`
	Churn       float64 `toml:"churn" unit:"multiplier" range:"[0,10]" default:"1" doc:"Multiplier on the product churn hazard."`
	FirmDeath   float64 `toml:"firm_death" unit:"multiplier" range:"[0,10]" default:"1" doc:"Multiplier on the hazard of firm death."`
}

// RegimeFrom is one entry of a scripted path.
type RegimeFrom struct {
	From   Date   `toml:"from"`
	Regime string `toml:"regime"`
}

// Journey is what happens between a trigger and a lead.
type Journey struct {
	MemoryWeeks        float64   `toml:"memory_weeks" unit:"weeks" range:"(0,inf)" default:"2.5" doc:"Half-life of the progress stock that touches fill."`
	CrossChannelBonus  float64   `toml:"cross_channel_bonus" unit:"share" range:"[0,100]" default:"0.2" doc:"Extra weight of a touch by a channel that is new to the buyer and not the first one."`
	ReadinessSteepness float64   `toml:"readiness_steepness" range:"[1,64]" default:"4" whole:"yes" doc:"Exponent h of readiness P^h/(P^h + need^h)."`
	ReadinessStep      bool      `toml:"readiness_step" default:"false" doc:"Test mode: readiness is 1 from progress = need on and 0 below."`
	TouchesNeeded      []float64 `toml:"touches_needed" by:"size" unit:"touches of weight 1" range:"(0,1000]" default:"required" doc:"Median of a buyer's need."`
	TouchesNeededSD    float64   `toml:"touches_needed_sd" range:"[0,5]" default:"0.5" doc:"Log-sd of a buyer's need."`
	LockInYears        float64   `toml:"lock_in_years" unit:"years" range:"(0,100]" default:"2" doc:"How long a firm is out of the market after a decision."`
	WillingnessMedian  []float64 `toml:"willingness_median" by:"size" unit:"USD per seat or firm and month" range:"(0,inf)" default:"required" doc:"Median willingness to pay: per seat, and per firm in size classes whose products have a price per firm."`
	WillingnessSigma   []float64 `toml:"willingness_sigma" by:"size" range:"[0,5]" default:"0.5" doc:"Log-sd of willingness to pay."`
}

// Brand holds the two stocks per region and what they do.
type Brand struct {
	SalienceHalfLifeWeeks float64   `toml:"salience_half_life_weeks" unit:"weeks" range:"(0,inf)" default:"0.75" doc:"Half-life of salience."`
	EquityHalfLifeWeeks   float64   `toml:"equity_half_life_weeks" unit:"weeks" range:"(0,inf)" default:"60" doc:"Half-life of equity."`
	SalienceWeight        float64   `toml:"salience_weight" unit:"share" range:"[0,1]" default:"0.8" doc:"Weight w of salience in the lift 1 + halo (w salience + (1-w) equity)."`
	AwarenessMax          float64   `toml:"awareness_max" unit:"share" range:"[0,1]" default:"0.6" doc:"Largest share of firms that know the brand."`
	HalfSaturationEquity  float64   `toml:"half_saturation_equity" unit:"equity" range:"(0,inf)" default:"1" doc:"Equity at which awareness is half its largest value."`
	InitialSalience       []float64 `toml:"initial_salience" by:"region" unit:"salience" range:"[0,inf)" default:"none" vary:"draw" doc:"Inherited salience on the first day of the burn-in; default: stationary under opening spend."`
	InitialEquity         []float64 `toml:"initial_equity" by:"region" unit:"equity" range:"[0,inf)" default:"none" vary:"draw" doc:"Inherited equity on the first day of the run; default: stationary under opening spend."`
}

// Split is an amount in all, or a table by region. A total is split over the
// regions that the medium covers by their number of firms.
type Split struct {
	Total float64   // used if Parts is nil
	Parts []float64 // by region
}

// Medium is a brand medium.
type Medium struct {
	Name            string   `toml:"-"`
	Enabled         bool     `toml:"enabled" default:"true" doc:"False removes an inherited medium."`
	WeeklyBudget    Split    `toml:"weekly_budget" by:"region" unit:"USD/week" range:"[0,inf)" default:"required" doc:"Spend per week, in all or by region; a number or a dated schedule."`
	Regions         []string `toml:"regions" names:"region" default:"all" doc:"Regions that the medium covers."`
	MonthlyBudget   Split    `toml:"monthly_budget" by:"region" writes:"weekly_budget" unit:"USD/month" range:"[0,inf)" default:"none" vary:"no" doc:"Spend by calendar month instead of weekly_budget, in all or by region: a number for every month, or a table by month, as in {2013-01 = 40_000}; spent evenly over the days of the month."`
	HalfSaturation  Split    `toml:"half_saturation" by:"region" unit:"USD/week" range:"(0,inf)" default:"required" doc:"Spend at which the Hill response is one half."`
	ReferenceBudget Split    `toml:"reference_weekly_budget" by:"region" unit:"USD/week" range:"(0,inf)" default:"required" vary:"no" doc:"Spend whose pressure is 1."`
	Shape           float64  `toml:"shape" range:"(0,10]" default:"1.2" doc:"Hill exponent."`
	CostMultiplier  float64  `toml:"cost_multiplier" unit:"multiplier" range:"(0,100]" default:"1" doc:"Price level of the medium; divides spend before the Hill."`
	ToSalience      float64  `toml:"to_salience" unit:"weight" range:"[0,inf)" default:"1" doc:"Weight of the medium in the pressure on salience."`
	ToEquity        float64  `toml:"to_equity" unit:"weight" range:"[0,inf)" default:"1" doc:"Weight of the medium in the pressure on equity."`
}

// Reach is the chance that a channel can reach a firm at all: the product of
// three factors.
type Reach struct {
	Size     []float64 `toml:"size" by:"size" unit:"share" range:"[0,1]" default:"1" doc:"Share of firms reached, by size class."`
	Industry []float64 `toml:"industry" by:"industry" unit:"share" range:"[0,1]" default:"1" doc:"Factor by industry."`
	Region   []float64 `toml:"region" by:"region" unit:"share" range:"[0,1]" default:"1" doc:"Factor by region."`
}

// Channel touches firms in market.
type Channel struct {
	Name    string `toml:"-"`
	Enabled bool   `toml:"enabled" default:"true" doc:"False removes an inherited channel; of one that captures demand it closes the paid link alone, and firms search on."`
	Driver  string `toml:"driver" oneof:"budget,brand,customers" default:"budget" doc:"What drives the channel: its budget, brand equity (inbound) or live customers (referrals)."`

	WeeklyBudget  float64   `toml:"weekly_budget" unit:"USD/week" range:"[0,inf)" default:"0" doc:"Spend per week; a number or a dated schedule."`
	MonthlyBudget float64   `toml:"monthly_budget" writes:"weekly_budget" unit:"USD/month" range:"[0,inf)" default:"none" vary:"no" doc:"Spend by calendar month instead of weekly_budget: a number for every month, or a table by month, as in {2013-01 = 40_000}; spent evenly over the days of the month."`
	RegionSpend   []float64 `toml:"region_spend" by:"region" unit:"multiplier" range:"[0,100]" default:"1" doc:"Factor on the spend in a region, and on what comes of it there: a budget is spent in proportion to the firms that the channel reaches, and 1.5 spends half as much again there, 0 nothing. What is spent in all changes by it."`

	HalfSaturation          float64 `toml:"half_saturation" unit:"USD/week" range:"(0,inf)" default:"none" doc:"Spend at which the Hill response is one half, for a channel that addresses every firm it reaches."`
	Shape                   float64 `toml:"shape" range:"(0,10]" default:"1" doc:"Hill exponent."`
	AdstockHalfLifeWeeks    float64 `toml:"adstock_half_life_weeks" unit:"weeks" range:"(0,inf)" default:"0.2" doc:"Half-life of the carry-over of spend."`
	InitialAdstock          float64 `toml:"initial_adstock" unit:"USD/week" range:"[0,inf)" default:"none" vary:"draw" doc:"Inherited adstock; default: stationary under opening spend."`
	CostMultiplier          float64 `toml:"cost_multiplier" unit:"multiplier" range:"(0,100]" default:"1" doc:"Price level of the channel; divides spend before the Hill."`
	HalfSaturationEquity    float64 `toml:"half_saturation_equity" unit:"equity" range:"(0,inf)" default:"none" doc:"Equity at which a brand-driven channel runs at half its maximum."`
	HalfSaturationCustomers float64 `toml:"half_saturation_customers" unit:"customers" range:"(0,inf)" default:"none" doc:"Live customers at which a customer-driven channel runs at half its maximum."`

	FeePerLead        float64 `toml:"fee_per_lead" unit:"USD" range:"[0,inf)" default:"0" doc:"Fee for each lead of the channel."`
	FeePerCustomer    float64 `toml:"fee_per_customer" unit:"USD" range:"[0,inf)" default:"0" doc:"Fee for each customer won through the channel."`
	FeeInMonthlyBills float64 `toml:"fee_in_monthly_bills" unit:"monthly bills" range:"[0,120]" default:"0" doc:"One-off fee for each customer won, in first monthly bills."`
	RevenueShare      float64 `toml:"revenue_share" unit:"share of revenue" range:"[0,1]" default:"0" doc:"Recurring share of the revenue of the channel's customers."`

	Reach          Reach    `toml:"reach" doc:"Whom the channel can reach: a yes or no per buyer."`
	Holdout        float64  `toml:"holdout" unit:"share of firms" range:"[0,1]" default:"0" doc:"Share of firms that the channel may not touch, drawn by firm: a random holdout. Its spend stays as it is."`
	Targets        []string `toml:"targets" names:"trigger" default:"" doc:"Trigger kinds: touch only visible buyers of these kinds. Empty: every buyer."`
	TargetingCost  float64  `toml:"targeting_cost" unit:"multiplier" range:"(0,1000000]" default:"20" doc:"Price of addressing one firm known to be in market, against one firm of a list."`
	NeedsAwareness bool     `toml:"needs_awareness" default:"false" doc:"Touches only firms that know the brand (branded search)."`

	Captures    string  `toml:"captures" oneof:"brand,category" default:"none" doc:"The channel captures demand: firms search for the brand (those that know it) or for the category by themselves, max_touches_per_week times per week at full season, and spend decides which share of the searches the paid link takes. Then enabled = false closes the paid link; searches go on."`
	Organic     float64 `toml:"organic" unit:"share" range:"[0,1]" default:"0" doc:"Share of the searches not taken by the paid link that arrive all the same, through falls_back_to."`
	FallsBackTo string  `toml:"falls_back_to" default:"none" doc:"The free channel through which organic searches arrive and which is credited with them."`

	MaxTouchesPerWeek float64   `toml:"max_touches_per_week" unit:"touches/week" range:"[0,1000]" default:"required" doc:"Touches per week on a firm in market that is reached, at full drive; of a channel that captures, the searches of a firm."`
	Season            []float64 `toml:"season" by:"month" unit:"multiplier" range:"[0,100]" default:"1" doc:"Twelve monthly numbers, divided by their largest."`
	Response          float64   `toml:"response" unit:"chance" range:"[0,1]" default:"required" doc:"Chance that a touch makes a ready firm a lead."`
	Weight            float64   `toml:"weight" unit:"touches" range:"[0,100]" default:"1" doc:"What a touch adds to a buyer's progress."`
	Halo              float64   `toml:"halo" range:"[0,100]" default:"0" doc:"How strongly brand lifts the channel's response."`

	Churn    float64 `toml:"churn" unit:"multiplier" range:"[0,100]" default:"1" doc:"Multiplier on the churn hazard of its customers."`
	DealSize float64 `toml:"deal_size" unit:"multiplier" range:"[0,100]" default:"1" doc:"Multiplier on the seats of its customers; on the bill where the price is per firm."`
	Discount float64 `toml:"discount" unit:"multiplier" range:"[0,100]" default:"1" doc:"Multiplier on the product's discount."`
	Real     float64 `toml:"real" unit:"share of leads" range:"[0,1]" default:"1" doc:"Share of its leads with a real intention to buy; the others only cost the time of a person who screens them."`
	Win      float64 `toml:"win" unit:"multiplier" range:"[0,100]" default:"1" doc:"Multiplier on the chance to win its opportunities, which is at most 1 in all."`
}

// Product is what a lead may buy.
type Product struct {
	Name       string   `toml:"-"`
	Enabled    bool     `toml:"enabled" default:"true" doc:"False removes an inherited product."`
	Price      float64  `toml:"price" unit:"USD per seat or firm and month" range:"[0,inf)" default:"required" doc:"List price, per seat or per firm as price_per says."`
	PricePer   string   `toml:"price_per" oneof:"seat,firm" default:"seat" doc:"What the price is per. seat: seats multiply the bill; firm: neither adoption nor seat growth does. All products of a size class have one."`
	Sizes      []string `toml:"sizes" names:"size" default:"all" doc:"Size classes to which it is sold."`
	Industries []string `toml:"industries" names:"industry" default:"all" doc:"Industries to which it is sold."`
	Triggers   []string `toml:"triggers" names:"trigger" default:"all" doc:"Trigger kinds for which it fits."`
	Channels   []string `toml:"channels" names:"channel" default:"all" doc:"Channels through which it is sold."`

	Adoption        float64 `toml:"adoption" unit:"share of head-count" range:"(0,10]" default:"1" doc:"Seats per employee at the win; for a price per seat."`
	Discount        float64 `toml:"discount" unit:"share" range:"[0,0.9]" default:"0" doc:"Discount on the list price."`
	PriceForAll     bool    `toml:"price_for_all" default:"false" doc:"True: a later change of price reaches live customers too."`
	ReferencePrice  float64 `toml:"reference_price" unit:"USD per seat or firm and month" range:"(0,inf)" default:"none" doc:"Net price at which the win rates hold; needed by price_elasticity."`
	PriceElasticity float64 `toml:"price_elasticity" range:"[0,20]" default:"0" doc:"Elasticity of the chance to win to the net price: times (net price/reference_price)^(-price_elasticity)."`
	OnboardingCost  float64 `toml:"onboarding_cost" unit:"USD" range:"[0,inf)" default:"0" doc:"Cost at the win (part of CAC)."`

	CostOfRevenueShare  float64 `toml:"cost_of_revenue_share" unit:"share of revenue" range:"[0,1]" default:"0" doc:"Cost that follows revenue."`
	CostToServePerMonth float64 `toml:"cost_to_serve_per_month" unit:"USD per customer and month" range:"[0,inf)" default:"0" doc:"Cost of serving one customer."`
	PrepaidShare        float64 `toml:"prepaid_share" unit:"share of customers" range:"[0,1]" default:"0" doc:"Share of customers that pay 12 months ahead."`
	PrepaidDiscount     float64 `toml:"prepaid_discount" unit:"share" range:"[0,0.9]" default:"0" doc:"Discount for paying 12 months ahead."`

	TermMonths    float64 `toml:"term_months" unit:"months" range:"[0,120]" default:"0" whole:"yes" doc:"Contract term from the win on: a customer leaves only when a term ends, unless its firm dies; 0: on any day."`
	Renewal       float64 `toml:"renewal" unit:"chance" range:"[0,1]" default:"none" doc:"Chance to renew when a term ends, in place of the churn hazard; multipliers on churn act on it."`
	TrialDays     float64 `toml:"trial_days" unit:"days" range:"[0,365]" default:"0" doc:"Free trial before the win; its service is a cost of winning customers."`
	TrialConverts float64 `toml:"trial_converts" unit:"chance" range:"[0,1]" default:"1" doc:"Chance that a trial ends in a win (without a card 0.15 to 0.25, with one 0.4 to 0.6)."`

	FreePlan           bool    `toml:"free_plan" default:"false" doc:"True: who signs up first uses the product for nothing; serving free users is a cost of winning customers."`
	FreeConverts       float64 `toml:"free_converts" unit:"chance" range:"[0,1]" default:"none" doc:"Share of free users that buy in the end, unless their firms die before."`
	FreeConvertsMonths float64 `toml:"free_converts_months" unit:"months" range:"(0,120]" default:"none" doc:"Mean time of free use of those who buy (exponential)."`
	FreeLifeMonths     float64 `toml:"free_life_months" unit:"months" range:"(0,1200]" default:"none" doc:"Mean time of free use of those who never buy (exponential); default: until the firm dies."`

	FirstSale Date `toml:"first_sale" default:"none" vary:"no" doc:"First day of sale."`
	LastSale  Date `toml:"last_sale" default:"none" vary:"no" doc:"Last day of sale."`
}

// PerFirm says whether a firm of a size class pays a price per firm: the enabled
// products that are sold to the class all have one, or none has.
func (p *Plan) PerFirm(size int) bool {
	name := p.Population.Sizes[size].Name
	return slices.ContainsFunc(p.Products, func(x Product) bool {
		return x.Enabled && x.PricePer == PerFirm && (len(x.Sizes) == 0 || slices.Contains(x.Sizes, name))
	})
}

// PerFirm is the price_per of a product whose bill does not follow seats.
const PerFirm = "firm"

// Team sells.
type Team struct {
	Name     string    `toml:"-"`
	Enabled  bool      `toml:"enabled" default:"true" doc:"False removes an inherited team."`
	Kind     string    `toml:"kind" oneof:"web,partners,people" default:"required" doc:"web and partners: no limit, no wait, no pay; people: a queue with a head-count."`
	Sizes    []string  `toml:"sizes" names:"size" default:"all" doc:"Size classes that the team serves."`
	Share    []float64 `toml:"share" by:"size" unit:"share of sign-ups" range:"[0,1]" default:"1" doc:"Share of the sign-ups of a class among teams without channels."`
	Channels []string  `toml:"channels" names:"channel" default:"" doc:"Channels whose sign-ups the team takes before all others."`

	WinRate          []float64 `toml:"win_rate" by:"size" unit:"chance" range:"[0,1]" default:"required" doc:"Chance that an opportunity is won at no wait, in expansion."`
	CycleDays        []float64 `toml:"cycle_days" by:"size" unit:"days" range:"[0,3650]" default:"required" doc:"Mean time from first contact to the booked result (gamma); for people after the end of service."`
	CycleCV          float64   `toml:"cycle_cv" range:"[0,5]" default:"0.7" doc:"Coefficient of variation of the cycle."`
	AnswerDelayHours float64   `toml:"answer_delay_hours" unit:"hours" range:"[0,10000]" default:"0" doc:"Delay before first contact, window running, counted as wait."`

	Speed                  string    `toml:"speed" oneof:"half-life,two,power" default:"half-life" doc:"How waiting lowers the chance to win: by one half-life, by two of them, or by a power of the wait."`
	SpeedHalfLifeHours     []float64 `toml:"speed_half_life_hours" by:"size" unit:"hours" range:"(0,inf)" default:"24" doc:"Waiting time that halves the chance to win."`
	SpeedSlowShare         []float64 `toml:"speed_slow_share" by:"size" unit:"share" range:"[0,1]" default:"none" doc:"With speed two: part of the chance to win that fades with speed_slow_half_life_hours."`
	SpeedSlowHalfLifeHours []float64 `toml:"speed_slow_half_life_hours" by:"size" unit:"hours" range:"(0,inf)" default:"none" doc:"With speed two: waiting time that halves the slow part."`
	SpeedScaleHours        []float64 `toml:"speed_scale_hours" by:"size" unit:"hours" range:"(0,inf)" default:"none" doc:"With speed power: waiting time b in (1 + wait/b)^(-speed_power)."`
	SpeedPower             []float64 `toml:"speed_power" by:"size" range:"[0,20]" default:"none" doc:"With speed power: the exponent."`

	CommissionShare  float64   `toml:"commission_share" unit:"share of first-year bill" range:"[0,10]" default:"0" doc:"Commission or partner margin on a win."`
	CommissionPerWin []float64 `toml:"commission_per_win" by:"size" unit:"USD" range:"[0,inf)" default:"0" doc:"Commission or partner margin on a win, fixed amount."`

	People               float64 `toml:"people" unit:"people" range:"[0,100000]" default:"0" whole:"yes" doc:"Head-count; a number or a dated schedule."`
	OpportunitiesPerWeek float64 `toml:"opportunities_per_week" unit:"per person and week" range:"(0,10000]" default:"none" doc:"Sign-ups that a fully ramped person can handle per week."`
	ScreeningShare       float64 `toml:"screening_share" unit:"share of a service" range:"[0,1]" default:"0.25" doc:"Time that it takes to find that a lead is not real, against that of serving the same firm."`
	PayPerYear           float64 `toml:"pay_per_year" unit:"USD per person and year" range:"[0,inf)" default:"0" doc:"Fixed pay with all on-costs."`
	RampStart            float64 `toml:"ramp_start" unit:"share" range:"(0,1]" default:"1" doc:"Speed of a new person against a ramped one."`
	RampWeeks            float64 `toml:"ramp_weeks" unit:"weeks" range:"[0,520]" default:"0" doc:"Time until a new person works at full speed, rising linearly."`
	Ramping              []Began `toml:"ramping" doc:"Those of the first day's people who began lately, as in [{people = 2, weeks_ago = 4}]: the head-count before was lower by them, and they ramp up as people hired on that day. Whoever is not among them is fully ramped. Not with opening.replay, where people is dated."`
	HireWhenLoadAbove    float64 `toml:"hire_when_load_above" unit:"share" range:"[0,1]" default:"none" doc:"Hiring rule: hire when the mean busy share of the last 4 weeks is above."`
	HireStep             float64 `toml:"hire_step" unit:"people" range:"[1,1000]" default:"1" whole:"yes" doc:"People hired at a time by the rule."`
	LeadTimeWeeks        float64 `toml:"lead_time_weeks" unit:"weeks" range:"[0,520]" default:"8" whole:"yes" doc:"Time from the decision to hire to the first day."`

	OpenHour                float64 `toml:"open_hour" unit:"hour of the day" range:"[0,24)" default:"0" doc:"When people start to work on a business day."`
	CloseHour               float64 `toml:"close_hour" unit:"hour of the day" range:"(0,24]" default:"24" doc:"When people stop work on a business day; what is unfinished goes on the next one."`
	BusinessDays            float64 `toml:"business_days" unit:"days per week" range:"[1,7]" default:"7" whole:"yes" doc:"Days of the week, from Monday on, on which people work."`
	NeverAnswered           float64 `toml:"never_answered" unit:"share of leads" range:"[0,1]" default:"0" doc:"Share of leads that nobody ever answers, where the team has nothing else to do."`
	NeverAnsweredAtFullLoad float64 `toml:"never_answered_at_full_load" unit:"share of leads" range:"[0,1]" default:"none" doc:"The same share where everybody is busy; none: as with nothing else to do."`
}

// Began is some people of a team who began to work a number of weeks before the first day.
type Began struct {
	People   float64 `toml:"people"`
	WeeksAgo float64 `toml:"weeks_ago"`
}

// Since is how many of the first day's people began later than so many weeks before it.
func (t *Team) Since(weeks float64) (people int) {
	for _, x := range t.Ramping {
		if x.WeeksAgo < weeks {
			people += int(x.People)
		}
	}
	return people
}

// Customers is churn and growth.
type Customers struct {
	WeibullShape            float64   `toml:"weibull_shape" range:"(0,10]" default:"0.85" doc:"Exponent k of the integrated hazard over tenure."`
	FrailtyVariance         float64   `toml:"frailty_variance" range:"[0,10]" default:"0.7" doc:"Variance v of the gamma frailty."`
	Retained12Months        []float64 `toml:"retained_12_months" by:"size" unit:"share" range:"(0,1)" default:"none" doc:"Share still customers after 12 months in expansion, churn and firm death together; the loader solves for the base hazard."`
	BaseHazard              []float64 `toml:"base_hazard" by:"size" unit:"integrated hazard of year 1" range:"(0,inf)" default:"none" doc:"Integrated churn hazard of the first year at frailty 1; instead of retained_12_months."`
	ChurnMultiplier         float64   `toml:"churn_multiplier" unit:"multiplier" range:"[0,100]" default:"1" doc:"Multiplier on every churn hazard, for changes and shocks."`
	PriceChurnLasting       float64   `toml:"price_churn_lasting" range:"[0,20]" default:"0" doc:"Lasting elasticity of a live customer's churn hazard to the price over that at its win (products with price_for_all)."`
	PriceChurnTransient     float64   `toml:"price_churn_transient" range:"[0,20]" default:"0" doc:"Elasticity that comes on top right after a change of price and fades."`
	PriceChurnHalfLifeWeeks float64   `toml:"price_churn_half_life_weeks" unit:"weeks" range:"(0,520]" default:"13" doc:"Half-life with which price_churn_transient fades."`
	SeatGrowthPerYear       []float64 `toml:"seat_growth_per_year" by:"size" unit:"per year" range:"(-1,10]" default:"0" doc:"Growth of seats with tenure: seats (1 + g)^years; for a price per seat."`
}

// Finance is the cash account.
type Finance struct {
	OpeningCash       float64 `toml:"opening_cash" unit:"USD" range:"[0,inf)" default:"required" vary:"draw" doc:"Cash on the first day."`
	FixedCostPerWeek  float64 `toml:"fixed_cost_per_week" unit:"USD/week" range:"[0,inf)" default:"0" doc:"Cost that follows neither customers nor sales."`
	FixedCostPerMonth float64 `toml:"fixed_cost_per_month" writes:"fixed_cost_per_week" unit:"USD/month" range:"[0,inf)" default:"none" vary:"no" doc:"Fixed cost by calendar month instead of fixed_cost_per_week: a number for every month, or a table by month; each month's cost falls evenly on its days."`
	DiscountRate      float64 `toml:"discount_rate" unit:"per year" range:"[0,10]" default:"0.12" doc:"Discount rate of LTV."`
	LTVHorizonYears   float64 `toml:"ltv_horizon_years" unit:"years" range:"(0,50]" default:"5" doc:"Horizon of LTV after the win."`
	Rounds            []Round `toml:"rounds" doc:"Financing rounds."`
}

// Round is a dated financing round, paid in at the end of the week that holds its date.
type Round struct {
	Name       string  `toml:"-"`
	Date       Date    `toml:"date" default:"required" vary:"no" doc:"Day on which the money comes."`
	Amount     float64 `toml:"amount" unit:"USD" range:"[0,inf)" default:"required" doc:"Money paid in."`
	DelayWeeks float64 `toml:"delay_weeks" unit:"weeks" range:"[0,520]" default:"0" whole:"yes" doc:"Delay, for shocks."`
}

// CashRule stops spending while cash, as seen at the end of the last week, is low.
type CashRule struct {
	Name         string  `toml:"-"`
	Below        float64 `toml:"below" unit:"USD" range:"[0,inf)" default:"required" doc:"The rule acts while last week's closing cash is below."`
	CutMedia     float64 `toml:"cut_media" unit:"share" range:"[0,1]" default:"0" doc:"Share of channel budgets that is cut."`
	CutBrand     float64 `toml:"cut_brand" unit:"share" range:"[0,1]" default:"0" doc:"Share of brand media budgets that is cut."`
	FreezeHiring bool    `toml:"freeze_hiring" default:"false" doc:"Stops hiring by rule and by schedule."`
}

// Opening is the state on the first day.
type Opening struct {
	Plan        string    `toml:"plan" default:"" vary:"no" doc:"Name of the scenario whose plan makes the opening state; inherited. Empty: the scenario itself as written in its file; self: the scenario itself with all overrides."`
	BurnInWeeks float64   `toml:"burn_in_weeks" unit:"weeks" range:"[0,520]" default:"26" whole:"yes" vary:"no" doc:"Weeks simulated before the first day to fill the market with buyers, queues and pipelines; with replay the months that are replayed."`
	Replay      bool      `toml:"replay" default:"false" vary:"no" doc:"True: the burn-in is the history before the first day. Schedules and dated changes of the opening plan that begin before that day hold from their dates on, and brand stocks, adstock and head-counts move with them; the initial_* values are those of its first day. False: the burn-in holds the values of the run's first day."`
	Customers   []float64 `toml:"customers" by:"size" total:"firms" unit:"customers" range:"[0,inf)" default:"0" whole:"yes" vary:"no" doc:"Customers on the first day: a table by size class, or their total, dealt over the classes that enabled products serve by their firms (largest remainder)."`
	Products    []float64 `toml:"products" by:"product" unit:"share" range:"[0,1]" default:"none" vary:"no" doc:"Shares of opening customers by product, scaled to 1 over the products sold to a size class."`
	AgeBands    []AgeBand `toml:"age_bands" doc:"Ages of opening customers: [{from_years = 0, to_years = 1, share = 0.4}, ...]; uniform within a band."`

	CustomersFile string `toml:"customers_file" default:"" vary:"no" doc:"A CSV file, relative to this one, of the customers on the first day in place of customers, products and age_bands: columns count, size, start, product, channel, monthly_bill, prepaid_until."`
	CustomersHash string `toml:"customers_hash" default:"" vary:"no" doc:"Hash of what that file says; written by windfall. Where it is stated another file is refused."`

	PipelineFile string `toml:"pipeline_file" default:"" vary:"no" doc:"A CSV file, relative to this one, of the leads that wait and the opportunities that are open on the first day, in place of those that the burn-in leaves: columns stage (lead, opportunity), count, team, age_days, size, product, channel, monthly_value."`
	PipelineHash string `toml:"pipeline_hash" default:"" vary:"no" doc:"Hash of what that file says; written by windfall. Where it is stated another file is refused."`

	Groups        []CustomerGroup `toml:"-"` // of CustomersFile
	CustomersText string          `toml:"-"` // what CustomersHash is the hash of: the file by Text
	Pipeline      []PipelineGroup `toml:"-"` // of PipelineFile
	PipelineText  string          `toml:"-"` // what PipelineHash is the hash of
}

// Lists says whether a file lists what is open on the first day, be it nothing.
func (o *Opening) Lists() bool { return o.PipelineHash != "" }

// CustomerGroup is a row of a file of opening customers: a number of them that are alike.
type CustomerGroup struct {
	Count                  float64
	Size, Product, Channel string  // no channel: not known
	From, Until            Date    // the days on which they may have become customers, without the last
	Bill                   float64 // a month for one customer on the first day; NaN: by price and seats
	PrepaidUntil           Date    // 0: paid by the month
	Drawn                  bool    // nobody's payment is stated: the product's prepaid_share decides
}

// PipelineGroup is a row of a file of the open pipeline: a number of leads or opportunities that are alike.
type PipelineGroup struct {
	Count                        float64
	Lead                         bool // nobody has answered yet; else an opportunity
	Team, Size, Product, Channel string
	AgeDays                      float64 // since the lead, or since first contact of an opportunity
	Value                        float64 // a month, if it is won; NaN: by price and seats
}

// AgeBand is one band of the ages of opening customers.
type AgeBand struct {
	FromYears float64 `toml:"from_years"`
	ToYears   float64 `toml:"to_years"`
	Share     float64 `toml:"share"`
}

// Schedule replaces a number from dates on: before the first entry the plain
// value holds (a schedule must then start on or before the first day or the
// key must have a plain value by default or inheritance).
type Schedule struct {
	Key     string
	Entries []ScheduleEntry // by From, ascending
}

// ScheduleEntry is one dated value; Until is 0 where the next entry ends it.
type ScheduleEntry struct {
	From, Until Date
	Value       float64
	Input       int // index into Plan.Inputs of its distribution, or -1
}

// Effect sets or multiplies every number that Key names, or keeps it from growing;
// a segment of Key may be *, and a key that names a table means all its entries.
type Effect struct {
	Key      string
	Multiply bool
	Hold     bool // no number rises above the lowest value it has had since the effect began
	Value    float64
	Input    int // index into Plan.Inputs, or -1
}

// Sets says whether the effect replaces what a number was.
func (e *Effect) Sets() bool { return !e.Multiply && !e.Hold }

// Change is a dated change of any numbers: From inclusive, Until exclusive (0: for good).
type Change struct {
	Name        string
	From, Until Date
	Layer       int // changes of a layer above 0 act after shocks, and after all of a lower layer whatever their dates
	Effects     []Effect
}

// ChangesInOrder lists the dated changes in the order in which they act: by layer,
// date and name.
func (p *Plan) ChangesInOrder() []Change {
	out := slices.Clone(p.Changes)
	slices.SortStableFunc(out, func(a, b Change) int {
		return cmp.Or(cmp.Compare(a.Layer, b.Layer), cmp.Compare(a.From, b.From), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// Final begins a dated change that acts on what the plan has after all its changes
// and shocks. Its name is the one that is given, or that with a number if it is taken.
func (p *Plan) Final(name string, from, until Date) Change {
	c := Change{Name: name, From: from, Until: until, Layer: 1}
	taken := map[string]bool{}
	for i := range p.Changes {
		taken[p.Changes[i].Name] = true
		c.Layer = max(c.Layer, p.Changes[i].Layer+1)
	}
	for n := 2; taken[c.Name]; n++ {
		c.Name = fmt.Sprintf("%s-%d", name, n)
	}
	return c
}

// With gives the plan with further dated changes.
func (p *Plan) With(changes ...Change) *Plan {
	q := *p
	q.Changes = slices.Concat(p.Changes, changes)
	slices.SortStableFunc(q.Changes, func(a, b Change) int { return cmp.Compare(a.Name, b.Name) })
	return &q
}

// Shock is something that happens to the plan, with a chance and at a date
// drawn uniformly from From to FromLatest.
type Shock struct {
	Name        string
	Probability float64 // 1: always
	From        Date
	FromLatest  Date // 0: at From
	Weeks       float64
	Effects     []Effect
}

// Input is an uncertain number: its distribution, and the key it belongs to.
// The input's own name, under which its draw is addressed, is Key for a plain
// number, Key@2013-07-01 for a schedule entry, and changes.NAME.set.Key (or
// shocks...) for an effect.
type Input struct {
	Name string
	Key  string // the plan's key; "" for entries and effects
	// Draws is the table of draws of which the input is a column, under whose name the draw of all its columns is
	// addressed; "": the input is drawn by itself.
	Draws string
	Dist  Dist
}

// Correlation ties two inputs by a Gaussian copula.
type Correlation struct {
	A, B string // names of inputs
	Rho  float64
}

// Goal is a condition on the distribution of outcomes, in the goal language,
// such as "P(out_of_business) <= 5%".
type Goal struct {
	Name   string
	Expect string
}
