package scenarios

import (
	"fmt"
	"math"
	"slices"

	"windfall/model"
)

// checkTeams looks at who sells what to whom: every sign-up must find exactly
// one team.
func (b *builder) checkTeams() {
	p := b.plan
	for i := range p.Teams {
		t := &p.Teams[i]
		key := "teams." + model.JoinKey(t.Name)
		if !t.Enabled || t.Kind != "people" {
			continue
		}
		if math.IsNaN(t.OpportunitiesPerWeek) {
			param, _ := paramOf("teams.*.opportunities_per_week")
			b.wrong(key+".opportunities_per_week", "a team of kind people needs it: %s", need(param))
		}
		if t.People == 0 && b.constant(key+".people") {
			b.note(key+".people", "the team has nobody: its sign-ups wait until their windows end")
		}
	}
	b.checkListedTeams()
	selling := slices.ContainsFunc(p.Channels, func(c model.Channel) bool { return c.Enabled })
	if !selling {
		return
	}
	if !slices.ContainsFunc(p.Products, func(x model.Product) bool { return x.Enabled }) {
		b.note("products", "there is nothing to sell: every lead is unqualified")
		return
	}
	for s, size := range p.Dimension("size") {
		b.checkServed(s, size)
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
				key := "teams." + model.JoinKey(t.Name) + ".channels"
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
	if !slices.ContainsFunc(p.Products, func(x model.Product) bool { return x.Enabled && holds(x.Sizes, size) }) {
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
		key := "teams." + model.JoinKey(t.Name) + ".share"
		loose = loose || b.uncertain(key) || b.uncertain(key+"."+model.JoinKey(size))
		names = append(names, t.Name)
		sum += t.Share[s]
	}
	slack := 1e-6
	if loose {
		slack = 0.1
	}
	if len(names) > 0 {
		if math.Abs(sum-1) > slack {
			key := "teams." + model.JoinKey(names[len(names)-1]) + ".share"
			n := b.at(key)
			b.report(n, key, "", fmt.Sprintf("the shares of the teams that serve size class %s (%s) sum to %s; they must sum to 1", size, join(names), short(sum)), "")
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
		if !c.Enabled || c.MaxTouchesPerWeek == 0 || c.Reach.Size[s] == 0 {
			continue
		}
		if !slices.ContainsFunc(p.Teams, func(t model.Team) bool {
			return t.Enabled && holds(t.Sizes, size) && slices.Contains(t.Channels, c.Name)
		}) {
			b.wrong("teams", "no team serves sign-ups of size class %s through %s", size, c.Name)
			return
		}
	}
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
