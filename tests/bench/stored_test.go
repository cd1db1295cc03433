package bench

import (
	"context"
	"errors"
	"net/http"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

// stored is what a submission takes with a number of requests in the read model. The yardstick is measured in turns with it.
type stored struct {
	Stored            int
	Submit, Yardstick latency
}

// ratio is 0 where it was not measured.
func (s stored) ratio() float64 { return ratio(s.Submit.P50, s.Yardstick.P50) }

// templates are open requests that rows are copied from.
const templates = 50

// submissionsWith fills the read model up to a number of requests and measures submissions.
func (e *environment) submissionsWith(n, calls int) stored {
	e.T.Helper()
	for e.count(`status <> 'closed'`) < templates { // one after the other, because nothing else is needed of a busy machine
		testkit.Eventually(e.T, "a request is submitted", func() error {
			_, err := e.people.submit(nextForm())
			return err
		})
	}
	e.settled()
	e.fill(n)
	e.awaitTexts()
	list := e.inTurns(calls, []call{
		{callYardstick, func(int) error { _, err := e.startBare(waitWorkflow); return err }},
		{callSubmit, func(int) error { _, err := e.people.submit(nextForm()); return err }},
	})
	return stored{Stored: e.count(`true`), Yardstick: list[0], Submit: list[1]}
}

// awaitTexts waits until the worker has read the texts of all rows: the oldest comes last.
func (e *environment) awaitTexts() {
	e.T.Helper()
	var oldest, title string
	require.NoError(e.T, e.Pool.QueryRow(context.Background(), `SELECT id::text, title FROM request ORDER BY submitted_at, id LIMIT 1`).Scan(&oldest, &title))
	testkit.Eventually(e.T, "the oldest request is found to be similar", func() error {
		content := nextForm()
		word, _ := texts()
		content.Title = title + " " + word[:6] // less like the one of another attempt than like the oldest
		var answer struct{ Similar []struct{ ID string } }
		if err := e.people.call("sam", http.MethodPost, "/v1/requests", content, &answer); err != nil {
			return err
		}
		for _, s := range answer.Similar {
			if s.ID == oldest {
				return nil
			}
		}
		return errors.New("it is not")
	})
}

// storedGrowth is by which factor a submission takes longer with the most stored than with the fewest; 0 where it was not measured.
func (r *report) storedGrowth(size scale) float64 {
	if len(r.Stored) < 2 || len(r.Stored) < len(size.submitAt) {
		return 0
	}
	return ratio(r.Stored[len(r.Stored)-1].ratio(), r.Stored[0].ratio())
}

func (r *report) storedText() string {
	t := newTable("Submissions by what is stored, one client", "stored", "calls", "submit p50", "yardstick p50", "÷ yardstick")
	for _, s := range r.Stored {
		t.row(s.Stored, s.Submit.Calls, s.Submit.P50, s.Yardstick.P50, s.ratio())
	}
	return t.String()
}
