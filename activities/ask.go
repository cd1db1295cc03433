package activities

import (
	"context"
	"fmt"
	"leanpmo/internal/pmo"
)

// Ask resolves who a question goes to and by when: groups, absences, separation of duties, working time.
func (a *Activities) Ask(ctx context.Context, in pmo.QuestionTermsInput) (pmo.QuestionTerms, error) {
	away, err := a.Store.Delegates(ctx, a.everybody(), in.At)
	if err != nil {
		return pmo.QuestionTerms{}, fmt.Errorf("look up absences: %w", err)
	}
	return a.Policy.QuestionTerms(in, a.Directory, away), nil
}

func (a *Activities) everybody() []string {
	var ids []string
	for _, p := range a.Directory.Principals() {
		ids = append(ids, p.ID)
	}
	return ids
}
