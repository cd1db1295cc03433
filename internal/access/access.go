// Package access decides who may do what: Can(actor, action, object) from one table of roles and relations, and Eligible for who may
// answer a question.
//
// It judges rights, not state. Whether a question is still open or a request already closed is known to the process alone,
// which refuses what comes too late; a right must not depend on a projection that may lag behind, or a repeated command
// would get another answer than its first sending. Two rights depend on the stage: amending as the team, because there is no
// team before, and stating the inputs of one's own request, because review has approved them after.
package access

import (
	"slices"

	"leanpmo/internal/pmo"
)

// Role is what somebody is in the organization. Roles add up.
type Role string

// The roles.
const (
	RoleRequester Role = "requester"
	RoleApprover  Role = "approver"
	RoleTeam      Role = "team"
	RolePMO       Role = "pmo"
	RoleAuditor   Role = "auditor"
	RoleAdmin     Role = "admin"
)

// Roles lists every role.
func Roles() []Role {
	return []Role{RoleRequester, RoleApprover, RoleTeam, RolePMO, RoleAuditor, RoleAdmin}
}

// Relation is what somebody is to one request, or to one team. Relations add up, as bits.
type Relation uint16

// The relations.
const (
	Requester    Relation = 1 << iota // the true requester
	SubmittedBy                       // typed it in for the requester
	Sponsor                           // sponsor who has confirmed
	Watcher                           // is notified of it
	Asked                             // has a seat in the question at hand, or for reading: in any of the request's questions
	Delegate                          // delegate of somebody who has such a seat
	ForRequester                      // delegate of the requester or the submitter
	Lead                              // leads the team that is offered or has the work
	Member                            // is in the team that has the work
	NamedSponsor                      // named as sponsor and has not confirmed: reads, and has no sponsor's rights
	Answering                         // answers a question about the form: clarify or reconfirm
	Proposer                          // proposed the policy
	Tool                              // is the tool that has the request's work item: it reports, and does nothing else
)

// own are those whose request it is: none of them may judge it, neither for themselves nor as a delegate.
const own = Requester | SubmittedBy | ForRequester

// Actor is who acts.
type Actor struct {
	ID      string
	Roles   []string
	Service bool    // a service whom the policy does not let judge
	Agent   bool    // a program that reads and leaves drafts for a person, and never decides: see agents.go
	Granted bool    // of an agent: it may read confidential requests, as far as its roles and relations go
	Limited bool    // acts by a token that may do only what is in its scopes
	Scopes  []Scope // of that token
}

// Object is what is acted upon. Its zero value is the product as a whole.
type Object struct {
	Relation     Relation
	Confidential bool
	Stage        pmo.Stage
}

// Decision is the answer, with the reason a person reads and the problem kind a machine reads.
type Decision struct {
	Allowed bool
	Reason  string
	Kind    string // empty when allowed, else not_found, own_request, not_asked or forbidden
}

// NotFound is the kind of refusal that does not disclose whether there is such a request.
const NotFound = "not_found"

// Can decides whether the actor may do the action to the object.
func Can(actor Actor, action Action, object Object) Decision {
	rule, known := rules[action]
	if !known {
		return refuse(pmo.RefusedForbidden, "there is no such action")
	}
	if actor.Limited && !slices.Contains(actor.Scopes, rule.scope) {
		return refuse(pmo.RefusedForbidden, "your token was not made for this"+rule.scope.words())
	}
	if actor.Agent && !ForAgents(action) {
		return refuse(pmo.RefusedForbidden, "an agent reads and leaves drafts: a person does this")
	}
	if rule.request && !visible(actor, object) {
		return refuse(NotFound, "there is no such request, or it is not for you")
	}
	if object.Relation&Tool != 0 && action != ReportProgress {
		return refuse(pmo.RefusedForbidden, "a team's tool reports progress and does nothing else")
	}
	if rule.judges && object.Relation&own != 0 {
		return refuse(pmo.RefusedOwnRequest, "this request is yours, or you submitted it, or you are the delegate of who did")
	}
	if rule.others && object.Relation&Proposer != 0 {
		return refuse(pmo.RefusedForbidden, "you proposed it: another member of the PMO decides")
	}
	if rule.anyone || actor.any(rule.roles) || object.Relation&rule.relations != 0 {
		return Decision{Allowed: true}
	}
	if rule.execution&object.Relation != 0 && object.Stage == pmo.StageExecution {
		return Decision{Allowed: true}
	}
	return refuse(pmo.RefusedForbidden, "only "+rule.who()+" may do this")
}

// visible: everybody signed in reads every request except confidential ones, which only their own people, the PMO and
// auditors read, and no agent to whom that is not granted.
func visible(actor Actor, object Object) bool {
	return !object.Confidential || !barred(actor) && (object.Relation != 0 || SeesAll(actor))
}

// SeesAll reports whether the actor reads confidential requests of others.
func SeesAll(actor Actor) bool { return !barred(actor) && actor.any([]Role{RolePMO, RoleAuditor}) }

// KnowsBudget reports whether the actor may know what is left of points of stakeholders: who spends them, and who reads all requests. It would tell
// others of confidential ones.
func KnowsBudget(actor Actor, spends bool) bool { return spends || SeesAll(actor) }

// WatchesAll reports whether the actor cares for the requests of everybody, as far as they may read them, and not for their own ones alone.
func WatchesAll(actor Actor) bool { return actor.any([]Role{RolePMO, RoleAdmin}) }

func (a Actor) has(role Role) bool { return slices.Contains(a.Roles, string(role)) }

func (a Actor) any(roles []Role) bool { return slices.ContainsFunc(roles, a.has) }

func refuse(kind, reason string) Decision { return Decision{Kind: kind, Reason: reason} }
