package store

import (
	"bytes"
	"math"
	"slices"
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

// small is a shape: numbers by replication, and tables of three weeks.
var small = Shape{1, 1, 3, 3, 1}

// number is the number of a replication in a column and row.
func number(replication, column, row int) float64 {
	x := float64(replication*7 + column*100 + row)
	switch column {
	case 1:
		return x / 100
	case 3:
		return x / 3
	case 4:
		return math.NaN()
	}
	return x
}

// filled is a block of some replications.
func filled(block, count int) *Block {
	b := NewBlock(small, block, count)
	for c := range small {
		for i := range count {
			for row := range b.Of(c, i) {
				b.Of(c, i)[row] = number(b.First()+i, c, row)
			}
		}
	}
	return b
}

func blockBytes() []byte {
	return filled(1, 25).encode(Identity{Version: "test", Digest: "plan-1", Seed: 3, Columns: "c"})
}

func openBytes(content []byte) (*BlockReader, error) {
	return openBlock(memoryFile{bytes.NewReader(content)}, small)
}

// same compares numbers by their bits, missing ones as equal.
func same(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool {
		return math.Float64bits(x) == math.Float64bits(y) || math.IsNaN(x) && math.IsNaN(y)
	})
}

func TestBlocksGiveBackTheirNumbers(t *testing.T) {
	r, err := openBytes(blockBytes())
	require.NoError(t, err)
	require.NoError(t, r.verify())
	b, err := r.Columns(all)
	require.NoError(t, err)
	want := filled(1, 25)
	assert.Equal(t, 25, b.Count)
	assert.Equal(t, 50, b.First())
	for c := range small {
		assert.True(t, same(want.Columns[c], b.Columns[c]), "column %d", c)
	}
	some, err := r.Columns(func(c int) bool { return c == 2 })
	require.NoError(t, err)
	assert.True(t, same(want.Columns[2], some.Columns[2]))
	assert.Nil(t, some.Columns[1])
}

// A block that was begun and goes on is the bytes of one that was made at once.
func TestABegunBlockGoesOn(t *testing.T) {
	folder := take(t, t.TempDir())
	defer folder.Close()
	of := Identity{Version: "test", Digest: "plan-1"}
	series := func() *Series {
		s, err := (&Series{Identity: of, Shape: small, Replications: 120}).In(folder)
		require.NoError(t, err)
		return s
	}
	s := series()
	assert.Equal(t, []int{0, 1, 2}, s.Missing())
	require.NoError(t, s.Put(filled(0, 50)))
	require.NoError(t, s.Put(filled(1, 50).Head(20)))
	s = series()
	assert.Equal(t, []int{1, 2}, s.Missing())
	assert.Equal(t, 70, s.Done())
	head, err := s.Read(1)
	require.NoError(t, err)
	whole := NewBlock(small, 1, 50)
	whole.Begin(head)
	for c := range small {
		for i := head.Count; i < 50; i++ {
			copy(whole.Of(c, i), filled(1, 50).Of(c, i))
		}
	}
	require.NoError(t, s.Put(whole))
	got, err := s.content(1)
	require.NoError(t, err)
	assert.Equal(t, filled(1, 50).encode(of), got)
	require.NoError(t, s.Put(filled(2, 20)))
	assert.Empty(t, s.Missing())
	column, err := s.Column(0)
	require.NoError(t, err)
	assert.Len(t, column, 120)
	assert.Equal(t, number(119, 0, 0), column[119])
}

func TestEveryFlippedBitIsNoticed(t *testing.T) {
	content := blockBytes()
	for at := 0; at < len(content); at += 7 {
		damaged := bytes.Clone(content)
		damaged[at] ^= 1 << (at % 8)
		r, err := openBytes(damaged)
		if err == nil {
			err = r.verify()
		}
		assert.ErrorIs(t, err, ErrCorrupt, "byte %d", at)
	}
	for length := 0; length < len(content); length += 31 {
		r, err := openBytes(content[:length])
		if err == nil {
			err = r.verify()
		}
		assert.ErrorIs(t, err, ErrCorrupt, "cut at %d", length)
	}
}

// Whatever is in a file: an error, or columns; never a panic.
func FuzzBlock(f *testing.F) {
	content := blockBytes()
	f.Add(content)
	f.Add(content[:150])
	f.Add([]byte(blockMagic))
	f.Fuzz(func(t *testing.T, content []byte) {
		r, err := openBytes(content)
		if err != nil {
			return
		}
		_ = r.verify()
		_, _ = r.Columns(all)
	})
}
