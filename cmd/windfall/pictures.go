package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"windfall/plots/gallery"
)

// The words of --pictures that are no name of a picture.
const (
	allPictures = "all"
	noPictures  = "none"
)

// pictureFlag says which pictures are drawn. The last of several counts.
type pictureFlag struct {
	names []string // that can be asked for; empty: only all or none
	text  string   // as typed; empty: those that are drawn by default
}

// String implements pflag.Value.
func (f *pictureFlag) String() string { return f.text }

// Type implements pflag.Value.
func (f *pictureFlag) Type() string { return "WHICH" }

// Set implements pflag.Value.
func (f *pictureFlag) Set(text string) error {
	f.text = text
	if text == allPictures || text == noPictures {
		return nil
	}
	if len(f.names) == 0 {
		return errors.New("all or none is needed" + didYouMean(text, []string{allPictures, noPictures}))
	}
	for name := range strings.SplitSeq(text, ",") {
		if !slices.Contains(f.names, name) {
			return fmt.Errorf("there is no picture %q%s\nAllowed: all, none, or with commas between them %s, and outcome-NAME "+
				"of each headline outcome",
				name, didYouMean(name, f.names), strings.Join(slices.DeleteFunc(slices.Clone(f.names), single), ", "))
		}
	}
	return nil
}

// single tells whether a picture shows one outcome, of which there are many.
func single(name string) bool { return !gallery.ByDefault(name) }

// asked are the names that were typed; nil for all, none and the default.
func (f *pictureFlag) asked() []string {
	if f.text == "" || f.text == allPictures || f.text == noPictures {
		return nil
	}
	return strings.Split(f.text, ",")
}

// of picks those of the pictures that are to be drawn.
func (f *pictureFlag) of(pictures []gallery.Hung) []gallery.Hung {
	return slices.DeleteFunc(slices.Clone(pictures), func(h gallery.Hung) bool {
		switch f.text {
		case allPictures:
			return false
		case noPictures:
			return true
		case "":
			return single(h.Name)
		}
		return !slices.Contains(f.asked(), h.Name)
	})
}

// none tells whether no picture is wanted.
func (f *pictureFlag) none() bool { return f.text == noPictures }

// lacking warns of names that were asked for and that a run has no numbers for.
func (f *pictureFlag) lacking(pictures []gallery.Hung) (warnings []string) {
	for _, name := range f.asked() {
		if !slices.Contains(gallery.NamesOf(pictures), name) {
			warnings = append(warnings, "the picture "+name+" is not drawn: this run has no numbers for it")
		}
	}
	return warnings
}

// leftOut warns of pictures that could not be drawn; any other error stays one.
func (p *program) leftOut(err error) error {
	if left := new(gallery.LeftOutError); errors.As(err, &left) {
		p.warn(left.Warnings())
		return nil
	}
	return err
}

// noPictures is the flag for what --pictures none says.
func (o *options) noPictures(cmd *cobra.Command) {
	cmd.Flags().BoolFunc("no-pictures", "the same as --pictures none", func(text string) error {
		none, err := strconv.ParseBool(text)
		if o.pictures.text = ""; none {
			o.pictures.text = noPictures
		}
		return err
	})
}

// complete completes all and none, or the last of several names.
func (f *pictureFlag) complete(_ *cobra.Command, _ []string, start string) ([]string, cobra.ShellCompDirective) {
	if len(f.names) == 0 {
		return []string{allPictures, noPictures}, cobra.ShellCompDirectiveNoFileComp
	}
	before := start[:strings.LastIndex(start, ",")+1]
	words := f.names
	if before == "" {
		words = append([]string{allPictures, noPictures}, words...)
	}
	var out []string
	for _, w := range words {
		out = append(out, before+w)
	}
	return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
