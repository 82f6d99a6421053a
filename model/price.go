package model

import (
	"math"

	"windfall/model/plan"
	"windfall/model/rng"
)

// How customers answer prices. The chance to win follows the net price (docs/model.md, section 3.7); live customers
// answer a change that reaches them (section 3.8). Of a customer with the steps r1, r2, ... of the log price since its
// win the churn hazard is multiplied by
//
//	exp(lasting x (r1 + r2 + ...) + transient x gap)    gap = sum of r 2^(-weeks since the step/half-life)
//
// so that a rise costs more at first than in the end, a fall is its mirror, and a rise that is taken back
// at once is none.

// fillPriceMoves finds the products whose live customers see a change of price and answer it.
func (w *world) fillPriceMoves() {
	w.pricesMove = false
	w.priceMoves = w.priceMoves[:0]
	for i := range w.plan.Products {
		moves := w.plan.Products[i].PriceForAll && w.priceMovesOf(i)
		w.priceMoves = append(w.priceMoves, moves)
		w.pricesMove = w.pricesMove || moves
	}
}

func (w *world) priceMovesOf(product int) bool {
	moves, answered := false, false
	for _, n := range w.epochs {
		c := &n.plan.Customers
		answered = answered || c.PriceChurnLasting > 0 || c.PriceChurnTransient > 0
		moves = moves || n.plan.Products[product].Price != w.open.plan.Products[product].Price
	}
	return moves && answered
}

// feeling is what a live customer feels of the changes of its price since its win.
type feeling struct {
	price float64 // now
	sum   float64 // of the steps of the log price
	gap   float64 // of the same, each faded
}

// see takes in a new price. A step from or to a price of 0 is not felt.
func (f *feeling) see(price float64) {
	if price != f.price && price > 0 && f.price > 0 {
		r := rng.Log(price / f.price)
		f.sum += r
		f.gap += r
	}
	f.price = price
}

const (
	mostPush  = 40   // the largest log of a multiplier
	leastPush = 1e-5 // what fades is nothing below
	pushPiece = 0.5  // how much of a push may fade, about, in a piece that is integrated at once
)

// halfLives is how many half-lives a piece may last at the size of a push: the rule of three points is right
// within a ten-millionth of the piece.
func halfLives(size float64) float64 {
	switch {
	case size < 1e-3:
		return 4
	case size < 0.02:
		return 2
	}
	return min(1, pushPiece/size)
}

// span is a time in which a churn hazard fades from one multiplier towards another: rate x exp(lasting +
// push e^(-fade (t - from))) per unit of tenure^shape (years), t in weeks.
type span struct {
	since, from           float64
	shape, perShape       float64
	rate                  float64
	lasting, push, fading float64
}

func (s *span) at(u float64) float64 {
	t := s.since + float64(rng.FastPow(u, s.perShape)*plan.WeeksPerYear)
	return s.level(float64(s.push * rng.FastExp(float64(-s.fading*max(0, t-s.from)))))
}

// level is the multiplier at what is left of the push.
func (s *span) level(push float64) float64 {
	return rng.FastExp(min(mostPush, max(-mostPush, s.lasting+push)))
}

// integral is that of the multiplier between two tenures^shape, by Gauss's rule of three points.
func (s *span) integral(a, b float64) float64 {
	const point = 0.7745966692414834 // sqrt(3/5)
	mid, half := (a+b)/2, (b-a)/2
	sum := float64(5*s.at(mid-float64(half*point))) + float64(8*s.at(mid)) + float64(5*s.at(mid+float64(half*point)))
	return half * sum / 9
}

// power is a time's tenure^shape.
func (s *span) power(t float64) float64 {
	if t <= s.since {
		return 0
	}
	return rng.FastPow((t-s.since)/plan.WeeksPerYear, s.shape)
}

// rings is the time at which the integral from a tenure^shape on, over a piece up to another whose integral
// is known, uses up what is left of a clock.
func (s *span) rings(a, b, whole, left float64) float64 {
	u := a + float64((b-a)*left/whole)
	for range 6 { // Newton; the hazard is smooth and nearly constant in a piece
		over := float64(s.rate*s.integral(a, u)) - left
		u = min(b, max(a, u-over/(s.rate*s.at(u))))
	}
	return s.since + float64(rng.FastPow(u, s.perShape)*plan.WeeksPerYear)
}

// leavesAtPrices is leaves for a customer of a product whose price moves, and that knows a list price from its win.
// The clock is integrated in pieces; the error of the integral is below a millionth of it.
func (w *world) leavesAtPrices(who *buyer, churn, death, from float64) (at float64, died bool) {
	felt := feeling{price: who.price}
	life := &w.life[who.size]
	for i := range w.hazards {
		seg, end := &w.hazards[i], w.spanEnd(i)
		if end <= from {
			continue
		}
		felt.see(seg.products[who.product].Price)
		start := max(from, seg.start)
		dies := seg.dies(life, who, start, death)
		stop := min(end, dies)
		s := span{since: who.since, from: start, shape: seg.shape, perShape: seg.perShape, rate: seg.churnOf(who),
			lasting: float64(seg.lasting * felt.sum), fading: seg.fading}
		left, rings := s.run(seg, &felt, churn, stop)
		switch {
		case rings < stop:
			return rings, false
		case dies <= end && !math.IsInf(dies, 1):
			return dies, true
		case math.IsInf(end, 1):
			return inf, false
		}
		churn = left
		death -= seg.deathUsed(life, who, start, end)
	}
	return inf, false
}

// run lets a churn clock run from the span's start to a time, and the felt gap fade: it gives what is left
// of the clock, and when it rings (+Inf: not before).
func (s *span) run(seg *hazardSegment, felt *feeling, churn, stop float64) (left, rings float64) {
	for s.from < stop {
		s.push = float64(seg.transient * felt.gap)
		size := math.Abs(s.push)
		if size < leastPush || s.rate == 0 {
			felt.fade(seg.fading, stop-s.from)
			return s.runLevel(churn, stop)
		}
		to := min(stop, s.from+float64(math.Ln2/s.fading*halfLives(size)))
		a, b := s.power(s.from), s.power(to)
		whole := float64(s.rate * s.integral(a, b))
		if churn < whole {
			return 0, max(s.from, s.rings(a, b, whole, churn))
		}
		churn -= whole
		felt.fade(seg.fading, to-s.from)
		s.from = to
	}
	return churn, inf
}

// runLevel is run where the multiplier stays as it is.
func (s *span) runLevel(churn, stop float64) (left, rings float64) {
	rate := float64(s.rate * s.level(0))
	if rate == 0 {
		return churn, inf
	}
	a := s.power(s.from)
	rings = s.since + float64(rng.FastPow(a+churn/rate, s.perShape)*plan.WeeksPerYear)
	if rings < stop {
		return 0, max(rings, s.from)
	}
	return churn - float64(rate*(s.power(stop)-a)), inf
}

// fade lets the felt gap fade for some weeks.
func (f *feeling) fade(rate, weeks float64) {
	if f.gap != 0 {
		f.gap = float64(f.gap * rng.FastExp(float64(-rate*weeks)))
	}
}

// fillPriceWin finds how the chance to win on a channel responds to the net price of each product.
func (n *numbers) fillPriceWin(p *plan.Plan, c int, net []offerPrice) {
	for i := range net {
		pr := &p.Products[i]
		x := 1.0
		if pr.PriceElasticity > 0 && pr.ReferencePrice == pr.ReferencePrice {
			n.priced = true
			x = priceFactor(net[i].price, pr.ReferencePrice, pr.PriceElasticity)
		}
		n.priceWin[c*len(net)+i] = x
	}
}

// mostPriceFactor limits what a price near 0 does to a chance, which is cut at 1 anyway.
const mostPriceFactor = 1e9

// priceFactor is (net price/reference)^(-elasticity).
func priceFactor(net, reference, elasticity float64) float64 {
	if net <= 0 {
		return mostPriceFactor
	}
	return min(mostPriceFactor, rng.Pow(net/reference, -elasticity))
}
