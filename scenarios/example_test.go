package scenarios_test

import (
	"errors"
	"fmt"
	"log"

	"windfall/scenarios"
)

// A scenario extends another and says what is different; Diff finds it again, whatever way it came in.
func ExampleLoadBytes() {
	text := `
extends = "town"

[channels.paid-search]
weekly_budget = "1.5k"
source = "assumption"
`
	mine, err := scenarios.LoadBytes("mine.toml", []byte(text), scenarios.Set("run.weeks=26"))
	if err != nil {
		log.Fatal(err)
	}
	town, err := scenarios.Load("town")
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range scenarios.Diff(town, mine) {
		fmt.Printf("%s = %s\n", d.Key, d.B)
	}
	// Output:
	// run.weeks = 26
	// channels.paid-search.weekly_budget = 1500
}

// What is wrong with a file is said at once, each with its line, what is allowed and the nearest known name.
func ExampleProblems() {
	text := `
extends = "town"

[channels.paid-search]
weekly_bugdet = 1000
response = 7
`
	_, err := scenarios.LoadBytes("mine.toml", []byte(text))
	var problems scenarios.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			fmt.Println(p)
		}
	}
	// Output:
	// mine.toml:5: channels.paid-search.weekly_bugdet = 1000: unknown key; did you mean channels.paid-search.weekly_budget?
	// mine.toml:6: channels.paid-search.response = 7: a chance lies between 0 and 1
}
