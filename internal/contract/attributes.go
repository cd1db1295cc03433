package contract

import (
	"fmt"

	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/pmo"
)

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

// Limits of a search attribute: a quarter of the 2 KiB at which the server ends the workflow, and what a column of its database holds.
const (
	attributeBytes      = 512
	attributeCharacters = 255
)

// AttributeText is a text as the value of a search attribute. Every text goes through it: a value that is too long ends the workflow.
func AttributeText(text string) string {
	if runes := []rune(text); len(runes) > attributeCharacters {
		text = string(runes[:attributeCharacters-1]) + "…"
	}
	return pmo.Truncate(text, attributeBytes)
}

// AttributeTexts are texts as the value of a search attribute: the first that fit, and how many more there are. Where all of them matter,
// callers read the read model.
func AttributeTexts(texts []string) []string {
	const more = len(`"and 100000 more",`)
	value := make([]string, 0, len(texts))
	size, shown := len("[]"), 0 // shown: how many fit together with the word that there are more
	for _, text := range texts {
		text = AttributeText(text)
		value = append(value, text)
		if size += pmo.TextBytes(text) + len(","); size <= attributeBytes-more {
			shown = len(value)
		}
	}
	if size <= attributeBytes {
		return value
	}
	return append(value[:shown], fmt.Sprintf("and %d more", len(texts)-shown))
}
