package main

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"windfall/model"
	"windfall/scenarios"
)

func main() {
	n, _ := strconv.Atoi(os.Args[1])
	var sts []*model.State
	var prs []*model.Prepared
	var recs []*model.Record
	for _, name := range []string{"phone-system", "pause-the-brand"} {
		p, err := scenarios.Load(name, scenarios.Set("run.weeks=56"))
		if err != nil {
			panic(err)
		}
		pr, err := model.Prepare(p)
		if err != nil {
			panic(err)
		}
		prs, sts, recs = append(prs, pr), append(sts, pr.NewState()), append(recs, pr.Schema().NewRecord())
	}
	cols := prs[0].Schema().Weekly
	W := len(cols)
	sum := [2][]float64{make([]float64, W), make([]float64, W)}
	var a, b []float64
	week := [2][]float64{make([]float64, 56), make([]float64, 56)}
	for r := 0; r < n; r++ {
		for i := range sts {
			sts[i].Replicate(1, r, recs[i])
		}
		for w := 0; w < 39*W; w++ {
			x, y := recs[0].Weekly[w], recs[1].Weekly[w]
			if x != y && !(x != x && y != y) {
				fmt.Println("differs before the pause", cols[w%W].Name, w/W)
				os.Exit(1)
			}
		}
		for i := range recs {
			for c := range cols {
				for w := 39; w < 41; w++ {
					sum[i][c] += recs[i].Weekly[w*W+c]
				}
				if cols[c].Name == "signups" {
					for w := 0; w < 56; w++ {
						week[i][w] += recs[i].Weekly[w*W+c]
					}
				}
			}
		}
		for c := range cols {
			if cols[c].Name == "signups" {
				a = append(a, recs[0].Weekly[39*W+c]+recs[0].Weekly[40*W+c])
				b = append(b, recs[1].Weekly[39*W+c]+recs[1].Weekly[40*W+c])
			}
		}
	}
	for c, col := range cols {
		if strings.HasPrefix(col.Name, "signups") || col.Name == "won" {
			fmt.Printf("%-26s %10.1f %10.1f %7.2f%%\n", col.Name, sum[0][c]/float64(n), sum[1][c]/float64(n), 100*(sum[1][c]/sum[0][c]-1))
		}
	}
	for w := 37; w < 50; w++ {
		fmt.Printf("week %d %.2f%%\n", w, 100*(week[1][w]/week[0][w]-1))
	}
	variance := func(f func(i int) float64) float64 {
		var s, q float64
		for i := 0; i < n; i++ {
			s += f(i)
		}
		s /= float64(n)
		for i := 0; i < n; i++ {
			q += (f(i) - s) * (f(i) - s)
		}
		return q / float64(n-1)
	}
	paired := variance(func(i int) float64 { return a[i] - b[i] })
	un := variance(func(i int) float64 { return a[i] }) + variance(func(i int) float64 { return b[i] })
	fmt.Println("paired", paired, "unpaired", un, "ratio", un/paired, "se", math.Sqrt(paired/float64(n)))
}
