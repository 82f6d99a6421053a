package known

import "math"

// ErlangB is the blocking chance of M/M/c/c with offered load a = lambda/mu,
// by the recursion B(k) = a B(k-1)/(k + a B(k-1)), B(0) = 1.
func ErlangB(servers int, load float64) float64 {
	b := 1.0
	for k := 1; k <= servers; k++ {
		b = load * b / (float64(k) + load*b)
	}
	return b
}

// Queue describes a team as a queue M/M/c+M: arrivals a unit of time, services
// a server and unit of time, servers, and the rate at which one who waits
// leaves (the window's end; 0: nobody leaves).
type Queue struct {
	Arrivals float64
	Services float64
	Servers  int
	Leaving  float64
}

// Waits is the stationary behaviour of a Queue.
type Waits struct {
	Wait      float64 // chance that an arrival must wait
	Mean      float64 // mean wait over all arrivals, whether served or lost
	Lost      float64 // share of arrivals that leave before service
	Length    float64 // mean number waiting
	Busy      float64 // mean busy share of the servers
	Immediate float64 // share of arrivals served at once, 1 - Wait
}

// ErlangC is the stationary behaviour without leaving (needs a load below the
// number of servers):
//
//	P(wait) = B/(1 - rho (1 - B)), mean wait = P(wait)/(c mu - lambda),
//
// with B Erlang's blocking chance and rho = lambda/(c mu).
func ErlangC(q Queue) Waits {
	c := float64(q.Servers)
	rho := q.Arrivals / (c * q.Services)
	b := ErlangB(q.Servers, q.Arrivals/q.Services)
	p := b / (1 - rho*(1-b))
	mean := p / (c*q.Services - q.Arrivals)
	return Waits{Wait: p, Mean: mean, Length: mean * q.Arrivals, Busy: rho, Immediate: 1 - p}
}

// ErlangCLonger is the chance that an arrival waits longer than t without
// leaving: P(wait) e^(-(c mu - lambda) t).
func ErlangCLonger(q Queue, t float64) float64 {
	c := float64(q.Servers)
	return ErlangC(q).Wait * math.Exp(-(c*q.Services-q.Arrivals)*t)
}

// ErlangA is the stationary behaviour with exponential patience (Palm): a birth
// and death chain on the number n in the system with birth rate lambda and
// death rate min(n,c) mu + max(n-c,0) theta. By Little's law and since arrivals
// see time averages, mean wait = L/lambda and lost share = theta L/lambda with
// L the mean number waiting.
func ErlangA(q Queue) Waits {
	var total, wait, length, busy float64
	weight := 1.0
	for n := 0; ; n++ {
		total += weight
		if n >= q.Servers {
			wait += weight
			length += weight * float64(n-q.Servers)
		}
		busy += weight * float64(min(n, q.Servers))
		served := float64(min(n+1, q.Servers)) * q.Services
		left := float64(max(n+1-q.Servers, 0)) * q.Leaving
		ratio := q.Arrivals / (served + left)
		weight *= ratio
		if n > q.Servers && !(weight >= 1e-18*total*(1-ratio)) {
			break
		}
	}
	length /= total
	return Waits{
		Wait:      wait / total,
		Mean:      length / q.Arrivals,
		Lost:      q.Leaving * length / q.Arrivals,
		Length:    length,
		Busy:      busy / total / float64(q.Servers),
		Immediate: 1 - wait/total,
	}
}

// TwoHalfLives is the mean, over the arrivals of an Erlang C queue, of
//
//	(1 - slow) 2^(-wait/fast) + slow 2^(-wait/lasting)
//
// with half-lives in the unit of time of the queue: a wait is 0 with chance 1 - P(wait), else exponential at rate
// d = c mu - lambda, over which 2^(-wait/h) has the mean d/(d + ln 2/h).
func TwoHalfLives(q Queue, slow, fast, lasting float64) float64 {
	wait := ErlangC(q).Wait
	drain := float64(q.Servers)*q.Services - q.Arrivals
	left := func(halfLife float64) float64 { return drain / (drain + math.Ln2/halfLife) }
	return 1 - wait + wait*((1-slow)*left(fast)+slow*left(lasting))
}

// Forgetful is the stationary behaviour of an Erlang C queue that never takes up an arrival with the chance
// none + (full - none) x min(n, c)/c, n being those in service or waiting: a birth and death chain, since who is
// not taken up leaves it as it was. Lost is the share that is never taken up; Wait that of those who wait among all
// arrivals.
func Forgetful(q Queue, none, full float64) (lost, wait, busy float64) {
	c := float64(q.Servers)
	var total float64
	weight := 1.0
	for n := 0.0; n < 1e5; n++ {
		chance := none + (full-none)*math.Min(n, c)/c
		total += weight
		lost += weight * chance
		if n >= c {
			wait += weight * (1 - chance)
		}
		busy += weight * math.Min(n, c) / c
		weight *= q.Arrivals * (1 - chance) / (math.Min(n+1, c) * q.Services)
		if weight < 1e-18*total && n > c {
			break
		}
	}
	return lost / total, wait / total, busy / total
}
