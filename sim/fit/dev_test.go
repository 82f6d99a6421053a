package fit_test

import (
	"fmt"
	"os"
	"testing"
)

func TestDev(t *testing.T) {
	var n, share int
	fmt.Sscanf(os.Getenv("DEVN"), "%d,%d", &n, &share)
	p := market(t, 1/float64(share))
	for _, varied := range []bool{false, true} {
		fmt.Println("varied", varied)
		fmt.Println(cover(t, p, varied, 0, n, 1))
	}
}
