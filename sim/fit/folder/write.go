package folder

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"windfall/model/plan"
	"windfall/scenarios"
	"windfall/scenarios/company"
	"windfall/sim"
	"windfall/sim/answer"
	"windfall/sim/fit/learned"
	"windfall/sim/store"
)

// Names in the folder of a company.
const (
	PlanFile  = "plan.toml"
	DrawsFile = "posterior.csv"
	// CustomersFile is customers.csv in the form that plans read.
	CustomersFile = "plan-customers.csv"
	// PipelineFile is pipeline.csv in that form.
	PipelineFile = "plan-pipeline.csv"
	Results      = "fit" // the folder of the answer
)

func seeded(seed string) []scenarios.Option {
	if seed == "" {
		return nil
	}
	return []scenarios.Option{scenarios.Set("run.seed=" + seed)}
}

// EditedError refuses to replace a plan that is not as it was written.
type EditedError struct{ File string }

// Error implements error.
func (e *EditedError) Error() string {
	return e.File + ": was edited since company fit wrote it, or is not of it; nothing was done: rename it, or let " +
		"it be replaced with --force"
}

// BadInput marks it: nothing was written.
func (*EditedError) BadInput() {}

// writable says whether the plan may be written: there is none, or it is as it was written.
func (f *Fit) writable(force bool) error {
	path := filepath.Join(f.Company.Dir, PlanFile)
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist) || force:
		return nil
	case err != nil:
		return err
	case !untouched(string(text)):
		return &EditedError{path}
	}
	return nil
}

// written begins the first line of a plan of ours; the sum of all that follows comes behind.
const written = "# windfall company fit wrote this; it replaces it again as long as nothing is changed: "

// signed is a text with the line that says that it is ours.
func signed(text string) string { return written + digest(text) + "\n" + text }

// untouched says whether a text is as it was signed.
func untouched(text string) bool {
	line, rest, _ := strings.Cut(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	sum, ours := strings.CutPrefix(line, written)
	return ours && sum == digest(rest)
}

func digest(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text)))[:16] }

// Run fits, writes the plan and its draws, and asks what to measure next. What single runs gave is kept in a folder,
// which is that of the answer, until all is done.
func (f *Fit) Run(ctx context.Context, in *answer.Folder, told func(sim.Progress)) error {
	k, err := keep(in.Dir, f.Ask.Identity())
	if err != nil {
		return err
	}
	defer k.file.Close()
	f.Ask.Keeper = k
	later, each := f.later()
	resumed := len(k.kept)
	f.Ask.Progress = func(done, most int) {
		told(sim.Progress{Done: done, Resumed: resumed, Total: most + later, Forecast: true, Part: partOfFit,
			Work: workOf(most, each)})
	}
	found, err := f.Ask.Run(ctx)
	if err != nil {
		return err
	}
	a := &learned.Fit{Answer: found, Name: f.Company.Name, Currency: f.Company.Currency, History: f.Ask.History,
		Seed: f.Ask.Seed, Share: f.Ask.Share, Plan: filepath.Join(f.Company.Dir, PlanFile), Notes: f.Notes}
	fitted, draws, err := f.write(a)
	if err != nil {
		return err
	}
	if f.Budgets, err = f.measure(ctx, in, found, fitted, draws, told); err != nil {
		return err
	}
	f.Answer = a
	k.file.Close()
	return in.Remove(runsFile)
}

// write writes the plan and its draws.
func (f *Fit) write(a *learned.Fit) (*plan.Plan, *plan.Draws, error) {
	draws := drawsOf(a.Answer)
	fitted := f.fitted(a.Answer, draws)
	customers, why := f.Company.CustomersFile()
	if why != "" {
		a.Notes = append(a.Notes, why+", so that the plan has sizes, ages and products of customers.csv in total, where all "+
			"rows say them")
	}
	if customers != "" {
		fitted.Customers = CustomersFile
		if err := store.WriteFile(filepath.Join(f.Company.Dir, CustomersFile), []byte(customers)); err != nil {
			return nil, nil, err
		}
	}
	open, assumed, why := f.Company.PipelineFile()
	a.Notes = append(a.Notes, assumed...)
	if why != "" {
		a.Notes = append(a.Notes, why+", so that the plan opens with what its history leaves open in sales, and not with "+
			"pipeline.csv")
	}
	if open != "" {
		fitted.Pipeline = PipelineFile
		if err := store.WriteFile(filepath.Join(f.Company.Dir, PipelineFile), []byte(open)); err != nil {
			return nil, nil, err
		}
	}
	text := f.Company.Plan(company.PlanOptions{Fitted: fitted})
	if err := store.WriteFile(filepath.Join(f.Company.Dir, DrawsFile), []byte(draws.Text())); err != nil {
		return nil, nil, err
	}
	if err := store.WriteFile(a.Plan, []byte(signed(text))); err != nil {
		return nil, nil, err
	}
	s, err := scenarios.Open(a.Plan) // what is written can be run
	if err != nil {
		return nil, nil, err
	}
	return s.Plan, draws, s.Runnable()
}

// drawsOf is the table of joint draws: six digits, which are more than is known.
func drawsOf(a *learned.Answer) *plan.Draws {
	rows := make([][]float64, len(a.Values))
	for i, row := range a.Values {
		for _, x := range row {
			rounded, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
			rows[i] = append(rows[i], rounded)
		}
	}
	return plan.NewDraws("posterior", DrawsFile, a.Keys, rows)
}

// fitted are the numbers of the plan with their intervals.
func (f *Fit) fitted(a *learned.Answer, draws *plan.Draws) *company.Fitted {
	out := &company.Fitted{Draws: DrawsFile, Hash: draws.Hash}
	for _, key := range a.Keys {
		column := slices.Sorted(slices.Values(draws.Values[draws.Column(key)]))
		at := func(q float64) float64 { return column[int(float64(q*float64(len(column)-1))+0.5)] }
		out.Keys = append(out.Keys, company.FittedKey{Key: key, Median: at(0.5), Low: at(0.05), High: at(0.95)})
	}
	out.Middle = f.middle
	return out
}

// middle is where a number stands in the plan of the history.
func (f *Fit) middle(key string) (float64, bool) {
	refs, _, err := f.Ask.Plan.Numbers(key)
	if err != nil || len(refs) == 0 {
		return 0, false
	}
	return *refs[0], true
}
