package fit

import (
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
	"windfall/model/rng"
	"windfall/scenarios/company"
	"windfall/sim/export"
	"windfall/sim/fit/learned"
)

// summary is one number made of all series, alike of the history and of a run. Chance moves it by about 1.
type summary struct {
	name string
	of   func(numbers []float64) float64
	test int // which piece of evidence it is; -1: of the series
}

// summaries lists those of a history up to a period.
type summaries struct {
	l    *layout
	h    *company.History
	data []float64
	cut  int // periods from here on are not looked at
	at   *export.Panel
	out  []summary

	captures map[string]bool                   // channels that capture demand
	pooled   []func(numbers []float64) float64 // scores of channels that share a saturation
	weights  []float64
}

// newSummaries lists the summaries of a history: docs/fit.md says why these.
func newSummaries(l *layout, p *plan.Plan, h *company.History, data []float64, cut int, at *export.Panel,
	unknowns []learned.Unknown, tests []test) []summary {
	s := &summaries{l: l, h: h, data: data, cut: cut, at: at, captures: map[string]bool{}}
	for i := range p.Channels {
		s.captures[p.Channels[i].Name] = p.Channels[i].Captures != ""
	}
	var all []int // the best outcome of each channel
	for i := range h.Channels {
		if x := &h.Channels[i]; !x.Medium {
			series := s.best(x)
			if series >= 0 {
				all = append(all, series)
				s.total(series, s.mask(series), l.series[series].Name())
				s.real(x, series, unknowns)
			} else {
				series = s.inAll()
			}
			if series >= 0 {
				s.spending(x, series, unknowns)
			}
		}
	}
	if series := s.inAll(); len(all) == 0 && series >= 0 {
		all = []int{series}
	}
	s.pool()
	s.brand(all, unknowns)
	for i := range h.Teams {
		if series := l.find(learned.Series{Outcome: company.Won, Team: h.Teams[i].Team}); series >= 0 {
			s.total(series, s.mask(series), l.series[series].Name())
		}
	}
	churned := l.find(learned.Series{Outcome: company.Churned})
	for _, outcome := range []company.Outcome{company.Won, company.Churned} {
		if series := l.find(learned.Series{Outcome: outcome}); series >= 0 && series < l.observed {
			for k, half := range s.halves(series) {
				s.total(series, half, fmt.Sprintf("%s, half-year %d", outcome, k+1))
			}
		}
	}
	if series := l.find(learned.Series{Outcome: company.Customers}); series < l.observed {
		s.customers(series, churned >= 0)
		s.bill(series)
	} else if series := l.find(learned.Series{Outcome: company.Revenue}); series >= 0 {
		s.revenue(series)
	}
	for i := range tests {
		t, at := &tests[i], len(l.series)*len(l.periods)+i
		s.out = append(s.out, summary{"evidence." + t.evidence.Name, func(x []float64) float64 { return x[at] / t.sd }, i})
	}
	return s.out
}

// observed adds the evidence to the numbers of a history, as the series of a run have it.
func observed(data []float64, tests []test) []float64 {
	out := append([]float64(nil), data...)
	for i := range tests {
		out = append(out, tests[i].given)
	}
	return out
}

// root is twice the square root of a count, whose variance is 1 if it is a Poisson count (Anscombe).
func root(n float64) float64 { return 2 * math.Sqrt(max(n, 0)+0.375) }

func (s *summaries) add(name string, of func(numbers []float64) float64) {
	s.out = append(s.out, summary{name, of, -1})
}

// mask lists the periods in which the history has a number of a series.
func (s *summaries) mask(series int) (periods []int) {
	for i, x := range s.l.of(s.data, series) {
		if i < s.cut && !math.IsNaN(x) {
			periods = append(periods, i)
		}
	}
	return periods
}

// best is the series in which a channel is seen best; -1: none.
func (s *summaries) best(x *company.ChannelHistory) int {
	for _, outcome := range []company.Outcome{company.Leads, company.Signups, company.Won} {
		if series := s.l.find(learned.Series{Outcome: outcome, Channel: x.Name}); series >= 0 && len(s.mask(series)) > 0 {
			return series
		}
	}
	return -1
}

// real adds the sign-ups of a channel beside its leads, where the share of those that are real is asked.
func (s *summaries) real(x *company.ChannelHistory, series int, unknowns []learned.Unknown) {
	signups := s.l.find(learned.Series{Outcome: company.Signups, Channel: x.Name})
	if signups >= 0 && signups != series && s.asked(learned.Real, x.Name, unknowns) != nil {
		s.total(signups, s.mask(signups), s.l.series[signups].Name())
	}
}

// total adds the root of what happened in some periods.
func (s *summaries) total(series int, periods []int, name string) {
	if len(periods) == 0 {
		return
	}
	s.add(name, func(x []float64) float64 {
		var n float64
		for _, i := range periods {
			n += s.l.of(x, series)[i]
		}
		return root(n)
	})
}

// halves are the masked periods of a series by half-year.
func (s *summaries) halves(series int) (out [][]int) {
	const days = 365.25 / 2
	last := -1
	for _, i := range s.mask(series) {
		p := s.l.periods[i]
		half := int(float64((p.From+p.To)/2-s.l.start) / days)
		if half != last {
			out, last = append(out, nil), half
		}
		out[len(out)-1] = append(out[len(out)-1], i)
	}
	return out
}

// customers adds the root of live customers at the end, and where nobody counted those who left at each half-year's.
func (s *summaries) customers(series int, last bool) {
	halves := s.halves(series)
	for k, half := range halves {
		if last && k < len(halves)-1 {
			continue
		}
		i := half[len(half)-1]
		s.add(fmt.Sprintf("customers, half-year %d", k+1), func(x []float64) float64 { return root(s.l.of(x, series)[i]) })
	}
}

// bill adds the logarithm of the mean bill, in units of a hundredth.
func (s *summaries) bill(customers int) {
	revenue := s.l.find(learned.Series{Outcome: company.Revenue})
	if revenue < 0 {
		return
	}
	var both []int
	for _, i := range s.mask(revenue) {
		if !math.IsNaN(s.l.of(s.data, customers)[i]) {
			both = append(both, i)
		}
	}
	if len(both) == 0 {
		return
	}
	s.add("log bill", func(x []float64) float64 {
		var money, firms float64
		for _, i := range both {
			money += s.l.of(x, revenue)[i]
			firms += s.l.of(x, customers)[i]
		}
		return 100 * rng.Log(max(money, 1)/max(firms, 1))
	})
}

// inAll is the series of all in which channels without outcomes of their own are seen; -1: none.
func (s *summaries) inAll() int {
	for _, outcome := range []company.Outcome{company.Won, company.Revenue} {
		series := s.l.find(learned.Series{Outcome: outcome})
		if series >= 0 && series < s.l.observed && len(s.mask(series)) > 0 {
			return series
		}
	}
	return -1
}

// revenue adds the logarithm of revenue by half-year, in units of a hundredth, where customers are not known.
func (s *summaries) revenue(series int) {
	for k, half := range s.halves(series) {
		s.add(fmt.Sprintf("log revenue, half-year %d", k+1), func(x []float64) float64 {
			var money float64
			for _, i := range half {
				money += s.l.of(x, series)[i]
			}
			return 100 * rng.Log(max(money, 1))
		})
	}
}

// spending adds, where the spend of a channel varies, the scores of its elasticity and carry-over. Where channels have
// one saturation together, their elasticities are one number, of which all of them together say most.
func (s *summaries) spending(x *company.ChannelHistory, series int, unknowns []learned.Unknown) {
	periods := s.mask(series)
	if variation(x.Spend) <= moved || len(periods) < 3 {
		return
	}
	spend := s.spend(x.Name)
	half := s.halfLife(x.Name)
	elasticity, sd := s.standard(spend, half, periods)
	one := s.score([]int{series}, periods, elasticity)
	if s.together(x.Name, unknowns) && s.l.series[series].Channel != "" {
		var n float64
		for _, i := range periods {
			n += s.l.of(s.data, series)[i]
		}
		s.pooled, s.weights = append(s.pooled, one), append(s.weights, sd*math.Sqrt(n))
	} else {
		s.add("elasticity of "+x.Name, one)
	}
	if s.asked(learned.CarryOver, x.Name, unknowns) != nil {
		long, _ := s.standard(spend, 2*half, periods)
		short, _ := s.standard(spend, half/2, periods)
		s.add("carry-over of "+x.Name, s.score([]int{series}, periods, apart(long, short, elasticity)))
	}
}

// asked is the unknown of a kind that is of a channel; nil: none.
func (s *summaries) asked(kind learned.Kind, channel string, unknowns []learned.Unknown) *learned.Unknown {
	for i := range unknowns {
		if u := &unknowns[i]; u.Kind == kind && (len(u.Of) == 0 || slices.Contains(u.Of, channel)) {
			return u
		}
	}
	return nil
}

// together says whether a channel shares its saturation with others.
func (s *summaries) together(channel string, unknowns []learned.Unknown) bool {
	u := s.asked(learned.Saturation, channel, unknowns)
	return u != nil && len(u.Of) != 1 && s.asked(learned.Capture, channel, unknowns) == nil && !s.captures[channel]
}

// pool adds the scores of channels that share a saturation, each by what it says of it: the spread of its spend and the
// root of its count.
func (s *summaries) pool() {
	var squares float64
	for _, w := range s.weights {
		squares += float64(w * w)
	}
	if squares == 0 {
		return
	}
	s.add("elasticity of channels", func(x []float64) (sum float64) {
		for i, score := range s.pooled {
			sum += float64(score(x) * s.weights[i])
		}
		return sum / math.Sqrt(squares)
	})
}

// brand adds, where spend on brand media varies, the scores of all outcomes of channels with its fast and slow stock.
func (s *summaries) brand(all []int, unknowns []learned.Unknown) {
	varies := false
	for i := range s.h.Channels {
		x := &s.h.Channels[i]
		varies = varies || x.Medium && variation(x.Spend) > moved
	}
	asked := false
	for i := range unknowns {
		k := unknowns[i].Kind
		asked = asked || k == learned.Halo || k == learned.Salience || k == learned.Equity
	}
	if !varies || !asked || len(all) == 0 {
		return
	}
	periods := s.mask(all[0])
	for _, series := range all[1:] {
		var both []int
		for _, i := range s.mask(series) {
			if slices.Contains(periods, i) {
				both = append(both, i)
			}
		}
		periods = both
	}
	if len(periods) < 3 {
		return
	}
	b := s.at.Brand[0]
	fast, _ := s.standard(s.at.Of("brand"), b.SalienceHalfLifeWeeks, periods)
	slow, _ := s.standard(s.at.Of("brand"), b.EquityHalfLifeWeeks, periods)
	s.add("elasticity of brand media", s.score(all, periods, fast))
	s.add("slow part of brand media", s.score(all, periods, apart(slow, make([]float64, len(slow)), fast)))
}

// spend is what a channel spent by week in the run of the plan as it stands.
func (s *summaries) spend(name string) []float64 {
	out := make([]float64, s.at.Weeks)
	for c, channel := range s.at.Channels {
		if channel == name {
			for _, column := range s.at.Spend[c] {
				for week, x := range column {
					out[week] += x
				}
			}
		}
	}
	return out
}

func (s *summaries) halfLife(name string) float64 {
	for c, channel := range s.at.Channels {
		if channel == name {
			return s.at.Curves[c][0].HalfLife
		}
	}
	return 1
}

// standard is the logarithm of the carried-over spend in some periods, with mean 0 and standard deviation 1, and what
// that was.
func (s *summaries) standard(spend []float64, halfLife float64, periods []int) (out []float64, sd float64) {
	keep := rng.Exp2(-1 / halfLife)
	stocks, stock, mean := make([]float64, len(spend)), spend[0], 0.0
	for week, x := range spend {
		mean += x / float64(len(spend))
		stock = x + float64((stock-x)*keep)
		stocks[week] = stock
	}
	byPeriod := s.l.sums(stocks)
	for _, i := range periods {
		out = append(out, rng.Log(byPeriod[i]/s.l.periods[i].Weeks()+float64(0.02*mean)))
	}
	_, sd = meanAndSD(out)
	return standardised(out), sd
}

// standardised has mean 0 and standard deviation 1, or is 0 where nothing varies.
func standardised(x []float64) []float64 {
	var mean, squares float64
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		squares += float64((v - mean) * (v - mean))
	}
	sd := math.Sqrt(squares / float64(len(x)))
	out := make([]float64, len(x))
	for i, v := range x {
		if sd > 1e-9 {
			out[i] = (v - mean) / sd
		}
	}
	return out
}

// apart is the difference of two lists less what it has in common with a third, standardised.
func apart(a, b, common []float64) []float64 {
	var with float64
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] - b[i]
		with += out[i] * common[i] / float64(len(a))
	}
	for i := range out {
		out[i] -= float64(with * common[i])
	}
	return standardised(out)
}

// score is the mean of x over what happened in some series, times the root of their number in the history: what an
// elasticity moves most, whatever the level. Of money it is in hundredths.
func (s *summaries) score(series, periods []int, x []float64) func(numbers []float64) float64 {
	sums := func(numbers []float64) (all, with float64) {
		for _, k := range series {
			for j, i := range periods {
				n := s.l.of(numbers, k)[i]
				all += n
				with += float64(n * x[j])
			}
		}
		return all, with
	}
	seen, _ := sums(s.data)
	by := math.Sqrt(max(seen, 1))
	if !counts(s.l.series[series[0]]) {
		by = 100
	}
	return func(numbers []float64) float64 {
		all, with := sums(numbers)
		return float64(by * with / max(all, 1))
	}
}

// values are the summaries of some numbers.
func values(list []summary, numbers []float64) []float64 {
	out := make([]float64, len(list))
	for i := range list {
		out[i] = list[i].of(numbers)
	}
	return out
}
