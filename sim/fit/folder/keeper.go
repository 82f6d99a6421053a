package folder

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// runsFile is where the numbers of single runs are kept until the fit is finished: a line for each, behind one
// that says of which fit they are.
const runsFile = "runs.kept"

// keeper keeps single runs in a file, to which lines are added. A line that was cut short by a kill does not count.
type keeper struct {
	mu   sync.Mutex
	kept map[string][]float64
	file *os.File
}

// keep opens the file of a folder. Runs of another fit are dropped.
func keep(dir, identity string) (*keeper, error) {
	path := filepath.Join(dir, runsFile)
	k := &keeper{kept: map[string][]float64{}}
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	whole := int64(k.read(text, identity))
	if k.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666); err != nil {
		return nil, err
	}
	if err := k.file.Truncate(whole); err != nil {
		return nil, err
	}
	if _, err := k.file.Seek(whole, io.SeekStart); err != nil {
		return nil, err
	}
	if whole == 0 {
		_, err = fmt.Fprintf(k.file, "%s\n", identity)
	}
	return k, err
}

// read takes the runs of a text, and gives the length of its whole lines; 0: it is of another fit.
func (k *keeper) read(text []byte, identity string) (whole int) {
	lines := bufio.NewReader(bytes.NewReader(text))
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return whole
		}
		if whole == 0 {
			if line != identity+"\n" {
				return 0
			}
		} else if !k.take(strings.TrimSuffix(line, "\n")) {
			return whole
		}
		whole += len(line)
	}
}

// take takes a line: its sum, the name of the run, its numbers.
func (k *keeper) take(line string) bool {
	parts := strings.Split(line, "\t")
	if len(parts) != 3 || parts[0] != sumOf(parts[1], parts[2]) {
		return false
	}
	packed, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil {
		return false
	}
	var numbers []float64
	for ; len(packed) >= 8; packed = packed[8:] {
		numbers = append(numbers, math.Float64frombits(binary.LittleEndian.Uint64(packed)))
	}
	k.kept[parts[1]] = numbers
	return true
}

func sumOf(run, packed string) string {
	return fmt.Sprintf("%08x", crc32.Checksum([]byte(run+"\t"+packed), crc32.MakeTable(crc32.Castagnoli)))
}

// Kept implements fit.Keeper.
func (k *keeper) Kept(run string) ([]float64, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	numbers, ok := k.kept[run]
	return numbers, ok
}

// Keep implements fit.Keeper.
func (k *keeper) Keep(run string, numbers []float64) error {
	var packed []byte
	for _, x := range numbers {
		packed = binary.LittleEndian.AppendUint64(packed, math.Float64bits(x))
	}
	text := base64.StdEncoding.EncodeToString(packed)
	k.mu.Lock()
	defer k.mu.Unlock()
	_, err := fmt.Fprintf(k.file, "%s\t%s\t%s\n", sumOf(run, text), run, text)
	return err
}
