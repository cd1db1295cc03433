package backlog

import (
	"context"
	"time"

	"leanpmo/internal/backtest"
	"leanpmo/internal/store"
)

// mostPast is how many ended requests a policy is run over, and how many open ones count as having waited beside them.
const mostPast = 1000

// Past reads what a policy is run over: requests that ended since a time.
func (r Reader) Past(ctx context.Context, since, at time.Time) (backtest.Past, error) {
	past := backtest.Past{From: since, Lead: map[string]time.Duration{}}
	ended, open, more, err := r.Store.Past(ctx, since, mostPast)
	if err != nil {
		return past, err
	}
	if past.More = more; more > 0 { // before the oldest of them others are missing, which waited beside it
		oldest := ended[len(ended)-1]
		past.From = oldest.ClosedAt
		if !oldest.AcceptedAt.IsZero() {
			past.From = oldest.AcceptedAt
		}
	}
	portfolios := map[string]bool{}
	add := func(list *[]backtest.Request, from []store.PastRequest) {
		for _, p := range from {
			*list = append(*list, backtest.Request(p))
			portfolios[p.Portfolio] = true
		}
	}
	add(&past.Ended, ended)
	add(&past.Rivals, open)
	for id := range portfolios {
		err := r.Store.ReadPortfolio(ctx, id, func(tx *store.PortfolioTx) error {
			lead, err := leadTime(ctx, tx, at)
			past.Lead[id] = lead.P85
			return err
		})
		if err != nil {
			return past, err
		}
	}
	return past, nil
}
