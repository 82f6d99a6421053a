package store

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"slices"

	"windfall/model/plan"
)

// BlockSize is the number of replications in a block. With uncertain inputs
// each block is a Latin hypercube of its own, so its size is part of the model.
const BlockSize = plan.BlockSize

// BlocksOf is the number of blocks of so many replications.
func BlocksOf(replications int) int { return (replications + BlockSize - 1) / BlockSize }

// Shape says how many numbers a replication has in each column of a block.
type Shape []int

// Block is some neighbouring replications, column by column.
type Block struct {
	Number int // block b begins with replication b x BlockSize
	Count  int // replications in it: BlockSize, or fewer in the last, or as many as were done
	// Columns holds by column the numbers of the block, those of one replication
	// together. A column that was not read is nil.
	Columns [][]float64

	shape Shape
}

// NewBlock makes room for a block of count replications.
func NewBlock(shape Shape, number, count int) *Block {
	b := &Block{Number: number, Count: count, Columns: make([][]float64, len(shape)), shape: shape}
	all := 0
	for _, width := range shape {
		all += width
	}
	numbers := make([]float64, all*count)
	for c, width := range shape {
		b.Columns[c], numbers = numbers[:width*count:width*count], numbers[width*count:]
	}
	return b
}

// First is the first replication of the block.
func (b *Block) First() int { return b.Number * BlockSize }

// Of gives the numbers of a column in the i-th replication of the block.
func (b *Block) Of(column, i int) []float64 {
	width := b.shape[column]
	return b.Columns[column][i*width : (i+1)*width]
}

// Head is the block with its first replications alone.
func (b *Block) Head(count int) *Block {
	head := &Block{Number: b.Number, Count: count, Columns: slices.Clone(b.Columns), shape: b.shape}
	for c, width := range b.shape {
		head.Columns[c] = b.Columns[c][:width*count]
	}
	return head
}

// Begin copies the replications of a shorter block to the front of this one.
func (b *Block) Begin(head *Block) {
	for c := range b.Columns {
		copy(b.Columns[c], head.Columns[c])
	}
}

// A block file is, in little endian:
//
//	8 bytes   "WFBLOCK1"; the last is the version of the layout
//	4         length of the header
//	...       the header, JSON
//	4 each    length of every chunk; a chunk is one column (see chunk.go)
//	...       the chunks
//	4         CRC-32C of all before
//
// It holds no time and no host, so the same block is the same bytes anywhere.
const (
	blockMagic  = "WFBLOCK1"
	mostHeader  = 1 << 16
	checksumLen = 4
)

// Identity is what the numbers of a design depend on: equal identities are equal
// numbers.
type Identity struct {
	Version string `json:"version"` // of the program
	Digest  string `json:"digest"`  // of the plans, and of how they are run
	Seed    uint64 `json:"seed"`
	Columns string `json:"columns"` // digest of what is kept of a replication
}

// header says which block of which design a file holds.
type header struct {
	Identity
	Block int `json:"block"`
	Count int `json:"count"`
}

// encode writes the block file.
func (b *Block) encode(of Identity) []byte {
	head, err := json.Marshal(header{of, b.Number, b.Count})
	if err != nil {
		panic(err) // strings and numbers always encode
	}
	var lengths, chunks []byte
	for _, column := range b.Columns {
		before := len(chunks)
		chunks = appendChunk(chunks, column)
		lengths = binary.LittleEndian.AppendUint32(lengths, uint32(len(chunks)-before))
	}
	out := make([]byte, 0, len(blockMagic)+4+len(head)+len(lengths)+len(chunks)+checksumLen)
	out = append(out, blockMagic...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(head)))
	out = append(out, head...)
	out = append(out, lengths...)
	out = append(out, chunks...)
	return binary.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

// ErrCorrupt is the cause of every error about a block file that is not whole.
var ErrCorrupt = errors.New("damaged block")

// BlockReader reads columns from a block file.
type BlockReader struct {
	header
	shape   Shape
	file    blockFile
	offsets []int64 // of each column, and the end of the last
	chunk   []byte  // memory for the chunk that is decoded
}

// blockFile is where the bytes of a block are.
type blockFile interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// openBlock reads the header and finds the columns. It does not verify the
// checksum; see verify.
func openBlock(f blockFile, shape Shape) (*BlockReader, error) {
	r := &BlockReader{shape: shape, file: f}
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
	head := make([]byte, int(length)+4*len(shape))
	if _, err := f.ReadAt(head, int64(len(start))); err != nil {
		return nil, corrupt("too short", err)
	}
	if err := json.Unmarshal(head[:length], &r.header); err != nil {
		return nil, corrupt("header", err)
	}
	if r.Count < 1 || r.Count > BlockSize || r.header.Block < 0 {
		return nil, corrupt("header out of range", nil)
	}
	at, lengths := int64(len(start)+len(head)), head[length:]
	for range shape {
		r.offsets = append(r.offsets, at)
		at += int64(binary.LittleEndian.Uint32(lengths))
		lengths = lengths[4:]
	}
	r.offsets = append(r.offsets, at)
	if at+checksumLen != f.Size() {
		return nil, corrupt("wrong length", nil)
	}
	return r, nil
}

func corrupt(what string, cause error) error {
	if cause != nil && !errors.Is(cause, io.EOF) && !errors.Is(cause, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: %s: %w", ErrCorrupt, what, cause)
	}
	return fmt.Errorf("%w: %s", ErrCorrupt, what)
}

// Close closes the file.
func (r *BlockReader) Close() { r.file.Close() }

// Replications is the number of replications in the block.
func (r *BlockReader) Replications() int { return r.Count }

// verify checks the checksum of the whole file.
func (r *BlockReader) verify() error {
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

// Column decodes one column into memory of its own.
func (r *BlockReader) Column(column int) ([]float64, error) {
	size := int(r.offsets[column+1] - r.offsets[column])
	r.chunk = slices.Grow(r.chunk[:0], size)[:size]
	if _, err := r.file.ReadAt(r.chunk, r.offsets[column]); err != nil {
		return nil, corrupt("too short", err)
	}
	out := make([]float64, r.shape[column]*r.Count)
	if err := readChunk(r.chunk, out); err != nil {
		return nil, err
	}
	return out, nil
}

// Columns decodes the columns asked for into a block; the others stay nil.
func (r *BlockReader) Columns(which func(column int) bool) (*Block, error) {
	b := &Block{Number: r.header.Block, Count: r.Count, Columns: make([][]float64, len(r.shape)), shape: r.shape}
	for c := range r.shape {
		if !which(c) {
			continue
		}
		var err error
		if b.Columns[c], err = r.Column(c); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// all asks for every column.
func all(int) bool { return true }

// noNumber is the one NaN that stands for a missing number in files.
var noNumber = math.NaN()
