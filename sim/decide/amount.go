package decide

import (
	"regexp"
	"strings"

	"windfall/model/currency"
	"windfall/model/plan"
	"windfall/sim/metric"
)

// grouped is a number whose point half of the world reads as a mark of thousands: 10.000.
var grouped = regexp.MustCompile(`^[1-9]\d{0,2}\.\d{3}$`)

// ParseAmount reads an amount in the currency of a plan, such as 2_500_000 or 2.5M; 0 of no text. The error is a
// *Problem of the part of an ask that has it.
func ParseAmount(part, text string, p *plan.Plan) (float64, error) {
	if text == "" {
		return 0, nil
	}
	in := currency.Of(p.Run.Currency)
	number := strings.TrimPrefix(text, strings.TrimRight(in.Symbol, "\u00a0"))
	if grouped.MatchString(number) {
		return 0, Wrong(part, text, "a point before three digits may group thousands or not: write %s or %s",
			strings.ReplaceAll(number, ".", "_"), number[:strings.LastIndex(number, ".")])
	}
	amount, percent, err := metric.ParseNumber(number)
	if err != nil || percent || !(amount > 0) {
		return 0, Wrong(part, text, "an amount in %s above 0 is needed, such as 2_500_000 or 2.5M", in.Code)
	}
	return amount, nil
}
