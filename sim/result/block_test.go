package result

import (
	"bytes"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestChunksGiveBackEveryBit(t *testing.T) {
	for name, c := range map[string]struct {
		column []float64
		code   byte
		bytes  int // at most
	}{
		"counts":        {[]float64{5, 4, 0, 100, 3e6}, codeWhole, 10},
		"cents":         {[]float64{12.34, -0.01, 1e9 + 0.5}, codeHundredths, 13},
		"shares":        {[]float64{0.1, 1.0 / 3}, codeRaw, 17},
		"missing":       {[]float64{1, math.NaN()}, codeRaw, 17},
		"minus zero":    {[]float64{math.Copysign(0, -1)}, codeRaw, 9},
		"infinite":      {[]float64{math.Inf(1)}, codeRaw, 9},
		"largest whole": {[]float64{1<<53 - 1, -(1<<53 - 1)}, codeWhole, 20},
		"beyond whole":  {[]float64{1 << 53}, codeRaw, 9},
		"nothing":       {nil, codeWhole, 1},
	} {
		chunk := appendChunk([]byte("before"), c.column)[6:]
		assert.Equal(t, c.code, chunk[0], name)
		assert.LessOrEqual(t, len(chunk), c.bytes, name)
		out := make([]float64, len(c.column))
		require.NoError(t, readChunk(chunk, out), name)
		assert.True(t, same(c.column, out), name)
	}
}

func TestChunksGiveBackRandomColumns(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.OneOf(
			rapid.Float64(),
			rapid.Map(rapid.IntRange(-1e9, 1e9), func(i int) float64 { return float64(i) }),
			rapid.Map(rapid.IntRange(-1e12, 1e12), func(i int) float64 { return float64(i) / 100 }),
			rapid.Just(math.NaN()))
		column := rapid.SliceOfN(number, 0, 20).Draw(t, "column")
		out := make([]float64, len(column))
		if err := readChunk(appendChunk(nil, column), out); err != nil || !same(column, out) {
			t.Fatalf("%v gives %v: %v", column, out, err)
		}
	})
}

// blockBytes is a block file.
func blockBytes(t testing.TB) ([]byte, *Manifest) {
	f, err := Create("", Setup{Manifest: Manifest{Version: "test", Digest: "plan-1", Replications: 75}, Schema: small(), Start: firstDay})
	require.NoError(t, err)
	return filledBlock(f, 1).encode(f.Manifest), f.Manifest
}

func openBytes(content []byte) (*blockReader, error) {
	return openBlock(memoryFile{bytes.NewReader(content)}, small())
}

func TestBlocksGiveBackTheirRecords(t *testing.T) {
	content, _ := blockBytes(t)
	r, err := openBytes(content)
	require.NoError(t, err)
	require.NoError(t, r.verify())
	b, err := r.block(Outcomes, Inputs, Weekly, Months, Slices)
	require.NoError(t, err)
	assert.Equal(t, 25, b.Count)
	got := small().NewRecord()
	for i := range b.Count {
		b.Record(i, got)
		want := fill(small(), 50+i)
		assert.Equal(t, want.Replication, got.Replication)
		for table := range tables {
			assert.True(t, same(table.of(want), table.of(got)), "%s of replication %d", table, 50+i)
		}
	}
}

func TestEveryFlippedBitIsNoticed(t *testing.T) {
	content, _ := blockBytes(t)
	for at := 0; at < len(content); at += 7 {
		damaged := bytes.Clone(content)
		damaged[at] ^= 1 << (at % 8)
		r, err := openBytes(damaged)
		if err == nil {
			err = r.verify()
		}
		assert.ErrorIs(t, err, errCorrupt, "byte %d", at)
	}
	for length := 0; length < len(content); length += 31 {
		r, err := openBytes(content[:length])
		if err == nil {
			err = r.verify()
		}
		assert.ErrorIs(t, err, errCorrupt, "cut at %d", length)
	}
}

// Whatever is in a file: an error, or columns; never a panic.
func FuzzBlock(f *testing.F) {
	content, _ := blockBytes(f)
	f.Add(content)
	f.Add(content[:200])
	f.Add([]byte(blockMagic))
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := openBytes(content)
		if err != nil {
			return
		}
		r.verify()
		r.block(Outcomes, Inputs, Weekly, Months, Slices)
	})
}
