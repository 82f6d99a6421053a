// Package model is the simulated market and the vendor in it: one replication
// of one plan, from the opening state to the report.
//
// What a plan is, and what its numbers are over time, package plan says: the
// engine asks it and knows no files, keys or ranges. [Prepare] checks a plan
// against its market and makes it ready. [Prepared.NewState] gives a [State] to
// one goroutine, and [State.Replicate] simulates one replication and fills a
// [plan.Record], whose shape is a [plan.Schema].
// docs/model.md describes the model with its equations and sources.
//
// The package opens no file, reads no clock, starts no goroutine and prints
// nothing. Its numbers have the same bits on every processor: all exp, log, pow
// and samplers come from package rng.
//
// # What is known before the first day
//
// Inputs drawn, shocks placed, the regime's path, seasons, brand pressure, felt
// trigger rates, hazards: nothing that happens in the market moves them, so a
// replication works them out first (type world). What the market does move is
// only this: dormant counts, live customers, queues, cash rules, ruin.
//
// # The order of events in a step
//
// A step is a week, or a day. Inputs are constant in it; events inside it have
// continuous times. [State.Step] calls the stages in this order:
//
//  1. setDrivers. At a week's start the live customers of referral channels are
//     counted, the cash rules look at last week's closing cash, and the number of
//     firms takes its value N(t) = round(N e^(g t)) of the week. Adstock,
//     salience and equity move through the step; each enters by its exact mean
//     over the step, from dS/dt = (ln 2/half-life)(input - S). From them follow
//     the step's touch rates (max_touches x season x driver), lifts
//     1 + halo (w salience + (1-w) equity) and awareness. Media are paid.
//  2. openJourneys, cell by cell. Proposals of each trigger kind are drawn; one
//     is kept if its level lies below the felt rate now and its slot x N below
//     the dormant firms at its time. A kept one takes a dormant firm at once and
//     opens a journey: window, firm's death, choice of a rival, visibility, reach. It is followed
//     through its proposed touches, which are kept where their level lies below the
//     channel's rate. A touch adds to progress P, and raises the hand with chance
//     response x P^h/(P^h + need^h) x lift x urgency. A journey is followed ahead
//     of time to its end, but where a touch depends on live customers or cash rules
//     of a later step: there it is parked.
//  3. resume, raiseHands. Journeys parked at this step go on. The hands raised in
//     it choose their products and are sign-ups, or unqualified, or not real and
//     to be screened: then their journeys have gone on.
//  4. sell, team by team. People leave or join; then the queue runs through the
//     step in continuous time: arrivals, ends of service, openings, first contacts
//     and screenings. At first contact the result is drawn, with chance
//     win rate x what the wait leaves of it x economy x the channel's win x answer to
//     the price.
//  5. book. Results that are due in the step are booked, those of this step's
//     contacts too: won, refused, lost to a rival, or the firm has died. A win becomes a customer,
//     whose day of leaving and lifetime value are known from here on.
//  6. serveCustomers. Prepaid years end and are paid anew, customers leave at
//     their dates, revenue and its costs accrue.
//  7. returnToDormant. Windows that ended, deaths and locks that are over change
//     the counts, all at the step's end.
//
// At the end of a week (closeWeek): the week's cash lines are rounded to cents
// and booked, ruin is found if cash is below zero, the week's row is written,
// the hiring rules look at the load of the last four weeks.
//
// The burn-in runs the same steps with negative numbers under the opening plan.
// Stocks, spend, dormant counts and live customers are held, there is no cash,
// no hiring rule, no shock and no ruin; what ends inside it is dropped.
//
// # How ties are broken
//
//   - Two triggers of a cell at one time: kinds in order of name, then layer,
//     then number.
//   - Two touches of a journey at one time: those on the axis by number, then the
//     others by channel and layer. Times of touches have 2^20 values a week.
//   - At one time: the firm's death, the choice of a rival, the window's end, the
//     end of a service, a touch, first contact. A firm whose death and window end fall together has
//     died; a sign-up whose window ends when a person becomes free is lost; who
//     ends a service is free for the sign-up that arrives at that moment; a
//     result that is due when the firm dies is not booked.
//   - Two arrivals at a team at one time: by address of the journey.
//   - Several idle people: the longest employed. Several busy ones that end
//     together: the longest employed first. Who leaves: the last hired.
//   - Two products of the same net price: the first by name.
//   - A customer whose two clocks ring together: the firm has died.
//   - Rounding of shares of firms and customers: the larger remainder, then the
//     name of the cell. Cents: half to even.
//   - Dated changes of one number from one day: by name of the change. Shocks:
//     by name, after all changes.
//
// # Where things are
//
//	plan/                                           the vocabulary, and numbers over time
//	world.go, population.go, opening.go             what is known before the first day
//	numbers.go, rates.go, hazard.go                 of it: an epoch's numbers, rates, hazards
//	state.go                                        the step and the replication
//	pools.go                                        counts of firms by state
//	journey.go                                      triggers, journeys, parked ones
//	axis.go, source.go                              proposed touches
//	batch.go                                        touches, progress, raised hands
//	drivers.go                                      adstock, brand, touch rates
//	rivals.go, price.go                             other vendors, and answers to prices
//	sales.go, queue.go, customers.go, money.go      deals, teams, customers, cash
//	tally.go, allocate.go                           counting
//	dictionary.go, outcome.go, weekly.go, slice.go  the columns, and how each is read
//	report.go                                       reporting
//	observer.go, observe.go                         what observers are told
//	conserve.go, trace.go                           for tests
//	purpose.go                                      the purposes of random numbers
package model
