package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/store"
	"windfall/sim/study"
)

func (p *program) scenariosCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "scenarios",
		Short: "List, show, check, write, explain and compare scenarios",
		Long: `List, show, check, write, explain and compare scenarios.

A scenario is a TOML file: a market, a vendor and a plan. It extends another one
and changes what is different; windfall scenarios explain says what each key
means, what it is now, and where that came from.`,
		Example: `  windfall scenarios list
  windfall scenarios new my-plan.toml
  windfall scenarios explain my-plan.toml channels.paid-search.weekly_budget`,
		Args: cobra.ArbitraryArgs,
		RunE: group,
	}
	cmd.AddCommand(p.listCommand(), p.showCommand(), p.checkCommand(), p.newCommand(), p.explainCommand(), p.diffCommand(),
		p.schemaCommand())
	return cmd
}

func (p *program) listCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "list", Short: "List the shipped scenarios",
		Long:    "List the shipped scenarios: name and title, and what each extends.",
		Example: "  windfall scenarios list",
		Args:    nothing,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return printJSON(p.stdout, scenarios.List())
			}
			s := page.NewSheet("scenarios", "Shipped scenarios", "name", "title", "extends")
			for _, b := range scenarios.List() {
				if !study.IsLesson(b.Name) {
					s.Row(b.Name, b.Title, strings.Join(b.Extends, ", "))
				}
			}
			t := p.teller("scenarios", &options{})
			t.Table(s)
			t.Lines("Lessons: windfall lessons")
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print them as JSON, with their questions")
	return cmd
}

func (p *program) showCommand() *cobra.Command {
	var resolved bool
	var o options
	cmd := &cobra.Command{
		Use: "show NAME|FILE", Short: "Print a scenario",
		Long: `Print a shipped scenario as it is written. With --resolved, print any scenario
as one file that extends nothing: every key with its value, its source and the
place that set it.`,
		Example: `  windfall scenarios show pause-the-brand
  windfall scenarios show metro --resolved --set run.weeks=52`,
		Args:              needs(1, 1, "one scenario"),
		ValidArgsFunction: completeScenario,
		RunE: func(_ *cobra.Command, args []string) error {
			if !resolved && len(o.set) > 0 {
				return usagef("--set needs --resolved: the file as it is written does not have it")
			}
			if text, ok := scenarios.Source(args[0]); ok && !resolved {
				return p.printed(text, nil)
			}
			s, err := p.open(args[0], o.set...)
			switch {
			case err != nil:
				return err
			case resolved:
				return p.printed(scenarios.Resolved(s.Plan), nil)
			}
			data, err := os.ReadFile(args[0])
			return p.printed(string(data), err)
		},
	}
	cmd.Flags().BoolVar(&resolved, "resolved", false, "print every key with its value and its source")
	o.declare(cmd, "set")
	return cmd
}

func (p *program) checkCommand() *cobra.Command {
	var asJSON bool
	var o options
	cmd := &cobra.Command{
		Use: "check FILE...", Short: "Say all that is wrong with scenarios",
		Long: `Say all that is wrong, or worth knowing, about scenarios without running them:
file and line, key, value, what is allowed, and the nearest known name. The exit
code is 2 if one of them cannot run.`,
		Example:           "  windfall scenarios check my-plan.toml\n  windfall scenarios check metro pause-the-brand",
		Args:              needs(1, 0, "the scenarios to check"),
		ValidArgsFunction: completeScenario,
		RunE: func(_ *cobra.Command, args []string) error {
			reports := scenarios.Check(args, append(p.loading(), scenarios.Set(o.set...))...)
			bad := 0
			for _, r := range reports {
				if len(r.Problems) > 0 {
					bad++
				}
			}
			if asJSON {
				if err := printJSON(p.stdout, reports); err != nil {
					return err
				}
			}
			for _, r := range reports {
				if !asJSON {
					p.printCheck(r)
				}
			}
			if bad > 0 {
				return usagef("%d of %s cannot run", bad, words.Counted(len(reports), "scenario"))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the findings as JSON")
	o.declare(cmd, "set")
	return cmd
}

func (p *program) printCheck(r scenarios.Report) {
	if len(r.Problems) > 0 {
		fmt.Fprintln(p.stdout, r.Problems)
	}
	for line := range strings.Lines(r.Warnings.Error()) {
		fmt.Fprintf(p.stdout, "warning: %s\n", strings.TrimSuffix(line, "\n"))
	}
	switch {
	case len(r.Problems) > 0:
		fmt.Fprintf(p.stdout, "%s: %s\n", r.Name, words.Counted(len(r.Problems), "problem"))
	case len(r.Warnings) > 0:
		fmt.Fprintf(p.stdout, "%s: ok, %s\n", r.Name, words.Counted(len(r.Warnings), "warning"))
	default:
		fmt.Fprintf(p.stdout, "%s: ok\n", r.Name)
	}
}

func (p *program) newCommand() *cobra.Command {
	return &cobra.Command{
		Use: "new FILE|-", Short: "Write a scenario to start from",
		Long: `Write a scenario to start from: it runs as it is, and shows as comments the few
things that people change. A file that exists is not touched; - prints it.`,
		Example: "  windfall scenarios new my-plan.toml\n  windfall run my-plan.toml --replications 50",
		Args:    needs(1, 1, "the file to write"),
		RunE: func(_ *cobra.Command, args []string) error {
			if args[0] == "-" {
				return p.printed(scenarios.New(), nil)
			}
			return p.write(args[0], scenarios.New(), "%s exists and is left as it is; choose another name",
				"%s is written\nnext: windfall run %s\n")
		},
	}
}

// write writes a text into a new file, and says so with its name, and once more as a shell reads it.
func (p *program) write(file, text, exists, done string) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return usagef(exists, file)
	}
	if err != nil {
		return err
	}
	if _, err = f.WriteString(text); err == nil {
		err = f.Close()
	}
	return p.printed(fmt.Sprintf(done, file, store.ShellLine([]string{file})), err)
}

// printed prints a text, if there is one.
func (p *program) printed(text string, err error) error {
	if err == nil {
		_, err = fmt.Fprint(p.stdout, text)
	}
	return err
}

func (p *program) explainCommand() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use: "explain FILE [KEY]", Short: "Explain the values of a scenario",
		Long: `Explain a key of a scenario: its value, the file and line that set it, its unit,
range, default, meaning and source, and what moves it. For a table its keys are
listed, and without a key all of them.`,
		Example: `  windfall scenarios explain metro
  windfall scenarios explain metro channels.paid-search
  windfall scenarios explain metro journey.cross_channel_bonus`,
		Args:              needs(1, 2, "a scenario and, if you like, a key"),
		ValidArgsFunction: completeKey,
		RunE: func(_ *cobra.Command, args []string) error {
			s, err := p.open(args[0], o.set...)
			if err != nil {
				return err
			}
			key := ""
			if len(args) > 1 {
				key = args[1]
			}
			text, err := scenarios.Explain(s.Plan, key)
			if err != nil {
				return usagef("%v", err)
			}
			return p.printed(text, nil)
		},
	}
	o.declare(cmd, "set")
	return cmd
}

func (p *program) diffCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "diff A B", Short: "Compare two scenarios",
		Long: `List the keys in which two scenarios differ, with both values. Names, titles and
sources are not compared: two scenarios without a difference give the same
numbers from the same seed.`,
		Example:           "  windfall scenarios diff phone-system pause-the-brand",
		Args:              needs(2, 2, "two scenarios"),
		ValidArgsFunction: completeScenario,
		RunE: func(_ *cobra.Command, args []string) error {
			a, err := p.open(args[0])
			if err != nil {
				return err
			}
			b, err := p.open(args[1])
			if err != nil {
				return err
			}
			differences := scenarios.Diff(a.Plan, b.Plan)
			if asJSON {
				return printJSON(p.stdout, append([]scenarios.Difference{}, differences...))
			}
			if len(differences) == 0 {
				fmt.Fprintln(p.stdout, "no difference")
				return nil
			}
			sheet := page.NewSheet("differences", "What differs", "key")
			sheet.Columns = append(sheet.Columns, page.Column{Name: args[0]}, page.Column{Name: args[1]})
			for _, d := range differences {
				sheet.Row(d.Key, cmp.Or(d.A, "–"), cmp.Or(d.B, "–"))
			}
			p.teller("scenarios", &options{}).Table(sheet)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the differences as JSON")
	return cmd
}

func (p *program) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print a JSON schema of scenario files",
		Long: `Print a JSON schema of scenario files, for completion and checks in editors. A
scenario refers to it in its first line:

  #:schema ./scenario.schema.json`,
		Example: "  windfall scenarios schema > scenario.schema.json",
		Args:    nothing,
		RunE: func(*cobra.Command, []string) error {
			_, err := p.stdout.Write(scenarios.Schema())
			return err
		},
	}
}
