package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"windfall/plots/page"
	"windfall/plots/picture"
	"windfall/plots/words"
	"windfall/sim/analysis"
)

// story is what why tells.
type story struct {
	scenario string
	of       int // replications of the run
	seed     uint64
	currency string
	against  string
	formats  map[string]words.Format // of weekly columns
	doubts

	Folder      string           `json:"folder"`
	Replication int              `json:"replication"`
	Chosen      string           `json:"chosen"`
	Answer      string           `json:"answer"`
	Parted      analysis.Parting `json:"parted"`
	Causes      []analysis.Cause `json:"causes"`
	Recession   []string         `json:"recession"`
	Shocks      []string         `json:"shocks"`
	Weeks       []storySpan      `json:"weeks"`
	Journeys    []storyJourney   `json:"journeys"`
	Against     string           `json:"against,omitempty"`
}

// storySpan is a week or several: cash, customers, revenue and brand at its end,
// the rest summed.
type storySpan struct {
	Week    int     `json:"week"`
	Cash    float64 `json:"cash"`
	Signups float64 `json:"signups"`
	Won     float64 `json:"won"`
	Lost    float64 `json:"lost"`
	Live    float64 `json:"live_customers"`
	MRR     float64 `json:"mrr"`
	Brand   float64 `json:"salience"`
}

type storyJourney struct {
	Trigger string   `json:"trigger"`
	Firm    string   `json:"firm"`
	Opened  float64  `json:"opened_week"`
	Raised  float64  `json:"raised_week"`
	Touches int      `json:"touches"`
	Path    []string `json:"path"`
}

// spans sums the weeks up so that they fit into a table.
func (s *story) spans() (out []storySpan) {
	every := max(4, (len(s.Weeks)+mostRows-1)/mostRows)
	for i, w := range s.Weeks {
		if i%every == 0 {
			out = append(out, storySpan{})
		}
		m := &out[len(out)-1]
		w.Signups, w.Won, w.Lost = w.Signups+m.Signups, w.Won+m.Won, w.Lost+m.Lost
		*m = w
	}
	return out
}

func (s *story) sentences() []string {
	out := []string{s.Answer}
	if s.Against != "" {
		out = append(out, s.Against)
	}
	return out
}

func (s *story) warnings() []string {
	if s.of < fewOthers {
		return []string{fmt.Sprintf("the run has %s: the middle half of so few says little",
			words.Counted(s.of, "replication"))}
	}
	return nil
}

func (s *story) size() string {
	return fmt.Sprintf("replication %d of %s", s.Replication, words.Thousands(s.of))
}

func (s *story) next() []string {
	other := "--best"
	if !strings.Contains(s.Chosen, "worst") {
		other = "--worst"
	}
	return []string{shellLine([]string{"windfall", "why", s.Folder, other}),
		shellLine([]string{"windfall", "report", s.Folder})}
}

// sheets are the weeks, the journeys, and what set the replication apart.
func (s *story) sheets() []*page.Sheet {
	spans := func(name, caption string, list []storySpan) *page.Sheet {
		t := page.NewSheet(name, caption, "#to week", "#cash", "#sign-ups", "#won", "#lost", "#customers",
			"#monthly recurring revenue", "#salience")
		count := func(x float64) page.Cell { return page.Num(words.Count.Text(x), x) }
		money := func(x float64) page.Cell { return page.Num(words.MoneyIn(s.currency).Text(x), x) }
		for _, m := range list {
			t.Row(page.Num(strconv.Itoa(m.Week), float64(m.Week)), money(m.Cash), count(m.Signups), count(m.Won),
				count(m.Lost), count(m.Live), money(m.MRR), page.Num(words.Plain.Text(m.Brand), m.Brand))
		}
		return t
	}
	short := spans("story", "The replication in short", s.spans())
	economy := "expansion throughout"
	if len(s.Recession) > 0 {
		economy = strings.Join(s.Recession, ", ")
	}
	short.Notes = append(short.Notes, "Economy: "+economy+".")
	if len(s.Shocks) > 0 {
		short.Notes = append(short.Notes, "Shocks: "+strings.Join(s.Shocks, ", ")+".")
	}
	weeks := spans("weeks", "Week by week", s.Weeks)
	weeks.Apart = true
	journeys := page.NewSheet("journeys", "Journeys with the most channels", "firm", "trigger", "#in week",
		"#hand raised in week", "touched by")
	week := func(since float64) page.Cell { // the first one is 1
		return page.Num(words.Plain.Texts([]float64{since + 1}, 0.1)[0], since+1)
	}
	for _, j := range s.Journeys {
		journeys.Row(j.Firm, j.Trigger, week(j.Opened), week(j.Raised), strings.Join(j.Path, ", "))
	}
	out := []*page.Sheet{short}
	if len(s.Causes) > 0 {
		causes := page.NewSheet("causes", fmt.Sprintf("What set it apart, summed up to week %d", s.Parted.Week),
			fmt.Sprintf("up to week %d", s.Parted.Week), "#here", "#mean of all", "#standard deviations")
		causes.Shown = 5
		for _, c := range s.Causes {
			f := s.formats[c.Name]
			causes.Row(c.Name, page.Num(f.Text(c.Sum), c.Sum), page.Num(f.Text(c.Mean), c.Mean),
				page.Num(strings.Replace(fmt.Sprintf("%+.1f", c.Score), "-", "−", 1), c.Score))
		}
		page.FewFor(causes, s.of, fewOthers, "replication")
		out = append(out, causes)
	}
	if len(s.Journeys) > 0 {
		out = append(out, journeys)
	}
	return append(out, weeks)
}

// drawn is the picture of cash: this replication among the others.
func (s *story) drawn(x *replayed) ([]page.Picture, error) {
	bands, err := x.result.WeeklyBands("cash")
	if err != nil {
		return nil, err
	}
	c := picture.Curve{Source: picture.Source{Scenario: s.scenario, Replications: s.of, Seed: s.seed,
		Currency: s.currency}, XName: "Week of the run", YName: words.In(s.currency).Axis("Cash"),
		Finding: fmt.Sprintf("Cash of replication %d among those of all", s.Replication),
		Bands:   "half of all replications", Lines: []picture.Line{{Name: "This one"}, {Name: "Median of all"}}}
	for w, b := range bands {
		cash := s.Weeks[w].Cash
		if math.IsNaN(cash) || math.IsNaN(b.P50) {
			continue
		}
		c.X = append(c.X, float64(w+1))
		c.Lines[0].Points = append(c.Lines[0].Points, analysis.Estimate{Value: cash, Low: cash, High: cash, N: 1})
		c.Lines[1].Points = append(c.Lines[1].Points, analysis.Estimate{Value: b.P50, Low: b.P25, High: b.P75, N: s.of})
	}
	if len(c.X) < 2 {
		return nil, nil
	}
	return []page.Picture{{Name: "cash", Data: c}}, nil
}
