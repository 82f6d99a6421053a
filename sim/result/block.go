package result

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"

	"windfall/model"
)

// BlockSize is the number of replications in a block. With uncertain inputs
// each block is a Latin hypercube of its own, so its size is part of the model.
const BlockSize = model.BlockSize

// Table is one of the five tables of numbers that a replication reports.
type Table int

// The tables, in the order in which a block holds them.
const (
	Outcomes Table = iota
	Inputs
	Weekly
	Months
	Slices
	tables
)

// String names the table as in the column dictionary.
func (t Table) String() string {
	return [...]string{"outcomes", "inputs", "weekly", "months", "slices"}[t]
}

// shape gives the columns and the rows a replication of a table.
func shape(s *model.Schema, t Table) (columns, rows int) {
	switch t {
	case Outcomes:
		return len(s.Outcomes), 1
	case Inputs:
		return len(s.Inputs), 1
	case Weekly:
		return len(s.Weekly), s.Weeks
	case Months:
		return len(s.Months), len(s.MonthStart)
	}
	return len(s.Slice), len(s.SliceRows)
}

// of gives the numbers of one table in a record, row by row.
func (t Table) of(r *model.Record) []float64 {
	return [...][]float64{r.Outcomes, r.Inputs, r.Weekly, r.Months, r.Slices}[t]
}

// Block is some neighbouring replications, column by column.
type Block struct {
	Number int // block b begins with replication b x BlockSize
	Count  int // replications in it: BlockSize, or fewer in the last

	schema *model.Schema
	// columns holds by table and column the numbers of the block, those of one
	// replication together.
	columns [tables][][]float64
}

// NewBlock makes room for a block of count replications.
func NewBlock(s *model.Schema, number, count int) *Block {
	b := &Block{Number: number, Count: count, schema: s}
	for t := range tables {
		columns, rows := shape(s, t)
		b.columns[t] = make([][]float64, columns)
		numbers := make([]float64, columns*rows*count)
		for c := range b.columns[t] {
			b.columns[t][c], numbers = numbers[:rows*count:rows*count], numbers[rows*count:]
		}
	}
	return b
}

// First is the first replication of the block.
func (b *Block) First() int { return b.Number * BlockSize }

// Set copies the record of the i-th replication of the block.
func (b *Block) Set(i int, r *model.Record) {
	for t := range tables {
		width, rows := shape(b.schema, t)
		from := t.of(r)
		for c, column := range b.columns[t] {
			for row := range rows {
				column[i*rows+row] = from[row*width+c]
			}
		}
	}
}

// Record copies the i-th replication of the block into a record.
func (b *Block) Record(i int, r *model.Record) {
	r.Replication = b.First() + i
	for t := range tables {
		width, rows := shape(b.schema, t)
		into := t.of(r)
		for c, column := range b.columns[t] {
			for row := range rows {
				into[row*width+c] = column[i*rows+row]
			}
		}
	}
}

// Column gives the numbers of a column, those of one replication together.
func (b *Block) Column(t Table, column int) []float64 { return b.columns[t][column] }

// A block file is, in little endian:
//
//	8 bytes   "WFBLOCK1"; the last is the version of the layout
//	4         length of the header
//	...       the header, JSON
//	4 each    length of every chunk; a chunk is one column (see chunk.go),
//	          tables in the order of Table, columns in that of the schema
//	...       the chunks
//	4         CRC-32C of all before
//
// It holds no time and no host, so the same block is the same bytes anywhere.
const (
	blockMagic  = "WFBLOCK1"
	mostHeader  = 1 << 16
	checksumLen = 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// blockHeader says which block of which run a file holds.
type blockHeader struct {
	Version string `json:"version"`
	Digest  string `json:"digest"`
	Seed    uint64 `json:"seed"`
	Columns string `json:"columns"` // digest of columns.json
	Block   int    `json:"block"`
	Count   int    `json:"count"`
}

// header is the header of a block of this run.
func (m *Manifest) header(block, count int) blockHeader {
	return blockHeader{m.Version, m.Digest, m.Seed, m.Columns, block, count}
}

// encode writes the block file.
func (b *Block) encode(m *Manifest) []byte {
	header, err := json.Marshal(m.header(b.Number, b.Count))
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	var lengths, chunks []byte
	for t := range tables {
		for _, column := range b.columns[t] {
			before := len(chunks)
			chunks = appendChunk(chunks, column)
			lengths = binary.LittleEndian.AppendUint32(lengths, uint32(len(chunks)-before))
		}
	}
	out := make([]byte, 0, len(blockMagic)+4+len(header)+len(lengths)+len(chunks)+checksumLen)
	out = append(out, blockMagic...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(header)))
	out = append(out, header...)
	out = append(out, lengths...)
	out = append(out, chunks...)
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

// errCorrupt is the cause of every error about a block file that is not whole.
var errCorrupt = errors.New("damaged block")

// blockReader reads columns from a block file.
type blockReader struct {
	blockHeader
	schema  *model.Schema
	file    blockFile
	offsets [tables][]int64 // of each column, and the end of the last
	chunk   []byte          // memory for the chunk that is decoded
}

// blockFile is where the bytes of a block are.
type blockFile interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// openBlock reads the header and finds the columns. It does not verify the
// checksum; see verify.
func openBlock(f blockFile, s *model.Schema) (*blockReader, error) {
	r := &blockReader{schema: s, file: f}
	start := make([]byte, len(blockMagic)+4)
	if _, err := f.ReadAt(start, 0); err != nil {
		return nil, corrupt("too short", err)
	}
	if string(start[:len(blockMagic)]) != blockMagic {
		return nil, corrupt("not a block of this version of the layout", nil)
	}
	length := binary.LittleEndian.Uint32(start[len(blockMagic):])
	if length > mostHeader {
		return nil, corrupt("header too long", nil)
	}
	columns := 0
	for t := range tables {
		c, _ := shape(s, t)
		columns += c
	}
	head := make([]byte, int(length)+4*columns)
	if _, err := f.ReadAt(head, int64(len(start))); err != nil {
		return nil, corrupt("too short", err)
	}
	if err := json.Unmarshal(head[:length], &r.blockHeader); err != nil {
		return nil, corrupt("header", err)
	}
	if r.Count < 1 || r.Count > BlockSize || r.Block < 0 {
		return nil, corrupt("header out of range", nil)
	}
	at, lengths := int64(len(start)+len(head)), head[length:]
	for t := range tables {
		c, _ := shape(s, t)
		for range c {
			r.offsets[t] = append(r.offsets[t], at)
			at += int64(binary.LittleEndian.Uint32(lengths))
			lengths = lengths[4:]
		}
		r.offsets[t] = append(r.offsets[t], at)
	}
	if at+checksumLen != f.Size() {
		return nil, corrupt("wrong length", nil)
	}
	return r, nil
}

func corrupt(what string, cause error) error {
	if cause != nil && !errors.Is(cause, io.EOF) && !errors.Is(cause, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: %s: %w", errCorrupt, what, cause)
	}
	return fmt.Errorf("%w: %s", errCorrupt, what)
}

// verify checks the checksum of the whole file.
func (r *blockReader) verify() error {
	all := make([]byte, r.file.Size())
	if _, err := r.file.ReadAt(all, 0); err != nil {
		return corrupt("too short", err)
	}
	body, sum := all[:len(all)-checksumLen], all[len(all)-checksumLen:]
	if binary.LittleEndian.Uint32(sum) != crc32.Checksum(body, castagnoli) {
		return corrupt("checksum does not match", nil)
	}
	return nil
}

// column decodes one column into memory of its own.
func (r *blockReader) column(t Table, column int) ([]float64, error) {
	_, rows := shape(r.schema, t)
	size := int(r.offsets[t][column+1] - r.offsets[t][column])
	r.chunk = slices.Grow(r.chunk[:0], size)[:size]
	if _, err := r.file.ReadAt(r.chunk, r.offsets[t][column]); err != nil {
		return nil, corrupt("too short", err)
	}
	out := make([]float64, rows*r.Count)
	if err := readChunk(r.chunk, out); err != nil {
		return nil, err
	}
	return out, nil
}

// block decodes the tables asked for.
func (r *blockReader) block(which ...Table) (*Block, error) {
	b := &Block{Number: r.Block, Count: r.Count, schema: r.schema}
	for _, t := range which {
		n, _ := shape(r.schema, t)
		b.columns[t] = make([][]float64, n)
		for c := range n {
			var err error
			if b.columns[t][c], err = r.column(t, c); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

// missing is the one NaN that stands for a missing number in files.
var missing = math.NaN()
