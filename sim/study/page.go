package study

import (
	"fmt"
	"slices"
	"strings"

	"windfall/docs"
	"windfall/scenarios"
)

// Page is the lesson's page for class: the text that was written for it, then what
// its own file assumes with sources, what the model leaves out, and the lesson
// after it, which follow from the scenario, the documentation and the list.
func (l Lesson) Page() (string, error) {
	text, err := scenarios.Lesson(l.Name, PageFile)
	if err != nil {
		return "", err
	}
	if l.Recorded != nil {
		if text, err = l.Recorded.Fill(text); err != nil {
			return "", fmt.Errorf("%s: %w", l.ID, err)
		}
	}
	s, err := scenarios.Open(l.Name)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(strings.TrimRight(text, "\n"))
	if err := l.writeExercises(&b); err != nil {
		return "", err
	}
	list := scenarios.Assumptions(s.Plan)
	own := slices.DeleteFunc(slices.Clone(list), func(a scenarios.Assumption) bool { return !a.SetIn(s.Files[0]) })
	b.WriteString("\n\n## Values and their sources\n\n")
	if len(own) > 0 {
		b.WriteString("The lesson's own file sets:\n\n| key | value | source |\n|---|---|---|\n")
		for _, a := range own {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", a.Key, a.Value, a.Source)
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "The other %d values are those of the scenario that it extends. The report of the lesson lists all "+
		"of\nthem with their sources; `windfall explain %s KEY`\nsays what one means.\n", len(list)-len(own),
		l.Name)
	b.WriteString("\n## What the model leaves out\n\n")
	points, _ := docs.LeftOut()
	for _, p := range points {
		name, _, _ := strings.Cut(p, ". ")
		fmt.Fprintf(&b, "- %s\n", strings.TrimSuffix(name, "."))
	}
	b.WriteString("\nThe report and docs/model.md (section 4) say more of each.\n")
	if next, ok := l.Next(); ok {
		fmt.Fprintf(&b, "\n## The next lesson\n\n%s. %s\n\n```sh\nwindfall lesson %s\n```\n", next.Title, next.Question,
			next.ID)
	}
	return b.String(), nil
}

// writeExercises writes the exercises as students see them, without solutions.
func (l Lesson) writeExercises(b *strings.Builder) error {
	intro, exercises, err := l.Exercises()
	if err != nil {
		return err
	}
	b.WriteString("\n\n## Exercises\n\n")
	if intro != "" {
		b.WriteString(intro + "\n\n")
	}
	for _, x := range exercises {
		question := strings.ReplaceAll(x.Question, "\n", "\n   ")
		fmt.Fprintf(b, "%d. **%s.** %s\n\n   ```sh\n   %s\n   ```\n\n", x.Number, x.Title, question, x.Longhand())
	}
	fmt.Fprintf(b, "`%s` runs what an exercise needs, and no more. Solutions: `windfall lesson\n%s --handout teacher`.",
		exercises[0].Command(), l.ID)
	return nil
}
