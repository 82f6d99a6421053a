package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"windfall/sim/store"
)

// hold keeps a folder until the command ends.
func (p *program) hold(folder interface{ Close() }) { p.held = append(p.held, folder) }

// release gives back the folders that the command held.
func (p *program) release() {
	for _, folder := range p.held {
		folder.Close()
	}
}

// answerManifest is the manifest of the folder of an answer: of every command but run.
type answerManifest struct {
	Windfall string               `json:"windfall"` // the command
	Subject  string               `json:"subject"`  // the scenario or the study
	Design   string               `json:"design"`   // equal ones have equal numbers
	Version  string               `json:"version"`
	Command  []string             `json:"command"`
	Shard    *store.Shard         `json:"shard"` // the part of the answer's designs that is here; null: the whole
	Complete bool                 `json:"complete"`
	Files    map[string]store.Sum `json:"files"` // of the answer, or of the one that is being replaced
	// Apart is the settings that did not share the work of others while this answer was run, and why.
	Apart []string `json:"run_apart,omitempty"`
}

// answerFolder is the folder of an answer.
type answerFolder struct {
	*store.Folder
	manifest answerManifest
	begun    bool           // it held an earlier part of the answer, or another
	shard    *store.Shard   // the part that is run; nil: the whole
	joined   []part         // folders whose blocks are put together in it
	merged   bool           // nothing is run: what is not in joined is missing
	rounds   int            // that are complete
	blocks   map[string]int // whole ones that designs had in them, by name
}

// blocksFolder is the folder in that of an answer that keeps the blocks of its designs:
// those of a shard, and of an answer that is not finished.
const blocksFolder = "blocks"

// answerFolder takes the folder of an answer: a new one, or that of an earlier answer
// of the same kind, whole or begun.
func (p *program) answerFolder(dir, command, subject, design string, flags *repeatFlags) (*answerFolder, error) {
	f := &answerFolder{shard: flags.shard.Shard, joined: p.joined, merged: p.joined != nil, blocks: map[string]int{}}
	if flags.after != "" {
		var err error
		if f.joined, err = p.after(flags.after, command, design, f.shard); err != nil {
			return nil, err
		}
	}
	folder, begun, err := store.Take(dir, command, flags.resume, &f.manifest)
	if err != nil {
		return nil, err
	}
	p.hold(folder)
	f.Folder, f.begun = folder, begun
	if begun {
		if err := f.replaceable(subject, design, flags.resume); err != nil {
			return nil, err
		}
	}
	f.manifest = answerManifest{Windfall: command, Subject: subject, Design: design, Version: version,
		Command: p.command(), Shard: f.shard, Files: f.manifest.Files}
	p.answers = append(p.answers, f)
	return f, f.Commit(f.manifest)
}

// replaceable tells whether an answer may be replaced by one about a subject.
func (f *answerFolder) replaceable(subject, design string, resume bool) error {
	was := f.manifest
	occupied := func(format string, args ...any) error {
		return &store.OccupiedError{Dir: f.Dir, Why: fmt.Sprintf(format, args...), Ours: true}
	}
	switch {
	case was.Subject != subject:
		return occupied("it holds the answer to %s, not to %s", was.Subject, subject)
	case !was.Shard.Same(f.shard) && (was.Shard != nil || !was.Complete):
		return occupied("it holds another part of the answer: shard %s there, %s here", was.Shard.Called(), f.shard.Called())
	case resume && was.Complete && was.Shard == nil:
		return usagef("--resume: %s is finished; without --resume it is made anew", f.Dir)
	case was.Design == design:
	case resume:
		return usagef("--resume: %s holds another answer to %s (other plans, seed or number of runs): %s", f.Dir, subject,
			shellLine(was.Command))
	case exists(filepath.Join(f.Dir, blocksFolder)): // of a shard, too, which is complete and waits for merge
		return occupied("it holds runs for another answer (other plans, seed or number of runs): %s",
			shellLine(was.Command))
	}
	for name, sum := range was.Files {
		if name != store.Name(name) {
			return &store.OccupiedError{Dir: f.Dir, Why: fmt.Sprintf("%s names a file %q", store.ManifestName, name), Ours: true}
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

// abandon takes back the folder of a command that turned out to ask for what there is not: of a new one
// nothing is left, of one that holds an earlier answer what was there.
func (f *answerFolder) abandon() {
	if f.begun {
		return
	}
	_ = f.RemoveBelow(blocksFolder, store.BlockFiles)
	for name := range f.Sums() {
		_ = f.Remove(name)
	}
	_ = f.Remove(store.ManifestName)
}

// finish closes an answer that is written: the blocks that were kept to go on from are
// removed, and the files of an earlier answer that this one does not have.
func (f *answerFolder) finish() error {
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
