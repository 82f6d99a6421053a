package paired

import (
	"bytes"
	encoding "encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"math"
	"path/filepath"

	"windfall/sim/panel"
	"windfall/sim/store"
)

// KeptFiles matches the names of the files in which a folder keeps settings.
const KeptFiles = "setting-*.kept"

func keptFile(i int) string { return fmt.Sprintf("setting-%03d.kept", i) }

// What a folder keeps of a setting is, in little endian:
//
//	8 bytes  "WFKEPT01"
//	4        length of the header
//	...      the header, JSON: what the numbers depend on, and the measures
//	4        number of replications
//	1 each   1 if the replication is done
//	8 each   the numbers, measure by measure
//	4        CRC-32C of all before
const keptMagic = "WFKEPT01"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// keptHeader is the header of what is kept. Numbers under another are not taken.
func keptHeader(identity string, leaves []panel.Leaf) []byte {
	header, err := json.Marshal(struct {
		Identity string
		Leaves   []panel.Leaf
	}{identity, leaves})
	if err != nil {
		panic(err) // texts and numbers always encode
	}
	return header
}

// encodeKept writes what is kept.
func encodeKept(header []byte, done []bool, values [][]float64) []byte {
	out := append([]byte(nil), keptMagic...)
	out = encoding.LittleEndian.AppendUint32(out, uint32(len(header)))
	out = append(out, header...)
	out = encoding.LittleEndian.AppendUint32(out, uint32(len(done)))
	for _, is := range done {
		if is {
			out = append(out, 1)
		} else {
			out = append(out, 0)
		}
	}
	for _, column := range values {
		for _, x := range column {
			out = encoding.LittleEndian.AppendUint64(out, math.Float64bits(x))
		}
	}
	return encoding.LittleEndian.AppendUint32(out, crc32.Checksum(out, castagnoli))
}

// decodeKept reads what is kept under a header; ok is false if it is damaged or of
// something else.
func decodeKept(text, header []byte, leaves int) (done []bool, values [][]float64, ok bool) {
	if len(text) < 4 {
		return nil, nil, false
	}
	body, sum := text[:len(text)-4], text[len(text)-4:]
	start := append(encoding.LittleEndian.AppendUint32([]byte(keptMagic), uint32(len(header))), header...)
	if encoding.LittleEndian.Uint32(sum) != crc32.Checksum(body, castagnoli) || !bytes.HasPrefix(body, start) || len(body) < len(start)+4 {
		return nil, nil, false
	}
	n, body := int(encoding.LittleEndian.Uint32(body[len(start):])), body[len(start)+4:]
	if len(body) != n*(1+8*leaves) {
		return nil, nil, false
	}
	for _, is := range body[:n] {
		done = append(done, is == 1)
	}
	body = body[n:]
	for range leaves {
		column := make([]float64, n)
		for i := range column {
			column[i] = math.Float64frombits(encoding.LittleEndian.Uint64(body[8*i:]))
		}
		values, body = append(values, column), body[8*n:]
	}
	return done, values, true
}

// mostKept is the size of a kept setting in bytes.
const mostKept = 4 << 30

// recall reads what the folder keeps of a setting; done is nil without any, or if it
// is damaged. Of more replications than the design has it takes the first.
func (d *Design) recall(i int, identity string, leaves []panel.Leaf, p *panel.Panel) (done []bool) {
	if d.Folder == nil {
		return nil
	}
	text, err := store.ReadFile(filepath.Join(d.Folder.Dir, keptFile(i)), mostKept)
	if err != nil {
		return nil
	}
	kept, values, ok := decodeKept(text, keptHeader(identity, leaves), len(leaves))
	if !ok {
		return nil
	}
	done = make([]bool, d.Replications)
	copy(done, kept)
	for n, l := range leaves {
		copy(p.Values(l), values[n])
	}
	return done
}

// remember keeps what is done of a setting.
func (d *Design) remember(i int, identity string, leaves []panel.Leaf, done []bool, p *panel.Panel) error {
	if d.Folder == nil {
		return nil
	}
	values := make([][]float64, len(leaves))
	for n, l := range leaves {
		values[n] = p.Values(l)
	}
	return d.Folder.WriteBytes(keptFile(i), encodeKept(keptHeader(identity, leaves), done, values))
}
