package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/sim/analysis"
)

// weeklyTable reads a column of weekly.csv: number[replication, week].
func weeklyTable(t *testing.T, dir, column string) map[[2]int]float64 {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, "weekly.csv"))
	require.NoError(t, err)
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	at := slices.Index(rows[0], column)
	require.Equal(t, []string{"replication", "week"}, rows[0][:2])
	require.NotEqual(t, -1, at, column)
	out := map[[2]int]float64{}
	for _, row := range rows[1:] {
		replication, err := strconv.Atoi(row[0])
		require.NoError(t, err)
		week, err := strconv.Atoi(row[1])
		require.NoError(t, err)
		if row[at] == "" {
			continue
		}
		if out[[2]int{replication, week - 1}], err = strconv.ParseFloat(row[at], 64); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// parted is the week (from 1) from which a replication stays outside of the middle
// half of all, on one side, counted back from the end.
func parted(replications, weeks, k int, cash func(replication, week int) float64) (week int, below bool) {
	for w := weeks - 1; w >= 0; w-- {
		var all []float64
		for r := range replications {
			all = append(all, cash(r, w))
		}
		slices.Sort(all)
		quartile := func(p float64) float64 { // linear between neighbours
			i, part := math.Modf(p * float64(len(all)-1))
			return all[int(i)] + part*(all[min(int(i)+1, len(all)-1)]-all[int(i)])
		}
		low, high := cash(k, w) < quartile(0.25), cash(k, w) > quartile(0.75)
		if !low && !high || week > 0 && low != below {
			return week, below
		}
		week, below = w+1, low
	}
	return week, below
}

// What why says of a replication is what the weekly table says, whichever of
// weeks and replications are more.
func TestWhySaysWhatTheWeeklyTableSays(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ replications, weeks int }{{60, 10}, {20, 30}} {
		dir := filepath.Join(t.TempDir(), "run")
		mainOK(t, small(dir, "--replications", strconv.Itoa(size.replications), "--weeks", strconv.Itoa(size.weeks), "--no-report", "--quiet")...)
		cash := weeklyTable(t, dir, "cash")
		require.Len(t, cash, size.replications*size.weeks)
		// A replication that parts after the first week and would part elsewhere if
		// weeks were replications; with more replications than weeks, one that is
		// no week at all.
		k := -1
		var week int
		var below bool
		for r := range size.replications {
			week, below = parted(size.replications, size.weeks, r, func(r, w int) float64 { return cash[[2]int{r, w}] })
			if week < 2 || size.replications > size.weeks && r < size.weeks {
				continue
			}
			if r < size.weeks {
				turned, _ := parted(size.weeks, size.replications, r, func(w, r int) float64 { return cash[[2]int{r, w}] })
				if turned == week {
					continue
				}
			}
			k = r
			break
		}
		require.NotEqual(t, -1, k)

		var told struct {
			Answer string
			Parted analysis.Parting
			Causes []analysis.Cause
		}
		printed := mainOK(t, "why", dir, "--replication", strconv.Itoa(k), "--no-pictures", "--json", "--out", filepath.Join(t.TempDir(), "why"))
		require.NoError(t, json.Unmarshal([]byte(printed), &told))
		require.Equal(t, analysis.Parting{Week: week, Below: below}, told.Parted)
		way := "ran ahead"
		if below {
			way = "fell behind"
		}
		assert.Contains(t, told.Answer, fmt.Sprintf("Run %d %s from week %d (ending ", k, way, week))
		for _, name := range []string{"touches", "collections"} {
			column := weeklyTable(t, dir, name)
			sums := make([]float64, size.replications)
			total := 0.0
			for r := range sums {
				for w := range size.weeks {
					sums[r] += column[[2]int{r, w}]
				}
				total += sums[r]
			}
			mean, squares := total/float64(len(sums)), 0.0
			for _, x := range sums {
				squares += (x - mean) * (x - mean)
			}
			score := (sums[k] - mean) / math.Sqrt(squares/float64(len(sums)-1))
			i := slices.IndexFunc(told.Causes, func(c analysis.Cause) bool { return c.Name == name })
			require.NotEqual(t, -1, i, name)
			c := told.Causes[i]
			assert.InEpsilon(t, sums[k], c.Sum, 1e-9, name)
			assert.InEpsilon(t, mean, c.Mean, 1e-9, name)
			assert.InDelta(t, score, c.Score, 1e-6, name)
		}
	}
}

// The shocks that are told are those that happened, on their days: while all media
// are cut by one, brand spend is 0, and else it is that of the plan.
func TestWhyTellsTheShocksThatHappened(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "shocked.toml")
	require.NoError(t, os.WriteFile(file, []byte(`extends = "metro"
title = "A blackout that may come"
[run]
weeks = 16
[shocks.blackout]
probability = 0.5
from = 2013-01-15
from_latest = 2013-03-05
weeks = 4
set = {"media.*.weekly_budget" = 0}
`), 0o600))
	const replications = 12
	run := filepath.Join(dir, "run")
	mainOK(t, "run", file, "--replications", strconv.Itoa(replications), "--no-pictures", "--quiet", "--out", run)
	brand := weeklyTable(t, run, "brand")
	start := time.Date(2013, 1, 1, 0, 0, 0, 0, time.UTC)
	struck := 0
	begun := map[time.Time]bool{}
	for k := range replications {
		var told struct{ Shocks []string }
		require.NoError(t, json.Unmarshal([]byte(mainOK(t, "why", run, "--replication", strconv.Itoa(k), "--no-pictures", "--json", "--out", filepath.Join(dir, strconv.Itoa(k)))), &told))
		from, until := start.AddDate(9, 0, 0), start.AddDate(9, 0, 0)
		if len(told.Shocks) > 0 {
			struck++
			require.Len(t, told.Shocks, 1)
			days := strings.Split(strings.TrimPrefix(told.Shocks[0], "blackout from "), " to ")
			require.Len(t, days, 2, told.Shocks[0])
			var err error
			from, err = time.Parse(time.DateOnly, days[0])
			require.NoError(t, err)
			last, err := time.Parse(time.DateOnly, days[1])
			require.NoError(t, err)
			until = last.AddDate(0, 0, 1)
			require.Equal(t, 28*24*time.Hour, until.Sub(from))
			require.False(t, from.Before(start.AddDate(0, 0, 14)) || from.After(start.AddDate(0, 0, 63)), told.Shocks[0])
			begun[from] = true
		}
		for w := range 16 {
			week := start.AddDate(0, 0, 7*w)
			cut := 0 // days of the week
			for d := range 7 {
				if day := week.AddDate(0, 0, d); !day.Before(from) && day.Before(until) {
					cut++
				}
			}
			require.InDelta(t, 4200*float64(7-cut)/7, brand[[2]int{k, w}], 0.011, "replication %d, week %d: %v", k, w+1, told.Shocks)
		}
	}
	require.True(t, struck > 1 && struck < replications-1, "%d", struck)
	require.Greater(t, len(begun), 1)
	// It is printed beside the economy.
	for k := range replications {
		printed := mainOK(t, "why", run, "--replication", strconv.Itoa(k), "--no-pictures", "--out", filepath.Join(dir, "printed"))
		if strings.Contains(printed, "\nShocks: blackout from ") {
			return
		}
	}
	t.Error("no shock is printed")
}
