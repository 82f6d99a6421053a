package analysis

// Searchable says whether a condition holds often enough, and not too often, for
// a search of what makes it hold.
func Searchable(cases, n int) bool {
	return cases >= LeastCases && float64(cases) <= MostShare*float64(n)
}
