package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"

	"windfall/sim/estimate"
	"windfall/sim/store"
)

// Number is a number of four digits, which is more than its error leaves and the same on every machine in all but the
// rarest case. What is infinite or missing is null.
type Number float64

// MarshalJSON implements json.Marshaler.
func (n Number) MarshalJSON() ([]byte, error) {
	x := float64(n)
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return []byte("null"), nil
	}
	if math.Abs(x) < 1e-9 {
		return []byte("0"), nil
	}
	digits, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 3, 64), 64)
	return strconv.AppendFloat(nil, digits, 'f', -1, 64), err
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *Number) UnmarshalJSON(text []byte) error {
	if string(text) == "null" {
		*n = Number(math.NaN())
		return nil
	}
	x, err := strconv.ParseFloat(string(text), 64)
	*n = Number(x)
	return err
}

// Header is the first line of a release file.
type Header struct {
	Format    string          `json:"format"`
	Version   int             `json:"version"`
	Seed      int             `json:"seed"`
	Panels    int             `json:"panels_per_world"`
	Worlds    int             `json:"worlds"`
	PauseFrom int             `json:"first_week_of_the_pause"`
	Weeks     int             `json:"weeks_of_a_panel"`
	Horizon   int             `json:"weeks_of_the_truth"`
	Columns   string          `json:"columns"`
	Regions   []string        `json:"regions"`
	Checksum  string          `json:"checksum"`
	Methods   []MethodOf      `json:"methods"`
	Meaning   json.RawMessage `json:"meaning"`
	Market    string          `json:"market_toml"`
}

// MethodOf is a method of a release.
type MethodOf struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Promises string `json:"its_size_holds"`
}

// Result is a world of a release: its line.
type Result struct {
	World
	Truth   *Truth            `json:"truth"`
	Refused map[string]string `json:"not_applicable,omitempty"` // by method: why
	Panels  []PanelResult     `json:"panels"`
	Example *Panel            `json:"panel_0,omitempty"`
}

// Example is a column of the first panel of a world. Columns stand together in a release, for they are much alike from
// world to world and take little room like this.
type Example struct {
	World   string    `json:"world"`
	Column  string    `json:"column"`
	Numbers [][]int64 `json:"panel_0_by_region_and_week"`
}

// PanelResult is a panel of a release.
type PanelResult struct {
	Checksum string `json:"checksum"`
	Realised int    `json:"realised"` // effect on sign-ups of the paused regions in the pause, in this very panel
	// Found is, by method, the total, the ends of the interval, and p.
	Found map[string][4]Number `json:"found"`
}

// estimateOf is an estimate as it was kept.
func estimateOf(f [4]Number) estimate.Estimate {
	e := estimate.Estimate{Total: float64(f[0]), Low: float64(f[1]), High: float64(f[2]), P: float64(f[3]),
		Applicable: true}
	if math.IsNaN(e.Low) {
		e.Low = math.Inf(-1)
	}
	if math.IsNaN(e.High) {
		e.High = math.Inf(1)
	}
	return e
}

// header is that of this program.
func header(worlds int) *Header {
	h := &Header{Format: "windfall pause benchmark", Version: Version, Seed: seed, Panels: panels, Worlds: worlds,
		PauseFrom: pauseFrom, Weeks: panelWeeks, Horizon: horizon, Columns: columns[:len(columns)-1],
		Checksum: "first 16 hex digits of SHA-256 of the CSV of a panel, uncompressed", Market: string(market),
		Meaning: json.RawMessage(`{"panel": "panel k is replication k of the seed",
			"truth": "mean and standard error of world less that without the pause, on the same random numbers",
			"realised": "that difference in one panel: sign-ups of the paused regions in the weeks of the pause",
			"found": "by method: total effect on these sign-ups, both ends of its 95% interval (null: infinite), p"}`)}
	if p, err := load(nil); err == nil { // a market that does not load is reported where it is run
		h.Regions = p.Dimension("region")
	}
	for _, m := range estimate.Methods {
		h.Methods = append(h.Methods, MethodOf{m.Name, m.Title, m.Promises})
	}
	return h
}

// Release is a release file as it is read: the header, the worlds, their first panels.
type Release struct {
	Header
	Results []*Result
	byName  map[string]*Result
}

// write writes a release.
func (r *Release) write(file string) error {
	values := []any{r.Header}
	var examples []any
	for _, w := range r.Results {
		plain := *w
		plain.Example = nil
		values = append(values, plain)
	}
	for i := range (&Panel{}).numbers() {
		for _, w := range r.Results {
			c := w.Example.numbers()[i]
			examples = append(examples, Example{w.Name, c.name, *c.by})
		}
	}
	var text bytes.Buffer
	if err := lines(&text, append(values, examples...)...); err != nil {
		return err
	}
	return store.WriteFile(file, text.Bytes())
}

// linesOf is how many lines the file has.
func (r *Release) linesOf() int { return 1 + r.Worlds*(1+len((&Panel{}).numbers())) }

// take puts a column of a first panel where it belongs.
func (r *Release) take(e *Example) error {
	w := r.byName[e.World]
	if w == nil {
		return fmt.Errorf("panel 0 of %s, which is no world of it", e.World)
	}
	if w.Example == nil {
		w.Example = &Panel{Regions: r.Regions}
	}
	for _, c := range w.Example.numbers() {
		if c.name == e.Column {
			*c.by = e.Numbers
			return nil
		}
	}
	return fmt.Errorf("column %s of panel 0 of %s is unknown", e.Column, e.World)
}

// lines writes values as JSON, one a line, compressed.
func lines(to io.Writer, values ...any) error {
	zip, err := gzip.NewWriterLevel(to, gzip.BestCompression)
	if err != nil {
		return err
	}
	for _, v := range values {
		text, err := json.Marshal(v)
		if err != nil {
			return err
		}
		if _, err := zip.Write(append(text, '\n')); err != nil {
			return err
		}
	}
	return zip.Close()
}

// eachLine reads lines of compressed JSON.
func eachLine(text []byte, take func(line []byte) error) error {
	zip, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return err
	}
	scan := bufio.NewScanner(zip)
	scan.Buffer(nil, 64<<20)
	for scan.Scan() {
		if err := take(scan.Bytes()); err != nil {
			return err
		}
	}
	return scan.Err()
}

// open reads a release file.
func open(file string) (*Release, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	r := &Release{byName: map[string]*Result{}}
	n := 0 // lines so far
	err = eachLine(text, func(line []byte) error {
		n++
		switch {
		case n == 1:
			return json.Unmarshal(line, &r.Header)
		case n <= 1+r.Worlds:
			w := &Result{}
			r.Results = append(r.Results, w)
			if err := json.Unmarshal(line, w); err != nil {
				return err
			}
			r.byName[w.Name] = w
			return nil
		}
		var e Example
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		return r.take(&e)
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s is no release file of the pause benchmark: %w", file, err)
	case r.Format != header(0).Format:
		return nil, fmt.Errorf("%s is no release file of the pause benchmark", file)
	case r.Version != Version:
		return nil, fmt.Errorf("%s has version %d of the worlds, this program makes version %d", file, r.Version, Version)
	case n != r.linesOf():
		return nil, fmt.Errorf("%s has %d lines of %d: it was cut off", file, n, r.linesOf())
	}
	return r, nil
}
