// Package dense is the slow reference simulator: docs/model.md done
// in the plainest way we know, to be compared with the fast engine.
//
// Every firm of the market is an individual with an identity and a state. Time
// goes in steps; within a step inputs are constant and every event has its own
// exact time. The package shares nothing with the engine but the resolved plan:
// random numbers come from math/rand/v2, in the order in which they are needed;
// functions come from package math; dates, schedules, changes and shocks are
// worked out here (timetable.go). Where the engine thins proposals, finds dates
// by inversion or keeps counts, this package lets each firm wait for its own
// exponential clock, steps each customer's hazard and counts heads.
//
// The order of a step (simulate.go, step):
//
//  1. The numbers of the step: plan, regime, seasons, brand stocks, drivers.
//     At a week's start: growth of the market, cash rules, live customers.
//  2. Staff: people leave and start.
//  3. Dormant firms whose clock rings in the step get a date for their trigger;
//     journeys in market get the date of their next touch.
//  4. Events in order of time: death, window's end, end of service, touch,
//     first contact, and what follows from them.
//  5. Customers live through the step: bills, revenue, churn, death.
//  6. Firms whose lock is over or that died return to dormant.
//  7. At a week's end: cash, hiring rule, ruin, the record of the week.
//
// Uncertain inputs keep their medians (the plain numbers of the plan); shocks
// with a chance or a range of dates and the random regime are drawn here.
package dense
