package paired

import (
	"bytes"
	"context"
	encoding "encoding/binary"
	"hash/crc32"
	"testing"
	"windfall/sim/panel"

	"github.com/stretchr/testify/require"

	"windfall/model"
	"windfall/scenarios"
	"windfall/sim"
	"windfall/sim/store"
)

func takeFolder(t *testing.T) *store.Folder {
	f, _, err := store.Take(t.TempDir(), "test", false, new(any))
	require.NoError(t, err)
	return f
}

// A study that was interrupted goes on where it was and gives what one that was
// left alone gives. What is kept serves a shorter study and then a longer one, and
// neither another plan nor another seed, design or version takes it.
func TestAnInterruptedStudyGoesOn(t *testing.T) {
	load := func(sets ...string) *model.Plan {
		p, err := scenarios.Load("metro", scenarios.Set(append(sets, "run.weeks=3", "opening.plan=self", "opening.burn_in_weeks=0")...))
		require.NoError(t, err)
		return p
	}
	plan, more := load(), load("media.radio.weekly_budget*=3")
	setting := func(name string, plan *model.Plan) Setting { return Setting{name, plan, scenarios.Digest(plan)} }
	design := func() Design {
		return Design{Settings: []Setting{setting("plan", plan), setting("more", more)},
			Measures: []panel.Leaf{leafOf("plan", "leads"), leafOf("more", "leads")}, Seed: 4, Replications: 12, Workers: 2, Version: "1"}
	}
	whole, err := Run(context.Background(), design())
	require.NoError(t, err)

	folder := takeFolder(t)
	run := func(ctx context.Context, change func(d *Design)) (p *panel.Panel, prepared int, err error) {
		d := design()
		d.Folder = folder
		d.Prepare = func(plan *model.Plan) (*sim.Engine, error) {
			prepared++
			return sim.Prepare(plan)
		}
		if change != nil {
			change(&d)
		}
		p, err = Run(ctx, d)
		return p, prepared, err
	}
	ctx, stop := context.WithCancel(context.Background())
	seen := 0
	_, prepared, err := run(ctx, func(d *Design) {
		d.Progress = func(done, _ int) {
			if seen = done; done == 17 { // in the second setting
				stop()
			}
		}
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, 2, prepared)
	require.Less(t, seen, 24)

	kept := seen
	anew := 0
	p, prepared, err := run(context.Background(), func(d *Design) {
		d.Workers = 1
		d.Progress = func(done, _ int) {
			if done > kept {
				anew++
			}
		}
	})
	require.NoError(t, err)
	require.Equal(t, 1, prepared, "the first setting was whole")
	require.Equal(t, 24-kept, anew)
	require.Equal(t, whole, p)

	// A search tries a plan on a few replications first. What is kept of more is
	// neither run again nor given up.
	p, prepared, err = run(context.Background(), func(d *Design) { d.Replications = 5 })
	require.NoError(t, err)
	require.Zero(t, prepared)
	require.Equal(t, whole.Values(leafOf("more", "leads"))[:5], p.Values(leafOf("more", "leads")))
	p, prepared, err = run(context.Background(), nil)
	require.NoError(t, err)
	require.Zero(t, prepared)
	require.Equal(t, whole, p)

	for name, change := range map[string]func(d *Design){
		"another plan":    func(d *Design) { d.Settings[0] = setting("plan", load("media.radio.weekly_budget*=2")) },
		"another seed":    func(d *Design) { d.Seed++ },
		"another version": func(d *Design) { d.Version = "2" },
		"another design":  func(d *Design) { d.Lucks = 2 },
		"other points":    func(d *Design) { d.Points = " elsewhere" },
		"other measures":  func(d *Design) { d.Measures[0].Measure.Column = "won" },
	} {
		folder = takeFolder(t)
		_, _, err := run(context.Background(), nil)
		require.NoError(t, err)
		got, prepared, err := run(context.Background(), change)
		require.NoError(t, err)
		require.NotZero(t, prepared, name)
		d := design()
		change(&d)
		alone, err := Run(context.Background(), d)
		require.NoError(t, err)
		require.Equal(t, alone, got, name)
	}
}

// Whatever is in a kept setting, and whoever summed it up: it is taken as it was
// written, or not at all.
func FuzzKept(f *testing.F) {
	header := keptHeader("plan 1", []panel.Leaf{leafOf("plan", "leads")})
	f.Add(encodeKept(header, []bool{true, false}, [][]float64{{1, 2}}))
	f.Add(encodeKept(header, nil, [][]float64{nil}))
	f.Add([]byte(keptMagic))
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 4 {
			body := text[:len(text)-4]
			text = encoding.LittleEndian.AppendUint32(body[:len(body):len(body)], crc32.Checksum(body, castagnoli))
		}
		done, values, ok := decodeKept(text, header, 1)
		if ok && !bytes.Equal(normal(text, header), encodeKept(header, done, values)) {
			t.Fatal("it is not what was written")
		}
	})
}

// normal is a kept setting whose marks of what is done are all 0 or 1.
func normal(text, header []byte) []byte {
	text = bytes.Clone(text[:len(text)-4])
	from := len(keptMagic) + 4 + len(header)
	n := int(encoding.LittleEndian.Uint32(text[from:]))
	for i, is := range text[from+4 : from+4+n] {
		if is != 1 {
			text[from+4+i] = 0
		}
	}
	return encoding.LittleEndian.AppendUint32(text, crc32.Checksum(text, castagnoli))
}
