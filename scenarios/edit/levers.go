package edit

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"windfall/model"
	"windfall/model/plan"
)

// The groups of levers that spend.
const (
	Media = "media" // budgets of channels
	Brand = "brand" // budgets of brand media
	Sales = "sales" // head-counts of teams
)

// Quarters names all multipliers by quarter, in bounds.
const Quarters = "quarters"

// Lever is a key that is moved, or a quarter.
type Lever struct {
	Name      string // the key, or the quarter as in 2013-Q1
	Group     string // media, brand, sales, quarters, or empty: a key that does not spend
	Low, High float64
	Steps     []float64 // of a head-count: the multiples that are whole numbers of people
	Spend     float64   // what the plan means to spend on it over the run, USD

	// Starts is the weekly budget by which each multiple above 1 starts a channel or brand medium that the plan has at
	// 0; else 0.
	Starts float64

	budget []float64 // that by quarter
	after  float64   // what its pipeline is charged after the run, USD
	people []staffed // of a head-count
}

// staffed is a head-count for a part of a quarter, and what one person costs.
type staffed struct {
	quarter     int
	people, pay float64
}

// LeverSet is the levers of a plan: budgets, head-counts, or any key that may change over
// time, each moved by a multiple of what the plan has on every day; and by quarter all that
// spends. It knows what a plan means to spend, and writes the plan that was chosen as a
// scenario.
type LeverSet struct {
	Levers []Lever  // of keys, then of quarters
	Idle   []string // keys that were asked for and that the plan has at 0

	plan     *plan.Plan
	days     []*plan.Plan // the plan on each day of the run from which it has other numbers
	fixed    float64      // what no lever moves, USD
	quarters []quarter    // one, the whole run, unless there are multipliers by quarter
	keys     int          // levers that are keys
	caps     []groupBound // of several levers together
}

type quarter struct {
	name string
	from plan.Date
}

// NewLevers reads levers: groups (media, brand, sales) or keys, in which * stands for
// every name, and bounds written KEY=LO..HI for a lever, a group or a key with *: in
// multiples of the plan for each, or in money, $LO..$HI, for all that it names together.
// A lever without bounds goes from 0 to 3 times the plan. Groups and keys to keep are
// no levers. The error is an *Error.
func NewLevers(base *plan.Plan, asked, bounds []string, byQuarter bool, keep ...string) (*LeverSet, error) {
	s := &LeverSet{plan: base, quarters: []quarter{{from: base.Run.Start}}}
	if byQuarter {
		s.quarters = quartersOf(base)
	}
	t := plan.NewTimeline(base)
	t.SetFixed()
	for step := range t.Steps() {
		if p := t.Plan(step); step == 0 || p != s.days[len(s.days)-1] {
			s.days = append(s.days, p)
		}
	}
	for _, a := range asked {
		if err := s.add(strings.TrimSpace(a)); err != nil {
			return nil, err
		}
	}
	if err := s.keep(keep); err != nil {
		return nil, err
	}
	if len(s.Levers) == 0 {
		return nil, wrong("levers", "", "there is none to move; name media, brand, sales or keys of the scenario that "+
			"are above 0")
	}
	s.keys = len(s.Levers)
	total := s.meter()
	if byQuarter {
		if err := s.addQuarters(); err != nil {
			return nil, err
		}
	}
	if err := s.bound(bounds); err != nil {
		return nil, err
	}
	for i := range s.Levers[:s.keys] {
		if err := s.Levers[i].whole(); err != nil {
			return nil, err
		}
	}
	s.fixed = total - s.Spend(s.Plain())
	return s, s.reachable()
}

// Plain is the plan itself: every multiple 1.
func (s *LeverSet) Plain() []float64 { return slices.Repeat([]float64{1}, len(s.Levers)) }

// add takes in a group or a key.
func (s *LeverSet) add(name string) error {
	switch name {
	case Media:
		for i := range s.plan.Channels {
			if c := &s.plan.Channels[i]; c.Enabled && c.Driver == "budget" {
				s.take("channels."+plan.JoinKey(c.Name)+".weekly_budget", Media)
			}
		}
		return nil
	case Brand:
		for i := range s.plan.Media {
			if m := &s.plan.Media[i]; m.Enabled {
				s.take("media."+plan.JoinKey(m.Name)+".weekly_budget", Brand)
			}
		}
		return nil
	case Sales:
		for i := range s.plan.Teams {
			if t := &s.plan.Teams[i]; t.Enabled && t.Kind == "people" {
				s.take("teams."+plan.JoinKey(t.Name)+".people", Sales)
			}
		}
		return nil
	}
	fields, err := s.plan.Fields(name)
	if err != nil {
		return &Error{"levers", name, "there is no such lever", s.near(name, err)}
	}
	for _, f := range fields {
		if !f.Param.Vary {
			return wrong("levers", f.Key, "it does not change over time, so it is no lever")
		}
		group := ""
		switch f.Param.Pattern {
		case "channels.*.weekly_budget":
			group = Media
		case "media.*.weekly_budget":
			group = Brand
		case "teams.*.people":
			group = Sales
		case "teams.*.pay_per_year":
			return wrong("levers", f.Key, "pay is a price and no lever; teams.*.people is one")
		}
		s.take(f.Key, group)
	}
	return nil
}

// near is the group or key that an unknown name was most likely meant for, given why it is none.
func (s *LeverSet) near(name string, err error) string {
	near := plan.Nearest(name, []string{Media, Brand, Sales, "teams"})
	var unknown *plan.UnknownKeyError
	if near != "" && !strings.Contains(name, ".") || !errors.As(err, &unknown) || unknown.Nearest == "" {
		return near
	}
	for _, of := range []string{".weekly_budget", ".people"} { // of a channel, a medium or a team that was named alone
		if _, err := s.plan.Fields(unknown.Nearest + of); err == nil {
			return unknown.Nearest + of
		}
	}
	return unknown.Nearest
}

// take adds a key, once, if there is something to multiply.
func (s *LeverSet) take(key, group string) {
	if slices.ContainsFunc(s.Levers, func(l Lever) bool { return l.Name == key }) {
		return
	}
	values, param := s.values(key)
	if values == nil {
		return
	}
	l := Lever{Name: key, Group: group, Low: 0, High: 3}
	for _, x := range values {
		if x > 0 && !math.IsInf(param.High, 0) {
			l.High = min(l.High, param.High/x)
		}
	}
	if param.LowOpen && param.Low == 0 {
		l.Low = 0.01
	}
	s.Levers = append(s.Levers, l)
}

// values are those of a key on all days of the run; none if it has no number.
func (s *LeverSet) values(key string) (out []float64, param plan.Param) {
	for _, p := range s.days {
		numbers, row, err := p.Numbers(key)
		if err != nil {
			return nil, row
		}
		param = row
		for _, x := range numbers {
			out = append(out, *x)
		}
	}
	return out, param
}

// meter works out what the plan means to spend in each quarter: media, brand and
// pay by schedule, uncertain numbers at their medians, before cash rules, hiring
// rules and ruin. It gives the total, and drops budgets and head-counts of 0.
func (s *LeverSet) meter() (total float64) {
	at := func(key string) *Lever {
		i := slices.IndexFunc(s.Levers, func(l Lever) bool { return l.Name == key })
		if i < 0 {
			return &Lever{}
		}
		return &s.Levers[i]
	}
	n := len(s.quarters)
	pays := func(l *Lever, q int, usd float64) {
		if l.budget == nil {
			l.budget = make([]float64, n)
		}
		l.budget[q] += usd
		l.Spend += usd
		total += usd
	}
	t := plan.NewTimeline(s.plan)
	t.SetFixed()
	charged := model.Charged(t.Opening(), t.Tail(), t.StepWeeks())
	firms := make([]float64, len(s.plan.Population.Regions))
	for i, r := range s.plan.Population.Regions {
		firms[i] = r.Share
	}
	var active, spent float64
	for i := range s.plan.Channels {
		c := &s.plan.Channels[i]
		if !c.Enabled || c.Driver != "budget" {
			continue
		}
		before := total
		l := at("channels." + plan.JoinKey(c.Name) + ".weekly_budget")
		for step := range t.Steps() {
			spend, _ := t.ChannelSpend(step, i)
			pays(l, s.quarterOf(t.Date(step)), float64(spend*t.StepWeeks()))
		}
		for step, share := range charged {
			spend, _ := t.ChannelSpend(t.Steps()+step, i)
			l.after += float64(spend * t.StepWeeks() * share)
		}
		if total > before {
			active, spent = active+1, spent+(total-before)
		}
	}
	s.start(Media, averageOf(spent, active, s.plan), t, charged)
	active, spent = 0, 0
	for i := range s.plan.Media {
		if !s.plan.Media[i].Enabled {
			continue
		}
		before := total
		l := at("media." + plan.JoinKey(s.plan.Media[i].Name) + ".weekly_budget")
		for step := range t.Steps() {
			for _, part := range t.MediaSegments(step, i, firms) {
				for _, usd := range part.Spend {
					pays(l, s.quarterOf(t.Date(step)), float64(part.Share*usd*t.StepWeeks()))
				}
			}
		}
		for step, share := range charged {
			for _, part := range t.MediaSegments(t.Steps()+step, i, firms) {
				for _, usd := range part.Spend {
					l.after += float64(part.Share * usd * t.StepWeeks() * share)
				}
			}
		}
		if total > before {
			active, spent = active+1, spent+(total-before)
		}
	}
	s.start(Brand, averageOf(spent, active, s.plan), t, charged)
	for i := range s.plan.Teams {
		if team := &s.plan.Teams[i]; !team.Enabled || team.Kind != "people" {
			continue
		}
		l := at("teams." + plan.JoinKey(s.plan.Teams[i].Name) + ".people")
		for step := range t.Steps() {
			team, q := &t.Plan(step).Teams[i], s.quarterOf(t.Date(step))
			pay := float64(team.PayPerYear / plan.WeeksPerYear * t.StepWeeks())
			total += float64(team.People * pay)
			l.Spend += float64(team.People * pay)
			if k := len(l.people) - 1; k >= 0 && l.people[k].quarter == q && l.people[k].people == team.People {
				l.people[k].pay += pay
			} else {
				l.people = append(l.people, staffed{q, team.People, pay})
			}
		}
		for step, share := range charged {
			team := &t.Plan(t.Steps() + step).Teams[i]
			l.after += float64(team.People * team.PayPerYear / plan.WeeksPerYear * t.StepWeeks() * share)
		}
	}
	s.Levers = slices.DeleteFunc(s.Levers, func(l Lever) bool {
		idle := l.Group != "" && l.Spend == 0 && l.Starts == 0
		if idle {
			s.Idle = append(s.Idle, l.Name)
		}
		return idle
	})
	s.keys = len(s.Levers)
	return total
}

// averageOf is what one of those that spend does so a week; 0: none spends.
func averageOf(spent, active float64, p *plan.Plan) float64 {
	if active == 0 {
		return 0
	}
	return spent / active / float64(p.Run.Weeks)
}

// whole finds the multiples that give whole numbers of people.
func (l *Lever) whole() error {
	if l.Group != Sales {
		return nil
	}
	most := 0.0
	for _, p := range l.people {
		most = max(most, p.people)
	}
	for k := math.Ceil(float64(l.Low*most) - 1e-9); k <= float64(l.High*most)+1e-9; k++ {
		l.Steps = append(l.Steps, min(max(k/most, l.Low), l.High))
	}
	if l.Steps == nil {
		return wrong("bounds", "of "+l.Name, "no whole number of people lies between %v and %v times "+
			"%v", l.Low, l.High, most)
	}
	return nil
}

// addQuarters adds a multiplier for each quarter, on all levers that spend.
func (s *LeverSet) addQuarters() error {
	for q, x := range s.quarters {
		l := Lever{Name: x.name, Group: Quarters, High: 3}
		for _, key := range s.Levers[:s.keys] {
			if key.budget != nil && key.Starts == 0 {
				l.Spend += key.budget[q]
			}
			for _, p := range key.people {
				if p.quarter == q {
					l.Spend += float64(p.people * p.pay)
				}
			}
		}
		s.Levers = append(s.Levers, l)
	}
	if !slices.ContainsFunc(s.Levers[:s.keys], func(l Lever) bool { return l.Group != "" }) {
		return wrong("by-quarter", "", "no lever spends anything that quarters could multiply")
	}
	return nil
}

// bound reads bounds.
func (s *LeverSet) bound(bounds []string) error {
	for _, text := range bounds {
		key, ends, ok := strings.Cut(text, "=")
		from, to, ok2 := strings.Cut(ends, "..")
		if ok && ok2 && s.isMoney(from) {
			if err := s.boundMoney(text, key, from, to); err != nil {
				return err
			}
			continue
		}
		low, err1 := strconv.ParseFloat(strings.TrimPrefix(from, "x"), 64)
		high, err2 := strconv.ParseFloat(strings.TrimPrefix(to, "x"), 64)
		switch {
		case !ok || !ok2 || err1 != nil || err2 != nil:
			return wrong("bounds", text, "KEY=LO..HI is needed, in multiples of the plan, such as "+
				"%s=0.5..2", s.Levers[0].Name)
		case low > high:
			return wrong("bounds", text, "the lower one comes first: %s=%s..%s", key, to, from)
		case low < 0 || math.IsNaN(low) || math.IsNaN(high) || math.IsInf(high, 0):
			return wrong("bounds", text, "two multiples of the plan of at least 0 are needed")
		}
		found := false
		for i := range s.Levers {
			l := &s.Levers[i]
			if l.Name != key && l.Group != key && !matches(key, l.Name) {
				continue
			}
			found = true
			if l.Starts > 0 {
				continue // which has no multiples of the plan
			}
			values, param := s.values(l.Name)
			param.Whole = false
			for _, x := range values {
				for _, m := range []float64{low, high} {
					if param.Allows(x) && !param.Allows(x*m) {
						return wrong("bounds", text, "makes %s %s; %s is "+
							"allowed", l.Name, plan.FormatNumber(x*m), param.Range())
					}
				}
			}
			l.Low, l.High = low, high
		}
		if !found {
			var names []string
			for _, l := range s.Levers {
				names = append(names, l.Name)
				if l.Group != "" {
					names = append(names, l.Group)
				}
			}
			return &Error{"bounds", text, key + " is no lever", plan.Nearest(key, names)}
		}
	}
	return nil
}

// matches says whether a key with * names another.
func matches(pattern, key string) bool {
	a, err1 := plan.SplitKey(pattern)
	b, err2 := plan.SplitKey(key)
	return err1 == nil && err2 == nil && slices.EqualFunc(a, b, func(x, y string) bool { return x == "*" || x == y })
}

// quartersOf lists the calendar quarters of a run, from its first day on. Each
// begins with the first week that lies in it; one of less than four weeks at the
// run's end belongs to the one before.
func quartersOf(p *plan.Plan) (out []quarter) {
	weeks := int(p.Run.Weeks)
	for w := range weeks {
		day := p.Run.Start + plan.Date(7*w)
		y, m, _ := day.YMD()
		name := fmt.Sprintf("%d-Q%d", y, (m+2)/3)
		if len(out) == 0 || out[len(out)-1].name != name && weeks-w >= 4 {
			out = append(out, quarter{name, day})
		}
	}
	return out
}

// quarterOf is the quarter of a day of the run.
func (s *LeverSet) quarterOf(day plan.Date) int {
	q := 0
	for i := range s.quarters {
		if s.quarters[i].from <= day {
			q = i
		}
	}
	return q
}

// Spend is what the plan means to spend on media, brand and pay at multiples x of
// its levers, in USD over the run.
func (s *LeverSet) Spend(x []float64) float64 {
	sum := s.fixed
	for i := range s.Levers[:s.keys] {
		l := &s.Levers[i]
		for q, usd := range l.budget {
			sum += float64(usd * s.factor(x, i, q))
		}
		for _, p := range l.people {
			sum += float64(math.RoundToEven(p.people*s.factor(x, i, p.quarter)) * p.pay)
		}
	}
	return sum
}

// Counted is what lifetime_margin counts of that: what the pipeline is charged after the run besides.
func (s *LeverSet) Counted(x []float64) float64 {
	sum := s.Spend(x)
	for i := range s.Levers[:s.keys] {
		sum += float64(s.Levers[i].after * s.factor(x, i, len(s.quarters)-1))
	}
	return sum
}

// SpendOn is what it means to spend on one lever.
func (s *LeverSet) SpendOn(i int, x []float64) float64 {
	without := slices.Clone(x)
	without[i] = s.Levers[i].none()
	return s.Spend(x) - s.Spend(without)
}

// factor is what lever i is multiplied by in a quarter.
func (s *LeverSet) factor(x []float64, i, q int) float64 {
	f := x[i]
	if s.Levers[i].Starts > 0 {
		f--
	}
	if s.keys == len(x) || s.Levers[i].Group == "" {
		return f
	}
	return f * x[s.keys+q]
}

// Plan gives the plan with its levers at multiples x: on each day a lever's key
// has x times the value that it has in the plan.
func (s *LeverSet) Plan(x []float64) *plan.Plan {
	return s.plan.With(s.changes(x)...)
}

// changes are dated changes that come after all of the plan, one by quarter.
func (s *LeverSet) changes(x []float64) (out []plan.Change) {
	for q, from := range s.quarters {
		name := "optimised"
		if len(s.quarters) > 1 {
			name = fmt.Sprintf("%s-%02d", name, q+1)
		}
		c := s.plan.Final(name, from.from, 0)
		if q+1 < len(s.quarters) {
			c.Until = s.quarters[q+1].from
		}
		for i, l := range s.Levers[:s.keys] {
			f := s.factor(x, i, q)
			if l.Starts > 0 && f > 0 {
				c.Effects = append(c.Effects, plan.Effect{Key: l.Name, Value: f * l.Starts, Input: -1})
			}
			if l.Starts == 0 && f != 1 {
				c.Effects = append(c.Effects, plan.Effect{Key: l.Name, Multiply: true, Value: f, Input: -1})
			}
		}
		slices.SortFunc(c.Effects, func(a, b plan.Effect) int { return strings.Compare(a.Key, b.Key) })
		if len(c.Effects) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// Scenario writes the plan with its levers at multiples x as a scenario that
// extends another: what is changed and nothing else, old values in comments.
// Overrides KEY=VALUE of the command line become keys.
func (s *LeverSet) Scenario(extends, title string, overrides []string, x []float64) string {
	var b strings.Builder
	fmt.Fprintf(&b, "extends = %s\ntitle = %s\n", strconv.Quote(extends), strconv.Quote(title))
	for _, o := range overrides {
		key, value, _ := strings.Cut(o, "=")
		fmt.Fprintf(&b, "%s = %s\n", key, value)
	}
	for _, c := range s.changes(x) {
		fmt.Fprintf(&b, "\n[changes.%s]\nfrom = %s\nlayer = %d\n", c.Name, c.From, c.Layer)
		if c.Until != 0 {
			fmt.Fprintf(&b, "until = %s\n", c.Until)
		}
		for _, multiply := range []bool{false, true} {
			head := map[bool]string{false: "set", true: "multiply"}[multiply]
			for _, e := range c.Effects {
				if e.Multiply != multiply {
					continue
				}
				if head != "" {
					fmt.Fprintf(&b, "[changes.%s.%s]\n", c.Name, head)
					head = ""
				}
				fmt.Fprintf(&b, "%s = %s%s\n", strconv.Quote(e.Key), plan.FormatNumber(e.Value), s.comment(e))
			}
		}
	}
	return b.String()
}

// comment tells the old value of a key and the new one.
func (s *LeverSet) comment(e plan.Effect) string {
	if !e.Multiply {
		return " # was 0"
	}
	moved := func(key string) bool { return matches(key, e.Key) || matches(e.Key, key) }
	for _, x := range s.plan.Schedules {
		if moved(x.Key) {
			return " # of a schedule"
		}
	}
	for _, c := range s.plan.Changes {
		for _, other := range c.Effects {
			if moved(other.Key) {
				return " # of what dated changes make of it"
			}
		}
	}
	numbers, param, err := s.plan.Numbers(e.Key)
	if err != nil || len(numbers) != 1 {
		return " # of a table"
	}
	old, now := *numbers[0], *numbers[0]*e.Value
	if param.Whole {
		now = math.RoundToEven(now)
	}
	return strings.TrimRight(fmt.Sprintf(" # was %s, is %s %s", plan.FormatNumber(old),
		strconv.FormatFloat(math.Round(100*now)/100, 'f', -1, 64), param.Unit), " ")
}
