package briefing

import (
	"errors"
	"path/filepath"
	"slices"

	"golang.org/x/sync/errgroup"

	"windfall/plots"
	"windfall/plots/gallery"
	"windfall/sim/safely"
	"windfall/sim/store"
)

// Show writes those pictures of a run that are wanted, and its report if file is its name, both at the same time. It
// names the pictures that were drawn, and notes say what could not be.
func (r Run) Show(wanted []gallery.Named, file string, drawn func(n int)) (names, notes []string, err error) {
	var group errgroup.Group
	safely.Go(&group, func() error {
		if len(wanted) == 0 {
			return nil
		}
		err := gallery.Write(wanted, r.Result.Dir, r.Result.Manifest.Host.Workers, drawn)
		names = gallery.NamesOf(wanted)
		if left := new(gallery.LeftOutError); errors.As(err, &left) {
			names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(left.Names, name) })
			notes, err = append(notes, left.Warnings()...), nil
		}
		return err
	})
	none := ""
	safely.Go(&group, func() error {
		if file == "" {
			return nil
		}
		err := Write(file, r)
		if undrawable := new(plots.UndrawableError); errors.As(err, &undrawable) {
			none = "there is no report: " + err.Error()
			return nil
		}
		return err
	})
	if err = group.Wait(); none != "" {
		notes = append(notes, none)
	}
	return names, notes, err
}

// FileOf is where the report of results folders goes by itself: that of one into it, under a name.
func FileOf(dirs []string, file string) string {
	if len(dirs) == 1 {
		return filepath.Join(dirs[0], file)
	}
	name := "report"
	for _, d := range dirs {
		name += "-" + filepath.Base(filepath.Clean(d))
	}
	return store.Name(name) + ".html"
}
