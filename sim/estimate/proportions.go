package estimate

import (
	"fmt"
	"math"
)

// Proportions holds firms that were held out against the others: how many of either did something, and how many firms
// there are in each. The effect is that on the firms held out, the difference of the two rates times their number: what
// they did less what they would have done, which the others tell. So its normal interval has the variance of the
// others' rate on both sides, that of two proportions if nothing differs. Its size is 5% approximately, if firms decide
// each for itself and some tens of them did it.
func Proportions(held, others, heldFirms, otherFirms float64) Estimate {
	if !(heldFirms >= 1) || !(otherFirms >= 1) {
		return Estimate{Reason: fmt.Sprintf("not applicable: %g firms are held out and %g are not", heldFirms, otherFirms)}
	}
	if others == 0 {
		return Estimate{Reason: "not applicable: none of the other firms did it in those weeks"}
	}
	p, q := held/heldFirms, others/otherFirms
	se := math.Sqrt(float64(q * (1 - q) * (1/heldFirms + 1/otherFirms)))
	z := (p - q) / se
	total, reach := float64((p-q)*heldFirms), float64(normalReach*se*heldFirms)
	return Estimate{Total: total, Low: total - reach, High: total + reach, P: math.Erfc(math.Abs(z) / math.Sqrt2),
		Applicable: true}
}

// normalReach is the reach of a normal 95% interval in standard errors.
const normalReach = 1.959963984540054
