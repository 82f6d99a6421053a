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
	"testing"

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
		side := "above"
		if below {
			side = "below"
		}
		assert.Contains(t, told.Answer, fmt.Sprintf("Cash of replication %d parted from the others in week %d, %s the middle half to the end", k, week, side))
		for _, name := range []string{"touches", "revenue"} {
			column := weeklyTable(t, dir, name)
			sums := make([]float64, size.replications)
			total := 0.0
			for r := range sums {
				for w := range week {
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

// Things that are counted are fewer, and customers that left are named as such.
func TestWhyWordsItsCauses(t *testing.T) {
	for name, words := range map[string]string{"touches": "fewer touches", "churned": "fewer customers churned", "revenue": "less revenue", "recession": "fewer weeks in recession"} {
		c := whyColumnOf(name)
		assert.Equal(t, words, c.less+" "+c.words)
	}
}
