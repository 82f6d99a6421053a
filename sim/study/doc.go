// Package study reads the table [study] of a scenario file, runs the settings
// that it names under common random numbers, and judges what it expects of them.
//
// A study asks one question of several settings of one scenario: variants that
// are written out (kind = "compare"), or values of some keys (kind = "vary").
// It says which numbers to show, what is expected of them as inequalities, and
// under which control (a mechanism switched off) the pattern must be gone:
//
//	extends = "metro"
//	question = "What does a slow answer cost?"
//
//	[study]
//	kind = "compare"
//	replications = 200
//	answer = "Answering after a day wins {day} fewer customers."
//
//	[study.variants.day]
//	"teams.*.answer_delay_hours" = 24
//
//	[study.show.day]
//	value = "1 - won(day) / won(plan)"
//	unit = "%"
//
//	[study.expect.loses]
//	title = "a day's delay loses at least a tenth of wins"
//	inequality = "won(day) / won(plan) - 1 < -10%"
//
//	[study.control]
//	title = "speed does not matter"
//	set = {"teams.*.speed_half_life_hours" = 1e6}
//	[study.control.expect.no-loss]
//	inequality = "abs(won(day) / won(plan) - 1) < 1%"
//
// A variant with each = LIST and {each} in its name stands for many; a number
// shown, an expectation and a series of a picture with each are repeated. In an
// expression sum(LIST: ...) adds up over names, list(1..9 by 2: ...) lists
// arguments: crossing(50%, list(13..104 by 13: {x}, won(day, weeks {x-12}..{x}) / won(plan, weeks {x-12}..{x}))).
//
// A number shown may be the position from which on an expression with {x} (or
// {week}) stays above 0, or below. Unlike crossing(...) it may never come, and
// its interval may be open:
//
//	[study.show.overtakes]
//	value = "cash(plan, week {week}) - cash(stay, week {week})"
//	stays = "above"
//	weeks = [53, 260]       # or x = [0.5, 1, 2]; scale multiplies positions
//	unit = "weeks"
//	never = "not within five years"
//
// The scenario itself is the setting plan.
package study
