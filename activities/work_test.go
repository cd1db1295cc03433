package activities

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"leanpmo/internal/contract"
	"leanpmo/internal/delivery"
	"leanpmo/internal/directory"
	"leanpmo/internal/pmo"
)

// fakeTool has at most one item.
type fakeTool struct {
	item    *delivery.Item
	err     error
	changes []delivery.Patch
}

func (f *fakeTool) Open(_ context.Context, key string, n delivery.New) (delivery.Item, error) {
	if f.err != nil {
		return delivery.Item{}, f.err
	}
	if f.item == nil {
		f.item = &delivery.Item{ID: "17", Key: key, Title: n.Title, Status: pmo.WorkOpen, URL: n.Link}
	}
	return *f.item, nil
}

func (f *fakeTool) Find(context.Context, string) (delivery.Item, bool, error) {
	if f.err != nil || f.item == nil {
		return delivery.Item{}, false, f.err
	}
	return *f.item, true, nil
}

func (f *fakeTool) Change(_ context.Context, id string, p delivery.Patch) (delivery.Item, error) {
	f.changes = append(f.changes, p)
	if f.err != nil {
		return delivery.Item{}, f.err
	}
	return delivery.Item{ID: id}, nil
}

func withTool(t *testing.T, tool Delivery) *Activities {
	people, err := directory.Parse(directory.Local())
	require.NoError(t, err)
	return New(Deps{Directory: people, Delivery: tool, PublicURL: "https://pmo.example", Log: slog.New(slog.DiscardHandler)})
}

var toOpen = contract.OpenWorkInput{Key: "r/1", ID: "r", Number: 42, Title: "Vehicle booking", Team: "falcon"}

func TestOpenWork(t *testing.T) {
	tool := &fakeTool{}
	opened, err := withTool(t, tool).OpenWork(t.Context(), toOpen)
	require.NoError(t, err)
	require.Equal(t, contract.OpenedWork{ID: "17", URL: "https://pmo.example/requests/R-42"}, opened)
	require.Empty(t, tool.changes)
}

// TestOpenWorkFoundOpen: an attempt whose reply was lost opened it, under the old title, and it was put on hold since.
func TestOpenWorkFoundOpen(t *testing.T) {
	tool := &fakeTool{item: &delivery.Item{ID: "17", Title: "Booking", Status: pmo.WorkOnHold}}
	_, err := withTool(t, tool).OpenWork(t.Context(), toOpen)
	require.NoError(t, err)
	require.Len(t, tool.changes, 1)
	require.Equal(t, "Vehicle booking", *tool.changes[0].Title)
	require.Equal(t, pmo.WorkOpen, *tool.changes[0].Status)
}

func TestUpdateWork(t *testing.T) {
	in := contract.UpdateWorkInput{Key: "r/1", Work: "17", Status: pmo.WorkClosed, Reason: "Accepted."}
	byKey := in
	byKey.Work = ""
	gone := &delivery.Error{Kind: "not_found", Status: 404}
	for name, c := range map[string]struct {
		tool *fakeTool
		in   contract.UpdateWorkInput
		want contract.UpdatedWork
	}{
		"by id":               {&fakeTool{}, in, contract.UpdatedWork{ID: "17"}},
		"by key":              {&fakeTool{item: &delivery.Item{ID: "18"}}, byKey, contract.UpdatedWork{ID: "18"}},
		"never opened":        {&fakeTool{}, byKey, contract.UpdatedWork{Missing: true}},
		"deleted in the tool": {&fakeTool{err: gone}, in, contract.UpdatedWork{Missing: true}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := withTool(t, c.tool).UpdateWork(t.Context(), c.in)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestVerdictsForTemporal(t *testing.T) {
	for name, c := range map[string]struct {
		err     error
		final   bool
		refused bool
		after   time.Duration
	}{
		"forbidden":   {&delivery.Error{Kind: "forbidden", Detail: "no right", Status: 403}, true, true, 0},
		"redirected":  {&delivery.Error{Kind: delivery.KindRedirected, Detail: "moved", Status: 302}, true, true, 0},
		"limited":     {&delivery.Error{Kind: "rate_limited", Detail: "slowly", Status: 429, Retry: true, RetryAfter: time.Minute}, false, false, time.Minute},
		"unreachable": {&delivery.Error{Kind: delivery.KindUnreachable, Detail: "away", Retry: true}, false, false, 0},
		"endless":     {&delivery.Error{Kind: delivery.KindGarbled, Detail: "too long", Status: 200}, true, false, 0},
		"a bug":       {errors.New("cannot be written"), true, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			a := withTool(t, &fakeTool{err: c.err})
			_, opening := a.OpenWork(t.Context(), toOpen)
			_, changing := a.UpdateWork(t.Context(), contract.UpdateWorkInput{Key: "r/1", Work: "17"})
			for _, err := range []error{opening, changing} {
				var app *temporal.ApplicationError
				require.ErrorAs(t, err, &app)
				require.Equal(t, c.final, app.NonRetryable())
				require.Equal(t, c.after, app.NextRetryDelay())
				var fault pmo.SyncFault
				require.NoError(t, app.Details(&fault))
				require.Equal(t, c.refused, fault.Refused)
				require.Contains(t, fault.Recipients, "petra", "the PMO maintains the tool")
				require.NotEmpty(t, fault.Reason)
			}
		})
	}
}

func TestAWorkerWithoutATool(t *testing.T) {
	_, err := withTool(t, nil).OpenWork(t.Context(), toOpen)
	require.ErrorContains(t, err, "PMO_DELIVERY_URL")
	_, err = withTool(t, nil).UpdateWork(t.Context(), contract.UpdateWorkInput{})
	require.ErrorContains(t, err, "PMO_DELIVERY_URL")
}
