// Package form asks for what a new folder of a company is made from, in the terminal.
package form

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"charm.land/huh/v2"
	"github.com/mattn/go-isatty"

	"windfall/model/plan"
	"windfall/scenarios/company"
)

// Ask says how a folder is begun.
type Ask struct {
	Market   string // us, ca, ..., or a file
	Terminal bool   // ask for the numbers
}

// New writes the folder of a company, with its default numbers or, where ask says so, with those that somebody types:
// in is the terminal, and out a screen whose cursor can be moved, nil for none.
// It gives the lines that say so. No folder is written where it fails.
func New(dir string, ask Ask, in io.Reader, out io.Writer) (string, error) {
	a, kinds := company.Defaults(company.NameOf(dir), ask.Market), map[string]string{}
	if ask.Terminal {
		file, ok := in.(*os.File)
		if !ok || out == nil || !isTerminal(file) {
			return "", company.Problems{{File: "--ask",
				Message: "needs a terminal: standard input and standard error are not both one",
				Cure:    "leave --ask out and write your numbers into " + dir + "/company.toml"}}
		}
		plain := os.Getenv("ACCESSIBLE") != ""
		if err := company.Writable(dir, ask.Market); err != nil {
			return "", err
		}
		if err := Questions(&a, kinds, in, out, plain); err != nil {
			return "", err
		}
	}
	y, m, d := time.Now().Date()
	if err := company.New(dir, a, kinds, plan.NewDate(y, int(m), d)); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s is written: company.toml, history.csv, customers.csv, pipeline.csv, README.txt\n"+
		"The numbers are those of an invented company; put yours in their place.\nnext: windfall company check %s\n", dir,
		dir), nil
}

func isTerminal(f *os.File) bool { return isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()) }

// Questions asks all of them, and then what kind the channels are whose names do not tell. Plain asks line by line, for
// screen readers.
func Questions(a *company.Answers, kinds map[string]string, in io.Reader, out io.Writer, plain bool) error {
	if plain {
		in = &byByte{in}
	}
	var fields []huh.Field
	for _, q := range company.Questions() {
		fields = append(fields, input(q, q.Of(a), plain))
	}
	if err := run(fields, in, out, plain); err != nil {
		return err
	}
	unknown := company.UnknownKinds(*a)
	chosen := make([]string, len(unknown))
	fields = nil
	for i, name := range unknown {
		chosen[i] = company.OtherKind
		fields = append(fields, huh.NewSelect[string]().Title("What kind of channel is "+name+"?").
			Options(huh.NewOptions(company.KindNames()...)...).Value(&chosen[i]))
	}
	if len(fields) == 0 {
		return nil
	}
	if err := run(fields, in, out, plain); err != nil {
		return err
	}
	for i, name := range unknown {
		kinds[name] = chosen[i]
	}
	return nil
}

// input is the field of a question: its default stands there, with where it is from.
func input(q company.Question, to *string, plain bool) huh.Field {
	title, source := q.Title, "default: "+*to+" ("+q.Source+")"
	if plain { // which shows titles alone
		title += " [" + source + "]"
	}
	otherwise := *to
	return huh.NewInput().Title(title).Description(source).Value(to).Validate(func(text string) error {
		return q.Check(cmp.Or(strings.TrimSpace(text), otherwise))
	})
}

// fieldsOnAPage are so many that they stand on a terminal of 24 lines.
const fieldsOnAPage = 4

// run asks some fields.
func run(fields []huh.Field, in io.Reader, out io.Writer, plain bool) error {
	var pages []*huh.Group
	for some := range slices.Chunk(fields, fieldsOnAPage) {
		pages = append(pages, huh.NewGroup(some...))
	}
	err := huh.NewForm(pages...).WithAccessible(plain).WithInput(in).WithOutput(out).Run()
	if errors.Is(err, huh.ErrUserAborted) {
		return company.Problems{{File: "--ask", Message: "was left", Cure: "nothing is written"}}
	}
	return err
}

// byByte reads no further than it must: each plain question reads its line through a buffer of its own.
type byByte struct{ io.Reader }

func (b *byByte) Read(p []byte) (int, error) {
	if len(p) > 1 {
		p = p[:1]
	}
	return b.Reader.Read(p)
}
