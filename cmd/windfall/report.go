package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"windfall/plots/briefing"
	"windfall/plots/gallery"
	"windfall/plots/kept"
	"windfall/sim/result"
	"windfall/sim/store"
)

func (p *program) reportCommand() *cobra.Command {
	o := options{pictures: gallery.Choice{Known: gallery.Names(), Text: gallery.None}}
	what := fmt.Sprintf("one to %d results folders", briefing.MostRuns)
	cmd := command("report DIR [DIR...]", 1, briefing.MostRuns, what, completeFolder, func(args []string) error {
		runs, err := p.runsIn(args)
		if err != nil {
			return err
		}
		file := cmp.Or(o.out, briefing.FileOf(args, kept.Report))
		if info, err := os.Stat(file); err == nil && info.IsDir() {
			return &usageError{fmt.Sprintf("--out %s is a folder; name a file, such as %s", file,
				filepath.Join(file, kept.Report)), "windfall report"}
		}
		if w := briefing.Mixed(runs...); w != "" {
			p.warn([]string{w})
		}
		if err := p.holdWritten(file, &o, runs); err != nil {
			return err
		}
		drawn := make([][]string, len(runs))
		for i := range runs {
			if drawn[i], err = p.draw(&o, &runs[i], ""); err != nil {
				return err
			}
		}
		if err := briefing.Write(file, runs...); err != nil {
			return err
		}
		if len(runs) == 1 && o.out == "" {
			if err := runs[0].WriteBrief(filepath.Join(args[0], kept.Brief)); err != nil {
				return err
			}
		}
		told, err := briefing.WrittenOf(file, runs, drawn)
		if err != nil {
			return err
		}
		if o.printsTables() {
			p.warn(told.Warnings)
		}
		if err := p.printer("report", &o).end(told, file, told.Lines...); err != nil {
			return err
		}
		if o.open {
			p.openInBrowser(file)
		}
		return nil
	})
	o.declare(cmd, whereFlags+"pictures open")
	_ = cmd.MarkFlagFilename("out", "html")
	return cmd
}

// runsIn reads results folders.
func (p *program) runsIn(dirs []string) ([]briefing.Run, error) {
	var runs []briefing.Run
	if err := store.Once(dirs); err != nil {
		return nil, refused(err)
	}
	for _, dir := range dirs {
		r, err := result.OpenPartial(dir)
		if err != nil {
			return nil, refused(err)
		}
		runs = append(runs, briefing.Run{Result: r, Plan: p.planOf(r)})
	}
	return runs, nil
}

// holdWritten takes those folders of runs that something is written into.
func (p *program) holdWritten(file string, o *options, runs []briefing.Run) error {
	for _, r := range runs {
		dir := r.Result.Dir
		if o.pictures.None() && filepath.Clean(filepath.Dir(file)) != filepath.Clean(dir) {
			continue
		}
		folder, err := result.Hold(dir)
		if err != nil {
			return err
		}
		p.hold(folder)
	}
	return nil
}
