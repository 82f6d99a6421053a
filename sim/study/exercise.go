package study

import (
	"cmp"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"windfall/scenarios"
	"windfall/sim/analysis"
)

// ExercisesFile stands in the folder of a lesson: its exercises with their solutions.
const ExercisesFile = "exercises.md"

// Exercise is a question of a lesson with the command that answers it, and the number that this gives.
type Exercise struct {
	Lesson    string
	Number    int // from 1 on
	Title     string
	Question  string // Markdown
	Solution  string // Markdown, filled with what was recorded
	Sets      []string
	Show      string
	Value     float64
	Tolerance float64
	Asked     string // the title of the number, as the lesson names it
	unit      string
}

// Command is what is typed to answer the exercise.
func (x *Exercise) Command() string {
	return fmt.Sprintf("windfall lesson %s --exercise %d", x.Lesson, x.Number)
}

// Longhand is the same as a command that runs the whole lesson with the numbers of the exercise.
func (x *Exercise) Longhand() string {
	text := "windfall lesson " + x.Lesson
	for _, s := range x.Sets {
		text += " --set '" + s + "'"
	}
	return text
}

// Shown is the number that the exercise must give, with its tolerance as interval.
func (x *Exercise) Shown() Shown {
	return Shown{Name: x.Show, Unit: x.unit, Value: analysis.Estimate{Value: x.Value, Low: x.Value - x.Tolerance,
		High: x.Value + x.Tolerance}}
}

// Right says whether an answer is right: it differs from the recorded one by no more than the tolerance and the
// answer's own margin of error.
func (x *Exercise) Right(answer analysis.Estimate) bool {
	margin := answer.HalfWidth()
	if math.IsNaN(margin) || margin < 0 {
		margin = 0
	}
	return math.Abs(answer.Value-x.Value) <= x.Tolerance+margin
}

var (
	exerciseBlock = regexp.MustCompile("(?s)```exercise\n(.*?)\n```")
	exerciseSet   = regexp.MustCompile(`--set '([^']+)'`)
	exerciseLine  = regexp.MustCompile(`(?m)^expect (\S+) = (-?[0-9.eE+]+) \+- ([0-9.eE-]+)$`)
)

const solutionTitle = "### Solution"

// Exercises reads the exercises of a lesson, and what stands before them.
func (l Lesson) Exercises() (intro string, list []Exercise, err error) {
	text, err := scenarios.Lesson(l.Name, ExercisesFile)
	if err != nil {
		return "", nil, err
	}
	parts := strings.Split("\n"+text, "\n## ")
	_, intro, _ = strings.Cut(strings.TrimSpace(parts[0]), "\n")
	for i, part := range parts[1:] {
		x, err := l.exercise(i+1, part)
		if err != nil {
			return "", nil, fmt.Errorf("%s, exercise %d: %w", l.ID, i+1, err)
		}
		list = append(list, x)
	}
	return strings.TrimSpace(intro), list, nil
}

// exercise reads one exercise.
func (l Lesson) exercise(number int, part string) (x Exercise, err error) {
	title, rest, _ := strings.Cut(part, "\n")
	question, solution, ok := strings.Cut(rest, solutionTitle)
	if !ok {
		return x, fmt.Errorf("it has no %q", solutionTitle)
	}
	x = Exercise{Lesson: l.ID, Number: number, Title: strings.TrimSpace(title)}
	m := exerciseBlock.FindStringSubmatch(question)
	if m == nil {
		return x, fmt.Errorf("it has no block exercise")
	}
	x.Question = strings.TrimSpace(strings.Replace(question, m[0], "", 1))
	for _, s := range exerciseSet.FindAllStringSubmatch(m[1], -1) {
		x.Sets = append(x.Sets, s[1])
	}
	e := exerciseLine.FindStringSubmatch(m[1])
	if e == nil || len(x.Sets) == 0 {
		return x, fmt.Errorf("it needs --set 'KEY=VALUE' and a line expect NAME = VALUE +- TOLERANCE:\n%s", m[1])
	}
	x.Show = e[1]
	for text, to := range map[string]*float64{e[2]: &x.Value, e[3]: &x.Tolerance} {
		if _, err := fmt.Sscan(text, to); err != nil {
			return x, err
		}
	}
	x.Solution = strings.TrimSpace(solution)
	if l.Recorded == nil {
		return x, nil
	}
	at := slices.IndexFunc(l.Recorded.Shows, func(s Shown) bool { return s.Name == x.Show })
	if at < 0 {
		return x, fmt.Errorf("%s is no number that the lesson shows", x.Show)
	}
	x.unit, x.Asked = l.Recorded.Shows[at].Unit, l.Recorded.Shows[at].Title
	x.Solution = fill(x.Solution, "answer", x.Shown().Text(false))
	x.Solution, err = l.Recorded.Fill(x.Solution)
	return x, err
}

// Only leaves of a study what one of its numbers needs.
func (s *Study) Only(show string) {
	s.Control, s.Pictures, s.Outcomes, s.Expectations = nil, nil, nil, nil
	s.Shows = slices.DeleteFunc(s.Shows, func(x Show) bool { return x.Name != show })
}

// OnlyControl leaves of a study its control: its plans, and what is expected of them. A study without a control stays
// as it is.
func (s *Study) OnlyControl() {
	c := s.Control
	if c == nil {
		return
	}
	s.Settings, s.Expectations, s.Replications = c.Settings, c.Expectations, c.Replications
	s.Control, s.Pictures, s.Outcomes, s.Shows, s.Answer = nil, nil, nil, nil, ""
}

// answerForm is a number as people write it: a sign, the sign of a currency, digits, and what they count.
var answerForm = regexp.MustCompile(`^(\()?([-−+])?([$€£¥])?\s*([-−])?([0-9][0-9,_ ]*(?:\.[0-9]*)?|\.[0-9]+)\s*` +
	`(thousand|million|[kKmM]\b)?\s*(\pL[\pL -]*|%)?(\))?$`)

var (
	grouped      = regexp.MustCompile(`^[1-9][0-9]{0,2}([,_ ][0-9]{3})+(\.[0-9]*)?$`)
	decimalComma = regexp.MustCompile(`^[0-9]+,[0-9]+$`)
)

// scales are words that multiply a number.
var scales = map[string]float64{"": 1, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}

// ofAnyNumber are words behind a number that say nothing of what it counts.
var ofAnyNumber = []string{"", "x", "times", "usd", "dollars", "points", "percentage points"}

// ParseAnswer reads a student's answer: 0.12, 12%, 12, $1,300, 1.3k, 19 weeks. For a share there are two readings of
// a number without a per cent sign, 12 and 0.12; the other one is given too.
func (x *Exercise) ParseAnswer(text string) ([]analysis.Estimate, error) {
	m := answerForm.FindStringSubmatch(strings.TrimSpace(text))
	refused := fmt.Errorf("%q is no number: write 0.12, 12%%, 1300 or 1.3k", text)
	if m == nil || m[1] == "(" != (m[8] == ")") || m[2] != "" && m[4] != "" {
		return nil, refused
	}
	digits, scale := strings.TrimSpace(m[5]), scales[strings.ToLower(m[6])]
	switch {
	case grouped.MatchString(digits):
		digits = strings.NewReplacer(",", "", "_", "", " ", "").Replace(digits)
	case decimalComma.MatchString(digits):
		digits = strings.Replace(digits, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil || math.IsInf(v, 0) {
		return nil, refused
	}
	unit := strings.ToLower(strings.TrimSpace(m[7]))
	percent := slices.Contains([]string{"%", "percent", "per cent", "pct"}, unit)
	if !percent && !slices.Contains(ofAnyNumber, unit) && !sameUnit(unit, x.unit) {
		return nil, fmt.Errorf("%q counts %s, not %s", text, unit, cmp.Or(x.unit, "a plain number"))
	}
	if m[2]+m[4] != "" && m[2] != "+" || m[1] == "(" {
		v = -v
	}
	last := 0.0 // half of the last digit that was written is the answer's own margin
	if i := strings.IndexByte(digits, '.'); i >= 0 {
		last = float64(len(digits) - i - 1)
	}
	read := func(scale float64) analysis.Estimate {
		value, half := float64(v*scale), float64(scale*0.5*math.Pow(10, -last))
		return analysis.Estimate{Value: value, Low: value - half, High: value + half}
	}
	switch {
	case percent:
		return []analysis.Estimate{read(0.01)}, nil
	case x.unit == "%" && m[6] == "":
		return []analysis.Estimate{read(1), read(0.01)}, nil
	}
	return []analysis.Estimate{read(scale)}, nil
}

// sameUnit says whether a student's word means the unit of a number: weeks for week.
func sameUnit(word, unit string) bool {
	return strings.TrimSuffix(word, "s") == strings.TrimSuffix(strings.ToLower(unit), "s")
}

// Mark is what became of an answer.
type Mark int

// The marks. OtherSign is the right size with the other sign: minus 10% lost.
const (
	Wrong Mark = iota
	OtherSign
	Right
)

// Mark marks an answer.
func (x *Exercise) Mark(text string) (Mark, error) {
	readings, err := x.ParseAnswer(text)
	mark := Wrong
	for _, r := range readings {
		if x.Right(r) {
			return Right, err
		}
		if x.Right(analysis.Estimate{Value: -r.Value, Low: -r.High, High: -r.Low}) {
			mark = OtherSign
		}
	}
	return mark, err
}

// Needed is how many plans the numbers of the study need. The others are not run.
func (s *Study) Needed() int {
	settings := map[string]bool{}
	for _, l := range s.Parts()[0].Design.Measures {
		settings[l.Setting] = true
	}
	return len(settings)
}
