// Package answer runs what a question asks in the folder of its answer: designs in rounds, the whole or a part of
// each, what was begun before goes on, and parts that others ran are put together.
//
//	Take       the folder: a new one, or that of an earlier answer to the same
//	Follow     the rounds of a question, until it can be answered
//	Finish     the answer is written: what was kept to go on from is removed
//
// Which part of a command line is wrong is told by a *decide.Problem.
package answer
