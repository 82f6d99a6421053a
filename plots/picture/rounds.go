package picture

import (
	"windfall/model/plan"
	"windfall/plots/words"
)

// Rounds marks the funding rounds of a plan that come within the run, for pictures of cash:
// without them a jump of cash has no cause, or that of what is shaded beside it.
func Rounds(p *plan.Plan) (out []Span) {
	if p == nil {
		return nil
	}
	end := p.Run.Start + plan.Date(7*int(p.Run.Weeks))
	for _, r := range p.Finance.Rounds {
		day := r.Date + plan.Date(7*int(r.DelayWeeks))
		if day < p.Run.Start || day >= end || r.Amount == 0 {
			continue
		}
		out = append(out, Span{Name: "Funding " + words.MoneyIn(p.Run.Currency).Text(r.Amount), From: words.Day(day),
			To: words.Day(day)})
	}
	return out
}
