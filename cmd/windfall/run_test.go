package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"

	"windfall/scenarios"
)

func TestALongListOfWarningsIsCutShort(t *testing.T) {
	warned := func(n int) string {
		var out bytes.Buffer
		p := &program{stderr: &out}
		p.warnAbout("my plan.toml", make(scenarios.Problems, n))
		return out.String()
	}
	const one = "warning: \n"
	assert.Equal(t, "", warned(0))
	assert.Equal(t, one+one+one+one+one+one, warned(6), "a sixth line either way")
	assert.Equal(t, one+one+one+one+one+"warning: and 2 more: windfall scenarios check 'my plan.toml'\n", warned(7))
}
