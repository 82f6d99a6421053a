package main

import (
	"fmt"
	"strings"
)

// command measures windfall itself, whole, in turn with the command as it was before the speed work.
func (b *bench) command() error {
	first, err := b.firstCommand()
	if err != nil {
		return err
	}
	now, err := b.build("", "./cmd/windfall")
	if err != nil {
		return err
	}
	n, some, many, turns := 200, 200, 1000, 3
	if b.quick {
		n, some, many, turns = 50, 0, 50, 1
	}
	b.part("windfall run metro over the first version: processor time of the whole process, median of turns")
	for _, c := range []struct {
		what          string
		replications  int
		turns         int
		before, after string // flags
		asked, aim    bound
	}{
		{"everything written", n, turns, "", "", atMost(0.5), atMost(0.35)},
		{"with all pictures", some, 1, "", "--pictures all", bound{}, bound{}},
		{"no pictures, no report", some, 1, "--no-pictures --no-report", "--no-pictures --no-report", bound{}, bound{}},
		{"no pictures", many, (turns + 1) / 2, "--no-pictures", "--no-pictures", atMost(0.7), atMost(0.5)},
	} {
		if c.replications == 0 {
			continue
		}
		var ratios, old, new []float64
		for range c.turns {
			args := []string{"metro", "--replications", fmt.Sprint(c.replications)}
			was, err := b.windfall(first, append(args, strings.Fields(c.before)...)...)
			if err != nil {
				return err
			}
			is, err := b.windfall(now, append(args, strings.Fields(c.after)...)...)
			if err != nil {
				return err
			}
			old, new, ratios = append(old, was.cpu), append(new, is.cpu), append(ratios, is.cpu/was.cpu)
		}
		b.judge(fmt.Sprintf("%d replications, %s", c.replications, c.what), median(ratios), c.asked, c.aim,
			"%.2f (%.1f s of %.1f s)", median(new), median(old))
	}
	return nil
}

// peak measures the memory of a full-size run of the command.
func (b *bench) peak() error {
	program, err := b.build("", "./cmd/windfall")
	if err != nil {
		return err
	}
	u, err := b.windfall(program, "phone-system", "--replications", fmt.Sprint(b.memory))
	if err != nil {
		return err
	}
	b.part(fmt.Sprintf("windfall run phone-system --replications %d", b.memory))
	b.judge("peak memory, MB", u.megabytes, atMost(500), bound{}, "%.0f")
	b.add("wall time, with tables and pictures", "%.0f s (%.0f ms per replication)", u.wall, 1000*u.wall/float64(b.memory))
	return nil
}
