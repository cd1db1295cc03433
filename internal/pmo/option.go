package pmo

// Effect is what an answer does to a question.
type Effect string

// Yes and no are counted against the quorum; abstain gives the seat away; divert settles the question at once.
const (
	EffectYes     Effect = "yes"
	EffectNo      Effect = "no"
	EffectAbstain Effect = "abstain"
	EffectDivert  Effect = "divert"
)

// The verdicts people may give. Which of them a question takes is in its options.
const (
	VerdictApprove    = "approve"
	VerdictReject     = "reject"
	VerdictAbstain    = "abstain"
	VerdictNeedInfo   = "need_info"
	VerdictDefer      = "defer"
	VerdictDuplicate  = "duplicate"
	VerdictAnswered   = "answered"
	VerdictSame       = "same"
	VerdictNotSame    = "not_same"
	VerdictProvide    = "provide"
	VerdictAnswer     = "answer"
	VerdictUnknown    = "not_known"
	VerdictConfirm    = "confirm"
	VerdictDecline    = "decline"
	VerdictScore      = "score"
	VerdictAccept     = "accept"
	VerdictChoose     = "choose"
	VerdictAgree      = "agree"
	VerdictCounter    = "counter"
	VerdictRefuse     = "refuse"
	VerdictReported   = "reported"
	VerdictRemarks    = "accept_with_remarks"
	VerdictRework     = "rework"
	VerdictStillNeed  = "still_needed"
	VerdictNotNeeded  = "not_needed"
	VerdictRealised   = "realised"
	VerdictPartly     = "partly_realised"
	VerdictNotYet     = "not_realised"
	VerdictNameTeam   = "name_team"
	VerdictRaiseLimit = "raise_limit"
	VerdictBacklog    = "backlog"
	VerdictNamePerson = "name_person"
	VerdictCancel     = "cancel"
	VerdictWait       = "wait"
	VerdictRemedy     = "remedy"
	VerdictExpire     = "expire"       // only ever given by a deadline
	VerdictSilent     = "silent"       // only ever given by a deadline: nothing was said
	VerdictNotReview  = "not_reviewed" // only ever given by a deadline: nobody looked at the benefit
	VerdictAskAgain   = "ask_again"    // only ever given by a deadline: opened again as the next round
	VerdictNextTeam   = "next_team"    // only ever given by a deadline: silence of a lead counts as decline
	VerdictAutoAccept = "auto_accept"  // only ever given by a deadline: opt-in by policy
)

// VerdictApproveConditions approves, and asks for the conditions in data.conditions.
const VerdictApproveConditions = "approve_with_conditions"

// Option is one answer a question takes.
type Option struct {
	Verdict     string   `json:"verdict"`
	Effect      Effect   `json:"effect"`
	Reason      bool     `json:"reason,omitempty"` // a reason is needed
	Needs       []string `json:"needs,omitempty"`  // fields of data that are needed
	Description string   `json:"says"`             // what happens, in plain words
}

// Options lists what a question of this kind may be answered with.
func Options(kind Kind) []Option { return options[kind] }

var options = map[Kind][]Option{
	KindClarify: {
		{Verdict: VerdictProvide, Effect: EffectYes, Needs: []string{"patch"}, Description: "fill the gaps"},
		{Verdict: VerdictAnswer, Effect: EffectDivert, Reason: true, Description: "answer in words; the form stays as it is"}, // of what an approver asks, see freeQuestion
		{Verdict: VerdictUnknown, Effect: EffectDivert, Reason: true, Description: "go on without what nobody knows"},
	},
	KindSponsor: {
		{Verdict: VerdictConfirm, Effect: EffectYes, Description: "stand behind the request"},
		{Verdict: VerdictDecline, Effect: EffectNo, Reason: true, Description: "not mine to sponsor"},
	},
	KindReview: {
		{Verdict: VerdictApprove, Effect: EffectYes, Description: "worth doing"},
		{Verdict: VerdictApproveConditions, Effect: EffectYes, Needs: []string{"conditions"}, Description: "worth doing, on conditions: the plan answers each, the acceptance says whether it is met"},
		{Verdict: VerdictReject, Effect: EffectNo, Reason: true, Description: "not worth doing"},
		{Verdict: VerdictAbstain, Effect: EffectAbstain, Description: "leave it to the others"},
		{Verdict: VerdictNeedInfo, Effect: EffectDivert, Reason: true, Description: "ask the requester first"},
		{Verdict: VerdictDefer, Effect: EffectDivert, Reason: true, Needs: []string{"until"}, Description: "look at it again on a date"},
		{Verdict: VerdictDuplicate, Effect: EffectDivert, Needs: []string{"of"}, Description: "asks for the same as another request; whom it concerns is asked"},
		{Verdict: VerdictAnswered, Effect: EffectDivert, Reason: true, Description: "no work needed: advice or an existing tool"},
	},
	KindDuplicate: {
		{Verdict: VerdictSame, Effect: EffectYes, Description: "it asks for the same and goes on there"},
		{Verdict: VerdictNotSame, Effect: EffectNo, Reason: true, Description: "it does not; review goes on"},
	},
	KindReconfirm: {
		{Verdict: VerdictStillNeed, Effect: EffectYes, Description: "still wanted; a patch may change the date"},
		{Verdict: VerdictNotNeeded, Effect: EffectDivert, Description: "withdraw it"},
	},
	KindScore: {
		{Verdict: VerdictScore, Effect: EffectYes, Needs: []string{"inputs"}, Description: "give the missing inputs"},
	},
	KindApproach: {
		{Verdict: VerdictAccept, Effect: EffectYes, Description: "work as recommended"},
		{Verdict: VerdictChoose, Effect: EffectDivert, Reason: true, Needs: []string{"approach"}, Description: "work in another way"},
	},
	KindAssignment: {
		{Verdict: VerdictAccept, Effect: EffectYes, Description: "the team takes it"},
		{Verdict: VerdictDecline, Effect: EffectNo, Reason: true, Description: "the next best team is asked"},
	},
	KindPlan: {
		{Verdict: VerdictAgree, Effect: EffectYes, Description: "work to this plan"},
		{Verdict: VerdictCounter, Effect: EffectDivert, Reason: true, Description: "another plan or approach"},
	},
	KindChange: {
		{Verdict: VerdictAgree, Effect: EffectYes, Description: "take the change"},
		{Verdict: VerdictRefuse, Effect: EffectNo, Reason: true, Description: "stay with what was agreed"},
	},
	KindChangeReview: {
		{Verdict: VerdictApprove, Effect: EffectYes, Description: "take the change"},
		{Verdict: VerdictApproveConditions, Effect: EffectYes, Needs: []string{"conditions"}, Description: "take the change, on conditions"},
		{Verdict: VerdictRefuse, Effect: EffectNo, Reason: true, Description: "work goes on as agreed"},
		{Verdict: VerdictNeedInfo, Effect: EffectDivert, Reason: true, Description: "ask the requester first; work goes on meanwhile"},
	},
	KindPlanReview: {
		{Verdict: VerdictKeepOn, Effect: EffectYes, Needs: []string{"review"}, Description: "the plan goes on as agreed"},
		{Verdict: VerdictReplan, Effect: EffectYes, Needs: []string{"review"}, Description: "another plan is needed; it is proposed on the page of the plan"},
	},
	KindPlace: {
		{Verdict: VerdictMove, Effect: EffectYes, Description: "another team is looked for, and agrees on a plan of its own"},
		{Verdict: VerdictKeep, Effect: EffectNo, Description: "it stays with the team, over its limits"},
	},
	KindReport: {
		{Verdict: VerdictReported, Effect: EffectYes, Reason: true, Description: "say how it goes; a progress report answers too"},
	},
	KindAcceptance: {
		{Verdict: VerdictAccept, Effect: EffectYes, Description: "the agreed outcome is reached"},
		{Verdict: VerdictRemarks, Effect: EffectDivert, Reason: true, Description: "reached, with remarks"},
		{Verdict: VerdictRework, Effect: EffectDivert, Reason: true, Description: "not yet; back to the team"},
	},
	KindBenefit: {
		{Verdict: VerdictRealised, Effect: EffectYes, Description: "the benefit came"},
		{Verdict: VerdictPartly, Effect: EffectDivert, Reason: true, Description: "some of it came"},
		{Verdict: VerdictNotYet, Effect: EffectDivert, Reason: true, Description: "it did not come"},
	},
	// Which of these a question offers depends on its cause, see exceptionTerms.
	KindException: {
		{Verdict: VerdictWait, Effect: EffectDivert, Description: "ask again, on a date if until gives one"},
		{Verdict: VerdictRemedy, Effect: EffectDivert, Reason: true, Needs: []string{"remedy"}, Description: "do what would help, one of the changes named: a limit or a skill of a team is changed at once, and a team is looked for again"},
		{Verdict: VerdictNameTeam, Effect: EffectDivert, Reason: true, Needs: []string{"team"}, Description: "ask this team next, whatever skills are recorded for it"},
		{Verdict: VerdictRaiseLimit, Effect: EffectDivert, Reason: true, Needs: []string{"team"}, Description: "ask this team next, also over its limits, for this request alone"},
		{Verdict: VerdictNamePerson, Effect: EffectDivert, Reason: true, Needs: []string{"person"}, Description: "this person may answer the question too"},
		{Verdict: VerdictBacklog, Effect: EffectDivert, Reason: true, Description: "back to the backlog, and the slot is given back"},
		{Verdict: VerdictCancel, Effect: EffectDivert, Reason: true, Description: "end the request"},
	},
}

// SilenceVerdicts lists what a deadline of this kind may lead to; a policy that names another one is refused.
func SilenceVerdicts(kind Kind) []string { return silence[kind] }

var silence = map[Kind][]string{
	KindClarify:      {VerdictExpire, VerdictUnknown},
	KindSponsor:      {VerdictExpire, VerdictReject, VerdictConfirm},
	KindReview:       {VerdictReject, VerdictDefer, VerdictApprove},
	KindDuplicate:    {VerdictNotSame, VerdictSame},
	KindReconfirm:    {VerdictExpire, VerdictAskAgain, VerdictStillNeed},
	KindScore:        {VerdictAskAgain, VerdictExpire},
	KindApproach:     {VerdictAutoAccept, VerdictAskAgain},
	KindAssignment:   {VerdictNextTeam, VerdictAskAgain},
	KindPlan:         {VerdictAskAgain, VerdictAgree},
	KindChange:       {VerdictRefuse, VerdictAskAgain},
	KindChangeReview: {VerdictRefuse},
	KindPlanReview:   {VerdictSilent},
	KindPlace:        {VerdictKeep},
	KindReport:       {VerdictSilent},
	KindAcceptance:   {VerdictAutoAccept, VerdictAskAgain},
	KindBenefit:      {VerdictNotReview},
	KindException:    {VerdictBacklog, VerdictCancel},
}

func (q *Question) option(verdict string) (Option, bool) {
	for _, o := range q.Options {
		if o.Verdict == verdict {
			return o, true
		}
	}
	return Option{}, false
}
