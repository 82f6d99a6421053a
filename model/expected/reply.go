package expected

import (
	"math"

	"windfall/model/plan"
)

// answered gives the load of a team from the work of all leads that come to it, and the share that it never
// answers: the busier, the more.
func answered(team *plan.Team, work float64) (load, never float64) {
	full := neverAtFullLoad(team)
	load = work
	for range 60 { // the share falls with the load that it leaves: a contraction once it is damped
		never = team.NeverAnswered + (full-team.NeverAnswered)*min(1, load)
		load = (load + work*(1-never)) / 2
	}
	return load, never
}

// neverAtFullLoad is the share of leads that a team never answers where everybody is busy.
func neverAtFullLoad(team *plan.Team) float64 {
	if math.IsNaN(team.NeverAnsweredAtFullLoad) {
		return team.NeverAnswered
	}
	return team.NeverAnsweredAtFullLoad
}

// moment is a part of the week, by how long who raises the hand in it waits: for sure, and beyond that with a
// chance and an exponential law.
type moment struct {
	share, sure   float64
	chance, drain float64
}

// firstContact gives the share of sign-ups that reach first contact, the mean
// of what waiting leaves of the chance to win over them, and the mean wait in weeks. Waits follow
// Erlang C; under overload a team serves what it can (a fluid).
func (f *funnel) firstContact(team *plan.Team, s int, people, load float64) (contact, speed, wait float64) {
	end := 0.0 // rate at which windows end while waiting
	if f.remaining[s][0] > 0 && f.remaining[s][1] > 0 {
		end = f.remaining[s][0] / f.remaining[s][1]
	}
	delay := team.AnswerDelayHours / plan.HoursPerWeek
	if team.Kind != "people" || people <= 0 {
		return math.Exp(-end * delay), meanLeft(team, s, moment{1, delay, 0, 1}), delay
	}
	if load >= 0.995 {
		// Waits grow until as many leave the queue as cannot be served.
		lost := max(0, 1-1/load)
		extra := 0.0
		if end > 0 {
			extra = -math.Log(1-lost) / end
		}
		return math.Exp(-end*delay) * (1 - lost), meanLeft(team, s, moment{1, delay + extra, 0, 1}), delay + extra
	}
	for _, m := range moments(team, people, load) {
		m.sure += delay
		contact += m.share * math.Exp(-end*m.sure) * (1 - m.chance + m.chance*m.drain/(m.drain+end))
		speed += m.share * meanLeft(team, s, m)
		wait += m.share * (m.sure + m.chance/m.drain)
	}
	return contact, speed, wait
}

// aQuarter is the number of moments of a day.
const aQuarter = 96

// moments are the parts of a week. A team that works round the clock has one. With office hours the leads of the
// night wait for the morning and then for those before them (a fluid, of which a lead each is taken up at once);
// where nobody waits the rest is Erlang C at the load of these hours.
func moments(team *plan.Team, people, load float64) []moment {
	mu := team.OpportunitiesPerWeek
	open := team.BusinessDays / 7 * (team.CloseHour - team.OpenHour) / 24
	if open >= 1 {
		busy := erlangC(people, load*people)
		return []moment{{1, 0, busy, people * mu * (1 - load)}}
	}
	const n = 7 * aQuarter
	works := func(k int) float64 { // whether the team works in a moment
		hour := (float64(k%aQuarter) + 0.5) * 24 / aQuarter
		if float64(k%n/aQuarter) < team.BusinessDays && hour > team.OpenHour && hour < team.CloseHour {
			return 1
		}
		return 0
	}
	list, backlog := make([]moment, 0, n), 0.0 // in weeks of work of the whole team
	calm := load * open
	busy := erlangC(people, calm*people)
	for k := range 4 * n {
		backlog = max(0, backlog+(load-works(k)/open)/n)
		if k < 3*n {
			continue // the week comes round
		}
		m := moment{share: 1.0 / n, drain: 1}
		ahead := backlog - 1/mu // everybody takes up one of those who wait
		at := k
		for ; works(at) == 0 || ahead > 1e-12; at++ {
			ahead -= works(at) / open / n
		}
		m.sure = float64(at-k) / n
		if at == k {
			m.chance, m.drain = busy, people*mu/open*(1-calm)
		}
		list = append(list, m)
	}
	return list
}

// meanLeft is the mean of what a wait leaves of the chance to win.
func meanLeft(team *plan.Team, s int, m moment) float64 {
	fading := func(halfLifeHours float64) float64 {
		decay := math.Ln2 / (halfLifeHours / plan.HoursPerWeek)
		return math.Exp(-decay*m.sure) * (1 - m.chance + m.chance*m.drain/(m.drain+decay))
	}
	switch team.Speed {
	case "two":
		slow := team.SpeedSlowShare[s]
		return (1-slow)*fading(team.SpeedHalfLifeHours[s]) + slow*fading(team.SpeedSlowHalfLifeHours[s])
	case "power":
		left := func(weeks float64) float64 {
			return math.Pow(1+weeks*plan.HoursPerWeek/team.SpeedScaleHours[s], -team.SpeedPower[s])
		}
		sum := (1 - m.chance) * left(m.sure)
		if m.chance == 0 {
			return sum
		}
		const cuts = 64
		for i := range cuts {
			sum += m.chance / cuts * left(m.sure-math.Log1p(-(float64(i)+0.5)/cuts)/m.drain)
		}
		return sum
	}
	return fading(team.SpeedHalfLifeHours[s])
}
