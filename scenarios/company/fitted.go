package company

import (
	"fmt"
	"strings"

	"windfall/model/plan"
)

// Fitted is what a fit found of the numbers of a plan.
type Fitted struct {
	Keys []FittedKey // full keys, in the order of the plan
	// Middle is where a number stood that the fit left alone: the middle of what was assumed of it.
	Middle func(key string) (float64, bool)
	// Draws is the file of joint draws of the keys, beside the plan, and Hash that of its table; "": there is none.
	Draws, Hash string
	// Customers is the file of the customers of the first day, beside the plan; "": the plan has them in total.
	Customers string
	// Pipeline is the file of what is open on the first day, beside the plan; "": what the burn-in leaves open.
	Pipeline string
}

// FittedKey is a number with its 90% interval.
type FittedKey struct {
	Key               string
	Median, Low, High float64
}

// interval is the number's, as a plan states it.
func (k *FittedKey) interval() string { return digits(k.Low) + " to " + digits(k.High) }

// settled is what a fitted plan has in place of what a first plan has of a key, and what is remarked on it.
func (f *Fitted) settled(key, value, source string) (string, string, string) {
	path, err := plan.SplitKey(key)
	if err != nil {
		return value, source, ""
	}
	var classes []string
	var found []*FittedKey
	for i := range f.Keys {
		k := &f.Keys[i]
		if k.Key == key {
			return digits(k.Median), ownHistory + ", fitted", "90% interval " + k.interval()
		}
		if at, err := plan.SplitKey(k.Key); err == nil && len(at) == len(path)+1 &&
			plan.JoinKey(at[:len(path)]...) == key {
			found, classes = append(found, k), append(classes, at[len(path)])
		}
	}
	if len(found) > 0 {
		return byClass(classes, found)
	}
	if strings.HasPrefix(value, `"`) && strings.Contains(value, " to ") {
		if x, ok := f.Middle(key); ok {
			return digits(x), source, "not fitted; " + strings.Trim(value, `"`) + " was thought possible"
		}
	}
	return value, source, ""
}

// byClass is a number that was fitted class by class; one for all where they do not differ.
func byClass(classes []string, found []*FittedKey) (value, source, remark string) {
	same := true
	var values, remarks []string
	for i, k := range found {
		same = same && digits(k.Median) == digits(found[0].Median) && k.interval() == found[0].interval()
		values = append(values, plan.JoinKey(classes[i])+" = "+digits(k.Median))
		remarks = append(remarks, fmt.Sprintf("%s %s", classes[i], k.interval()))
	}
	source = ownHistory + ", fitted"
	if same {
		return digits(found[0].Median), source, "90% interval " + found[0].interval()
	}
	return "{" + strings.Join(values, ", ") + "}", source, "90% intervals " + strings.Join(remarks, "; ")
}
