package store

import (
	"encoding/binary"
	"math"
)

// A chunk is the numbers of one column of one block. Its first byte names the
// code of the rest, the first of these that gives every number back to the bit:
//
//	whole       counts: differences from number to number, as signed varints
//	hundredths  money in cents: the same, of hundred times the number
//	raw         8 bytes each
//
// Counts and money are most of a block, and take one to four bytes a number.
const (
	codeRaw        = 0
	codeWhole      = 1
	codeHundredths = 2
)

// appendChunk appends the chunk of a column.
func appendChunk(out []byte, column []float64) []byte {
	from := len(out)
	if coded, ok := appendDifferences(append(out, codeWhole), column, 1); ok {
		return coded
	}
	if coded, ok := appendDifferences(append(out[:from], codeHundredths), column, 100); ok {
		return coded
	}
	out = append(out[:from], codeRaw)
	for _, x := range column {
		if math.IsNaN(x) {
			x = noNumber // other NaNs have other bits on other machines
		}
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(x))
	}
	return out
}

// appendDifferences appends the differences of the numbers times scale, if
// these are whole and give the numbers back.
func appendDifferences(out []byte, column []float64, scale float64) ([]byte, bool) {
	var last int64
	for _, x := range column {
		scaled := math.RoundToEven(x * scale)
		if !(math.Abs(scaled) < 1<<53) { // NaN too
			return nil, false
		}
		whole := int64(scaled)
		if math.Float64bits(float64(whole)/scale) != math.Float64bits(x) {
			return nil, false
		}
		out = binary.AppendVarint(out, whole-last)
		last = whole
	}
	return out, true
}

// readChunk decodes a chunk into column.
func readChunk(chunk []byte, column []float64) error {
	if len(chunk) == 0 {
		return corrupt("empty column", nil)
	}
	code, rest := chunk[0], chunk[1:]
	switch code {
	case codeRaw:
		if len(rest) != 8*len(column) {
			return corrupt("column of wrong length", nil)
		}
		for i := range column {
			column[i] = math.Float64frombits(binary.LittleEndian.Uint64(rest[8*i:]))
		}
		return nil
	case codeWhole, codeHundredths:
		scale := 1.0
		if code == codeHundredths {
			scale = 100
		}
		var whole int64
		for i := range column {
			d, n := binary.Varint(rest)
			if n <= 0 {
				return corrupt("column of wrong length", nil)
			}
			whole += d
			column[i] = float64(whole) / scale
			rest = rest[n:]
		}
		if len(rest) != 0 {
			return corrupt("column of wrong length", nil)
		}
		return nil
	}
	return corrupt("unknown code of a column", nil)
}
