package model

import (
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"

	"windfall/model/plan"
)

// What an observer is told adds up to the outcomes, and a win has the identity, the times and the path of its lead.
func TestObserversAreToldAllThatHappens(t *testing.T) {
	t.Parallel()
	p := busyMarket()
	p.Run.Weeks = 30
	pr, s, rec := prepared(t, p)
	seen := &Trace{Only: Leads | Contacts | Wins | PathsOfLeads | PathsOfWins}
	s.Observer = seen
	wins := 0
	for replication := range 3 {
		s.Replicate(4, replication, rec)
		require.EqualValues(t, len(seen.Customers), outcome(t, pr, rec, "won"))
		require.EqualValues(t, len(seen.Leads), outcome(t, pr, rec, "leads"))
		require.EqualValues(t, len(seen.Contacts), outcome(t, pr, rec, "opportunities"))
		leads := map[uint64]Lead{}
		for _, l := range seen.Leads {
			if l.Real {
				require.NotContains(t, leads, l.ID, "a firm raises its hand once with a real intention")
				leads[l.ID] = l
			}
		}
		ltv := 0.0
		for _, w := range seen.Customers {
			ltv += w.LTV
			l, inRun := leads[w.ID]
			if w.Raised < 0 { // in the burn-in
				require.False(t, inRun)
				continue
			}
			require.Equal(t, l.Firm, w.Firm)
			require.GreaterOrEqual(t, w.Won, w.Raised)
			wins++
		}
		require.InEpsilon(t, outcome(t, pr, rec, "ltv_total"), ltv, 1e-9)
	}
	require.Greater(t, wins, 100)
}

// Who asks for little is told little, and nothing of it moves a number.
func TestObserversAreToldWhatTheyAskFor(t *testing.T) {
	t.Parallel()
	p := busyMarket()
	p.Run.Weeks = 20
	q := p.Clone()
	q.Changes = append(q.Changes, from(q, 9, "channels.*.weekly_budget", 0))
	q.OpeningPlan = p.OpeningPlan
	var all []*Prepared
	var want, records []*plan.Record
	for _, x := range []*plan.Plan{p, q} {
		pr, rec := replicated(t, x, 4, 1)
		all, want, records = append(all, pr), append(want, rec), append(records, pr.Schema().NewRecord())
	}
	g := NewGroup(all)
	require.Positive(t, g.SharedUntil(1))
	few, none := &Trace{Only: Wins}, &Trace{Only: Contacts}
	g.Observers = []Observer{few, none}
	g.Replicate(4, 1, records)
	for i := range all {
		require.Empty(t, differences(all[i].Schema(), want[i], records[i]))
	}
	require.EqualValues(t, len(few.Customers), outcome(t, all[0], records[0], "won"))
	require.EqualValues(t, len(none.Contacts), outcome(t, all[1], records[1], "opportunities"))
	require.Empty(t, few.Leads)
	require.Empty(t, few.Contacts)
	require.Empty(t, none.Customers)
	for _, w := range few.Customers {
		require.Nil(t, w.Path)
	}
	g.Observers[1] = nil // one plan of two is observed
	g.Replicate(4, 1, records)
	require.EqualValues(t, len(few.Customers), outcome(t, all[0], records[0], "won"))
}

// What docs/truth.md says of the memory that wins take.
func TestWinsTakeTheMemoryThatIsSaid(t *testing.T) {
	require.EqualValues(t, 144, unsafe.Sizeof(Win{}))
	require.EqualValues(t, 16, unsafe.Sizeof(Touch{}))
}

// Each touch is told once, on its day, and weeks are told as they end: both add up to the run. Customers of the first day
// are told to who asks for them.
func TestTouchesAndWeeksAreTold(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"week", "day"} {
		p := busyMarket()
		p.Run.Weeks, p.Run.Step = 20, step
		pr, s, rec := prepared(t, p)
		seen := &weekWatcher{}
		seen.Only = Touches | Weeks | Openings
		s.Observer = seen
		for replication := range 2 {
			s.Replicate(5, replication, rec)
			require.EqualValues(t, len(seen.Made), outcome(t, pr, rec, "touches"))
			require.EqualValues(t, len(seen.Customers), s.w.openingCustomers())
			require.NotEmpty(t, seen.Customers)
			require.Len(t, seen.touches, 20)
			byWeek := make([]int, 20)
			for _, m := range seen.Made {
				require.Less(t, m.Trigger, m.At)
				byWeek[int(m.At)]++
			}
			require.Equal(t, byWeek, seen.touches)
			require.EqualValues(t, seen.won, outcome(t, pr, rec, "won"))
			require.Positive(t, seen.won)
			require.InEpsilon(t, outcome(t, pr, rec, "media_spend"), seen.media, 1e-9)
			for _, c := range seen.Customers {
				require.True(t, c.Opening)
				require.LessOrEqual(t, c.Won, 0.0)
				require.Positive(t, c.Price)
			}
		}
	}
}

// weekWatcher adds up what is told of weeks.
type weekWatcher struct {
	Trace
	touches []int
	won     uint32
	media   float64
}

func (x *weekWatcher) Begin() {
	x.Trace.Begin()
	x.touches, x.won, x.media = nil, 0, 0
}

func (x *weekWatcher) Week(k *Week) {
	n := 0
	for i := range k.Touches {
		n += int(k.Touches[i])
		x.won += k.Won[i]
	}
	for _, usd := range k.Media {
		x.media += usd
	}
	x.touches = append(x.touches, n)
}

// What is told of the customers of the first day is what they pay: their bills are those of the outcome, also where a
// replayed past had other prices.
func TestOpeningCustomersAreToldAtWhatTheyPay(t *testing.T) {
	t.Parallel()
	for _, forAll := range []bool{false, true} {
		p := replays(60)
		for i := range p.Products {
			q := &p.Products[i]
			q.PriceForAll, q.PrepaidShare, q.Discount = forAll, 0, 0.1
			p.Schedules = append(p.Schedules, plan.Schedule{Key: "products." + q.Name + ".price", Entries: []plan.ScheduleEntry{
				{From: p.Run.Start - 7*80, Value: q.Price / 4, Input: -1}, {From: p.Run.Start - 7*8, Value: q.Price, Input: -1}}})
		}
		for i := range p.Customers.SeatGrowthPerYear {
			p.Customers.SeatGrowthPerYear[i] = 0
		}
		pr, s, rec := prepared(t, p)
		seen := &Trace{Only: Openings}
		s.Observer = seen
		s.Replicate(4, 0, rec)
		bills := 0.0
		for _, w := range seen.Customers {
			bills += w.Price * w.Seats
		}
		require.InEpsilon(t, outcome(t, pr, rec, "opening_mrr"), bills, 1e-9, "%t", forAll)
	}
}
