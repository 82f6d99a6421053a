package study

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/sim/analysis"
)

// PicturesFile stands in the folder of a lesson: the points of its pictures, and what it cost to run them.
const PicturesFile = "pictures.json"

// RecordedRun is the part of a record that nobody compares by eye: the points of the pictures of a
// lesson, so that they can be shown without a run, and what the run cost.
type RecordedRun struct {
	Version string `json:"version"` // of the program
	// CPUSeconds is the CPU time of the run on the machine that recorded it: user and system, all workers together.
	CPUSeconds float64           `json:"cpu_seconds"`
	Pictures   []RecordedPicture `json:"pictures"`
}

// RecordedPicture is a picture with all that is needed to draw it.
type RecordedPicture struct {
	Name    string          `json:"name"`
	Title   string          `json:"title"`
	Kind    string          `json:"kind"`
	XTitle  string          `json:"x_title,omitempty"`
	YTitle  string          `json:"y_title"`
	X       []float64       `json:"x,omitempty"`
	Start   string          `json:"start,omitempty"` // of weeks, and of a curve over dates: the first day of the run
	First   string          `json:"first,omitempty"`
	Labels  []string        `json:"labels,omitempty"`
	Percent bool            `json:"percent,omitempty"`
	Log     bool            `json:"log,omitempty"`
	Note    string          `json:"note,omitempty"`
	Series  []RecordedCurve `json:"series"`
}

// RecordedCurve is a series of a recorded picture.
type RecordedCurve struct {
	Title  string  `json:"title"`
	Points []Point `json:"points"`
}

// Point is a value with the ends of its 95% interval, to the digits that a picture shows.
type Point struct{ Value, Low, High float64 }

// pointDigits are the digits of a number that a picture keeps: more than a screen has dots.
const pointDigits = 5

// MarshalJSON writes [value, low, high], or [value] where the interval is that value alone; what is no
// number is null.
func (p Point) MarshalJSON() ([]byte, error) {
	numbers := []float64{p.Value, p.Low, p.High}
	if p.Low == p.Value && p.High == p.Value {
		numbers = numbers[:1]
	}
	out := []byte{'['}
	for i, v := range numbers {
		if i > 0 {
			out = append(out, ',')
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			out = append(out, "null"...)
			continue
		}
		out = strconv.AppendFloat(out, v, 'g', pointDigits, 64)
	}
	return append(out, ']'), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (p *Point) UnmarshalJSON(text []byte) error {
	var numbers []*float64
	if err := json.Unmarshal(text, &numbers); err != nil {
		return err
	}
	p.Value, p.Low, p.High = math.NaN(), math.NaN(), math.NaN()
	for i, to := range []*float64{&p.Value, &p.Low, &p.High} {
		if i < len(numbers) && numbers[i] != nil {
			*to = *numbers[i]
		}
	}
	if len(numbers) == 1 {
		p.Low, p.High = p.Value, p.Value
	}
	return nil
}

// RecordRun makes the record of the pictures of an answer.
func RecordRun(version string, cpuSeconds float64, a *Answer) *RecordedRun {
	r := &RecordedRun{Version: version, CPUSeconds: math.Ceil(cpuSeconds)}
	for _, d := range a.Pictures {
		p := d.Picture
		kept := RecordedPicture{Name: d.Name, Title: d.Title, Kind: p.Kind, XTitle: p.XTitle, YTitle: p.YTitle, X: p.X,
			Labels: p.Labels, Percent: p.Percent, Log: p.Log, Start: p.since(), First: p.First, Note: p.Note}
		if p.Kind == "weeks" { // one after the other
			kept.X = []float64{p.X[0], p.X[len(p.X)-1]}
		}
		for _, c := range d.Series {
			curve := RecordedCurve{Title: c.Title}
			for _, e := range c.Points {
				curve.Points = append(curve.Points, Point{Value: e.Value, Low: e.Low, High: e.High})
			}
			kept.Series = append(kept.Series, curve)
		}
		r.Pictures = append(r.Pictures, kept)
	}
	return r
}

// RecordedRun reads the recorded pictures of a lesson; nil if none were recorded.
func (l Lesson) RecordedRun() (*RecordedRun, error) {
	text, err := scenarios.Lesson(l.Name, PicturesFile)
	if err != nil {
		return nil, nil
	}
	r := &RecordedRun{}
	if err := json.Unmarshal([]byte(text), r); err != nil {
		return nil, err
	}
	return r, nil
}

// RecordedAnswer is the answer that was recorded, with its pictures and without the table of settings; nil if there is
// none.
func (l Lesson) RecordedAnswer() (*Answer, error) {
	run, err := l.RecordedRun()
	if err != nil || run == nil || l.Recorded == nil {
		return nil, err
	}
	a := &Answer{Finding: l.Recorded.Finding}
	for i := range run.Pictures {
		d, err := run.Pictures[i].drawn(a.Replications)
		if err != nil {
			return nil, fmt.Errorf("%s, %s: %w", l.ID, PicturesFile, err)
		}
		a.Pictures = append(a.Pictures, d)
	}
	return a, nil
}

// drawn gives a recorded picture as that of an answer.
func (p *RecordedPicture) drawn(replications int) (Drawn, error) {
	to := &Picture{Name: p.Name, Title: p.Title, Kind: p.Kind, XTitle: p.XTitle, YTitle: p.YTitle, X: p.X,
		Labels: p.Labels, Percent: p.Percent, Log: p.Log, First: p.First, Note: p.Note}
	if p.Start != "" {
		start, err := plan.ParseDate(p.Start)
		if err != nil {
			return Drawn{}, fmt.Errorf("%s: %w", p.Name, err)
		}
		to.Start, to.Dates = start, p.Kind == "curve"
	}
	if p.Kind == "weeks" {
		to.X = nil
		for week := p.X[0]; week <= p.X[len(p.X)-1]; week++ {
			to.X = append(to.X, week)
		}
	}
	d := Drawn{Picture: to, Name: p.Name, Title: p.Title}
	for _, c := range p.Series {
		curve := DrawnCurve{Name: c.Title, Title: c.Title}
		for _, x := range c.Points {
			curve.Points = append(curve.Points, analysis.Estimate{Value: x.Value, Low: x.Low, High: x.High, N: replications})
		}
		d.Series = append(d.Series, curve)
	}
	return d, nil
}
