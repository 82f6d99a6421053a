// Windfall simulates a company that sells to small businesses: how firms come
// into the market, meet its channels and its brand, sign up, are served by its
// sales teams, stay or leave, and what that does to its cash. It runs a plan
// many times and shows what can happen.
//
//	windfall run metro          run a shipped scenario
//	windfall new my-plan.toml   write a scenario of your own
//	windfall run my-plan.toml   run it
//
// Each command has a page of its own: windfall help COMMAND. Results go to standard output, progress and warnings to
// standard error. The exit code is 0 when all is done, 1 when something failed, 2 for wrong usage or bad input
// (nothing was written), 3 when a goal of the scenario was missed, 130 after an interrupt, and 141 when standard
// output was closed (all else is done).
package main

import "os"

func main() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
