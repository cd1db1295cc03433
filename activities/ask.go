package activities

import (
	"context"
	"errors"
	"fmt"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// Ask computes the terms of a question: whom it is put to and when it is due, by groups, absences, separation of duties and working time.
func (a *Activities) Ask(ctx context.Context, in pmo.QuestionTermsInput) (pmo.QuestionTerms, error) {
	delegates, err := a.Store.Delegates(ctx, a.principalIDs(), in.At)
	if err != nil {
		return pmo.QuestionTerms{}, fmt.Errorf("read delegations: %w", err)
	}
	if err := a.leadsToday(ctx, &in); err != nil {
		return pmo.QuestionTerms{}, err
	}
	return a.Policy.Now().QuestionTerms(in, a.Directory, delegates), nil
}

// leadsToday puts the leads of the request's team in, as they are today. A team that was removed keeps those the request knows.
func (a *Activities) leadsToday(ctx context.Context, in *pmo.QuestionTermsInput) error {
	if in.Team == "" {
		return nil
	}
	team, err := a.Store.Team(ctx, in.Team)
	switch {
	case err == nil:
		in.Leads = team.Leads
	case !errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("read the leads of the team: %w", err)
	}
	return nil
}

func (a *Activities) principalIDs() []string {
	var ids []string
	for _, p := range a.Directory.Principals() {
		ids = append(ids, p.ID)
	}
	return ids
}
