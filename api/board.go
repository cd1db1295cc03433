package api

import (
	"context"
	"maps"
	"slices"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// boardReader reads requests by stage, and what is in progress.
type boardReader interface {
	Board(ctx context.Context, f store.Filter, most int) ([]store.ByStage, error)
	SlotsTaken(ctx context.Context) ([]store.SlotsTaken, error)
}

type boardInput struct {
	Choosing
	Portfolio string `query:"portfolio" maxLength:"64" doc:"All of them when absent"`
	Most      int    `query:"most" minimum:"1" maximum:"50" default:"12" doc:"How many requests of a stage are listed; all are counted"`
}

type boardOutput struct {
	Body wire.Board
}

func (a *API) board(ctx context.Context, in *boardInput) (*boardOutput, error) {
	if in.Portfolio != "" {
		if _, err := a.portfolio(in.Portfolio, "query/portfolio"); err != nil {
			return nil, err
		}
	}
	columns, err := a.Store.Board(ctx, in.filter(ctx, in.Portfolio, a.Now()), in.Most)
	if err != nil {
		return nil, err
	}
	out := &boardOutput{Body: wire.Board{Columns: []wire.BoardColumn{}}}
	for _, c := range columns {
		out.Body.Columns = append(out.Body.Columns, wire.BoardColumn{Stage: c.Stage, Count: c.Count, Items: pageOf(store.Page[store.Item]{Items: c.Items}, itemOf).Items})
	}
	taken, err := a.Store.SlotsTaken(ctx)
	if err != nil {
		return nil, err
	}
	teams, err := a.Store.Teams(ctx)
	if err != nil {
		return nil, err
	}
	out.Body.Limits = a.limits(in.Portfolio, taken, teams)
	out.Body.Guardrails, err = a.brokenGuardrails(ctx, in.Portfolio)
	return out, err
}

// limits are those of the portfolios, each followed by those of its classes of service and of its teams.
func (a *API) limits(portfolio string, taken []store.SlotsTaken, teams []store.TeamLoad) []wire.WIPLimit {
	list := []wire.WIPLimit{}
	rules := a.Policy.Now()
	for _, p := range rules.Document().Portfolios {
		if portfolio != "" && p.ID != portfolio {
			continue
		}
		byClass, whole := map[pmo.ClassOfService]int{}, 0
		for _, t := range taken {
			if t.Portfolio != p.ID {
				continue
			}
			byClass[t.Class] += t.Count
			if t.Class != pmo.ClassExpedite { // which has a lane of its own
				whole += t.Count
			}
		}
		list = append(list, wire.WIPLimit{On: wire.LimitOnPortfolio, Portfolio: p.ID, Name: p.Name, Taken: whole, Limit: p.WIPLimit})
		for _, class := range slices.Sorted(maps.Keys(p.ClassLimits)) {
			l := wire.WIPLimit{On: wire.LimitOnClass, Portfolio: p.ID, Class: class, Name: string(class), Taken: byClass[class], Reserved: p.ClassLimits[class].Reserved}
			if most := p.ClassLimits[class].Max; most != nil {
				l.Limit, l.Full = *most, l.Taken >= *most // it may be 0: none of this class
			}
			list = append(list, l)
		}
		for _, t := range teams {
			if t.Portfolio == p.ID {
				limit, _ := t.LimitOr(rules.AssignPolicy().WIPLimit)
				list = append(list, wire.WIPLimit{On: wire.LimitOnTeam, Portfolio: p.ID, Team: t.ID, Name: t.Name, Taken: t.WIP, Limit: limit, Full: t.NoPeople()})
			}
		}
	}
	for i := range list {
		if l := &list[i]; l.Limit > 0 {
			l.Full = l.Taken >= l.Limit
		}
	}
	return list
}
