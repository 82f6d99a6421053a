package report

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// openerWait is how long a program that opens files is waited for: one that fails
// does so at once, one that is a browser itself goes on.
const openerWait = 2 * time.Second

// Open shows a page in the reader's browser.
func Open(file string) error {
	opener, args := "xdg-open", []string{file}
	switch runtime.GOOS {
	case "darwin":
		opener = "open"
	case "windows":
		opener, args = "rundll32", []string{"url.dll,FileProtocolHandler", file}
	default:
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" && os.Getenv("BROWSER") == "" {
			return errors.New("there is no display")
		}
	}
	c := exec.Command(opener, args...)
	if err := c.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("%s: %w", opener, err)
		}
	case <-time.After(openerWait):
	}
	return nil
}
