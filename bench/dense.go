package main

// dense compares with the program that steps every firm. The engine's burn-in
// counts as its work; the rival is timed with one of the same length, and
// without.
func (b *bench) dense() error {
	program, err := b.build("", "./bench/dense")
	if err != nil {
		return err
	}
	engine, err := b.fullSize()
	if err != nil {
		return err
	}
	b.part("dense rival: every firm stepped every week, triggers and touches only (bench/dense)")
	var n map[string]float64
	for _, burnIn := range []string{"-1", "0"} {
		var ms []float64
		for range (b.rounds + 1) / 2 {
			if err := output(&n, program, "-burn-in", burnIn); err != nil {
				return err
			}
			ms = append(ms, n["cpu_ms"])
		}
		if x := median(ms) / engine.ms; burnIn == "0" {
			b.add("without burn-in, over the engine with it", "%.1f (%.0f ms)", x, median(ms))
		} else {
			b.judge("with a burn-in of the same length, over the engine", x, atLeast(8), atLeast(12), "%.1f (%.0f ms)", median(ms))
			b.add("its buyers, touches, leads in millions", "%.2f, %.2f, %.3f (engine %.2f, %.2f, %.3f)", n["journeys"]/1e6, n["touches"]/1e6, n["leads"]/1e6,
				engine.outcome("journeys")/1e6, engine.outcome("touches")/1e6, engine.outcome("leads")/1e6)
		}
	}
	return nil
}
