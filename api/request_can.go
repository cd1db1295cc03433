package api

import (
	"time"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
)

// offered is one command of a request: the right it needs, and whether the request takes it as it is. The probe has what the command needs
// from a person, so that only the state of the request decides.
type offered struct {
	command string
	action  access.Action
	takes   func(r *pmo.Request, by pmo.Header) *pmo.Refusal
}

const probeReason = "?"

var commandsOffered = []offered{
	{"amend", access.Amend, func(r *pmo.Request, by pmo.Header) *pmo.Refusal {
		// The users of a request may be said at any stage in which it may be amended; they are not material.
		users := r.Content.Users + probeReason
		return r.CheckAmend(pmo.Amend{Header: by, Revision: r.Revision, Patch: pmo.Patch{Users: &users}})
	}},
	{"progress", access.ReportProgress, func(r *pmo.Request, by pmo.Header) *pmo.Refusal {
		return r.CheckReport(pmo.Report{Header: by, Note: probeReason}, time.Time{})
	}},
	{"raid", access.LogRaid, func(r *pmo.Request, by pmo.Header) *pmo.Refusal {
		return r.CheckLogRaid(pmo.LogRaid{Header: by, Kind: pmo.RaidRisk, Text: probeReason})
	}},
	{"plan", access.ProposePlan, func(r *pmo.Request, by pmo.Header) *pmo.Refusal {
		return r.CheckProposePlan(pmo.ProposePlan{Header: by, Version: r.PlanVersion(), Plan: pmo.Plan{Summary: probeReason}, Reason: probeReason})
	}},
	{"withdraw", access.Withdraw, stops((*pmo.Request).CheckWithdraw)},
	{"hold", access.Hold, stops((*pmo.Request).CheckHold)},
	{"resume", access.Resume, stops((*pmo.Request).CheckResume)},
	{"wake", access.Wake, stops((*pmo.Request).CheckWake)},
	{"cancel", access.Cancel, stops((*pmo.Request).CheckCancel)},
	{"inputs", access.SetInputs, func(r *pmo.Request, by pmo.Header) *pmo.Refusal {
		return r.CheckInputs(pmo.SetInputs{Header: by, Reason: probeReason})
	}},
	{"pull", access.Pull, func(r *pmo.Request, by pmo.Header) *pmo.Refusal {
		return r.CheckPull(pmo.OverridePull{Header: by, Reason: probeReason})
	}},
	{"reassign", access.Reassign, func(r *pmo.Request, by pmo.Header) *pmo.Refusal { // of the work; a question is moved by its id
		return r.CheckReassign(pmo.Reassign{Header: by, Reason: probeReason, Team: probeReason})
	}},
}

// stops probes a command that ends or pauses a request.
func stops(check func(*pmo.Request, pmo.Stop) *pmo.Refusal) func(*pmo.Request, pmo.Header) *pmo.Refusal {
	return func(r *pmo.Request, by pmo.Header) *pmo.Refusal {
		return check(r, pmo.Stop{Header: by, Reason: probeReason})
	}
}

// commandsNow lists the commands that the actor may give the request as it is now, besides answering. A page offers these and nothing else.
func commandsNow(actor access.Actor, t *target) []string {
	list := []string{}
	if t.Unprocessed != nil {
		return list
	}
	by := pmo.Header{By: pmo.By{Actor: actor.ID}}
	for _, c := range commandsOffered {
		if may(actor, c.action, t.object()) == nil && c.takes(&t.Request, by) == nil {
			list = append(list, c.command)
		}
	}
	return list
}
