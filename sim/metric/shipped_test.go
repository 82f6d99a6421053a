package metric

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/model/plan"
	"windfall/sim/panel"
)

// shipped reads the texts of the language in files and pages, and counts them.
type shipped struct {
	t        *testing.T
	outcomes []plan.Column
	names    *Names
	count    map[string]int
}

var (
	goalKeys    = regexp.MustCompile(`^\.goals\..*\.expect$`)
	formulaKeys = regexp.MustCompile(`^\.study\.(control\.)?(let\.|expect.*\.(inequality|where)|` +
		`show.*\.value|pictures.*\.series.*\.values?)`)
	places = regexp.MustCompile(`\{(each|label|x|week)([+-][0-9]+)?\}`) // that a study fills before
	blocks = regexp.MustCompile("(?s)```toml\n(.*?)```")
	flags  = regexp.MustCompile(`--(metric|maximise|outcome|when|subject-to|precision) ` +
		`('[^'\n]+'|"[^"\n]+"|[a-z_]+(=[0-9.]+%?)?)`)
)

// toml reads a file, or a part of one.
func (s *shipped) toml(text string) {
	var tree map[string]any
	if _, err := toml.Decode(text, &tree); err != nil {
		return // a part that says nothing by itself
	}
	if study, ok := tree["study"].(map[string]any); ok {
		if lets, ok := study["let"].(map[string]any); ok {
			for name, text := range lets {
				s.names.Let[name] = text.(string)
			}
		}
	}
	s.walk("", tree)
}

func (s *shipped) walk(path string, v any) {
	switch x := v.(type) {
	case map[string]any:
		for k, inner := range x {
			s.walk(path+"."+k, inner)
		}
	case []any:
		for _, inner := range x {
			s.walk(path, inner)
		}
	case string:
		if goalKeys.MatchString(path) {
			_, err := ParseGoal(x, s.outcomes)
			assert.NoError(s.t, err)
			s.count["goal"]++
		}
		if formulaKeys.MatchString(path) {
			s.formula(x)
		}
	}
}

func (s *shipped) formula(text string) {
	if !strings.Contains(text, "list(") && !strings.Contains(text, "sum(") {
		text = places.ReplaceAllString(text, "9")
	}
	_, err := s.names.ParseExpression(text)
	if strings.ContainsAny(text, "<>") {
		_, err = s.names.ParseInequality(text)
	}
	assert.NoError(s.t, err)
	s.count["formula"]++
}

// flag reads the text of a flag in a page.
func (s *shipped) flag(name, text string) {
	var err error
	switch name {
	case "when":
		_, err = ParseCondition(text, s.outcomes)
	case "subject-to":
		_, err = ParseGoal(text, s.outcomes)
	case "precision":
		_, err = ParsePrecision(text, s.outcomes)
	default:
		_, err = ParseMetric(text, s.outcomes)
	}
	if !strings.ContainsAny(text, "(<>=") && find(s.outcomes, text) < 0 {
		return // prose behind the name of a flag
	}
	if name == "precision" && !strings.Contains(text, "=") {
		return // the flag alone, spoken of
	}
	assert.NoError(s.t, err, text)
	s.count["flag"]++
}

// Whatever the shipped files and the pages write in the language is read.
func TestShippedTextsAreRead(t *testing.T) {
	s := &shipped{t: t, outcomes: panel.Columns(model.NewSchema(&plan.Plan{})), count: map[string]int{}, names: &Names{
		Let:  map[string]string{},
		List: func([]string) ([]string, error) { return []string{"email"}, nil },
		Key:  func(string) (float64, error) { return 1, nil },
	}}
	require.NoError(t, filepath.WalkDir(filepath.Join("..", ".."), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(path, "testdata") {
			return err
		}
		kind := filepath.Ext(path)
		if kind != ".toml" && kind != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if kind == ".toml" {
			s.toml(string(text))
			return nil
		}
		for _, block := range blocks.FindAllStringSubmatch(string(text), -1) {
			s.toml(block[1])
		}
		for _, flag := range flags.FindAllStringSubmatch(string(text), -1) {
			s.flag(flag[1], strings.Trim(flag[2], `'"`))
		}
		return nil
	}))
	assert.Greater(t, s.count["formula"], 300)
	assert.Greater(t, s.count["goal"], 3)
	assert.Greater(t, s.count["flag"], 10)
}
