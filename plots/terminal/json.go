package terminal

import (
	"encoding/json"
	"fmt"
	"io"
)

// JSON writes a value for other programs, indented, with a line end.
func JSON(out io.Writer, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\n", text)
	return err
}
