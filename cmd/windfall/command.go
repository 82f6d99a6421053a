package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"windfall/docs"
	"windfall/model/plan"
	"windfall/plots/terminal"
	"windfall/scenarios"
	"windfall/sim/answer"
	"windfall/sim/cluster"
	"windfall/sim/safely"
)

// program is what all commands share.
type program struct {
	args           []string // as typed, without the program's name
	stdin          io.Reader
	stdout, stderr io.Writer
	colors         bool                       // standard output shows colours
	width, said    int                        // columns of standard output, and of standard error
	screen         io.Writer                  // standard error, for a bar that moves; nil: it cannot move its cursor
	bases          map[string]*scenarios.Base // scenarios that were read, by name
	held           []interface{ Close() }     // folders, until the command ends
	answers        []*answer.Folder           // those of answers
	joined         []answer.Part              // folders that merge puts together
	gauge          *cluster.Gauge             // takes designs in place of running them; nil: they are run
	// overrides is what is worth knowing about overrides of the plans that were opened.
	overrides scenarios.Problems
}

// Main runs a command line and gives the exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	terminal.OutliveReaders()
	colors := terminal.Moves(stdout) && os.Getenv("NO_COLOR") == ""
	out := &terminal.Output{Writer: stdout, Colors: colors}
	p := &program{args: args, stdin: stdin, stdout: out, stderr: &terminal.Output{Writer: stderr},
		colors: colors, width: terminal.Width(stdout), said: terminal.Width(stderr)}
	if terminal.Moves(stderr) {
		p.screen = stderr
	}
	defer p.release()
	err := safely.Do(func() error { return p.execute(args) })
	if failed := out.Failure(); failed != nil && (err == nil || exitCode(err) == exitGoalMissed) {
		err = failed
	}
	if exitCode(err) == exitUsage {
		for _, f := range p.answers {
			f.Abandon()
		}
	}
	p.complain(err)
	return exitCode(err)
}

// execute follows a command line.
func (p *program) execute(args []string) error {
	root := p.root()
	root.SetArgs(args)
	root.SetIn(p.stdin)
	root.SetOut(p.stdout)
	root.SetErr(p.stderr)
	return root.Execute()
}

// root is the command table: help, completion and man pages are made from it.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{Use: "windfall", SilenceErrors: true, SilenceUsage: true, Args: cobra.ArbitraryArgs,
		RunE: group}
	root.CompletionOptions.SetDefaultShellCompDirective(cobra.ShellCompDirectiveDefault)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(p.runCommand(), p.mergeCommand(), p.reportCommand(), p.compareCommand(), p.pauseCommand(),
		p.respondCommand(), p.optimiseCommand(), p.sensitivityCommand(), p.valueCommand(), p.discoverCommand(),
		p.stressCommand(), p.truthCommand(), p.exportCommand(), p.experimentCommand(), p.whyCommand(), p.lessonsCommand(),
		p.lessonCommand(), p.studyCommand(), p.scenariosCommand(), p.companyCommand(),
		p.checkCommand(), p.newCommand(), p.explainCommand(), p.diffCommand(), // short for scenarios check, ...
		p.clusterCommand(), p.versionCommand(), p.licencesCommand(), p.manCommand())
	describe(root)
	return root
}

// describe gives a command and those below it their manual.
func describe(cmd *cobra.Command) {
	m, ok := docs.ManualOf(cmd.CommandPath())
	if !ok {
		panic("no manual of " + cmd.CommandPath())
	}
	cmd.Short, cmd.Long, cmd.Example = m.Short, m.Long, m.Examples
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		f.Usage = cmp.Or(f.Usage, m.Flags[f.Name], docs.CommonFlags()[f.Name])
	})
	for _, c := range cmd.Commands() {
		describe(c)
	}
}

// command is one that does something with its arguments: what they are, at least and at most how many (0: any
// number), and how they are completed.
func command(use string, least, most int, what string, complete cobra.CompletionFunc,
	do func(args []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Args: needs(least, most, what), ValidArgsFunction: complete,
		RunE: func(_ *cobra.Command, args []string) error { return do(args) }}
}

// group runs a command that only holds others.
func group(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return cmd.Help()
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return &usageError{fmt.Sprintf("unknown command %q%s", args[0], didYouMean(args[0], names)), cmd.CommandPath()}
}

// flagError words what is wrong with a flag.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	problem := err.Error()
	switch {
	case errors.As(err, &unknown):
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		name := "--" + unknown.GetSpecifiedName()
		if unknown.GetSpecifiedShortnames() != "" {
			name = "-" + unknown.GetSpecifiedName()
		}
		problem = "unknown flag " + name + didYouMean(name, names)
	case errors.As(err, &invalid):
		problem = fmt.Sprintf("--%s %s: %v", invalid.GetFlag().Name, invalid.GetValue(), invalid.Unwrap())
	}
	return &usageError{problem, cmd.CommandPath()}
}

// needs asks for a number of arguments, most of 0 for any number, and says what they are: nothing, if there are none.
func needs(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return &usageError{verb(cmd) + " needs " + what, cmd.CommandPath()}
		case (most > 0 || what == "") && len(args) > most:
			return &usageError{fmt.Sprintf("%s takes %s; %q is too many", verb(cmd), cmp.Or(what, "no arguments"), args[most]),
				cmd.CommandPath()}
		}
		return nil
	}
}

// verb is the path of a command below the program.
func verb(cmd *cobra.Command) string {
	_, path, _ := strings.Cut(cmd.CommandPath(), " ")
	return path
}

// didYouMean names what is nearest to a word, if anything is near.
func didYouMean(word string, known []string) string {
	return plan.DidYouMean(plan.Nearest(word, known))
}

// complain writes an error to standard error.
func (p *program) complain(err error) {
	var problems scenarios.Problems
	var bug *safely.Panic
	switch code := exitCode(err); {
	case code == exitDone, code == exitClosed: // of a part of an answer it is told what comes next; nobody reads on
	case errors.As(err, &bug):
		fmt.Fprintf(p.stderr, "windfall: %v\nThis is a bug of windfall %s. Please report it with the lines below.\n\n%s", err,
			version, bug.Stack)
	case errors.As(err, &problems): // one line each, with its place in front
		fmt.Fprintln(p.stderr, problems)
	default:
		fmt.Fprintf(p.stderr, "windfall: %v\n", err)
	}
}

// warn writes warnings to standard error.
func (p *program) warn(warnings []string) {
	for _, w := range warnings {
		fmt.Fprintln(p.stderr, strings.Join(terminal.Wrap("warning: "+w, p.said), "\n"))
	}
}

// completeFolder completes names of folders.
func completeFolder(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// completeScenario completes the names of shipped scenarios; the shell adds
// files.
func completeScenario(_ *cobra.Command, _ []string, start string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, b := range scenarios.List() {
		out = append(out, b.Name+"\t"+b.Title)
	}
	return beginning(out, start), cobra.ShellCompDirectiveDefault
}

// beginning are those of some words that begin in some way.
func beginning(words []string, start string) []string {
	return slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, start) })
}

// hold keeps a folder until the command ends.
func (p *program) hold(folder interface{ Close() }) { p.held = append(p.held, folder) }

// release gives back the folders that the command held.
func (p *program) release() {
	for _, folder := range p.held {
		folder.Close()
	}
}

// command is the command line as typed.
func (p *program) command() []string { return append([]string{"windfall"}, p.args...) }

// fromTheStart is the command line that does all of it again: --resume is refused
// where there is nothing to go on with.
func (p *program) fromTheStart() []string {
	return slices.DeleteFunc(p.command(), func(word string) bool { return word == "--resume" })
}
