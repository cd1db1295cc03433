package workflows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
)

// publish keeps the Temporal UI abreast: current details, and the search attributes in one call when one of them differs. It runs
// when the process is about to wait, so at most once a workflow task.
func (r *run) publish(ctx workflow.Context) {
	ctx, _ = workflow.NewDisconnectedContext(ctx) // a cancelled request shows its end too
	for {
		_ = workflow.Await(ctx, func() bool { return !r.shown() && r.quiet() })
		r.published, r.announced = r.state.Seq, r.alarm.at
		workflow.SetCurrentDetails(ctx, details(r.state, workflow.Now(ctx)))
		values := r.values(workflow.Now(ctx))
		if values.equal(r.attributes) {
			continue
		}
		r.attributes = values
		if err := workflow.UpsertTypedSearchAttributes(ctx, values.updates()...); err != nil {
			workflow.GetLogger(ctx).Warn("search attributes not set", "error", err)
		}
	}
}

// shown tells whether the Temporal UI is up to date.
func (r *run) shown() bool {
	return r.published == r.state.Seq && (!r.patient || r.announced.Equal(r.alarm.at))
}

// details is the request in a few lines of markdown.
func details(s *pmo.Request, now time.Time) string {
	lines := []string{
		fmt.Sprintf("**R-%d** %s", s.Number, s.Content.Title), "",
		fmt.Sprintf("- stage: %s (%s), since %s", s.Stage, s.Status, minute(s.StageSince)),
	}
	if s.Closed() {
		return strings.Join(append(lines, fmt.Sprintf("- outcome: %s, because %s", s.Outcome, s.Reason)), "\n")
	}
	if waiting := s.WaitingOn(); len(waiting) > 0 {
		lines = append(lines, "- waiting on: "+strings.Join(waiting, ", "))
	}
	for _, q := range s.OpenQuestions() {
		lines = append(lines, fmt.Sprintf("- asked %s: %s", q.ID, q.Text))
	}
	if s.NoTeamReason != "" {
		lines = append(lines, "- no team yet: "+s.NoTeamReason)
	}
	if due, what := s.NextDue(now); !due.IsZero() {
		lines = append(lines, fmt.Sprintf("- next: %s on %s", what, minute(due)))
	}
	if s.Forecast != "" {
		lines = append(lines, fmt.Sprintf("- forecast as of %s: %s", s.SubmittedAt.UTC().Format(time.DateOnly), s.Forecast))
	}
	return strings.Join(lines, "\n")
}

func minute(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

// values are the search attributes of a request. The zero value of each means unset.
type values struct {
	single
	waiting []string
}

type single struct {
	stage, status, outcome, kind, portfolio, theme, team, approach, requester string
	due, since                                                                time.Time
	number                                                                    int64
}

func (v values) equal(other values) bool {
	return v.single == other.single && slices.Equal(v.waiting, other.waiting)
}

// values are what the search attributes ought to be. One more answer to an open question, or a report that is not the last, changes none
// of them: PmoWaitingOn names whom the open questions ask, and PmoDueAt is when the alarm rings.
func (r *run) values(now time.Time) values {
	if r.patient {
		return attributes(r.state, r.state.SeatsOfOpenQuestions(), r.alarm.at)
	}
	due, _ := r.state.NextDue(now)
	return attributes(r.state, r.state.WaitingOn(), due)
}

func attributes(s *pmo.Request, waiting []string, due time.Time) values {
	v := values{waiting: waiting, single: single{
		stage: string(s.Stage), status: string(s.Status), outcome: string(s.Outcome), kind: s.Content.Kind, portfolio: s.Portfolio,
		approach: s.Approach.Name(), requester: s.Requester, due: due, since: s.StageSince, number: s.Number,
	}}
	if len(s.Content.Themes) > 0 {
		v.theme = s.Content.Themes[0]
	}
	if s.Assignment != nil {
		v.team = s.Assignment.Team
	}
	return v
}

func (v values) updates() []temporal.SearchAttributeUpdate {
	keyword := func(key temporal.SearchAttributeKeyKeyword, value string) temporal.SearchAttributeUpdate {
		if value == "" {
			return key.ValueUnset()
		}
		return key.ValueSet(value)
	}
	moment := func(key temporal.SearchAttributeKeyTime, value time.Time) temporal.SearchAttributeUpdate {
		if value.IsZero() {
			return key.ValueUnset()
		}
		return key.ValueSet(value)
	}
	waiting := contract.AttrWaitingOn.ValueUnset()
	if len(v.waiting) > 0 {
		waiting = contract.AttrWaitingOn.ValueSet(v.waiting)
	}
	return []temporal.SearchAttributeUpdate{
		keyword(contract.AttrStage, v.stage), keyword(contract.AttrStatus, v.status), keyword(contract.AttrOutcome, v.outcome),
		keyword(contract.AttrKind, v.kind), keyword(contract.AttrPortfolio, v.portfolio), keyword(contract.AttrTheme, v.theme),
		keyword(contract.AttrTeam, v.team), keyword(contract.AttrApproach, v.approach), keyword(contract.AttrRequester, v.requester),
		waiting, moment(contract.AttrDueAt, v.due), moment(contract.AttrStageSince, v.since), contract.AttrNumber.ValueSet(v.number),
	}
}
