package plan

import "slices"

// Align gives an opening plan with triggers, channels, products, teams and media in the positions of the run's plan;
// what the opening plan lacks is switched off. Nothing of either is changed.
func Align(run, open *Plan) *Plan {
	p := *open
	p.Triggers = align(run.Triggers, open.Triggers, func(k *Trigger) string { return k.Name },
		func(k *Trigger) { k.Enabled = false })
	p.Channels = align(run.Channels, open.Channels, func(c *Channel) string { return c.Name },
		func(c *Channel) { c.Enabled = false; c.WeeklyBudget = 0; c.MaxTouchesPerWeek = 0 })
	p.Products = align(run.Products, open.Products, func(c *Product) string { return c.Name },
		func(c *Product) { c.Enabled = false })
	p.Teams = align(run.Teams, open.Teams, func(c *Team) string { return c.Name },
		func(c *Team) { c.Enabled = false; c.People = 0 })
	p.Media = align(run.Media, open.Media, func(c *Medium) string { return c.Name },
		func(c *Medium) { c.Enabled = false })
	return &p
}

func align[T any](run, open []T, name func(*T) string, off func(*T)) []T {
	same := func(a, b T) bool { return name(&a) == name(&b) }
	if slices.EqualFunc(run, open, same) {
		return open
	}
	out := slices.Clone(run)
	for i := range out {
		at := slices.IndexFunc(open, func(o T) bool { return same(o, out[i]) })
		if at >= 0 {
			out[i] = open[at]
			continue
		}
		off(&out[i])
	}
	return out
}
