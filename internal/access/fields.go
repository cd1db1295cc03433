package access

import (
	"slices"

	"leanpmo/internal/pmo"
)

// Leave is what somebody may do to a field of the content at a stage.
type Leave string

// The leaves. A proposal is asked of requester and team.
const (
	LeaveSet     Leave = "sets"
	LeaveReview  Leave = "opens review"
	LeavePropose Leave = "proposes"
	LeaveRefused Leave = "refused"
)

// Fields of the content that differ in who may change them; all others are alike.
const (
	fieldInputs       = "inputs"
	fieldClass        = "class"
	fieldSponsor      = "sponsor"
	fieldConfidential = "confidential"
)

// fieldRule lets people change a field in some stages.
type fieldRule struct {
	relations Relation
	roles     []Role
	stages    []pmo.Stage
}

var (
	untilDone     = []pmo.Stage{pmo.StageIntake, pmo.StageReview, pmo.StagePrioritization, pmo.StageApproach, pmo.StageAssignment, pmo.StageExecution}
	untilPull     = untilDone[:3]
	untilApproved = slices.DeleteFunc(pmo.Stages(), func(s pmo.Stage) bool { return !s.InputsMayBeStated() })
	atWork        = untilDone[5:]
)

// askers are those whose form it is: requester, submitter and the PMO; and who answers a question about the form.
const askers = Requester | SubmittedBy | Answering

// fieldRules is the table of who may change which field in which stages, by any door: a patch, an answer with a patch, the inputs. What the
// policy calls material opens review before the pull and is a proposal after it.
//
// The own people of a request state the inputs of its score until review has approved them, and never after; the score is then judged by others.
var fieldRules = map[string][]fieldRule{
	fieldInputs:       {{relations: own, stages: untilApproved}, {relations: Sponsor, roles: pmoOnly, stages: untilPull}},
	fieldClass:        {{relations: askers, roles: pmoOnly, stages: untilDone}, {relations: Sponsor, stages: untilPull}, {relations: Lead, stages: atWork}},
	fieldSponsor:      {{relations: askers, roles: pmoOnly, stages: untilDone}},
	fieldConfidential: {{relations: askers, roles: pmoOnly, stages: untilDone}},
	"":                {{relations: askers, roles: pmoOnly, stages: untilDone}, {relations: Lead, stages: atWork}},
}

// LeaveFor is what the actor may do to the field at the stage of the object; material says whether the policy calls the field so.
func LeaveFor(actor Actor, field string, material bool, object Object) Leave {
	if !slices.ContainsFunc(rulesOf(actor, field, object), func(r fieldRule) bool { return slices.Contains(r.stages, object.Stage) }) {
		return LeaveRefused
	}
	switch {
	case !material || object.Stage == pmo.StageIntake:
		return LeaveSet
	case slices.Contains(untilPull, object.Stage):
		return LeaveReview
	}
	return LeavePropose
}

// rulesOf are the rules that let the actor change the field in some stage. For the inputs of their own request, other rights do not count.
func rulesOf(actor Actor, field string, object Object) []fieldRule {
	rules, special := fieldRules[field]
	if !special {
		rules = fieldRules[""]
	}
	if field == fieldInputs && object.Relation&own != 0 {
		return rules[:1]
	}
	return slices.DeleteFunc(slices.Clone(rules), func(r fieldRule) bool { return object.Relation&r.relations == 0 && !actor.any(r.roles) })
}

// MayChange decides whether the actor may change the field by a patch. Like Can it judges rights, not state: that it is too late for everybody
// is known to the process alone.
func MayChange(actor Actor, field string, object Object) Decision {
	may := slices.ContainsFunc(pmo.Stages(), func(stage pmo.Stage) bool {
		if field == fieldInputs && object.Relation&own != 0 {
			stage = object.Stage // review has approved them after: they are others' to set
		}
		return LeaveFor(actor, field, false, Object{Relation: object.Relation, Stage: stage}) != LeaveRefused
	})
	switch {
	case may:
		return Decision{Allowed: true}
	case field == fieldInputs:
		return Can(actor, SetInputs, object) // says who may
	}
	return refuse(pmo.RefusedForbidden, "the field "+field+" is not yours to change")
}
