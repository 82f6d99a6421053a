package model

import "fmt"

// Conserved checks the identities that hold at the end of every step of the run
// (docs/verification.md, V4) and names the first that does not. It walks over
// everything and is meant for tests.
func (s *State) Conserved() error {
	var inMarket, customers, free int
	for i := range s.pools.firms {
		p := &s.pools
		inMarket += p.inMarket[i]
		customers += p.customers[i]
		free += p.free[i]
		if p.dormant[i]+p.inMarket[i]+p.locked[i]+p.customers[i]+p.free[i] != p.firms[i] {
			return fmt.Errorf("step %d, cell %s: %d dormant + %d in market + %d locked + %d customers + %d free users are not "+
				"%d firms",
				s.step, s.w.cells[i].Name, p.dormant[i], p.inMarket[i], p.locked[i], p.customers[i], p.free[i], p.firms[i])
		}
		if p.dormant[i] < 0 || p.inMarket[i] < 0 || p.locked[i] < 0 || p.customers[i] < 0 || p.free[i] < 0 {
			return fmt.Errorf("step %d, cell %s: a negative count", s.step, s.w.cells[i].Name)
		}
	}
	t := &s.tally
	if customers != s.base.live {
		return fmt.Errorf("step %d: %d customers in cells, %d live", s.step, customers, s.base.live)
	}
	if free != s.free.users {
		return fmt.Errorf("step %d: %d free users in cells, %d live", s.step, free, s.free.users)
	}
	open := inMarket - s.sales.inProgress
	ended := t.expired + t.died + t.toRivals
	if in, out := t.journeysAtStart+t.journeys, t.signups+t.unfit+t.unaffordable+ended+open; in != out {
		return fmt.Errorf("step %d: %d journeys at start + opened, %d signed up + unqualified + expired + died + chose a "+
			"rival + open",
			s.step, in, out)
	}
	if t.real != t.signups+t.unfit+t.unaffordable || t.real > t.leads {
		return fmt.Errorf("step %d: of %d leads %d are real, %d signed up + unqualified", s.step, t.leads, t.real,
			t.signups+t.unfit+t.unaffordable)
	}
	if in, out := t.screensAtStart+t.toScreen, t.screenings+t.unscreened+s.sales.toScreen; in != out {
		return fmt.Errorf("step %d: %d leads to screen at start + new, %d screened + left + waiting", s.step, in, out)
	}
	lost := t.lostWaiting + t.diedInSales + t.rivalWaiting + t.rivalInSales
	going := s.sales.inProgress + s.free.users
	if in, out := t.salesAtStart+t.signups, t.wins+t.refused+lost+going; in != out {
		return fmt.Errorf("step %d: %d sign-ups at start + new, %d won + refused + lost + died + chose a rival + in "+
			"progress + free users",
			s.step, in, out)
	}
	if in, out := s.base.opened+t.wins, t.churned+t.customerDeaths+s.base.live; in != out {
		return fmt.Errorf("step %d: %d customers opening + won, %d churned + died + live", s.step, in, out)
	}
	if l, m := &s.money.total, &s.money; m.opening+l.collections-l.refunds-l.costOfRevenue-l.media-l.brand-l.pay-
		l.commission-l.onboarding-l.fees-l.fixed+l.financing != m.cash {
		return fmt.Errorf("step %d: the cash lines do not sum to the account", s.step)
	}
	return nil
}
