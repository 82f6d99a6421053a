package scenarios

import (
	"slices"

	"windfall/model/currency"
)

// currencyOf is the currency that a tree states, the default where it states none or one that is
// unknown, which the reader of the key reports.
func currencyOf(root *node) string {
	if n := root.at("run", "currency"); n != nil && n.kind == text && slices.Contains(currency.Codes(), n.value.(string)) {
		return n.value.(string)
	}
	return currency.Default
}
