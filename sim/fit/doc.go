// Package fit learns the numbers of a plan from a company's own history: what it spent, and how many leads, sign-ups
// and customers came of it, period by period. The engine itself is the model: it is run at values of the unknowns, and
// the values under which its series look like those of the company are the answer, with what is left open between
// them as joint draws. docs/fit.md has the method with its formulas, and what it leaves out.
//
// An [Ask] is the plan of the history, the history and the unknowns; its Run gives an [Answer], which is data. Nothing
// is read from or written to files, and nothing is printed. What single runs gave may be kept by a [Keeper], so that an
// interrupted fit goes on from there.
package fit
