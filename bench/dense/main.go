// Dense is the rival that the engine is measured against: the obvious way to
// simulate a market, written to be fast. It keeps a byte for every firm and asks
// every one of them in every week whether a trigger fires, then steps every
// journey in market through its channels. It does triggers and touches only: no
// products, sales, customers, brand dynamics or cash.
//
// What makes it fast: firms of a cell lie together, so a week is one sweep per
// cell; one random word decides two firms; the sweep writes the firms that fire
// to a list without a branch, and only the list touches the firms' state; a
// journey without a touch in the week, four of five, costs one comparison. What it
// leaves out favours it: it draws sequentially (nothing is addressed, so two plans
// cannot be paired), and holds the rates of the first day for the run.
//
//	go run ./bench/dense -replications 2
//
// prints a line of JSON: what one replication did and its CPU time. Numbers of
// journeys and touches should be near those of the engine; they are not results.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"os"
	"runtime"

	"windfall/bench/clock"
	"windfall/scenarios"
)

func main() {
	name := flag.String("scenario", "phone-system", "scenario whose market and channels are used")
	weeks := flag.Int("weeks", 0, "weeks to run; 0: as the scenario")
	burnIn := flag.Int("burn-in", -1, "weeks before the first; -1: as the scenario")
	replications := flag.Int("replications", 1, "replications, after one to warm up")
	flag.Parse()
	plan, err := scenarios.Load(*name)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	m := newMarket(plan)
	if *weeks == 0 {
		*weeks = int(plan.Run.Weeks)
	}
	if *burnIn < 0 {
		*burnIn = int(plan.Opening.BurnInWeeks)
	}
	runtime.GOMAXPROCS(1)
	runtime.LockOSThread()
	m.run(0, *burnIn, *weeks)
	begin := clock.CPU()
	var last counts
	for r := range *replications {
		last = m.run(uint64(r+1), *burnIn, *weeks)
	}
	spent := clock.CPU() - begin
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{
		"firms": len(m.state), "weeks": *weeks, "burn_in": *burnIn,
		"journeys": last.journeys, "touches": last.touches, "leads": last.leads,
		"cpu_ms": float64(spent.Microseconds()) / 1000 / float64(*replications),
	})
}

// counts are what a replication did in its weeks, without the burn-in.
type counts struct{ journeys, touches, leads int }

// States of a firm.
const (
	dormant uint8 = iota
	inMarket
	locked
)

// cell is the firms from first up to before end, who share all rates.
type cell struct {
	first, end int
	fires      uint32   // threshold on 32 bits: a trigger in a week
	kinds      []uint32 // cumulative thresholds of the kinds
	reach      []uint32 // by channel, on 16 bits
	away       float64  // share that is not dormant at the start
	needLog    float64
}

// kind is a trigger kind.
type kind struct {
	windowWeeks float64
	visible     uint32 // on 16 bits
	urgency     float64
}

// channel is a channel at the rates of the first day.
type channel struct {
	rate     float32 // touches per week on a firm it reaches
	raise    float64 // chance that a touch on a ready firm raises its hand
	weight   float64
	targeted bool
}

// journey is a firm in market.
type journey struct {
	firm     int32
	left     float32 // weeks
	progress float32
	need     float32 // need^h, drawn at the first touch
	reach    uint64
	touched  uint64
	urgency  float32
	rate     float32 // touches per week
	none     uint32  // threshold on 32 bits: no touch in a week
	cell     int32
}

type market struct {
	state    []uint8
	cells    []cell
	kinds    []kind
	channels []channel
	fade     float32 // of progress in a week
	bonus    float32
	steep    int
	lock     int
	sigma    float64

	open    []journey
	hits    []int32
	release [][]int32 // firms whose lock ends, by week
	random  wyrand
	more    *rand.Rand // the library's exponential and normal, from random
}

// run simulates one replication.
func (m *market) run(seed uint64, burnIn, weeks int) counts {
	m.random = wyrand(seed * 0x9e3779b97f4a7c15)
	m.open = m.open[:0]
	m.release = make([][]int32, burnIn+weeks+m.lock+1)
	m.begin()
	var total counts
	for w := range burnIn + weeks {
		m.unlock(w)
		c := counts{journeys: m.sweep()}
		m.step(w, &c)
		if w >= burnIn {
			total.journeys += c.journeys
			total.touches += c.touches
			total.leads += c.leads
		}
	}
	return total
}

// begin locks the share of firms that a long run would find away.
func (m *market) begin() {
	for i := range m.cells {
		c := &m.cells[i]
		away := uint32(c.away * (1 << 32))
		for f := c.first; f < c.end; f++ {
			m.state[f] = dormant
			if word := m.random.next(); uint32(word) < away {
				m.state[f] = locked
				week := int(word >> 32 * uint64(m.lock) >> 32)
				m.release[week] = append(m.release[week], int32(f))
			}
		}
	}
}

func (m *market) unlock(week int) {
	for _, f := range m.release[week] {
		m.state[f] = dormant
	}
	m.release[week] = nil
}

// sweep asks every firm whether a trigger fires, and opens journeys at those
// that are dormant.
func (m *market) sweep() (opened int) {
	random := m.random
	for i := range m.cells {
		c := &m.cells[i]
		if need := c.end - c.first + 2; len(m.hits) < need {
			m.hits = make([]int32, need)
		}
		hits, n, fires := m.hits, 0, uint64(c.fires)
		for f := c.first; f < c.end; f += 2 {
			word := random.next()
			// The difference is negative, its top bit 1, where the draw is below.
			hits[n] = int32(f)
			n += int((word&0xffffffff - fires) >> 63)
			hits[n] = int32(f + 1)
			n += int((word>>32 - fires) >> 63)
		}
		if n > 0 && int(hits[n-1]) >= c.end {
			n-- // the second half of the last word of an odd cell
		}
		m.random = random
		for _, f := range hits[:n] {
			if m.state[f] == dormant {
				m.start(f, i)
				opened++
			}
		}
		random = m.random
	}
	m.random = random
	return opened
}

// start opens a journey at a firm.
func (m *market) start(firm int32, at int) {
	c := &m.cells[at]
	m.state[firm] = inMarket
	word := m.random.next()
	k := 0
	for k < len(c.kinds)-1 && uint32(word) >= c.kinds[k] {
		k++
	}
	visible := uint32(word>>32&0xffff) < m.kinds[k].visible
	j := journey{firm: firm, urgency: float32(m.kinds[k].urgency), cell: int32(at)}
	j.left = float32(m.more.ExpFloat64() * m.kinds[k].windowWeeks)
	for i := range m.channels {
		if i&3 == 0 {
			word = m.random.next()
		}
		if uint32(word&0xffff) < c.reach[i] && (visible || !m.channels[i].targeted) {
			j.reach |= 1 << i
			j.rate += m.channels[i].rate
		}
		word >>= 16
	}
	j.none = uint32(math.Exp(-float64(j.rate)) * (1<<32 - 1))
	m.open = append(m.open, j)
}

// step takes every journey in market through a week.
func (m *market) step(week int, c *counts) {
	kept := m.open[:0]
	for i := range m.open {
		j := m.open[i]
		j.progress *= m.fade
		ended := m.touch(&j, c)
		if ended {
			c.leads++
		}
		if j.left--; ended || j.left <= 0 {
			m.state[j.firm] = locked
			m.release[week+m.lock] = append(m.release[week+m.lock], j.firm)
			continue
		}
		kept = append(kept, j)
	}
	m.open = kept
}

// touch lets the channels that reach a journey touch it; true: it raised its
// hand.
func (m *market) touch(j *journey, c *counts) bool {
	word := uint32(m.random.next())
	if word <= j.none {
		return false
	}
	// The same draw, beyond none, is inverted to a number of touches.
	left := float64(word-j.none) / (1 << 32)
	term := float64(j.none) / (1 << 32) * float64(j.rate)
	for n := 1; ; n++ {
		if m.touchOnce(j, c) {
			return true
		}
		if left -= term; left <= 0 || n == 64 {
			return false
		}
		term *= float64(j.rate) / float64(n+1)
	}
}

func (m *market) touchOnce(j *journey, c *counts) bool {
	u := float32(m.random.unit()) * j.rate
	i := 0
	for set := j.reach; set != 0; set &= set - 1 {
		i = bits.TrailingZeros64(set)
		if u -= m.channels[i].rate; u < 0 {
			break
		}
	}
	c.touches++
	ch := &m.channels[i]
	weight := float32(ch.weight)
	if j.touched == 0 {
		j.need = float32(math.Exp(float64(m.steep) * (m.cells[j.cell].needLog + m.sigma*m.more.NormFloat64())))
	} else if j.touched>>i&1 == 0 {
		weight *= 1 + m.bonus
	}
	j.touched |= 1 << i
	j.progress += weight
	power := float32(1)
	for range m.steep {
		power *= j.progress
	}
	return m.random.unit() < float64(power/(power+j.need))*ch.raise*float64(j.urgency)
}

// wyrand is a sequential generator of 64-bit words.
type wyrand uint64
