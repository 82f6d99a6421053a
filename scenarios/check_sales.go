package scenarios

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"windfall/model/plan"
)

// checkTeams looks at who sells what to whom: every sign-up must find exactly
// one team.
func (b *builder) checkTeams() {
	p := b.plan
	for i := range p.Teams {
		t := &p.Teams[i]
		key := "teams." + plan.JoinKey(t.Name)
		if !t.Enabled {
			continue
		}
		b.checkReplies(t, key)
		b.checkRamping(t, key)
		if t.Kind != "people" {
			continue
		}
		if math.IsNaN(t.OpportunitiesPerWeek) {
			param := b.param("teams.*.opportunities_per_week")
			b.wrong(key+".opportunities_per_week", "a team of kind people needs it: %s", need(param))
		}
		if t.People == 0 && b.constant(key+".people") {
			b.note(key+".people", "the team has nobody: its sign-ups wait until their windows end")
		}
	}
	b.checkListedTeams()
	selling := slices.ContainsFunc(p.Channels, func(c plan.Channel) bool { return c.Enabled })
	if !selling {
		return
	}
	if !slices.ContainsFunc(p.Products, func(x plan.Product) bool { return x.Enabled }) {
		b.note("products", "there is nothing to sell: every lead is unqualified")
		return
	}
	for s, size := range p.Dimension("size") {
		b.checkServed(s, size)
	}
}

// checkRamping looks at those of a team who began lately.
func (b *builder) checkRamping(t *plan.Team, key string) {
	if len(t.Ramping) == 0 {
		return
	}
	here, lately := key+".ramping", 0.0
	for _, x := range t.Ramping {
		lately += x.People
	}
	people := t.People
	for _, s := range b.plan.Schedules {
		for _, e := range s.Entries {
			if s.Key == key+".people" && e.From <= b.plan.Run.Start && (e.Until == 0 || e.Until > b.plan.Run.Start) {
				people = e.Value
			}
		}
	}
	switch {
	case t.Kind != "people":
		b.wrong(here, "belongs to a team of kind people; this one has kind = %q and nobody who ramps up", t.Kind)
	case b.plan.Opening.Replay:
		b.wrong(here, "is said twice: opening.replay replays the head-counts of the past, and who joins in them ramps up "+
			"from that day on; date people instead, as in [{value = 4}, {from = 2012-12-04, value = 6}]")
	case lately > people && !b.uncertain(key+".people"):
		b.wrong(here, "names %s people, and the team has %s on the first day; raise people, which counts everybody, or "+
			"correct the list", plan.FormatNumber(lately), plan.FormatNumber(people))
	case !b.uncertain(key+".ramp_weeks") && t.Ramping[len(t.Ramping)-1].WeeksAgo >= t.RampWeeks:
		b.note(here, "does nothing for who began %s weeks ago: a new person is at full speed after ramp_weeks, %s; leave "+
			"the entry out", plan.FormatNumber(t.Ramping[len(t.Ramping)-1].WeeksAgo), plan.FormatNumber(t.RampWeeks))
	}
}

// checkReplies looks at how fast and when a team answers.
func (b *builder) checkReplies(t *plan.Team, key string) {
	needs := func(name string, of []float64) {
		for s, x := range of {
			if size := b.plan.Population.Sizes[s].Name; math.IsNaN(x) && holds(t.Sizes, size) {
				param, _ := paramOf("teams.*." + name)
				b.wrong(key+"."+name, "a team with speed = %q needs it for every size class that it serves (%s has none): %s",
					t.Speed, size, need(param))
				return
			}
		}
	}
	switch t.Speed {
	case "two":
		needs("speed_slow_share", t.SpeedSlowShare)
		needs("speed_slow_half_life_hours", t.SpeedSlowHalfLifeHours)
	case "power":
		needs("speed_scale_hours", t.SpeedScaleHours)
		needs("speed_power", t.SpeedPower)
	}
	if t.CloseHour <= t.OpenHour {
		b.wrong(key+".close_hour", "must be after open_hour, %s, and at most 24; a shift over midnight is not known",
			plan.FormatNumber(t.OpenHour))
	}
	full := key + ".never_answered_at_full_load"
	if t.NeverAnsweredAtFullLoad < t.NeverAnswered && !b.uncertain(key+".never_answered") && !b.uncertain(full) {
		b.wrong(full, "must not be below never_answered, %s, and at most 1: a busy team leaves no fewer leads unanswered",
			plan.FormatNumber(t.NeverAnswered))
	}
	for _, name := range append([]string{"screening_share", "open_hour", "close_hour", "business_days",
		"never_answered", "never_answered_at_full_load"}, speedKeys[1:]...) {
		if b.places[key+"."+name] == nil || b.root.kid("resolved") != nil { // which writes every key
			continue
		}
		if why := idle(b.plan, key+"."+name); why != "" {
			b.note(key+"."+name, "does nothing: %s", why)
		}
	}
}

// checkListedTeams reports two teams that serve one size class and list one channel.
func (b *builder) checkListedTeams() {
	p := b.plan
	for _, size := range p.Dimension("size") {
		for _, channel := range p.Dimension("channel") {
			first := ""
			for i := range p.Teams {
				t := &p.Teams[i]
				if !t.Enabled || !holds(t.Sizes, size) || !slices.Contains(t.Channels, channel) {
					continue
				}
				if first == "" {
					first = t.Name
					continue
				}
				key := "teams." + plan.JoinKey(t.Name) + ".channels"
				if !slices.ContainsFunc(b.problems, func(x Problem) bool { return x.Key == key }) {
					b.wrong(key, "team %s takes sign-ups of size class %s through %s already", first, size, channel)
				}
			}
		}
	}
}

// checkServed reports a size class whose sign-ups find no team, or find shares
// of teams that do not sum to 1.
func (b *builder) checkServed(s int, size string) {
	p := b.plan
	if !slices.ContainsFunc(p.Products, func(x plan.Product) bool { return x.Enabled && holds(x.Sizes, size) }) {
		b.note("products", "no product is sold to size class %s: its leads are unqualified", size)
		return
	}
	var sum float64
	var names []string
	loose := false
	for i := range p.Teams {
		t := &p.Teams[i]
		if !t.Enabled || len(t.Channels) > 0 || !holds(t.Sizes, size) {
			continue
		}
		key := "teams." + plan.JoinKey(t.Name) + ".share"
		loose = loose || b.uncertain(key) || b.uncertain(key+"."+plan.JoinKey(size))
		names = append(names, t.Name)
		sum += t.Share[s]
	}
	slack := 1e-6
	if loose {
		slack = 0.1
	}
	if len(names) > 0 {
		if math.Abs(sum-1) > slack {
			b.wrongShares(names, size, sum)
		} else if !loose && math.Abs(sum-1) > 1e-12 {
			for i := range p.Teams {
				if t := &p.Teams[i]; t.Enabled && len(t.Channels) == 0 && holds(t.Sizes, size) {
					t.Share[s] /= sum
				}
			}
		}
		return
	}
	for i := range p.Channels {
		c := &p.Channels[i]
		if !receives(p, c, s) {
			continue
		}
		if !slices.ContainsFunc(p.Teams, func(t plan.Team) bool {
			return t.Enabled && holds(t.Sizes, size) && slices.Contains(t.Channels, c.Name)
		}) {
			b.wrong("teams", "no team serves sign-ups of size class %s through %s", size, c.Name)
			return
		}
	}
}

// wrongShares reports teams whose shares of a size class do not sum to 1, at
// what upset the sum: of their shares and of what decides who is among them,
// the key that was set last.
func (b *builder) wrongShares(names []string, size string, sum float64) {
	var keys []string
	for _, name := range slices.Backward(names) {
		keys = append(keys, "teams."+plan.JoinKey(name)+".share")
	}
	for i := range b.plan.Teams {
		t := &b.plan.Teams[i]
		key := "teams." + plan.JoinKey(t.Name)
		if holds(t.Sizes, size) {
			keys = append(keys, key+".enabled", key+".channels")
		}
		keys = append(keys, key+".sizes")
	}
	at := slices.MaxFunc(keys, func(x, y string) int { return cmp.Compare(b.layer(x), b.layer(y)) })
	one, value := keys[0], ""
	if len(names) > 1 {
		one = "one of the shares"
	}
	todo := "raise " + one + ", or give another team the rest"
	if sum > 1 {
		todo = "lower " + one
	}
	n := b.at(at)
	if n != nil && n == b.places[at] {
		value = n.show()
	}
	b.report(n, at, value, fmt.Sprintf("the shares of the teams that serve size class %s (%s) sum to %s; they must sum "+
		"to 1: %s", size, join(names), short(sum), todo), "")
}

// layer orders the places of keys: the command line over the file that was
// asked for, this over its bases; a key that is set nowhere comes first.
func (b *builder) layer(key string) int {
	switch n := b.places[key]; {
	case n == nil:
		return 0
	case n.file == SetPlace:
		return 3
	case n.file == b.main:
		return 2
	}
	return 1
}

// join lists names.
func join(names []string) string {
	s := ""
	for i, n := range names {
		if i > 0 {
			s += ", "
		}
		s += n
	}
	return s
}
