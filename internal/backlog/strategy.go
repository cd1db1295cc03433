package backlog

import (
	"context"
	"time"

	"leanpmo/internal/policy"
	"leanpmo/internal/store"
	"leanpmo/internal/strategy"
)

// Work are stored requests as shares of the capacity count them.
func Work(list []store.SizedWork, p *policy.Policy, portfolio string) []strategy.Work {
	assume := p.AssignPolicy()
	out := make([]strategy.Work, len(list))
	for i, w := range list {
		out[i] = strategy.Work{ID: w.ID, Themes: w.Content.Themes, Kind: w.Content.Kind, Horizon: p.Horizon(portfolio, w.Content), Size: Size(w.Content, assume),
			Assumed: w.Content.Size <= 0, Delivered: w.Delivered}
	}
	return out
}

// Guardrails are those of a run: as they stand after its pulls, and what each pull does to them, by request.
type Guardrails struct {
	Flags  []strategy.GuardrailFlag
	Pulled map[string][]string
}

// ReadGuardrails holds the guardrails of a policy against a portfolio's work and what is pulled.
func ReadGuardrails(ctx context.Context, tx *store.PortfolioTx, p *policy.Policy, portfolio string, pulled []string, at time.Time) (Guardrails, error) {
	out := Guardrails{Pulled: map[string][]string{}}
	rules := p.Strategy(portfolio)
	if len(rules.Guardrails) == 0 {
		return out, nil
	}
	stored, err := tx.SizedWork(ctx, at.Add(-rules.LongestWindow()))
	if err != nil {
		return out, err
	}
	work := Work(stored, p, portfolio)
	var next []strategy.Work
	if len(pulled) > 0 {
		if stored, err = tx.SizedWorkOf(ctx, pulled); err != nil {
			return out, err
		}
		next = Work(stored, p, portfolio)
	}
	for i, said := range strategy.Pulled(rules, work, next, at) {
		if len(said) > 0 {
			out.Pulled[next[i].ID] = said
		}
	}
	out.Flags = strategy.Flags(rules, append(work, next...), at)
	return out, nil
}
