package main

import (
	_ "embed" // the licence texts
	"fmt"

	"github.com/spf13/cobra"
)

// licences are the texts under which the program and all that is in it may be used.
//
//go:generate env WINDFALL_RECORD=1 go test -count=1 -run TestLicencesAreThoseOfAllModules .
//go:embed licences.txt
var licences string

func (p *program) licencesCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "licences",
		Short: "Print the licences of the program and of all that is in it",
		Long: `Print the licence of the program, and those of the libraries, fonts and scripts
that are part of it. They are in the program itself, for whoever passes it on.`,
		Example: "  windfall licences > licences.txt",
		Args:    nothing,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(p.stdout, licences)
			return err
		},
	}
}
