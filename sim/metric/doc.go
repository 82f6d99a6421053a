// Package metric is the language in which numbers are asked for: one lexer, one parser and one
// kind of error for goals, metrics, conditions, targets of precision and the formulas of studies.
//
// A [Metric] is a number of one plan, such as p5(cash_end), a [Goal] what is expected of it; both
// are worked out on a sample, with their Monte Carlo error. An [Expression] is arithmetic over means
// of plans that are run side by side, such as
//
//	signups(pause, weeks 40..41) / signups(plan, weeks 40..41) - 1
//
// and an [Inequality] claims that one is above another. They are worked out on a panel (package
// panel).
//
// What stands about the outcomes of one plan ([ParseGoal] and its kin):
//
//	goal       = metric ("<=" | "<" | ">=" | ">") number
//	precision  = metric "=" number
//	metric     = "P" "(" condition ")" | "mean" "(" outcome ")" | "p10" "(" outcome ")" | outcome
//	condition  = both { "or" both }
//	both       = term { "and" term }
//	term       = "not" term | "(" condition ")" | comparison
//	comparison = outcome sign number | number sign outcome | outcome that is 0 or 1
//	sign       = "<=" | "<" | ">=" | ">" | "==" | "!="
//	number     = [ "-" | "+" ] digits with "_" between them, a fraction, an exponent; then "%", "k" or "M"
//
// p10 stands for any percentile between p0 and p100, such as p2.5.
//
// What stands about plans side by side ([ParseExpression], [Names.ParseExpression]):
//
//	inequality = expression ("<=" | "<" | ">=" | ">") expression
//	expression = product { ("+" | "-") product }
//	product    = factor { ("*" | "/") factor }
//	factor     = number without a sign | "-" factor | "(" expression ")"
//	           | ("min" | "max" | "abs" | "log" | "pow") "(" arguments ")"
//	           | "crossing" "(" level { "," x "," y } ")"
//	           | column "(" setting [ "," place ] ")"
//	           | "sum" "(" list ":" expression with {each} ")"
//	           | "key" "(" key of the scenario ")"
//	           | "{" name of an expression "}"
//	arguments  = argument { "," argument }
//	argument   = expression | "list" "(" first ".." last "by" step ":" arguments with {x}, {x+N}, {x-N} ")"
//	place      = ("week" | "weeks") N [ ".." M ] | dimension name | "path" condition { "," condition }
//	condition  = ("touches" | "channels") N [ ".." [ M ] ] | "unpaid" | "within" N [ "weeks" ]
//	           | ("week" | "weeks") N [ ".." M ]
//
// crossing is the x at which y first reaches the level, from above or from below, by straight
// lines between the points; missing if it never does. out_of_business(setting, week N) is the chance
// of being out of business by the end of week N. A column that is a ratio of totals is the ratio of the
// means of its parts. A name may hold {each} or {x}, as in load.{each}(plan).
//
// What cannot be read is an [*Error]: the text, the place, what is expected there, the nearest name. Who
// asked words it: a flag, or file, line and key.
package metric
