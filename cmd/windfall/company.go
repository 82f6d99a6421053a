package main

import (
	"cmp"

	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/scenarios/company"
	"windfall/scenarios/company/form"
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
			return cmp.Or(printJSON(p.stdout, s), s.Err())
		}
		p.teller("company", &o).Sheet(page.Company(s))
		return s.Err()
	})
	o.declare(check, "json")
	cmd.AddCommand(create, check)
	return cmd
}
