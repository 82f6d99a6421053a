package main

import (
	"cmp"

	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/plots/terminal"
	"windfall/scenarios/company"
	"windfall/scenarios/company/form"
	"windfall/sim/fit/folder"
)

func (p *program) companyCommand() *cobra.Command {
	var o options
	var ask form.Ask
	cmd := &cobra.Command{Use: "company", Args: cobra.ArbitraryArgs, RunE: group}
	create := command("new DIR", 1, 1, "the folder to write", nil, func(args []string) error {
		return p.printed(form.New(args[0], ask, p.stdin, p.screen))
	})
	create.Flags().StringVar(&ask.Market, "market", "us", "")
	create.Flags().BoolVar(&ask.Terminal, "ask", false, "")
	check := command("check DIR", 1, 1, "the folder of a company", completeFolder, func(args []string) error {
		s := company.Check(args[0])
		if o.json {
			return cmp.Or(terminal.JSON(p.stdout, s), s.Err())
		}
		p.printer("company", &o).Sheet(page.Company(s))
		return s.Err()
	})
	o.declare(check, "json")
	var fitting folder.Options
	fitted := command("fit DIR", 1, 1, "the folder of a company", completeFolder, func(args []string) error {
		fitting.Seed, fitting.Workers = o.seed.text, o.workers.value()
		f, err := folder.Open(args[0], fitting)
		if err != nil {
			return err
		}
		o.out = f.Results()
		x := &decision{p: p, printer: p.printer(folder.Kind, &o), place: p.placed(&o, folder.Kind, f.Company.Name, "",
			f.Ask.Identity())}
		if err := x.watched(f.Run); err != nil {
			return err
		}
		return x.show(page.Fit(f.Answer, f.Budgets), f.Next())
	})
	o.declare(fitted, "json quiet pictures no-pictures no-report open all seed workers")
	fitted.Flags().StringVar(&fitting.Share, "share", "", "")
	fitted.Flags().StringVar(&fitting.HoldBack, "hold-back", "", "")
	fitted.Flags().BoolVar(&fitting.Force, "force", false, "")
	cmd.AddCommand(create, check, fitted)
	return cmd
}
