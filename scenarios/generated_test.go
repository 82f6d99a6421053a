package scenarios

import (
	"os"
	"testing"
)

// recording writes the generated files and golden texts anew.
var recording = os.Getenv("WINDFALL_RECORD") == "1"

func TestGeneratedFilesAreCurrent(t *testing.T) {
	for file, want := range map[string]string{
		"../docs/scenario-reference.md": Reference(),
		"scenario.schema.json":          string(Schema()),
	} {
		golden(t, file, want)
	}
}

// golden compares a text with a file, or writes the file when recording.
func golden(t *testing.T, file, want string) {
	t.Helper()
	if recording {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run go generate ./scenarios", err)
	}
	if string(got) != want {
		t.Errorf("%s is out of date; run go generate ./scenarios and look at the difference", file)
	}
}
