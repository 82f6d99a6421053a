package model

import "windfall/model/plan"

// books are the stocktakings of a replication, kept to be filled again.
type books struct {
	week    weekEnd
	closing closing
	after   aftermath
}

func (b *books) init(s *State) {
	b.week.signups = s.tally.weekSignups
	b.week.teams = make([]teamWeek, len(s.sales.teams))
}

// finish fills the record at the end of the run and adds what comes after it.
func (s *State) finish(rec *plan.Record) {
	s.report(rec)
	if s.money.ruined {
		return
	}
	moved := s.carry.setStocks(s)
	after := &s.books.after
	*after = aftermath{}
	after.margin, after.media = s.followTail()
	if moved {
		after.carried = s.carryOver()
	}
	s.pr.dictionary.reportLater(rec.Outcomes, after)
}

// report fills the record at the end of a replication.
func (s *State) report(rec *plan.Record) {
	d, t := s.pr.dictionary, &s.tally
	if s.money.ruined {
		d.fillRuined(rec.Weekly, s.money.ruinWeek)
	}
	end := s.endOfBooks()
	if s.free.on {
		s.closeFree(end)
	}
	t.rollUp()
	t.allocate(s)
	d.reportSlices(rec, t, end)
	d.reportMonths(rec, t)
	d.report(rec.Outcomes, s.close())
}

// endOfBooks is the time at which the run ends, by its last day or by ruin.
func (s *State) endOfBooks() float64 {
	if s.money.ruined {
		return float64(s.money.ruinWeek)
	}
	return s.w.end()
}
