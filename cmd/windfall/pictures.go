package main

import (
	"strconv"

	"github.com/spf13/cobra"

	"windfall/plots/briefing"
	"windfall/plots/gallery"
)

// draw writes those pictures of a run that are asked for, with progress on standard error, and its report if file is
// its name. It names the pictures that were drawn.
func (p *program) draw(o *options, r *briefing.Run, file string) (names []string, err error) {
	if o.pictures.Text != gallery.None || !o.noReport { // else nobody looks at them
		if r.Pictures, err = gallery.Of(r.Result, r.Plan); err != nil {
			return nil, err
		}
	}
	p.warn(o.pictures.Lacking(r.Pictures))
	wanted := o.pictures.Of(r.Pictures)
	progress := p.progress(o.quiet || len(wanted) == 0)
	names, notes, err := r.Show(wanted, file, func(n int) { progress.picture(n, len(wanted)) })
	progress.End()
	p.warn(notes)
	return names, err
}

// noPictures is the flag for what --pictures none says.
func (o *options) noPictures(cmd *cobra.Command) {
	cmd.Flags().BoolFunc("no-pictures", "the same as --pictures none", func(text string) error {
		none, err := strconv.ParseBool(text)
		if o.pictures.Text = ""; none {
			o.pictures.Text = gallery.None
		}
		return err
	})
}

// completePictures completes all and none, or the last of several names.
func (o *options) completePictures(_ *cobra.Command, _ []string, start string) ([]string, cobra.ShellCompDirective) {
	how := cobra.ShellCompDirectiveNoFileComp
	if len(o.pictures.Known) > 0 {
		how |= cobra.ShellCompDirectiveNoSpace
	}
	return o.pictures.Words(start), how
}
