package api

import (
	"context"
	"time"

	"leanpmo/internal/backlog"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/strategy"
	"leanpmo/internal/wire"
)

// workReader reads what the capacity is used for.
type workReader interface {
	SizedWork(ctx context.Context, portfolio string, since time.Time) ([]store.SizedWork, error)
	WorkInProcess(ctx context.Context, portfolio string) ([]store.SizedWork, error)
	SizedWorkOf(ctx context.Context, ids []string) ([]store.SizedWork, error)
	WorkMarks(ctx context.Context, portfolio string, since time.Time) (store.WorkMarks, error)
}

type strategyInput struct {
	Portfolio string `query:"portfolio" maxLength:"64" doc:"The first one of the policy when absent"`
}

type strategyOutput struct {
	Body wire.Strategy
}

const strategyAbout = "Shares of the capacity, in team-weeks, of what has a slot and of what was delivered within the window of the policy: by theme, kind and horizon. All requests count, also those that you may not read. Guardrails are shown and hold nothing back."

func (a *API) strategy(ctx context.Context, in *strategyInput) (*strategyOutput, error) {
	portfolio, err := a.portfolio(in.Portfolio, "query/portfolio")
	if err != nil {
		return nil, err
	}
	p, at := a.Policy.Now(), a.Now().UTC()
	rules := p.Strategy(portfolio)
	work, err := a.work.read(ctx, p, portfolio, at.Add(-rules.LongestWindow()), at)
	if err != nil {
		return nil, err
	}
	out := &strategyOutput{Body: wire.Strategy{Portfolio: portfolio, At: at, Policy: p.Name(), Report: strategy.Compare(rules, work, at)}}
	for _, d := range p.Document().Portfolios {
		if d.ID == portfolio {
			out.Body.Name = d.Name
		}
	}
	out.Body.Objectives, err = a.objectives(ctx, portfolio)
	return out, err
}

// brokenGuardrails are those of a portfolio that are not kept now; of all portfolios without one.
func (a *API) brokenGuardrails(ctx context.Context, portfolio string) ([]strategy.GuardrailFlag, error) {
	p, at := a.Policy.Now(), a.Now().UTC()
	broken := []strategy.GuardrailFlag{}
	for _, id := range p.Portfolios() {
		rules := p.Strategy(id)
		if portfolio != "" && id != portfolio || len(rules.Guardrails) == 0 {
			continue
		}
		work, err := a.work.read(ctx, p, id, at.Add(-rules.LongestWindow()), at)
		if err != nil {
			return nil, err
		}
		broken = append(broken, strategy.Broken(strategy.Flags(rules, work, at))...)
	}
	return broken, nil
}

// foresee says of each line what its pull would do to the guardrails of the portfolio as they stand now.
func (a *API) foresee(ctx context.Context, portfolio string, lines []wire.RankedRequest) error {
	p, at := a.Policy.Now(), a.Now().UTC()
	rules := p.Strategy(portfolio)
	if len(rules.Guardrails) == 0 || len(lines) == 0 {
		return nil
	}
	ids, byID := make([]string, len(lines)), make(map[string]int, len(lines))
	for i := range lines {
		ids[i], byID[lines[i].ID] = lines[i].ID, i
	}
	work, err := a.work.recent(ctx, p, portfolio, at.Add(-rules.LongestWindow()), at)
	if err != nil {
		return err
	}
	stored, err := a.Store.SizedWorkOf(ctx, ids)
	if err != nil {
		return err
	}
	waiting := backlog.Work(stored, p, portfolio)
	for i, effects := range strategy.IfPulled(rules, work, waiting, at) {
		lines[byID[waiting[i].ID]].IfPulled = effects
	}
	return nil
}

// foreseeOne is foresee for a request whose content is known.
func (a *API) foreseeOne(ctx context.Context, r *pmo.Request, line *wire.RankedRequest) error {
	p, at := a.Policy.Now(), a.Now().UTC()
	rules := p.Strategy(r.Portfolio)
	if len(rules.Guardrails) == 0 {
		return nil
	}
	work, err := a.work.recent(ctx, p, r.Portfolio, at.Add(-rules.LongestWindow()), at)
	if err != nil {
		return err
	}
	line.IfPulled = strategy.IfPulled(rules, work, backlog.Work([]store.SizedWork{{ID: r.ID, Content: r.Content}}, p, r.Portfolio), at)[0]
	return nil
}
