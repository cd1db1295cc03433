package api

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"leanpmo/internal/access"
	"leanpmo/internal/pmo"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// takeRemedy changes the limits or skills of the team that an answer about a request without a team names, by the rights, the checks and the audit
// of every change of a team, before the process hears of the answer: it then looks for a team with them. A repetition finds them changed. An
// answer that the process would refuse changes nothing.
func (a *API) takeRemedy(ctx context.Context, t *target, b *wire.Decision, sender pmo.By) error {
	if b.Verdict != pmo.VerdictRemedy {
		return nil
	}
	a.refresh(ctx, t)
	q := t.Request.Question(b.Decision)
	if q == nil {
		return nil
	}
	m := q.Remedy(b.Data.Remedy)
	refusal := t.Request.CheckDecide(pmo.Decide{Header: pmo.Header{By: sender}, Question: b.Decision, Verdict: b.Verdict, Reason: b.Reason, Data: b.Data}, a.Now())
	if m == nil || refusal != nil {
		return nil // the process says why not, or that it has the answer already
	}
	b.Data.UntilAt = a.Policy.Now().DayBegins(t.Request.Portfolio, m.Until)
	if !m.ChangesTeam() {
		return nil
	}
	return a.changeTeamBy(ctx, m)
}

func (a *API) changeTeamBy(ctx context.Context, m *pmo.Remedy) error {
	team, err := a.Store.Team(ctx, m.Team)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return problem.InvalidField("/data/remedy", "is about a team that is no longer there")
	case err != nil:
		return err
	}
	actor, object := actorOf(ctx), access.Object{}
	if slices.Contains(team.Leads, actor.ID) {
		object.Relation = access.Lead
	}
	if err := may(actor, access.EditTeam, object); err != nil {
		return err
	}
	rules := a.Policy.Now().AssignPolicy()
	then := m.Apply(team.Team, rules.WIPLimit, rules.LoadCeiling)
	if reflect.DeepEqual(then, team.Team) {
		return nil
	}
	_, err = a.saveTeam(ctx, then, team.Team)
	return err
}
