package contract

import "go.temporal.io/sdk/temporal"

// Search attributes are never encrypted: ids and enums only, and the title of a request that is not confidential.
var (
	AttrStage      = temporal.NewSearchAttributeKeyKeyword("PmoStage")
	AttrStatus     = temporal.NewSearchAttributeKeyKeyword("PmoStatus")
	AttrOutcome    = temporal.NewSearchAttributeKeyKeyword("PmoOutcome")
	AttrKind       = temporal.NewSearchAttributeKeyKeyword("PmoKind")
	AttrPortfolio  = temporal.NewSearchAttributeKeyKeyword("PmoPortfolio")
	AttrTheme      = temporal.NewSearchAttributeKeyKeyword("PmoTheme")
	AttrTeam       = temporal.NewSearchAttributeKeyKeyword("PmoTeam")
	AttrApproach   = temporal.NewSearchAttributeKeyKeyword("PmoApproach")
	AttrRequester  = temporal.NewSearchAttributeKeyKeyword("PmoRequester")
	AttrWaitingOn  = temporal.NewSearchAttributeKeyKeywordList("PmoWaitingOn")
	AttrDueAt      = temporal.NewSearchAttributeKeyTime("PmoDueAt")
	AttrStageSince = temporal.NewSearchAttributeKeyTime("PmoStageSince")
	AttrTitle      = temporal.NewSearchAttributeKeyKeyword("PmoTitle")
	AttrNumber     = temporal.NewSearchAttributeKeyInt64("PmoNumber")
)

// Attributes lists every search attribute to register.
func Attributes() []temporal.SearchAttributeKey {
	return []temporal.SearchAttributeKey{AttrStage, AttrStatus, AttrOutcome, AttrKind, AttrPortfolio, AttrTheme, AttrTeam,
		AttrApproach, AttrRequester, AttrWaitingOn, AttrDueAt, AttrStageSince, AttrNumber, AttrTitle}
}
