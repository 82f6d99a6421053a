package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"windfall/sim/store"
)

// Names of files in the folder of an answer.
const (
	blocksFolder  = "blocks"
	answerFile    = "answer.json"
	settingsTable = "settings"
)

func TestMain(m *testing.M) {
	debug.SetGCPercent(400) // commands follow each other in one process, and none needs to tidy up
	testscript.Main(m, map[string]func(){"windfall": main})
}

// olden makes the results in a folder those of version 0.0.9: manifest and the header
// of each block, which checksums protect.
func olden(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	files, err := filepath.Glob(filepath.Join(dir, "blocks", "*.block"))
	ts.Check(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		ts.Check(err)
		text = bytes.Replace(text, []byte(`"version":"`+version+`"`), []byte(`"version":"0.0.9"`), 1)
		text = binary.LittleEndian.AppendUint32(text[:len(text)-4], crc32.Checksum(text[:len(text)-4], crc32.MakeTable(crc32.Castagnoli)))
		ts.Check(os.WriteFile(file, text, 0o600))
	}
	ts.Check(changeManifest(dir, func(m map[string]any) { m["version"] = "0.0.9" }))
}

// unfinish takes away the second block of the results in a folder, and what was
// made of both.
func unfinish(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(changeManifest(dir, func(m map[string]any) { m["complete"] = false }))
	ts.Check(os.Remove(filepath.Join(dir, "blocks", "000001.block")))
	ts.Check(os.Remove(filepath.Join(dir, "summary.json")))
}

// changeManifest changes the manifest of a folder, and its checksum with it.
func changeManifest(dir string, change func(map[string]any)) error {
	file := filepath.Join(dir, store.ManifestName)
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	m := map[string]any{}
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	delete(m, "checksum")
	change(m)
	if text, err = store.Seal(m); err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o600)
}

// sameMean checks that the summary of a run, as --json prints it, and the answer
// of an optimisation give the same mean of an outcome.
func sameMean(ts *testscript.TestScript, _ bool, args []string) {
	var run struct {
		Summary struct {
			Outcomes []struct {
				Name     string
				Estimate struct{ Value float64 }
			}
		}
	}
	var found struct {
		Best struct{ Value float64 }
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &run))
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &found))
	for _, o := range run.Summary.Outcomes {
		if o.Name == args[2] && o.Estimate.Value == found.Best.Value {
			return
		}
	}
	ts.Fatalf("%s of %s is not %v", args[2], args[0], found.Best.Value)
}

// TestScripts runs the command lines in testdata, in folders of their own. In
// them, "exits N windfall ..." runs a command that must end with exit code N, and what
// stands behind "[!long] stop" runs in make test alone.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Condition: func(name string) (bool, error) {
			if name != "long" {
				return false, fmt.Errorf("there is no condition %s", name)
			}
			return os.Getenv("WINDFALL_VERIFY") == "1", nil
		},
		Setup: func(env *testscript.Env) error {
			env.Setenv("GOGC", "400")     // hundreds of short processes need not tidy up
			env.Setenv("COLUMNS", "1000") // lines are matched whole; plots/terminal has tests of narrow terminals
			small, err := os.ReadFile("testdata/small.toml")
			if err != nil {
				return err
			}
			return os.WriteFile(env.WorkDir+"/small.toml", small, 0o666)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"olden":     olden,
			"unfinish":  unfinish,
			"same-mean": sameMean,
			"exits": func(ts *testscript.TestScript, _ bool, args []string) {
				want, err := strconv.Atoi(args[0])
				ts.Check(err)
				got := 0
				var exit *exec.ExitError
				if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
					got = exit.ExitCode()
				} else {
					ts.Check(err)
				}
				if got != want {
					ts.Fatalf("exit code %d, want %d", got, want)
				}
			},
		},
	})
}
