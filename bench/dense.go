package main

// engineTouches are the stages of a replication that do what the rival does: triggers and touches.
var engineTouches = []string{"reset", "drivers", "journeys", "resume", "return"}

// dense compares with the program that steps every firm. It does triggers and touches only, so it is held
// against the stages of the engine that do those, with a burn-in of the same length. The other lines are for
// a look: against the whole engine, without burn-in, and over the engine's random draws alone, which no
// engine of this law can do without.
func (b *bench) dense() error {
	program, err := b.build("", "./bench/dense")
	if err != nil {
		return err
	}
	engine, err := b.fullSize()
	if err != nil {
		return err
	}
	p, err := b.pair("phone-system", b.rounds)
	if err != nil {
		return err
	}
	b.part("dense rival: every firm stepped every week, triggers and touches only (bench/dense)")
	rival := func(burnIn string) (ms float64, n map[string]float64, err error) {
		var times []float64
		for range (b.rounds + 1) / 2 {
			if err := output(&n, program, "-burn-in", burnIn); err != nil {
				return 0, nil, err
			}
			times = append(times, n["cpu_ms"])
		}
		return median(times), n, nil
	}
	whole, n, err := rival("-1")
	if err != nil {
		return err
	}
	short, _, err := rival("0")
	if err != nil {
		return err
	}
	share := p.share(engineTouches...)
	b.judge("over the engine's triggers and touches, both with the burn-in", whole/engine.ms/share, atLeast(3), bound{},
		"%.1f (%.0f ms over %.0f ms)", whole, engine.ms*share)
	b.add("its buyers, touches, leads in millions", "%.2f, %.2f, %.3f (engine %.2f, %.2f, %.3f)", n["journeys"]/1e6,
		n["touches"]/1e6, n["leads"]/1e6,
		engine.outcome("journeys")/1e6, engine.outcome("touches")/1e6, engine.outcome("leads")/1e6)
	b.add("over the whole engine", "%.1f (without its burn-in %.1f)", whole/engine.ms, short/engine.ms)
	b.add("over the engine's random draws alone", "%.0f", whole/b.drawsAlone())
	return nil
}
