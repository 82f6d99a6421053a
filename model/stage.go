package model

// Stage is a part of a replication whose time can be taken: see OnStage.
type Stage int

// The stages of a replication, in the order in which they end: the work between two
// replications (reports, drawing a world), the reset, then the stages of a step, and the
// opening of the run between burn-in and first step.
const (
	StageBetween Stage = iota
	StageReset
	StageDrivers
	StageJourneys
	StageResume
	StageHands
	StageSell
	StageBook
	StageServe
	StageReturn
	StageOpenRun
	Stages // their number
)

var stageNames = [Stages]string{"between", "reset", "drivers", "journeys", "resume", "hands", "sell", "book", "serve",
	"return", "open run"}

// String names a stage.
func (s Stage) String() string { return stageNames[s] }
