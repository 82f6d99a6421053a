package main

import (
	_ "embed" // the licence texts
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"windfall/plots/terminal"
	"windfall/sim/result"
)

// version is written into every result: results of different versions are not
// put together, so it goes up when numbers move.
const version = "0.4.0"

func (p *program) versionCommand() *cobra.Command {
	var o options
	cmd := command("version", 0, 0, "", nil, func(_ []string) error {
		b := result.ThisBuild(version)
		if o.json {
			return terminal.JSON(p.stdout, b)
		}
		fmt.Fprintf(p.stdout, "windfall %s (%s, %s)\n", b.Version, b.Go, b.System)
		return nil
	})
	o.declare(cmd, "json")
	return cmd
}

func (p *program) manCommand() *cobra.Command {
	var cmd *cobra.Command
	cmd = command("man DIR", 1, 1, "a folder", nil, func(args []string) error {
		header := &doc.GenManHeader{Title: "WINDFALL", Section: "1", Source: "windfall " + version, Manual: "Windfall"}
		if epoch, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
			date := time.Unix(epoch, 0).UTC()
			header.Date = &date
		}
		if err := os.MkdirAll(args[0], 0o777); err != nil {
			return err
		}
		root := cmd.Root()
		root.DisableAutoGenTag = true
		return doc.GenManTree(root, header, args[0])
	})
	cmd.Hidden = true
	return cmd
}

// licences are the texts under which the program and all that is in it may be used.
//
//go:generate env WINDFALL_RECORD=1 go test -count=1 -run TestLicencesAreThoseOfAllModules .
//go:embed licences.txt
var licences string

func (p *program) licencesCommand() *cobra.Command {
	return command("licences", 0, 0, "", nil, func(_ []string) error {
		_, err := fmt.Fprint(p.stdout, licences)
		return err
	})
}
