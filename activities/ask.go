package activities

import (
	"context"
	"fmt"

	"leanpmo/internal/pmo"
)

// Ask computes the terms of a question: whom it is put to and when it is due, by groups, absences, separation of duties and working time.
func (a *Activities) Ask(ctx context.Context, in pmo.QuestionTermsInput) (pmo.QuestionTerms, error) {
	delegates, err := a.Store.Delegates(ctx, a.principalIDs(), in.At)
	if err != nil {
		return pmo.QuestionTerms{}, fmt.Errorf("read delegations: %w", err)
	}
	return a.Policy.QuestionTerms(in, a.Directory, delegates), nil
}

func (a *Activities) principalIDs() []string {
	var ids []string
	for _, p := range a.Directory.Principals() {
		ids = append(ids, p.ID)
	}
	return ids
}
