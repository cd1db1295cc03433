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

	"leanpmo/examples"
	"leanpmo/internal/directory"
	"leanpmo/internal/policy"
)

func TestEveryStoryIsValid(t *testing.T) {
	w, err := stories()
	require.NoError(t, err)
	keys, titles := map[string]bool{}, map[string]bool{}
	spent, allowances := map[string]int{}, map[string]int{}
	for _, h := range policy.Default().Points("digital").Holders {
		allowances[h.Group] = h.Points
	}
	for _, s := range w.all() {
		require.False(t, keys[s.Key], "duplicate key %s", s.Key)
		require.False(t, titles[s.Form.Title], "duplicate title %q: a second start finds requests by title", s.Form.Title)
		require.Contains(t, actions, s.Target, s.Key)
		require.Contains(t, people, s.By, s.Key)
		require.Empty(t, policy.Default().Validate(s.form(time.Now()).Content), s.Key)
		require.Equal(t, s.Target == Merged, s.Into != "", s.Key)
		if s.Into != "" {
			require.True(t, keys[s.Into], "%s duplicates an earlier story", s.Key)
		}
		if slices.Contains([]Target{NeedInfo, Deferred, Hold, Declined, Rejected, Answered, Withdrawn}, s.Target) {
			require.NotEmpty(t, s.Reason, s.Key)
		}
		if s.Team != "" {
			require.NotEmpty(t, s.Reason, s.Key)
			require.Contains(t, string(examples.Teams), "id: "+s.Team, s.Key)
			for _, skill := range s.Form.Skills {
				require.NotContains(t, string(examples.Teams), skill, "%s: a team has it, so that nobody asks the PMO", s.Key)
			}
		}
		for _, points := range s.Points {
			require.Contains(t, people, points.By, s.Key)
			require.Equal(t, Backlog, s.Target, "%s: points are put on what waits", s.Key)
			spent[points.Group] += points.Points
		}
		for _, needed := range s.Needs {
			require.True(t, keys[needed], "%s needs an earlier story", s.Key)
		}
		for _, c := range s.Conditions {
			require.True(t, (c.Milestone == "") != (c.Note == ""), "%s: %s is answered by a milestone or a note", s.Key, c.Text)
		}
		if s.Target == Execution {
			require.NotEmpty(t, s.Reports, s.Key)
		}
		keys[s.Key], titles[s.Form.Title] = true, true
	}
	require.NotEmpty(t, spent)
	for group, points := range spent {
		require.LessOrEqual(t, points, allowances[group], group)
	}
}

func TestThereIsAStoryForEveryTarget(t *testing.T) {
	w, err := stories()
	require.NoError(t, err)
	count := map[Target]int{}
	open := 0
	for _, s := range w.all() {
		count[s.Target]++
		if !slices.Contains([]Target{Delivered, Rejected, Answered, Merged, Withdrawn}, s.Target) {
			open++
		}
	}
	require.GreaterOrEqual(t, open, 30)
	for target := range actions {
		require.NotZero(t, count[target], "no story has the target %s", target)
	}
	require.Len(t, w.Last, 1)
	require.True(t, slices.ContainsFunc(w.Waiting, func(s Story) bool { return s.Target == Backlog && len(s.Needs) > 0 }), "the backlog has a prerequisite with what waits behind it")
	require.True(t, slices.ContainsFunc(w.all(), func(s Story) bool { return s.Team != "" && s.Target == Delivered }), "the PMO names a team")
	require.True(t, slices.ContainsFunc(w.all(), func(s Story) bool {
		return s.Target == Delivered && slices.ContainsFunc(s.Conditions, func(c Condition) bool { return c.Unmet != "" }) &&
			slices.ContainsFunc(s.Conditions, func(c Condition) bool { return c.Milestone != "" && c.Unmet == "" })
	}), "one is approved on conditions, and not all of them are met")
}

func TestTheUsersAreInTheLocalDirectory(t *testing.T) {
	d, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	for _, person := range people {
		p, known := d.ByToken("dev-" + person)
		require.True(t, known, person)
		require.Equal(t, person, p.ID)
	}
}

func TestACompleteDemoIsNotChanged(t *testing.T) {
	w, err := stories()
	require.NoError(t, err)
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		require.Equal(t, http.MethodGet, r.Method, "nothing is written")
		_ = json.NewEncoder(rw).Encode(map[string]any{"items": []any{map[string]any{"id": "x", "title": w.Last[0].Form.Title}}})
	}))
	defer server.Close()
	added, err := Seed(t.Context(), server.URL, nil)
	require.NoError(t, err)
	require.Zero(t, added)
}

func TestACancelledDemoReturnsAnError(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Seed(ctx, server.URL, nil)
	require.ErrorIs(t, err, context.Canceled)
}
