package demo

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/directory"
	"leanpmo/internal/policy"
)

func TestEveryStoryCanBePlayed(t *testing.T) {
	w, err := stories()
	require.NoError(t, err)
	keys, titles := map[string]bool{}, map[string]bool{}
	for _, s := range w.all() {
		require.False(t, keys[s.Key], "%s is there twice", s.Key)
		require.False(t, titles[s.Form.Title], "%q is there twice: a second start finds stories by title", s.Form.Title)
		require.Contains(t, scenes, s.Goes, s.Key)
		require.Contains(t, people, s.By, s.Key)
		require.Empty(t, policy.Default().Validate(s.form(time.Now()).Content), s.Key)
		require.Equal(t, s.Goes == Merged, s.Into != "", s.Key)
		if s.Into != "" {
			require.True(t, keys[s.Into], "%s goes into a story before it", s.Key)
		}
		if slices.Contains([]Place{NeedInfo, Deferred, Hold, Declined, Rejected, Answered, Withdrawn}, s.Goes) {
			require.NotEmpty(t, s.Reason, s.Key)
		}
		if s.Goes == Execution {
			require.NotEmpty(t, s.Reports, s.Key)
		}
		keys[s.Key], titles[s.Form.Title] = true, true
	}
}

func TestTheStoriesAreSpreadOverEveryPlace(t *testing.T) {
	w, err := stories()
	require.NoError(t, err)
	count := map[Place]int{}
	open := 0
	for _, s := range w.all() {
		count[s.Goes]++
		if !slices.Contains([]Place{Delivered, Rejected, Answered, Merged, Withdrawn}, s.Goes) {
			open++
		}
	}
	require.GreaterOrEqual(t, open, 30)
	for place := range scenes {
		require.NotZero(t, count[place], "nobody goes to %s", place)
	}
	require.Len(t, w.Last, 1)
}

func TestThePlayersAreInTheLocalDirectory(t *testing.T) {
	d, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	for _, person := range people {
		p, known := d.ByToken("dev-" + person)
		require.True(t, known, person)
		require.Equal(t, person, p.ID)
	}
}

func TestAnEarlierDemoIsLeftAlone(t *testing.T) {
	w, err := stories()
	require.NoError(t, err)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		require.Equal(t, http.MethodGet, r.Method, "nothing is written")
		_ = json.NewEncoder(rw).Encode(map[string]any{"items": []any{map[string]any{"id": "x", "title": w.Last[0].Form.Title}}})
	}))
	defer server.Close()
	added, err := Run(t.Context(), server.URL, nil)
	require.NoError(t, err)
	require.Zero(t, added)
}

func TestADemoThatIsStoppedSaysSo(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Run(ctx, server.URL, nil)
	require.ErrorIs(t, err, context.Canceled)
}
