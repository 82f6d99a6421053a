package store

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestACommandWithoutWhatItsNumbersDoNotDependOn(t *testing.T) {
	for typed, want := range map[string]string{
		"windfall run metro --out a --seed 3":                             "windfall run metro --seed 3",
		"windfall run metro --workers=2 --set out=3 --resume --all=false": "windfall run metro --set out=3",
		"windfall pause metro --shard 0/3 --format xlsx --what brand":     "windfall pause metro --what brand",
		"windfall run metro": "windfall run metro",
	} {
		assert.Equal(t, strings.Fields(want), Essential(strings.Fields(typed)))
	}
}
