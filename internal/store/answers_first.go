package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"leanpmo/internal/pmo"
)

// Only snapshots of requests that wait on somebody are read: those of a large backlog are not.
const selectAnswersFirst = `
SELECT r.id::text, min(q ->> 'id') FROM request r, jsonb_array_elements(r.snapshot -> 'questions') q
WHERE r.portfolio = $1 AND r.waits_for = 'pull' AND r.waiting_on <> '{}' AND q ->> 'status' = 'open' AND q ->> 'kind' = ANY ($2)
GROUP BY r.id`

// AnswersFirst are the requests of the backlog that take no slot before an open question of these kinds is answered: its id, by request.
func (t *PortfolioTx) AnswersFirst(ctx context.Context, kinds []pmo.Kind) (map[string]string, error) {
	type asked struct{ request, question string }
	list, err := many(ctx, t.tx, "list requests whose form is asked about", func(row pgx.CollectableRow) (asked, error) {
		var a asked
		return a, row.Scan(&a.request, &a.question)
	}, selectAnswersFirst, t.portfolio, kinds)
	if err != nil {
		return nil, err
	}
	questions := map[string]string{}
	for _, a := range list {
		questions[a.request] = a.question
	}
	return questions, nil
}
