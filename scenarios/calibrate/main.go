package main

import (
	"fmt"
	"os"

	"windfall/scenarios"
)

func main() {
	for _, r := range scenarios.Check(os.Args[1:]) {
		fmt.Printf("%+v\n", r)
	}
}
