package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/plots/terminal"
	"windfall/plots/words"
	"windfall/scenarios"
	"windfall/sim/store"
	"windfall/sim/study"
)

func (p *program) scenariosCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "scenarios", Args: cobra.ArbitraryArgs, RunE: group}
	cmd.AddCommand(p.listCommand(), p.showCommand(), p.checkCommand(), p.newCommand(), p.explainCommand(), p.diffCommand(),
		p.schemaCommand())
	return cmd
}

func (p *program) listCommand() *cobra.Command {
	var o options
	cmd := command("list", 0, 0, "", nil, func(_ []string) error {
		if o.json {
			return terminal.JSON(p.stdout, scenarios.List())
		}
		p.printer("scenarios", &o).Sheet(nil, page.Shipped(scenarios.List()), []string{"Lessons: windfall lessons"})
		return nil
	})
	o.declare(cmd, "json")
	return cmd
}

func (p *program) showCommand() *cobra.Command {
	var resolved bool
	var o options
	cmd := command("show NAME|FILE", 1, 1, "one scenario", completeScenario, func(args []string) error {
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
	})
	cmd.Flags().BoolVar(&resolved, "resolved", false, "")
	o.declare(cmd, "set")
	return cmd
}

func (p *program) checkCommand() *cobra.Command {
	var o options
	cmd := command("check FILE...", 1, 0, "the scenarios to check", completeScenario, func(args []string) error {
		reports := scenarios.Check(args, append(p.loading(), scenarios.Set(o.set...), scenarios.CheckStudy(study.Check))...)
		if o.json {
			if err := terminal.JSON(p.stdout, reports); err != nil {
				return err
			}
		}
		bad := 0
		for _, r := range reports {
			if len(r.Problems) > 0 {
				bad++
			}
			if !o.json {
				fmt.Fprint(p.stdout, page.Checked(r))
			}
		}
		if bad > 0 {
			return usagef("%d of %s cannot run", bad, words.Counted(len(reports), "scenario"))
		}
		return nil
	})
	o.declare(cmd, "set json")
	return cmd
}

func (p *program) newCommand() *cobra.Command {
	return command("new FILE|-", 1, 1, "the file to write", nil, func(args []string) error {
		if args[0] == "-" {
			return p.printed(scenarios.New(), nil)
		}
		return p.write(args[0], scenarios.New(), "%s exists and is left as it is; choose another name",
			"%s is written\nnext: windfall run %s\n")
	})
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
	what := "a scenario and, if you like, a key"
	cmd := command("explain FILE [KEY]", 1, 2, what, completeKey, func(args []string) error {
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
	})
	o.declare(cmd, "set")
	return cmd
}

func (p *program) diffCommand() *cobra.Command {
	var o options
	cmd := command("diff A B", 2, 2, "two scenarios", completeScenario, func(args []string) error {
		a, err := p.open(args[0])
		if err != nil {
			return err
		}
		b, err := p.open(args[1])
		if err != nil {
			return err
		}
		differences := scenarios.Diff(a.Plan, b.Plan)
		if o.json {
			return terminal.JSON(p.stdout, append([]scenarios.Difference{}, differences...))
		}
		if len(differences) == 0 {
			fmt.Fprintln(p.stdout, "no difference")
			return nil
		}
		p.printer("scenarios", &o).Table(page.Differences(args[0], args[1], differences))
		return nil
	})
	o.declare(cmd, "json")
	return cmd
}

func (p *program) schemaCommand() *cobra.Command {
	return command("schema", 0, 0, "", nil, func(_ []string) error {
		_, err := p.stdout.Write(scenarios.Schema())
		return err
	})
}
