package workflows

import (
	"slices"
	"strconv"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// updateVisibility keeps what the Temporal UI shows up to date: current details, and the search attributes in one call when one of them
// differs. It runs when the process is idle, so at most once in a workflow task.
func (r *requestWorkflow) updateVisibility(ctx workflow.Context) {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // a cancelled request shows its end too
	for {
		_ = workflow.Await(ctx, func() bool { return !r.published() && r.idle() })
		r.publishedSeq = r.state.Seq
		r.state.KeepLatest()
		workflow.SetCurrentDetails(ctx, pmo.Truncate(r.state.Details(workflow.Now(ctx)), detailsBytes))
		current := r.currentAttributes(workflow.Now(ctx))
		if current.equal(r.attributes) {
			continue
		}
		r.attributes = current
		if err := workflow.UpsertTypedSearchAttributes(ctx, current.updates()...); err != nil {
			workflow.GetLogger(ctx).Warn("search attributes not set", "error", err)
		}
	}
}

// published reports whether the Temporal UI is up to date. Before Process06 it showed when the timer fires, which may be set anew without a
// change of the state.
func (r *requestWorkflow) published() bool {
	return r.publishedSeq == r.state.Seq && (r.state.Process >= pmo.Process06 || !r.keepEarlierTimer || r.attributes.due.Equal(r.timer.at))
}

// detailsBytes is a quarter of the 20,000 bytes that the server takes as details.
const detailsBytes = 5000

// attributes are the search attributes of a request. The zero value of each means unset.
//
// The title is not compared before Process06: it goes along with the next upsert, which must not be another one in a history that replays.
type attributes struct {
	single
	waiting      []string
	title        string
	compareTitle bool
}

type single struct {
	stage, status, outcome, kind, portfolio, theme, team, approach, requester string
	due, since                                                                time.Time
	number                                                                    int64
}

func (a attributes) equal(other attributes) bool {
	return a.single == other.single && slices.Equal(compared(a.waiting), compared(other.waiting)) && (a.title == other.title || !a.compareTitle)
}

// currentAttributes are what the search attributes ought to be: PmoWaitingOn holds who has still to answer, and PmoDueAt is when the first
// open question is due, as in the lists of the API.
//
// Process05 wrote whom the open questions ask, and when the deadline timer fires, so that one more answer changed neither. Requests that
// began before ChangeKeepEarlierTimer show what is due next, reminders included.
func (r *requestWorkflow) currentAttributes(now time.Time) attributes {
	switch {
	case r.state.Process >= pmo.Process06:
		a := attributesOf(r.state, r.state.WaitingOn(), r.state.FirstDue())
		a.compareTitle = true
		return a
	case r.keepEarlierTimer:
		return attributesOf(r.state, r.state.SeatsOfOpenQuestions(), r.timer.at)
	}
	due, _ := r.state.NextDue(now)
	return attributesOf(r.state, r.state.WaitingOn(), due)
}

func attributesOf(s *pmo.Request, waiting []string, due time.Time) attributes {
	a := attributes{waiting: waiting, title: s.ShownTitle(), single: single{
		stage: string(s.Stage), status: string(s.Status), outcome: string(s.Outcome), kind: s.Content.Kind, portfolio: s.Portfolio,
		approach: s.Approach.Name(), requester: s.Requester, due: due, since: s.StageSince, number: s.Number,
	}}
	if len(s.Content.Themes) > 0 {
		a.theme = s.Content.Themes[0]
	}
	if s.Assignment != nil {
		a.team = s.Assignment.Team
	}
	return a
}

// comparedBytes is how many bytes of a list of people are compared with the value before. It stays: histories hold an upsert for every
// difference in them. The value itself is shorter.
const comparedBytes = 2048

// compared are the first names that are compared.
func compared(names []string) []string {
	size := len("[]")
	for i, name := range names {
		if size += len(strconv.Quote(name)) + len(","); size > comparedBytes {
			return names[:i]
		}
	}
	return names
}

func (a attributes) updates() []temporal.SearchAttributeUpdate {
	keyword := func(key temporal.SearchAttributeKeyKeyword, value string) temporal.SearchAttributeUpdate {
		if value == "" {
			return key.ValueUnset()
		}
		return key.ValueSet(contract.AttributeText(value))
	}
	moment := func(key temporal.SearchAttributeKeyTime, value time.Time) temporal.SearchAttributeUpdate {
		if value.IsZero() {
			return key.ValueUnset()
		}
		return key.ValueSet(value)
	}
	waiting := contract.AttrWaitingOn.ValueUnset()
	if len(a.waiting) > 0 {
		waiting = contract.AttrWaitingOn.ValueSet(contract.AttributeTexts(a.waiting))
	}
	return []temporal.SearchAttributeUpdate{
		keyword(contract.AttrStage, a.stage), keyword(contract.AttrStatus, a.status), keyword(contract.AttrOutcome, a.outcome),
		keyword(contract.AttrKind, a.kind), keyword(contract.AttrPortfolio, a.portfolio), keyword(contract.AttrTheme, a.theme),
		keyword(contract.AttrTeam, a.team), keyword(contract.AttrApproach, a.approach), keyword(contract.AttrRequester, a.requester),
		waiting, moment(contract.AttrDueAt, a.due), moment(contract.AttrStageSince, a.since), contract.AttrNumber.ValueSet(a.number),
		keyword(contract.AttrTitle, a.title),
	}
}
