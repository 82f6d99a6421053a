//go:build stages

package model

// OnStage, if not nil, is called at the end of each stage. Only programs that are built with the tag
// "stages" have it: the engine that users run has no clock in it.
var OnStage func(Stage)

func lap(s Stage) {
	if OnStage != nil {
		OnStage(s)
	}
}
