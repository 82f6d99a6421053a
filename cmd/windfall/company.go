package main

import (
	"github.com/spf13/cobra"

	"windfall/plots/page"
	"windfall/plots/words"
	"windfall/scenarios/company"
	"windfall/scenarios/company/form"
)

func (p *program) companyCommand() *cobra.Command {
	var o options
	var market string
	var ask bool
	cmd := &cobra.Command{Use: "company", Args: cobra.ArbitraryArgs, RunE: group}
	create := command("new DIR", 1, 1, "the folder to write", nil, func(args []string) error {
		return p.printed(form.New(args[0], market, ask, p.stdin, p.stdout))
	})
	create.Flags().StringVar(&market, "market", "us", "")
	create.Flags().BoolVar(&ask, "ask", false, "")
	check := command("check DIR", 1, 1, "the folder of a company", completeFolder, func(args []string) error {
		s := company.Check(args[0])
		t := p.teller("company", &o)
		if head, channels, below := page.Company(s); !o.json {
			t.Lines(head)
			t.Table(channels)
			t.Lines(below...)
		} else if err := printJSON(p.stdout, s); err != nil {
			return err
		}
		if n := len(s.Problems); n > 0 {
			return usagef("%s has %s", args[0], words.Counted(n, "problem"))
		}
		return nil
	})
	o.declare(check, "json")
	cmd.AddCommand(create, check)
	return cmd
}
