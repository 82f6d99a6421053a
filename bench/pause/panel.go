package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"

	"windfall/model/plan"
	"windfall/sim/estimate"
	"windfall/sim/export"
)

// columns are those of a panel as it is written. Sum and check are of exactly these bytes.
const columns = "date,week,region,brand_spend,signups,won,customers,new_mrr\n"

// Panel is what an analyst sees of a world in one replication, by region and week. Money is in whole cents.
type Panel struct {
	Regions   []string  `json:"regions"`
	Spend     [][]int64 `json:"brand_spend_cents"`
	Signups   [][]int64 `json:"signups"`
	Won       [][]int64 `json:"won"`
	Customers [][]int64 `json:"customers"`
	MRR       [][]int64 `json:"new_mrr_cents"`
}

// column is one of the numbers of a panel.
type column struct {
	name string
	by   *[][]int64
}

// numbers are the columns of a panel.
func (p *Panel) numbers() []column {
	return []column{{"brand_spend_cents", &p.Spend}, {"signups", &p.Signups}, {"won", &p.Won},
		{"customers", &p.Customers}, {"new_mrr_cents", &p.MRR}}
}

// seen takes what an analyst sees from the panel of a replication.
func seen(p *export.Panel) *Panel {
	whole := func(by [][]float64, times float64) (out [][]int64) {
		for _, weeks := range by {
			row := make([]int64, panelWeeks)
			for t := range row {
				row[t] = int64(math.Round(weeks[t] * times))
			}
			out = append(out, row)
		}
		return out
	}
	return &Panel{Regions: p.Regions, Spend: whole(p.BrandSpend, 100), Signups: whole(p.Signups, 1),
		Won: whole(p.Won, 1), Customers: whole(p.Customers, 1), MRR: whole(p.MRR, 100)}
}

// CSV is the panel as it is written: weeks in their order, in each the regions in theirs.
func (p *Panel) CSV(start plan.Date) []byte {
	out := make([]byte, 0, 110_000)
	out = append(out, columns...)
	cents := func(n int64) { out = fmt.Appendf(out, "%d.%02d,", n/100, n%100) }
	for t := range panelWeeks {
		day := (start + plan.Date(7*t)).String()
		for r, region := range p.Regions {
			out = append(out, day...)
			out = append(out, ',')
			out = strconv.AppendInt(out, int64(t), 10)
			out = append(out, ',')
			out = append(out, region...)
			out = append(out, ',')
			cents(p.Spend[r][t])
			for _, n := range [...]int64{p.Signups[r][t], p.Won[r][t], p.Customers[r][t]} {
				out = strconv.AppendInt(out, n, 10)
				out = append(out, ',')
			}
			cents(p.MRR[r][t])
			out[len(out)-1] = '\n'
		}
	}
	return out
}

// checksum is of the bytes of a panel: the first 64 bits of SHA-256, against mistakes and not against forgers.
func checksum(csv []byte) string {
	sum := sha256.Sum256(csv)
	return hex.EncodeToString(sum[:8])
}

// question is the panel as an estimator of the pause's effect on sign-ups has it.
func (p *Panel) question(w *World) estimate.Panel {
	out := estimate.Panel{Treated: paused(w.Scope, len(p.Regions)), From: pauseFrom, To: pauseFrom + w.Weeks}
	for _, weeks := range p.Signups {
		row := make([]float64, len(weeks))
		for t, n := range weeks {
			row[t] = float64(n)
		}
		out.Outcome = append(out.Outcome, row)
	}
	return out
}
