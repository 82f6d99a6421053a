package main

import (
	_ "embed" // the licence texts
	"fmt"

	"github.com/spf13/cobra"
)

// licences are the texts under which the program and all that is in it may be used.
//
//go:generate go test -run TestLicencesAreThoseOfAllModules -update .
//go:embed licences.txt
var licences string

func (p *program) licencesCommand() *cobra.Command {
	return command("licences", 0, 0, "", nil, func(_ []string) error {
		_, err := fmt.Fprint(p.stdout, licences)
		return err
	})
}
