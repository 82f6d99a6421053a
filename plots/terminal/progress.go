package terminal

import (
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"windfall/plots/words"
)

// Where there is no terminal, such as in the log of a cluster, progress is told
// for the first time when the pace is known, for whoever asks himself whether to
// wait, and then now and then.
const (
	lineFirst = 3 * time.Second
	lineEvery = 30 * time.Second
)

// Progress tells how far something is: a bar on a terminal, a line now and then
// elsewhere, nothing with --quiet.
type Progress struct {
	out   io.Writer
	quiet bool
	bars  *mpb.Progress // nil: lines

	// status stands right of the bar. It has no lock: the bar's own goroutine
	// reads it while Tell waits for that goroutine.
	status atomic.Value

	mu    sync.Mutex
	bar   *mpb.Bar
	begun time.Time
	first int       // done before
	part  string    // that is done now
	told  time.Time // when the last line was; zero before the first
}

// NewProgress is for an errand that begins now. Out takes the lines; where there is a screen, it shows the bar. Of a
// quiet one nothing is told. The bar and what stands beside it take at most so many columns.
func NewProgress(out, screen io.Writer, width int, quiet bool) *Progress {
	g := &Progress{out: out, quiet: quiet, begun: time.Now(), first: -1}
	if !quiet && screen != nil {
		g.bars = mpb.New(mpb.WithOutput(screen), mpb.WithWidth(min(78, width-2)))
	}
	return g
}

// Step is how far something is.
type Step struct {
	Done, Before, Total int    // done, of them before it was begun, of all
	Of                  string // the total in words
	Part                string // what is done now; "": there is one part
	Work                func(done int) float64
}

// Tell says how many are done of a total, which words name, and how many of them were done before.
func (g *Progress) Tell(done, before, total int, of string) {
	g.TellPart(Step{Done: done, Before: before, Total: total, Of: of})
}

// TellPart says how far something is, and when another part of it begins. The time left is that of all parts, by the
// work that each is, of which nil says that all are alike.
func (g *Progress) TellPart(s Step) {
	if g.quiet {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.first < 0 {
		g.first = s.Before
	}
	done, total := s.Done, s.Total
	toGo := left(time.Since(g.begun), done-g.first, 1, float64(total-done))
	if s.Work != nil {
		toGo = left(time.Since(g.begun), done-g.first, (s.Work(done)-s.Work(g.first))/float64(max(1, done-g.first)),
			s.Work(total)-s.Work(done))
	}
	status := fmt.Sprintf("%s %s%s", words.Thousands(done), s.Of, toGo)
	begins := s.Part != g.part
	if g.part = s.Part; s.Part != "" {
		status = s.Part + ": " + status
	}
	g.status.Store(status)
	switch {
	case g.bars == nil:
		due := g.told.IsZero() && time.Since(g.begun) >= lineFirst && toGo != "" ||
			!g.told.IsZero() && (begins || time.Since(g.told) >= lineEvery)
		if due && done < total {
			g.told = time.Now()
			fmt.Fprintln(g.out, status)
		}
		return
	case g.bar == nil:
		g.bar = g.bars.New(int64(total), mpb.BarStyle().Lbound("").Rbound(" ").Filler("━").Tip("━").Padding(" "),
			mpb.BarWidth(24), mpb.BarRemoveOnComplete(),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return g.status.Load().(string) })))
	}
	g.bar.SetTotal(int64(total)+1, false) // it ends when End says so
	g.bar.SetCurrent(int64(done))
}

// left words the time left at the pace so far, where so many were done, each some work, and so much work is to do. The
// first few, which make the tables and begin on all workers at once, are too slow to tell the pace.
func left(spent time.Duration, done int, each, todo float64) string {
	const few = 4
	if done < few || spent < time.Second || todo <= 0 || each <= 0 {
		return ""
	}
	d := time.Duration(float64(spent) / (float64(done) * each) * todo).Round(time.Second)
	if d == 0 {
		return ""
	}
	return ", " + d.String() + " left"
}

// Say writes a line above the bar.
func (g *Progress) Say(text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.bars != nil {
		fmt.Fprintln(g.bars, text)
		return
	}
	fmt.Fprintln(g.out, text)
}

// End takes the bar away.
func (g *Progress) End() {
	if g == nil { // nothing was begun
		return
	}
	g.mu.Lock()
	bar, bars := g.bar, g.bars
	g.bar, g.bars = nil, nil
	g.mu.Unlock()
	if bars == nil {
		return
	}
	if bar != nil {
		bar.Abort(true)
	}
	bars.Wait()
}
