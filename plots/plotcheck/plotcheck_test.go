package plotcheck

import (
	"strings"
	"testing"
)

const head = `<svg width="200pt" height="100pt" viewBox="0 0 200 100" xmlns="http://www.w3.org/2000/svg">
<g transform="scale(1, -1) translate(0, -100)">`

func text(x, y, words string) string {
	return `<text x="` + x + `" y="` + y + `" transform="scale(1, -1)" style="font-family:Liberation Sans,Arial;font-weight:bold;font-size:10px">` + words + `</text>`
}

func check(t *testing.T, body string) []string {
	t.Helper()
	faults, err := Check([]byte(head + body + `</g></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	return faults
}

func TestCheckAcceptsTextsSideBySide(t *testing.T) {
	if faults := check(t, text("10", "-50", "left")+text("60", "-50", "right")); len(faults) > 0 {
		t.Errorf("faults: %v", faults)
	}
}

func TestCheckFindsOverlap(t *testing.T) {
	faults := check(t, text("10", "-50", "left")+text("20", "-53", "right"))
	if len(faults) != 1 || !strings.Contains(faults[0], "overlaps") {
		t.Errorf("faults: %v", faults)
	}
}

func TestCheckFindsTextOffTheCanvas(t *testing.T) {
	for _, place := range []string{text("190", "-50", "right"), text("-3", "-50", "left"), text("10", "-96", "above"), text("10", "-1", "deep")} {
		if faults := check(t, place); len(faults) != 1 || !strings.Contains(faults[0], "leaves the canvas") {
			t.Errorf("%s: faults: %v", place, faults)
		}
	}
}

func TestBoxesFollowRotation(t *testing.T) {
	boxes, _, _, err := Boxes([]byte(head + `<g transform="rotate(90)">` + text("20", "50", "up") + `</g></g></svg>`))
	if err != nil {
		t.Fatal(err)
	}
	// A quarter turn makes a text of two letters higher than wide.
	if b := boxes[0]; b.Right-b.Left > b.Base-b.Top || b.Left < 40 || b.Right > 60 {
		t.Errorf("box %v", b)
	}
}
