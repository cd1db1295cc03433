package web

import (
	"slices"

	"leanpmo/internal/pmo"
	"leanpmo/internal/wire"
)

// standingPart is how the work of a request stands: its health, and its RAID log.
type standingPart struct {
	Request *wire.Request
	Page    *reader
}

// May reports whether the reader may give a command.
func (p standingPart) May(command string) bool { return slices.Contains(p.Request.Commands, command) }

// Open are the open entries of the log, blockers first.
func (p standingPart) Open() []pmo.RaidItem {
	list := slices.DeleteFunc(slices.Clone(p.Request.Raid), func(i pmo.RaidItem) bool { return !i.Open() })
	slices.SortStableFunc(list, func(a, b pmo.RaidItem) int { return rankOfRaid(a) - rankOfRaid(b) })
	return list
}

// rankOfRaid orders entries by how much they hinder.
func rankOfRaid(i pmo.RaidItem) int {
	return slices.Index([]pmo.RaidKind{pmo.RaidBlocker, pmo.RaidIssue, pmo.RaidDependency, pmo.RaidRisk, pmo.RaidAssumption}, i.Kind)
}

// Cleared are the others, the latest first.
func (p standingPart) Cleared() []pmo.RaidItem {
	list := slices.DeleteFunc(slices.Clone(p.Request.Raid), pmo.RaidItem.Open)
	slices.SortStableFunc(list, func(a, b pmo.RaidItem) int { return b.ClearedAt.Compare(a.ClearedAt) })
	return list
}
