package activities

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/activity"

	"leanpmo/internal/assign"
	"leanpmo/internal/backlog"
	"leanpmo/internal/contract"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/store"
)

// Assign selects the best team for a request, considered together with all other requests that wait for a team, and holds capacity of it.
// It is idempotent: it first releases the earlier hold of the request, so no capacity is held twice.
//
// The requests are planned as one batch, outside the portfolio's lock, and each reads its own answer of it while nothing else has changed. Under
// the lock it is seen whether the batch still holds, and the place is taken.
func (a *Activities) Assign(ctx context.Context, in contract.AssignInput) (contract.AssignResult, error) {
	p := a.Policy.Now()
	s := &search{in: in, rules: p.AssignPolicyAt(in.Portfolio, in.At)}
	if err := a.find(ctx, s); err != nil {
		return contract.AssignResult{}, fmt.Errorf("assign request %s: %w", in.ID, err)
	}
	if s.result.Team == "" {
		s.result.RetryAt = in.At.Add(s.rules.RetryAfter)
		if err := s.askPMO(p); err != nil {
			return contract.AssignResult{}, fmt.Errorf("what would help request %s: %w", in.ID, err)
		}
	}
	result := withinBudget(s.result)
	result.Policy = p.Name()
	return result, nil
}

// search is one request's search for a team.
type search struct {
	in     contract.AssignInput
	rules  policy.AssignPolicy
	result contract.AssignResult
	read   *backlog.Placement // what the answer rests on; nil where the request has ended, or the PMO named its team
	later  *assign.Later      // where it could start in a later week
	last   bool               // it plans under the lock, because others were quicker each time before
}

// plansOutside is how often a search plans outside the lock before it does so under it.
const plansOutside = 4

func (a *Activities) find(ctx context.Context, s *search) error {
	for attempt := range plansOutside + 1 {
		s.last = attempt == plansOutside
		var read backlog.Placement
		err := a.Store.InPortfolio(ctx, s.in.Portfolio, func(tx *store.PortfolioTx) (err error) {
			read, err = s.take(ctx, tx)
			return err
		})
		if !errors.Is(err, errBatchOutdated) {
			return err
		}
		if err := a.plan(ctx, s.in.Portfolio, &read, s.in.At); err != nil {
			return err
		}
	}
	return nil
}

// errBatchOutdated rolls a search back for which no batch holds: one is planned, and it searches again.
var errBatchOutdated = errors.New("no batch holds")

// plan plans a batch and stores it. Those that search in this process at the same time wait for one plan.
func (a *Activities) plan(ctx context.Context, portfolio string, read *backlog.Placement, at time.Time) error {
	_, err, _ := a.planning.Do(portfolio+"/"+read.Digest(), func() (any, error) {
		batch, err := read.Plan(at)
		if err != nil {
			return nil, err
		}
		return nil, a.Store.SaveBatch(ctx, portfolio, batch)
	})
	return err
}

// take takes the request's place in the batch that holds, with the capacity of its team.
func (s *search) take(ctx context.Context, tx *store.PortfolioTx) (backlog.Placement, error) {
	none := backlog.Placement{}
	ended, err := tx.Ended(ctx, s.in.ID, executionOf(ctx))
	if err != nil {
		return none, err
	}
	if err := tx.ReleaseCapacity(ctx, s.in.ID); err != nil {
		return none, err
	}
	if ended {
		return none, nil // a cancelled request's search that was still under way: nobody would give the capacity back
	}
	var own *assign.Request
	if !s.in.OverLimit || s.in.Content.SecondTeam.Needed() {
		r := ownRequest(s.in, s.rules)
		own = &r
	}
	read, err := backlog.ReadPlacement(ctx, tx, s.rules, own)
	if err != nil {
		return none, err
	}
	batch := int64(0)
	if own == nil {
		s.result = overLimit(s.in, &read)
	} else if err = s.holding(ctx, tx, &read); err == nil {
		batch = read.Latest.No
		s.read = &read
		s.result, err = s.answer(ctx, tx, &read)
	}
	if err != nil || s.result.Team == "" {
		return read, err
	}
	place := store.AssignmentPlace{Team: s.result.Team, Size: s.result.Size}
	if second := s.result.Second; second != nil {
		place.SecondTeam, place.SecondSize = second.Team, second.Size
	}
	return read, tx.HoldCapacity(ctx, s.in.ID, place, s.in.At, batch)
}

// holding makes sure that the batch planned last holds.
func (s *search) holding(ctx context.Context, tx *store.PortfolioTx, read *backlog.Placement) error {
	if read.Valid() {
		return nil
	}
	if !s.last {
		return errBatchOutdated
	}
	batch, err := read.Plan(s.in.At)
	if err != nil {
		return err
	}
	if err := tx.SaveBatch(ctx, batch); err != nil {
		return err
	}
	read.Latest, err = tx.LatestBatch(ctx)
	return err
}

// answer is what the batch says about the request.
func (s *search) answer(ctx context.Context, tx *store.PortfolioTx, read *backlog.Placement) (contract.AssignResult, error) {
	raw, err := tx.BatchDecisions(ctx, read.Latest.No, s.in.ID)
	if err != nil {
		return contract.AssignResult{}, err
	}
	decisions, err := backlog.Decisions(raw)
	if err != nil || len(decisions) == 0 {
		return contract.AssignResult{}, cmp.Or(err, fmt.Errorf("batch %d has no place for request %s", read.Latest.No, s.in.ID))
	}
	s.later = decisions[0].Later
	if s.in.OverLimit { // the batch has the place of the second team alone
		return besideNamed(s.in, decisions[0], read), nil
	}
	result := resultOf(decisions[0], read, s.in.Content)
	if s.in.Named != "" {
		result = namedResult(s.in, result, read)
	}
	return result, nil
}

// resultOf is a decision as the process takes it, of a request with some content.
func resultOf(d assign.Decision, read *backlog.Placement, content pmo.Content) contract.AssignResult {
	if d.Team == "" {
		return contract.AssignResult{Waits: backlog.Waits(d)}
	}
	t := read.Team(d.Team)
	if t == nil {
		return contract.AssignResult{Waits: "this portfolio has no team"}
	}
	first, second := content.SecondTeam.Sizes(backlog.Size(content, read.Rules))
	result := contract.AssignResult{Team: t.ID, Leads: t.Leads, Size: t.SizeOf(first), Pace: t.Pace, Reasons: reasons(d)}
	if d.Second != nil {
		if result.Second = partOf(d.Second.Team, read, second); result.Second == nil {
			return contract.AssignResult{Waits: unknownTeam(d.Second.Team)}
		}
	}
	return result
}

// partOf is what a second team holds; nil where there is no such team.
func partOf(team string, read *backlog.Placement, size float64) *pmo.TeamPart {
	t := read.Team(team)
	if t == nil {
		return nil
	}
	return &pmo.TeamPart{Team: t.ID, Leads: t.Leads, Size: t.SizeOf(size), Pace: t.Pace}
}

// executionOf is the run id of the workflow execution that an activity works for; empty outside one.
func executionOf(ctx context.Context) string {
	if !activity.IsActivity(ctx) {
		return ""
	}
	return activity.GetInfo(ctx).WorkflowExecution.RunID
}

// Limits of the texts of a result, in bytes as JSON. The names of a portfolio's teams and skills are in them.
const (
	waitsBytes  = 1000
	reasonBytes = 600
)

// withinBudget cuts the texts of a result, which is stored in the workflow's history.
func withinBudget(r contract.AssignResult) contract.AssignResult {
	r.Waits = pmo.Truncate(r.Waits, waitsBytes)
	for i, reason := range r.Reasons {
		r.Reasons[i] = pmo.Truncate(reason, reasonBytes)
	}
	for i := range r.Remedies {
		r.Remedies[i].Text = pmo.Truncate(r.Remedies[i].Text, reasonBytes)
	}
	return r
}

// reasons are the choice and why the other teams were not chosen; at most four, because they are stored in the workflow history.
func reasons(d assign.Decision) []string {
	list := []string{d.Sentence}
	if d.Second != nil {
		list = append(list, d.Second.Sentence)
	}
	for _, other := range d.Others {
		if len(list) < 4 {
			list = append(list, other.Reason)
		}
	}
	return list
}

// ownRequest is the request that searches, as it knows itself; its rank is read.
func ownRequest(in contract.AssignInput, rules policy.AssignPolicy) assign.Request {
	row := store.Row{Request: pmo.Request{ID: in.ID, Number: in.Number, Content: in.Content, Preferred: in.Preferred, PreferredSecond: in.PreferredSecond, Approach: &pmo.Approach{Chosen: in.Approach}}}
	for _, team := range in.Declined {
		row.Declined = append(row.Declined, pmo.Decline{Team: team})
	}
	if in.Named != "" {
		row.NamedTeam = &pmo.NamedTeam{Team: in.Named, OverLimit: in.OverLimit}
	}
	if in.Keep != "" {
		row.PreviousAssignment = &pmo.Assignment{Team: in.Keep}
		if in.KeepSecond != "" {
			row.PreviousAssignment.Second = &pmo.TeamPart{Team: in.KeepSecond}
		}
	}
	return backlog.AssignRequest(row, rules)
}
