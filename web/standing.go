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

// healthReason is the first reason for a colour, and the language of its words where it is not that of the page.
type healthReason struct{ Text, Lang string }

// HealthReason says the first reason for a colour on the mark of a request; nil without one. Who reads English gets the words of the rule, anybody else the
// catalogue's words for its kind. What somebody says instead is in their own words, of whatever language.
func (t *reader) HealthReason(kind, says string) *healthReason {
	switch {
	case says == "":
		return nil
	case kind == pmo.HealthKindOverride:
		return &healthReason{Text: t.T("health.kind.override", "says", says)}
	}
	if word := t.HealthWord(kind); word != "" {
		return &healthReason{Text: word}
	}
	return &healthReason{Text: says, Lang: "en"}
}

// HealthWord are the catalogue's words for a kind of reason, for who does not read the words of the rule, which are English.
func (t *reader) HealthWord(kind string) string {
	if t.Lang == languages[0].String() || !t.Has("health.kind."+kind) {
		return ""
	}
	return t.T("health.kind." + kind)
}
