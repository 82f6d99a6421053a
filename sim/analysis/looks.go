package analysis

import (
	"math"

	"windfall/model/rng"
)

// Looks is how often a rule looks at numbers that rest on more replications each time, and at how many numbers. Who
// looks often enough sees what is not there; so each look at each number has its part of one chance to be misled
// (Bonferroni), whatever the numbers have to do with each other.
type Looks struct{ Times, Numbers int }

// misled is the chance that a rule takes any number at any of its looks for above or below 0 while it lies on the other
// side, or is 0. It is well below that of a 95% interval: what a rule ended with is what is told.
const misled = 0.01

// Sure says whether a number lies above or below 0 beyond what chance would do among all that is looked at. groups is
// the number of independent groups of replications from which its error comes.
func (l Looks) Sure(e Estimate, groups int) bool {
	if groups < leastLooked || !e.Known() {
		return false
	}
	return math.Abs(e.Value) > l.reach(e, groups)
}

// High is how high a number may lie, at any look.
func (l Looks) High(e Estimate, groups int) float64 { return e.Value + l.reach(e, groups) }

// Unlikely says whether chance alone gives what was seen so seldom, with the probability p, that it does at no look.
func (l Looks) Unlikely(p float64) bool { return p < l.part() }

// part is the chance to be misled that one number has at one look.
func (l Looks) part() float64 { return misled / float64(l.Times*l.Numbers) }

// reach is how far from a number the truth may lie.
func (l Looks) reach(e Estimate, groups int) float64 {
	return studentAt(-rng.NormalQuantile(l.part()/2), groups-1) * e.Error
}

// leastLooked is the number of groups from which on studentAt is right where rules look.
const leastLooked = 20

// studentAt is Student's quantile of the chance at which the normal one is z, by the expansion of t95: off by less than
// 0.5% for z up to 4.5 from 20 groups on.
func studentAt(z float64, df int) float64 {
	z2 := float64(z * z)
	g1 := float64(z*(z2+1)) / 4
	g2 := float64(z*(float64((float64(5*z2)+16)*z2)+3)) / 96
	g3 := float64(z*(float64((float64((float64(3*z2)+19)*z2)+17)*z2)-15)) / 384
	r := 1 / float64(df)
	return z + float64(r*(g1+float64(r*(g2+float64(r*g3)))))
}
