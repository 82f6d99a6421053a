package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/sync/errgroup"

	"windfall/model/plan"
	"windfall/sim/estimate"
	"windfall/sim/export"
	"windfall/sim/safely"
	"windfall/sim/store"
)

// runner runs the worlds of a group with the one without the pause, which comes first.
func (g *group) runner(worlds []World) (*export.Runner, plan.Date, error) {
	var plans []*plan.Plan
	sets := [][]string{g.without}
	for _, w := range worlds {
		sets = append(sets, w.Set)
	}
	for _, set := range sets {
		p, err := load(set)
		if err != nil {
			return nil, 0, err
		}
		plans = append(plans, p)
	}
	r, err := export.NewRunner(plans...)
	return r, plans[0].Run.Start, err
}

// each makes panels of a group one after the other and hands each over with the world's place in it, the replication
// and what its world was like without the pause.
func (g *group) each(ctx context.Context, n int, take func(world, k int, p *Panel, csv []byte,
	with, without *export.Panel) error,
) error {
	r, start, err := g.runner(g.worlds)
	if err != nil {
		return err
	}
	for k := range n {
		if err := ctx.Err(); err != nil {
			return err
		}
		all := r.Run(seed, k)
		for i := range g.worlds {
			p := seen(all[i+1])
			if err := take(i, k, p, p.CSV(start), all[i+1], all[0]); err != nil {
				return err
			}
		}
	}
	return nil
}

// together works on groups, some at a time.
func together(ctx context.Context, workers int, groups []group, work func(context.Context, *group) error) error {
	team, ctx := errgroup.WithContext(ctx)
	team.SetLimit(workers)
	for i := range groups {
		safely.Go(team, func() error { return work(ctx, &groups[i]) })
	}
	return team.Wait()
}

// found are the estimates of all methods on a panel, and why others do not apply.
func found(w *World, p *Panel) (out map[string][4]Number, refused map[string]string) {
	out, refused = map[string][4]Number{}, map[string]string{}
	for _, m := range estimate.Methods {
		e := m.Estimate(p.question(w))
		if !e.Applicable {
			refused[m.Name] = e.Reason
			continue
		}
		out[m.Name] = [4]Number{Number(e.Total), Number(e.Low), Number(e.High), Number(e.P)}
	}
	return out, refused
}

// mostPairs is how many pairs the truth of a world rests on at most, where panels of it leave its error too large.
const mostPairs = 1000

// results computes what a release says of the worlds of a group.
func (g *group) results(ctx context.Context) ([]*Result, error) {
	out, sums := make([]*Result, len(g.worlds)), make([]pairs, len(g.worlds))
	for i, w := range g.worlds {
		out[i] = &Result{World: w}
	}
	err := g.each(ctx, panels, func(i, k int, p *Panel, csv []byte, with, without *export.Panel) error {
		r := out[i]
		if k == 0 {
			r.Example = p
		}
		realised := sums[i].add(&g.worlds[i], with, without)
		estimates, refused := found(&g.worlds[i], p)
		r.Refused = refused
		r.Panels = append(r.Panels, PanelResult{checksum(csv), int(realised), estimates})
		return nil
	})
	if err == nil {
		err = g.more(ctx, sums)
	}
	for i := range out {
		out[i].Truth = sums[i].truth()
	}
	return out, err
}

// more adds pairs beyond the panels to worlds whose truth is not yet known well enough, round by round.
func (g *group) more(ctx context.Context, sums []pairs) error {
	for done := panels; done < mostPairs; done += panels {
		var left []int
		var worlds []World
		for i := range sums {
			if !sums[i].known() {
				left, worlds = append(left, i), append(worlds, g.worlds[i])
			}
		}
		if len(left) == 0 {
			return nil
		}
		r, _, err := g.runner(worlds)
		if err != nil {
			return err
		}
		for k := done; k < done+panels; k++ {
			if err := ctx.Err(); err != nil {
				return err
			}
			all := r.Run(seed, k)
			for j, i := range left {
				sums[i].add(&worlds[j], all[j+1], all[0])
			}
		}
	}
	return nil
}

// collect computes all groups and writes a release. Each group is kept in a folder when it is done; what is there of
// the same market is not computed again.
func collect(ctx context.Context, work, file string, workers int, all []group, say func(string, ...any)) error {
	if err := os.MkdirAll(work, 0o777); err != nil {
		return err
	}
	head := header(0)
	pieces := make([][]*Result, len(all))
	at := map[string]int{}
	for i := range all {
		at[all[i].name] = i
	}
	err := together(ctx, workers, all, func(ctx context.Context, g *group) error {
		piece := filepath.Join(work, g.name+".jsonl.gz")
		list, err := readPiece(piece, head)
		if err == nil && list == nil {
			if list, err = g.results(ctx); err == nil {
				err = writePiece(piece, head, list)
			}
			say("%s: done", g.name)
		}
		pieces[at[g.name]] = list
		return err
	})
	if err != nil {
		return err
	}
	list := slices.Concat(pieces...)
	r := Release{Header: *header(len(list)), Results: list}
	return r.write(file)
}

func writePiece(file string, head *Header, list []*Result) error {
	values := []any{head}
	for _, r := range list {
		values = append(values, r)
	}
	var text bytes.Buffer
	if err := lines(&text, values...); err != nil {
		return err
	}
	return store.WriteFile(file, text.Bytes())
}

// readPiece reads a group that is done; nil: it is not, or was done of another market.
func readPiece(file string, head *Header) (list []*Result, err error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	same, first := false, true
	err = eachLine(text, func(line []byte) error {
		if first {
			first = false
			var h Header
			err := json.Unmarshal(line, &h)
			same = h.Version == head.Version && h.Market == head.Market && h.Panels == head.Panels
			return err
		}
		r := &Result{}
		list = append(list, r)
		return json.Unmarshal(line, r)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w: delete it, and it is computed anew", file, err)
	}
	if !same {
		return nil, nil
	}
	return list, nil
}
