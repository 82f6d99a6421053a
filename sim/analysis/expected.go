package analysis

// Beside is an outcome as a formula expects it, and as it was simulated.
type Beside struct {
	Outcome   string   `json:"outcome"`
	Unit      string   `json:"unit"`
	Expected  float64  `json:"expected"`
	Simulated Estimate `json:"simulated"`
	// Ratio is simulated over expected; nil where nothing is expected.
	Ratio *float64 `json:"simulated_over_expected"`
}

// Beside puts what is expected of outcomes, by name, beside what was simulated,
// in the order of the summary. The other outcomes are left out.
func (s *Summary) Beside(expected map[string]float64) []Beside {
	var out []Beside
	for _, o := range s.Outcomes {
		x, ok := expected[o.Name]
		if !ok {
			continue
		}
		b := Beside{Outcome: o.Name, Unit: o.Unit, Expected: x, Simulated: o.Estimate}
		if x != 0 {
			ratio := o.Estimate.Value / x
			b.Ratio = &ratio
		}
		out = append(out, b)
	}
	return out
}
