package answer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"windfall/model"
	"windfall/scenarios"
	"windfall/sim/decide"
	"windfall/sim/firms"
	"windfall/sim/store"
	"windfall/sim/table"
)

// A Place is where an answer goes, and which answer.
type Place struct {
	Dir            string
	store.Manifest        // Windfall to Shard
	Workers        int    // goroutines; 0: one a processor
	Resume         bool   // go on, and refuse to begin
	After          string // of a shard: the folder in which the rounds before were merged
	Joined         []Part // shards that are put together; nil: none
}

// Keys are digests of all that an answer depends on: one names it, the other its blocks, since blocks of other
// measures are blocks of another design. Asked is what the designs do not show.
func Keys(version, command, metric string, d *decide.Design, asked ...any) (name, design string) {
	h := sha256.New()
	fmt.Fprintln(h, version, command, d.Seed, d.Replications, d.SeedsPerDraw, metric)
	for _, s := range d.Settings {
		fmt.Fprintln(h, s.Name, scenarios.Digest(s.Plan))
	}
	if r := d.Rounds; r != nil { // another number of replications than where one is asked for
		asked = append(slices.Clone(asked), "rounds of", r.Size)
	}
	if len(asked) > 0 {
		fmt.Fprintln(h, asked...)
	}
	name = short(h.Sum(nil))
	fmt.Fprintln(h, d.Measures)
	return name, short(h.Sum(nil))
}

func short(sum []byte) string { return hex.EncodeToString(sum)[:12] }

// DirOf is the folder of an answer that is given none.
func DirOf(command, subject, key string, shard *store.Shard) string {
	part := ""
	if shard != nil {
		part = fmt.Sprintf("-shard-%d-of-%d", shard.Index, shard.Count)
	}
	return filepath.Join("results", command+"-"+store.Name(subject)+"-"+key+part)
}

// Folder is the folder of an answer.
type Folder struct {
	*store.Folder
	place    Place
	manifest store.Manifest
	begun    bool           // it held an earlier part of the answer, or another
	merged   bool           // nothing is run: what is not in the parts is missing
	rounds   int            // that are complete
	blocks   map[string]int // whole ones that designs had in them, by name
	days     *model.FirstDays
}

// blocksFolder is the folder in that of an answer that keeps the blocks of its designs:
// those of a shard, and of an answer that is not finished.
const blocksFolder = "blocks"

// Take takes the folder of an answer: a new one, or that of an earlier answer of the same
// kind, whole or begun.
func Take(p Place) (*Folder, error) {
	f := &Folder{place: p, merged: p.Joined != nil, blocks: map[string]int{}}
	if p.After != "" {
		var err error
		if f.place.Joined, err = p.after(); err != nil {
			return nil, err
		}
	}
	folder, begun, err := store.Take(p.Dir, p.Windfall, p.Resume, &f.manifest)
	if err != nil {
		return nil, err
	}
	f.Folder, f.begun = folder, begun
	if begun {
		if err := f.replaceable(); err != nil {
			return f, err
		}
	}
	p.Files = f.manifest.Files
	f.manifest = p.Manifest
	return f, f.Commit(f.manifest)
}

// replaceable tells whether the answer in the folder may be replaced.
func (f *Folder) replaceable() error {
	was, p := f.manifest, f.place
	occupied := func(format string, args ...any) error {
		return &store.OccupiedError{Dir: f.Dir, Why: fmt.Sprintf(format, args...), Ours: true}
	}
	typed := store.ShellLine(was.Command)
	switch {
	case was.Subject != p.Subject:
		return occupied("it holds the answer to %s, not to %s", was.Subject, p.Subject)
	case !was.Shard.Same(p.Shard) && (was.Shard != nil || !was.Complete):
		return occupied("it holds another part of the answer: shard %s there, %s here", was.Shard.Called(), p.Shard.Called())
	case p.Resume && was.Complete && was.Shard == nil:
		return decide.Wrong("resume", "", "%s is finished; without --resume it is made anew", f.Dir)
	case was.Design == p.Design:
	case p.Resume:
		return decide.Wrong("resume", "", "%s holds another answer to %s (other plans, files of draws, seed or number of "+
			"runs): %s", f.Dir, p.Subject, typed)
	case exists(filepath.Join(f.Dir, blocksFolder)): // of a shard, too, which is complete and waits for merge
		return occupied("it holds runs for another answer (other plans, files of draws, seed or number of runs): %s", typed)
	}
	for name, sum := range was.Files {
		if name != store.Name(name) {
			return occupied("%s names a file %q", store.ManifestName, name)
		}
		// A scenario is there to be changed by hand; what was changed is its user's.
		if strings.HasSuffix(name, ".toml") && store.Changed(filepath.Join(f.Dir, name), sum) {
			return &store.OccupiedError{Dir: f.Dir, Why: name + " in it was changed since it was written"}
		}
	}
	return nil
}

// exists says whether a file or a folder is there.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// Abandon takes back the folder of a question that turned out to ask for what there is not: of a new one
// nothing is left, of one that holds an earlier answer what was there.
func (f *Folder) Abandon() {
	if f.begun {
		return
	}
	_ = f.RemoveBelow(blocksFolder, store.BlockFiles)
	for name := range f.Sums() {
		_ = f.Remove(name)
	}
	_ = f.Remove(store.ManifestName)
}

// Finish closes an answer that is written: the blocks that were kept to go on from are
// removed, and the files of an earlier answer that this one does not have.
func (f *Folder) Finish() error {
	files := f.Sums()
	for name := range f.manifest.Files {
		if _, ok := files[name]; !ok {
			if err := f.Remove(name); err != nil {
				return err
			}
		}
	}
	if err := f.RemoveBelow(blocksFolder, store.BlockFiles); err != nil {
		return err
	}
	f.manifest.Files, f.manifest.Complete = files, true
	return f.Commit(f.manifest)
}

// KeepFirms writes the table of single firms of the first replications of a design, which are run again for it: none
// if there are to be none.
func (f *Folder) KeepFirms(d *decide.Design, replications int, format table.Format) error {
	run := Simulated(d)
	run.Replications, run.Workers = min(replications, d.Replications), f.place.Workers
	if run.Replications == 0 {
		return nil
	}
	return firms.Write(context.Background(), f.Folder, format, *run)
}
