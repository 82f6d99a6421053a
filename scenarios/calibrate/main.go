// Calibrate measures the shipped vendors against the public figures and channel
// anchors of docs/facts.md and writes docs/calibration.md.
//
//	go run ./scenarios/calibrate           measure the shipped values, write the page
//	go run ./scenarios/calibrate -fit      first fit the free numbers and write them into the scenario files
//	go run ./scenarios/calibrate -fit -only NAME        fit one vendor alone and leave the page
//	go run ./scenarios/calibrate -only NAME             measure one vendor alone, write its part of the page and print it
//	go run ./scenarios/calibrate -only PART             the same for elasticity, branded-search, pause or metro-uncertain
//	go run ./scenarios/calibrate -only NAME -scale 0.1  print it after a short run, and leave the page
//	go run ./scenarios/calibrate -check    compare the page with a fresh, short run; exit code 1 if they differ
//	go run ./scenarios/calibrate -evidence measure the rows of docs/evidence.md; write it and the numbers behind it
//	go run ./scenarios/calibrate -evidence -only F32    the same for the rows whose id holds F32
//	go run ./scenarios/calibrate -render   write docs/evidence.md from the numbers that are recorded
//
// It runs from the root of the module. Two kinds of numbers are fitted, by
// fixed-point iteration on the mean-field funnel of package expected:
// max_touches_per_week of every channel, against the cost per lead (or, where no
// public cost exists, the share of leads) of targets.go; and all half
// saturations of a vendor by one factor, against the elasticity of sign-ups to
// all media. The response to a touch cannot be told from the number of touches
// by any public figure: it was set by intent (0.55 for a branded search, 0.35
// for a display ad). All other numbers of a scenario were chosen by hand inside
// the ranges of their rows; the page says how far the sum of them lands from
// each public figure. Nothing is fitted to a lesson, except the share of
// sign-ups that depends on salience, through the halos, to the pause of the brand.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
)

// page is where the result stands, seen from the root of the module.
const page = "docs/calibration.md"

func main() {
	fit := flag.Bool("fit", false, "fit the free numbers and write them into the scenario files")
	check := flag.Bool("check", false, "compare the page with a fresh, short run")
	evidence := flag.Bool("evidence", false, "measure the rows of docs/evidence.md and write the page")
	only := flag.String("only", "", "with -evidence: measure the rows whose id holds this text, keep the others; else "+
		"the one vendor to fit or measure")
	render := flag.Bool("render", false, "write docs/evidence.md from the numbers that are recorded")
	scale := flag.Float64("scale", 1, "multiplies the number of replications")
	flag.Parse()
	do := func() error { return run(*fit, *check, *scale) }
	switch {
	case *only != "" && !*evidence:
		do = func() error { return onePart(*only, *fit, *scale) }
	case *evidence:
		do = func() error { return measureEvidence(".", *only, *scale, runtime.GOMAXPROCS(0)) }
	case *render:
		do = func() error { return writeEvidence(".") }
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, "calibrate:", err)
		os.Exit(1)
	}
}

// onePart fits a vendor, or measures it and writes its part of the page.
func onePart(name string, fit bool, scale float64) error {
	p, err := partOf(name, fit, scale)
	if err != nil || fit {
		return err
	}
	old, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	text, err := renewed(string(old), p)
	if err != nil {
		return err
	}
	if scale == 1 {
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			return err
		}
	}
	_, err = os.Stdout.WriteString(p.text)
	return err
}

// partOf fits a vendor, or measures what stands in its part of the page.
func partOf(name string, fit bool, scale float64) (part, error) {
	const root = "."
	workers := runtime.GOMAXPROCS(0)
	for _, c := range common {
		if name != c.name {
			continue
		}
		rows, err := c.measure(root, scale, workers)
		if err != nil {
			return part{}, err
		}
		return part{c.title, c.section(rows)}, nil
	}
	i := slices.IndexFunc(vendors, func(v vendor) bool { return v.name == name })
	if i < 0 {
		return part{}, fmt.Errorf("no vendor %s", name)
	}
	v := &vendors[i]
	if fit {
		return part{}, fitVendor(root, *v)
	}
	rows, err := measureWhole(root, v, scale, workers)
	if err != nil {
		return part{}, err
	}
	return part{v.name, v.section(rows)}, nil
}

func run(fit, check bool, scale float64) error {
	root := "."
	if fit {
		for _, v := range vendors {
			if err := fitVendor(root, v); err != nil {
				return err
			}
		}
	}
	if check {
		rows, err := measureAll(root, 0.1*scale, runtime.GOMAXPROCS(0))
		if err != nil {
			return err
		}
		problems, err := compare(root+"/"+page, rows)
		if err != nil {
			return err
		}
		for _, p := range problems {
			fmt.Fprintln(os.Stderr, p)
		}
		if len(problems) > 0 {
			return fmt.Errorf("%s is not what the scenarios give (%d rows differ)", page, len(problems))
		}
		return nil
	}
	rows, err := measureAll(root, scale, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	return os.WriteFile(root+"/"+page, []byte(render(rows)), 0o644)
}
