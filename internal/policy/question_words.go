package policy

import (
	"cmp"
	"fmt"
	"strings"

	"leanpmo/internal/pmo"
)

func (p *Policy) questionRules() []Rule {
	var rules []Rule
	for _, kind := range pmo.Kinds() {
		rules = append(rules, always("%s", p.askWords(kind)))
	}
	return append(rules, always("After %d rounds of a question without an answer or agreement the PMO is asked.", cmp.Or(p.doc.Exceptions.Rounds, pmo.DefaultExceptionRounds)))
}

// asked says of each kind of question what is asked. A kind that is not here has its own name.
var asked = map[pmo.Kind]string{
	pmo.KindClarify: "What a form lacks", pmo.KindSponsor: "Whether the sponsor stands behind a request", pmo.KindReview: "Whether a request shall be done",
	pmo.KindDuplicate: "Whether it asks for the same as another one", pmo.KindReconfirm: "Whether it is still needed", pmo.KindScore: "What its rank needs",
	pmo.KindApproach: "Which way of working fits", pmo.KindAssignment: "Whether a team takes it", pmo.KindPlan: "Whether the plan is right",
	pmo.KindChange: "Whether a change is agreed on", pmo.KindChangeReview: "Whether a change beyond the tolerance shall be taken", pmo.KindPlanReview: "The review of the plan at its cadence", pmo.KindPlace: "Whether work stays that its team accepted and has no room for any more", pmo.KindReport: "How it goes, after no report for a while",
	pmo.KindAcceptance: "Whether the outcome is reached", pmo.KindBenefit: "Whether the benefit came", pmo.KindException: "What now, when a request cannot go on by itself",
}

// unanswered says what happens when nobody answers in time, by the verdict that applies then.
var unanswered = map[string]string{
	pmo.VerdictExpire: "it expires", pmo.VerdictUnknown: "it goes on without what nobody knows", pmo.VerdictReject: "it is rejected", pmo.VerdictConfirm: "it counts as confirmed",
	pmo.VerdictDefer: "it is put off", pmo.VerdictApprove: "it counts as approved", pmo.VerdictNotSame: "they count as different", pmo.VerdictSame: "they count as the same",
	pmo.VerdictAskAgain: "it is asked again", pmo.VerdictStillNeed: "it counts as needed", pmo.VerdictAutoAccept: "it counts as accepted", pmo.VerdictNextTeam: "the next team is asked",
	pmo.VerdictAgree: "it counts as agreed", pmo.VerdictRefuse: "it stays as agreed", pmo.VerdictSilent: "it is noted that nothing was said", pmo.VerdictNotReview: "it is closed as not reviewed",
	pmo.VerdictBacklog: "it goes back to the backlog", pmo.VerdictCancel: "it is cancelled", pmo.VerdictKeep: "it stays with the team",
}

func (p *Policy) askWords(kind pmo.Kind) string {
	a := p.questionDoc(kind)
	what := cmp.Or(asked[kind], "The question of "+strings.ReplaceAll(string(kind), "_", " "))
	text := fmt.Sprintf("%s: asked of %s, due in %s", what, sourceWords(a.From), a.Due.Words())
	if a.Escalate != nil {
		text += fmt.Sprintf("; after that %s may decide for another %s", a.Escalate.To, a.Escalate.Due.Words())
	}
	return fmt.Sprintf("%s. Without an answer: %s.", text, cmp.Or(unanswered[a.OnSilence], strings.ReplaceAll(a.OnSilence, "_", " ")))
}

func sourceWords(sources []string) string {
	words := make([]string, len(sources))
	for i, s := range sources {
		switch s {
		case "step":
			words[i] = "the groups of its route"
		case "leads":
			words[i] = "the team's leads"
		case "portfolio":
			words[i] = "the portfolio's PMO"
		case "requester", "sponsor":
			words[i] = "the " + s
		default:
			words[i], _ = cutGroup(s)
		}
	}
	return strings.Join(words, " and ")
}
