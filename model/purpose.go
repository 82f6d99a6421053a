package model

import "windfall/model/plan"

// Purposes of random numbers. A draw is addressed by (seed, replication,
// entity, purpose); an entity is a node in a tree of keys whose branches are
// hashes of names (cells, trigger kinds, channels, inputs, shocks), step
// numbers and counts. Numbers here must never be reused or reordered: they are
// part of every published result.
const (
	// Branches of the replication's root, after those that a timeline draws from.
	purposeCell uint64 = iota + plan.PurposeRegime + 1
	purposeOpening

	// Purposes within a cell.
	purposeProposals // Poisson number of proposals of a kind, step and layer
	purposeRelease   // releases of opening locked firms in a step

	// Purposes of one journey, later a customer.
	purposeSlot
	purposeTrigger // time, death of the firm, its death in the lock after the journey
	purposeWindow
	purposeVisible
	purposeReach
	purposeChurnDeath // death of the firm locked after churn
	purposeHeadcount
	purposeNeed
	purposeAware
	purposeWilling
	purposeTeam
	purposeService
	purposeWin
	purposeCycle
	purposeFrailty
	purposeChurn
	purposeFirmDeath
	purposePrepaid
	purposeAge
	purposeProduct

	// Purposes of one proposed touch of a journey or source, by its number.
	purposePoint
	purposeRaise

	// Branch of the replication's root for what is random beside the inputs, of draws that are run several times.
	purposeVariation

	// Branch of the replication's root for the trigger proposals of blocks of cells.
	purposeBlock

	// Branch of the replication's root for the journeys that show what brand and adstock bring after
	// the last day, and a journey's place and time among them.
	purposeCarryOver
	purposeCarryTime

	// A proposed touch that is a search which the paid link does not take.
	purposeOrganic

	// Purpose of one journey: the unit exponential of its choice of a rival.
	purposeRival
	// Age of a journey's or opening customer's firm, where its hazard of death depends on it.
	purposeFirmAge

	// Whether a sign-up's trial or free use ends in a win, and how long the latter lasts.
	purposeTrial
	purposeFree

	// Of a proposed touch that raises the hand on a channel whose leads are not all real: whether it is.
	purposeReal

	// Of a lead that comes to a team of people: whether anybody ever answers it.
	purposeAnswer

	// Of a lead or opportunity that a file lists: the kind of trigger that it came from.
	purposeKind

	// Of a journey and a channel: whether its firm is held out.
	purposeHoldout
)
