package tools

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/problem"
)

// TestEveryToolTellsWhatItFinished: when work began and ended, of the issues that count: not ours, not cancelled, not of long ago.
func TestEveryToolTellsWhatItFinished(t *testing.T) {
	ids := map[string]string{"azure": "11", "github": "11", "gitlab": "11", "jira": "PMO-11", "linear": "PMO-11"}
	since := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	for _, tool := range Names() {
		t.Run(tool, func(t *testing.T) {
			items, err := tracker(t, tool, fakeOf(t, tool)).Finished(t.Context(), since)
			require.NoError(t, err)
			require.Len(t, items, 1)
			i := items[0]
			require.Equal(t, ids[tool], i.ID)
			require.True(t, i.Created.Equal(time.Date(2026, 2, 1, 8, 0, 0, 0, time.UTC)), i.Created)
			require.True(t, i.Started.Equal(time.Date(2026, 2, 20, 9, 0, 0, 0, time.UTC)), i.Started)
			require.True(t, i.Finished.Equal(time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)), i.Finished)
			field, wrong := i.Check(time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC))
			require.Empty(t, field+wrong, "it can be imported")

			items, err = tracker(t, tool, fakeOf(t, tool)).Finished(t.Context(), i.Finished.Add(time.Second))
			require.NoError(t, err)
			require.Empty(t, items)
		})
	}
}

// TestAHistoryThatCannotBeReadIsNone: half a history would be a wrong one.
func TestAHistoryThatCannotBeReadIsNone(t *testing.T) {
	for _, tool := range Names() {
		t.Run(tool, func(t *testing.T) {
			f := fakeOf(t, tool)
			f.fail = func(w http.ResponseWriter, _ *http.Request) bool {
				if len(f.calls) == 1 && (tool == "github" || tool == "gitlab" || tool == "azure" || tool == "jira") {
					return false // a later call fails
				}
				w.WriteHeader(http.StatusBadGateway)
				return true
			}
			items, err := tracker(t, tool, f).Finished(t.Context(), time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC))
			require.Equal(t, problem.Unavailable, problem.As(err).Kind)
			require.Empty(t, items)
		})
	}
}

// TestAnEndlessHistoryIsRefused: a tool that always has another page is asked no more once there are too many.
func TestAnEndlessHistoryIsRefused(t *testing.T) {
	read := 0
	_, err := pages(func(int) ([]int, bool, error) {
		read++
		return make([]int, 100), false, nil
	})
	require.Equal(t, problem.TooLarge, problem.As(err).Kind)
	require.Equal(t, maxFinished/100+1, read)
}
