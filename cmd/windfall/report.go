package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"windfall/plots/briefing"
	"windfall/sim/result"
)

func (p *program) reportCommand() *cobra.Command {
	var out string
	var open, quiet, asJSON bool
	cmd := &cobra.Command{
		Use:   "report DIR [DIR...]",
		Short: "Write the report of a run as one HTML file",
		Long: `Write the report of a finished run, or of up to four side by side: one HTML file
that needs no network. It begins with the scenario's question and the answer,
then come headline numbers with their intervals, goals and warnings, pictures
that show their values under the pointer, slices as tables to sort, assumptions
with their sources, what the model leaves out, and how to reproduce it.

Of a run that is not finished the first blocks are shown, and the first line of
the report says so. Runs of different versions may stand side by side; the first
line says that too. Shards must be merged first.`,
		Example: `  # Into the folder of the run, and show it
  windfall run metro --replications 200 --out first
  windfall report first --open

  # Two plans side by side
  windfall run metro --set 'media.radio.weekly_budget*=0.5' --replications 200 --out second
  windfall report first second --out both.html`,
		Args: needs(1, briefing.MostRuns, fmt.Sprintf("one to %d results folders", briefing.MostRuns)),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			runs, err := p.runsIn(args)
			if err != nil {
				return err
			}
			file := cmp.Or(out, defaultReport(args))
			if info, err := os.Stat(file); err == nil && info.IsDir() {
				return &usageError{fmt.Sprintf("--out %s is a folder; name a file, such as %s", file, filepath.Join(file, reportFile)), cmd.CommandPath()}
			}
			if w := briefing.Mixed(runs...); w != "" {
				p.warn([]string{w})
			}
			if err := briefing.Write(file, runs...); err != nil {
				return err
			}
			if err := p.tellReport(file, runs, asJSON, quiet); err != nil {
				return err
			}
			if open {
				p.openInBrowser(file)
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&out, "out", "", "the report, `FILE` (default: report.html in DIR; of several, report-A-B.html here)")
	flags.BoolVar(&open, "open", false, "show the report in the browser")
	flags.BoolVar(&asJSON, "json", false, "print the name of the report and its answers as JSON")
	flags.BoolVar(&quiet, "quiet", false, "print only the name of the report")
	_ = cmd.MarkFlagFilename("out", "html")
	return cmd
}

// defaultReport is where a report goes by itself.
func defaultReport(dirs []string) string {
	if len(dirs) == 1 {
		return filepath.Join(dirs[0], reportFile)
	}
	name := "report"
	for _, d := range dirs {
		name += "-" + filepath.Base(filepath.Clean(d))
	}
	return name + ".html"
}

// runsIn reads results folders.
func (p *program) runsIn(dirs []string) ([]briefing.Run, error) {
	var runs []briefing.Run
	seen := map[string]bool{}
	for _, dir := range dirs {
		whole, err := filepath.Abs(dir)
		if err != nil {
			return nil, err
		}
		if seen[whole] {
			return nil, usagef("%s is named twice", dir)
		}
		seen[whole] = true
		r, err := result.OpenSoFar(dir)
		if err != nil {
			return nil, refused(err)
		}
		runs = append(runs, briefing.Run{Result: r, Plan: p.planOf(r)})
	}
	return runs, nil
}

// tellReport tells what a report answers and where it is.
func (p *program) tellReport(file string, runs []briefing.Run, asJSON, quiet bool) error {
	answers := []string{}
	for _, r := range runs {
		s, err := r.Result.Summary()
		if err != nil {
			return err
		}
		answers = append(answers, briefing.Answer(s))
	}
	switch {
	case asJSON:
		return printJSON(p.stdout, map[string]any{"format": outlineFormat, "command": "report", "report": file, "answers": answers})
	case quiet:
		fmt.Fprintln(p.stdout, file)
		return nil
	}
	for i, r := range runs {
		if u := r.Result.Unfinished; u != nil {
			p.warn([]string{fmt.Sprintf("%s holds an unfinished run: the first %s of %s are shown", r.Result.Dir, counted(r.Result.Replications(), "replication"), thousands(u.Wanted))})
		}
		if len(runs) > 1 {
			fmt.Fprintf(p.stdout, "%s: ", r.Result.Dir)
		}
		fmt.Fprintf(p.stdout, "%s\n", answers[i])
	}
	fmt.Fprintf(p.stdout, "\nReport: %s\n", file)
	return nil
}
