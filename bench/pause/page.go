package main

import (
	_ "embed"
	"fmt"
	"math"
	"strings"

	"windfall/sim/estimate"
)

// The text of the page; {name} stands for a table or a number of the release.
//
//go:embed page.md
var pageText string

// page is docs/benchmark.md of a release.
func (r *Release) page() string {
	text := pageText
	for name, value := range r.parts() {
		text = strings.ReplaceAll(text, "{"+name+"}", strings.TrimSuffix(value, "\n"))
	}
	return text
}

// parts are the tables and numbers of the page.
func (r *Release) parts() map[string]string {
	out := map[string]string{
		"summary": r.summary(), "nulls": r.nulls(), "lengths": r.lengths(), "unseen": r.unseen(),
		"national": r.all("national", "series"), "worlds": fmt.Sprint(len(r.Results)),
		"panels": thousands(len(r.Results) * r.Panels),
	}
	for _, m := range estimate.Methods {
		out["regional-"+m.Name] = r.all("regional", m.Name)
	}
	least, most, worst, pairs := math.Inf(1), 0.0, 0.0, 0
	for _, w := range r.Results {
		pairs = max(pairs, w.Truth.Pairs)
		if w.Null() {
			continue
		}
		m, share := w.Truth.Paused["signups"], -w.Truth.Relative()
		least, most = min(least, share), max(most, share)
		worst = max(worst, float64(m.Error)/float64(w.Truth.Without.Value))
	}
	out["least"], out["most"], out["worst"], out["pairs"] = percent(least), percent(most), percent(worst), thousands(pairs)
	for _, scope := range scopes {
		for _, event := range events {
			for _, m := range estimate.Methods {
				if s := r.over(m.Name, func(w *Result) bool { return w.Scope == scope && w.Event == event }); s.Panels > 0 {
					at := scope + "-" + event + "-" + m.Name
					out["false-"+at], out["missed-"+at] = rate(s.FalseWins, s.Nulls), rate(s.Missed, s.Sizeable)
					out["covered-"+at] = rate(s.Covered, s.Panels)
				}
			}
		}
	}
	out["spill"] = r.spill()
	return out
}

// over is the score of a method in some worlds.
func (r *Release) over(method string, which func(*Result) bool) (s Score) {
	for _, w := range r.Results {
		if which(w) {
			s.add(w.score(method))
		}
	}
	return s
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

func percent(x float64) string {
	if x < 0.02 {
		return fmt.Sprintf("%.1f%%", 100*x)
	}
	return fmt.Sprintf("%.0f%%", 100*x)
}

// rate is a share in percent; - where there is nothing to take it of.
func rate(k, n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%.0f%%", 100*float64(k)/float64(n))
}

// signed is a number of one digit with its sign.
func signed(x float64) string {
	if math.Abs(x) < 0.05 {
		return "0.0"
	}
	return strings.Replace(fmt.Sprintf("%+.1f", x), "-", "−", 1)
}

// rows makes a table.
func rows(head string, lines ...string) string {
	cells := strings.Count(head, "|") - 1
	return head + "\n|" + strings.Repeat("---|", cells) + "\n" + strings.Join(lines, "\n") + "\n"
}

var happening = map[string]string{"alone": "nothing", "recession": "a recession", "rival": "a rival's campaign"}

// summary is how the methods do, by where the pause is and what else happens.
func (r *Release) summary() string {
	var lines []string
	for _, scope := range scopes {
		for _, event := range events {
			for _, m := range estimate.Methods {
				s := r.over(m.Name, func(w *Result) bool { return w.Scope == scope && w.Event == event })
				if s.Panels == 0 {
					continue
				}
				lines = append(lines, fmt.Sprintf("| %s | %s | %s | %s | %s | %s | %s | %s |", scope, happening[event], m.Title,
					rate(s.Covered, s.Panels), rate(s.Expected, s.Panels), rate(s.FalseWins, s.Nulls),
					rate(s.WrongSign, s.Effects), rate(s.Missed, s.Sizeable)))
			}
		}
	}
	return rows("| pause | what else happens | method | interval holds the panel's effect | holds the expected effect "+
		"| false wins | wrong sign | missed wins |", lines...)
}

// nulls are the sizes of the tests, world by world.
func (r *Release) nulls() string {
	var lines []string
	for _, event := range events {
		for _, scope := range scopes {
			for _, m := range estimate.Methods {
				cells, any := "", false
				for _, n := range weeks {
					s := r.over(m.Name, func(w *Result) bool {
						return w.Null() && w.Scope == scope && w.Event == event && w.Weeks == n
					})
					cells += " " + rate(s.FalseWins, s.Nulls) + " |"
					any = any || s.Nulls > 0
				}
				if any {
					lines = append(lines, fmt.Sprintf("| %s | %s | %s |%s", happening[event], scope, m.Title, cells))
				}
			}
		}
	}
	return rows("| what happens | pause | method | 1 week | 3 weeks | 6 weeks | 13 weeks |", lines...)
}

// lengths are the missed wins by length and halo where nothing else happens.
func (r *Release) lengths() string {
	var lines []string
	for _, scope := range scopes {
		for _, m := range estimate.Methods {
			for _, halo := range halos {
				cells, any := "", false
				for _, n := range weeks {
					s := r.over(m.Name, func(w *Result) bool {
						return w.Halo == halo.value && w.Scope == scope && w.Event == "alone" && w.Weeks == n
					})
					cells += " " + rate(s.Missed, s.Sizeable) + " |"
					any = any || s.Panels > 0
				}
				if any {
					lines = append(lines, fmt.Sprintf("| %s | %s | %s |%s", scope, m.Title, halo.name, cells))
				}
			}
		}
	}
	return rows("| pause | method | halo | 1 week | 3 weeks | 6 weeks | 13 weeks |", lines...)
}

// unseen is what becomes of a national pause after it, and after the panel.
func (r *Release) unseen() string {
	var lines []string
	for _, d := range decays {
		for _, n := range weeks {
			for _, w := range r.Results {
				if w.Halo != 0.6 || w.Decay != d.value || w.Scope != "national" || w.Event != "alone" || w.Weeks != n {
					continue
				}
				t := w.Truth
				signups := func(m map[string]Mean) float64 { return -float64(m["signups"].Value) }
				won := func(m map[string]Mean) float64 { return -float64(m["won"].Value) }
				back := "not by the end"
				if k := t.HalfBack(n); k >= 0 {
					back = fmt.Sprint(k)
				}
				line := fmt.Sprintf("| %g | %d |", d.value, n)
				for _, x := range []float64{signups(t.Pause), signups(t.Panel) - signups(t.Pause),
					signups(t.All) - signups(t.Panel), won(t.Pause), won(t.Panel) - won(t.Pause), won(t.All) - won(t.Panel)} {
					line += " " + strings.Replace(fmt.Sprintf("%.1f", x), "-", "−", 1) + " |"
				}
				lines = append(lines, line+" "+back+" |")
			}
		}
	}
	return rows("| half-life, weeks | pause, weeks | sign-ups lost in the pause | after it, in the panel "+
		"| after the panel | customers lost in the pause | after it, in the panel | after the panel "+
		"| weeks until sign-ups are half back |", lines...)
}

// spill is the largest expected effect on the regions that are not paused, as a share of that on those that are.
func (r *Release) spill() string {
	most := 0.0
	for _, w := range r.Results {
		if w.Scope != "regional" || w.Null() || w.Weeks < 13 {
			continue
		}
		inside := float64(w.Truth.Paused["signups"].Value)
		outside := float64(w.Truth.Pause["signups"].Value) - inside
		most = max(most, math.Abs(outside/inside))
	}
	return percent(most)
}

// all is a method in all worlds of a scope.
func (r *Release) all(scope, method string) string {
	var lines []string
	for _, w := range r.Results {
		if w.Scope != scope {
			continue
		}
		s, m := w.score(method), w.Truth.Paused["signups"]
		misses := rate(s.Missed, s.Sizeable)
		wins := rate(s.WrongSign, s.Effects)
		if w.Null() {
			wins = rate(s.FalseWins, s.Nulls)
		}
		decay := fmt.Sprint(w.Decay)
		if w.Null() {
			decay = "-"
		}
		lines = append(lines, fmt.Sprintf("| %g | %s | %s | %d | %s ± %.1f | %s | %s | %.1f | %s | %s | %s | %s |",
			w.Halo, decay, w.Event, w.Weeks, signed(float64(m.Value)), 1.96*float64(m.Error),
			percent(0-w.Truth.Relative()), signed(s.bias()), s.rmse(), rate(s.Covered, s.Panels),
			rate(s.Expected, s.Panels), wins, misses))
	}
	return rows("| halo | half-life | event | weeks | true effect | lost | bias | RMSE | covers own | covers expected "+
		"| false or wrong sign | missed |", lines...)
}
