package briefing

// Question is what a report of a run answers: the scenario's question, or what
// can happen under it.
func Question(question, scenario string) string {
	if question != "" {
		return question
	}
	return "What can happen under " + scenario + "?"
}
