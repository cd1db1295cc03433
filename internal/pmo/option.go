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
	VerdictProvide    = "provide"
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
	VerdictExpire     = "expire"       // only ever given by a deadline
	VerdictSilent     = "silent"       // only ever given by a deadline: nothing was said
	VerdictNotReview  = "not_reviewed" // only ever given by a deadline: nobody looked at the benefit
	VerdictAskAgain   = "ask_again"    // only ever given by a deadline: opened again as the next round
	VerdictNextTeam   = "next_team"    // only ever given by a deadline: silence of a lead counts as decline
	VerdictAutoAccept = "auto_accept"  // only ever given by a deadline: opt-in by policy
)

// Option is one answer a question takes.
type Option struct {
	Verdict string   `json:"verdict"`
	Effect  Effect   `json:"effect"`
	Reason  bool     `json:"reason,omitempty"` // a reason is needed
	Needs   []string `json:"needs,omitempty"`  // fields of data that are needed
	Says    string   `json:"says"`             // what happens, in plain words
}

// Options lists what a question of this kind may be answered with.
func Options(kind Kind) []Option { return options[kind] }

var options = map[Kind][]Option{
	KindClarify: {
		{Verdict: VerdictProvide, Effect: EffectYes, Needs: []string{"patch"}, Says: "fill the gaps"},
		{Verdict: VerdictUnknown, Effect: EffectDivert, Reason: true, Says: "go on without what nobody knows"},
	},
	KindSponsor: {
		{Verdict: VerdictConfirm, Effect: EffectYes, Says: "stand behind the request"},
		{Verdict: VerdictDecline, Effect: EffectNo, Reason: true, Says: "not mine to sponsor"},
	},
	KindReview: {
		{Verdict: VerdictApprove, Effect: EffectYes, Says: "worth doing"},
		{Verdict: VerdictReject, Effect: EffectNo, Reason: true, Says: "not worth doing"},
		{Verdict: VerdictAbstain, Effect: EffectAbstain, Says: "leave it to the others"},
		{Verdict: VerdictNeedInfo, Effect: EffectDivert, Reason: true, Says: "ask the requester first"},
		{Verdict: VerdictDefer, Effect: EffectDivert, Reason: true, Needs: []string{"until"}, Says: "look at it again on a date"},
		{Verdict: VerdictDuplicate, Effect: EffectDivert, Needs: []string{"of"}, Says: "goes on in another request"},
		{Verdict: VerdictAnswered, Effect: EffectDivert, Reason: true, Says: "no work needed: advice or an existing tool"},
	},
	KindReconfirm: {
		{Verdict: VerdictStillNeed, Effect: EffectYes, Says: "still wanted; a patch may change the date"},
		{Verdict: VerdictNotNeeded, Effect: EffectDivert, Says: "withdraw it"},
	},
	KindScore: {
		{Verdict: VerdictScore, Effect: EffectYes, Needs: []string{"inputs"}, Says: "give the missing inputs"},
	},
	KindApproach: {
		{Verdict: VerdictAccept, Effect: EffectYes, Says: "work as recommended"},
		{Verdict: VerdictChoose, Effect: EffectDivert, Reason: true, Needs: []string{"approach"}, Says: "work in another way"},
	},
	KindAssignment: {
		{Verdict: VerdictAccept, Effect: EffectYes, Says: "the team takes it"},
		{Verdict: VerdictDecline, Effect: EffectNo, Reason: true, Says: "the next best team is asked"},
	},
	KindPlan: {
		{Verdict: VerdictAgree, Effect: EffectYes, Says: "work to this plan"},
		{Verdict: VerdictCounter, Effect: EffectDivert, Reason: true, Says: "another plan or approach"},
	},
	KindChange: {
		{Verdict: VerdictAgree, Effect: EffectYes, Says: "take the change"},
		{Verdict: VerdictRefuse, Effect: EffectNo, Reason: true, Says: "stay with what was agreed"},
	},
	KindReport: {
		{Verdict: VerdictReported, Effect: EffectYes, Reason: true, Says: "say how it goes; a progress report answers too"},
	},
	KindAcceptance: {
		{Verdict: VerdictAccept, Effect: EffectYes, Says: "the agreed outcome is reached"},
		{Verdict: VerdictRemarks, Effect: EffectDivert, Reason: true, Says: "reached, with remarks"},
		{Verdict: VerdictRework, Effect: EffectDivert, Reason: true, Says: "not yet; back to the team"},
	},
	KindBenefit: {
		{Verdict: VerdictRealised, Effect: EffectYes, Says: "the benefit came"},
		{Verdict: VerdictPartly, Effect: EffectDivert, Reason: true, Says: "some of it came"},
		{Verdict: VerdictNotYet, Effect: EffectDivert, Reason: true, Says: "it did not come"},
	},
}

// SilenceVerdicts lists what a deadline of this kind may lead to; a policy that names another one is refused.
func SilenceVerdicts(kind Kind) []string { return silence[kind] }

var silence = map[Kind][]string{
	KindClarify:    {VerdictExpire, VerdictUnknown},
	KindSponsor:    {VerdictExpire, VerdictReject, VerdictConfirm},
	KindReview:     {VerdictReject, VerdictDefer, VerdictApprove},
	KindReconfirm:  {VerdictExpire, VerdictAskAgain, VerdictStillNeed},
	KindScore:      {VerdictAskAgain, VerdictExpire},
	KindApproach:   {VerdictAutoAccept, VerdictAskAgain},
	KindAssignment: {VerdictNextTeam, VerdictAskAgain},
	KindPlan:       {VerdictAskAgain, VerdictAgree},
	KindChange:     {VerdictRefuse, VerdictAskAgain},
	KindReport:     {VerdictSilent},
	KindAcceptance: {VerdictAutoAccept, VerdictAskAgain},
	KindBenefit:    {VerdictNotReview},
}

func (q *Question) option(verdict string) (Option, bool) {
	for _, o := range q.Options {
		if o.Verdict == verdict {
			return o, true
		}
	}
	return Option{}, false
}
