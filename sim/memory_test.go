package sim

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"windfall/sim/result"
)

// fullSize is 1,700 replications of a plan as large as the shipped ones: 104
// weeks, 32 channels, 6 sizes; 13 million weekly numbers and 10 million in
// slices, over the limit for rows, so that bands and totals are made.
func fullSize(out string) Design {
	d := design(out)
	d.Settings[0].Plan, d.Replications = market(32, 6, 104, 10), 1700
	return d
}

func childRun(d Design) {
	if _, err := Run(context.Background(), d); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// reportPeak prints the largest memory that the process ever had, in bytes.
func reportPeak() {
	text, _ := os.ReadFile("/proc/self/status")
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, "VmHWM:") {
			kB, _ := strconv.Atoi(strings.Fields(line)[1])
			fmt.Println(kB << 10)
		}
	}
}

func TestMemoryStaysBoundedAtFullSize(t *testing.T) {
	if os.Getenv("WINDFALL_VERIFY") != "1" {
		t.Skip("writes 100 MB: with WINDFALL_VERIFY=1")
	}
	if _, err := os.Stat("/proc/self/status"); err != nil {
		t.Skip("the peak is read from /proc")
	}
	out := t.TempDir()
	text, err := child("run at full size", out).Output()
	require.NoError(t, err)
	peak, err := strconv.Atoi(strings.TrimSpace(string(text)))
	require.NoError(t, err)
	t.Logf("peak memory %d MB", peak>>20)
	if !raced {
		assert.Less(t, peak, 250<<20)
	}
	r, err := result.Open(out)
	require.NoError(t, err)
	assert.Equal(t, result.TableKinds{Replications: "rows", Weekly: "bands", Months: "rows", Quarters: "rows", Slices: "totals"}, r.Manifest.Tables)
}
