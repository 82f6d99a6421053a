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
