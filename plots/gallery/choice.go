package gallery

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"windfall/model/plan"
)

// The words of a choice that are no name of a picture.
const (
	All  = "all"
	None = "none"
)

// A Choice says which pictures are drawn, as a flag of a command line does. The last of several counts.
type Choice struct {
	Known []string // names that can be asked for; empty: only all or none
	Text  string   // all, none, or names with commas between them; empty: those that are drawn by default
}

// String implements pflag.Value.
func (c *Choice) String() string { return c.Text }

// Type implements pflag.Value.
func (c *Choice) Type() string { return "WHICH" }

// Set implements pflag.Value.
func (c *Choice) Set(text string) error {
	c.Text = text
	if text == All || text == None {
		return nil
	}
	if len(c.Known) == 0 {
		return errors.New("all or none is needed" + near(text, []string{All, None}))
	}
	for name := range strings.SplitSeq(text, ",") {
		if !slices.Contains(c.Known, name) {
			return fmt.Errorf("there is no picture %q%s\nAllowed: all, none, or with commas between them %s, and outcome-NAME "+
				"of each headline outcome",
				name, near(name, c.Known), strings.Join(c.named(), ", "))
		}
	}
	return nil
}

// named are the names but those of pictures of one outcome, of which there are many.
func (c *Choice) named() (out []string) {
	for _, name := range c.Known {
		if ByDefault(name) {
			out = append(out, name)
		}
	}
	return out
}

// asked are the names that were typed; nil for all, none and the default.
func (c *Choice) asked() []string {
	if c.Text == "" || c.Text == All || c.Text == None {
		return nil
	}
	return strings.Split(c.Text, ",")
}

// Of picks those of the pictures that are to be drawn.
func (c *Choice) Of(pictures []Named) []Named {
	return slices.DeleteFunc(slices.Clone(pictures), func(h Named) bool {
		switch c.Text {
		case All:
			return false
		case None:
			return true
		case "":
			return !ByDefault(h.Name)
		}
		return !slices.Contains(c.asked(), h.Name)
	})
}

// None tells whether no picture is wanted.
func (c *Choice) None() bool { return c.Text == None }

// Lacking warns of names that were asked for and that a run has no numbers for.
func (c *Choice) Lacking(pictures []Named) (warnings []string) {
	for _, name := range c.asked() {
		if !slices.Contains(NamesOf(pictures), name) {
			warnings = append(warnings, "the picture "+name+" is not drawn: this run has no numbers for it")
		}
	}
	return warnings
}

// Words are what a text that begins so may go on to be: all or none, or the last of several names.
func (c *Choice) Words(start string) (out []string) {
	before := start[:strings.LastIndex(start, ",")+1]
	words := c.Known
	if before == "" {
		words = append([]string{All, None}, words...)
	}
	for _, w := range words {
		out = append(out, before+w)
	}
	return out
}

// near names what is nearest to a word, if anything is.
func near(word string, known []string) string { return plan.DidYouMean(plan.Nearest(word, known)) }
