package api

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"leanpmo/internal/client"
	"leanpmo/internal/flow"
	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
	"leanpmo/internal/wire"
)

// whole requires that the client's value holds everything the server answered, and returns it.
func whole[T any](t *testing.T, a *client.Answer[T], err error) T {
	t.Helper()
	require.NoError(t, err)
	text, err := json.Marshal(a.Value)
	require.NoError(t, err)
	require.JSONEq(t, string(a.Raw), string(text))
	return a.Value
}

func (b *bundle) clientOf(t *testing.T, who string) *client.Client {
	server := httptest.NewServer(b.api)
	t.Cleanup(server.Close)
	c, err := client.New(server.URL, "dev-"+who, client.Options{})
	require.NoError(t, err)
	return c
}

// TestClientDecodesEveryAnswer: server and client use the same types, so nothing is lost between them.
func TestClientDecodesEveryAnswer(t *testing.T) {
	b := setup(t)
	score, rank := 2.5, 1
	b.store.teams = []store.TeamLoad{{Team: pmo.Team{ID: "falcon", Name: "Falcon", Leads: []string{"theo"}, Skills: []string{"go"}, Revision: 1}, WIP: 2, Load: 1.5}}
	b.store.lines = []store.RankedRequest{{ID: requestA, Number: 1, Title: "T", Rank: 1, PreviousRank: 3, Class: "standard", Score: score, Scored: true,
		CostOfDelay: 5, JobSize: 2, Ageing: 0.1, Pulled: true, LimitReason: "wip", Cause: "new", Why: "because", Sensitivity: "size", Missing: []string{"job_size"},
		Inputs: pmo.Inputs{JobSize: &score}}}
	b.store.run = &store.Prioritization{ID: "prioritization/digital/now/1", Portfolio: "digital", At: now, Cause: "now", Actor: "petra", Reason: "law", Dry: true,
		Policy: "1", Count: 3, Moves: 2, Pulled: []string{requestA}, Words: "3 ranked"}
	b.store.flow = []flow.Record{{ID: requestA, Ref: "R-1", Kind: "bug", Stage: pmo.StageReview, Status: pmo.StatusOpen, SubmittedAt: now.Add(-time.Hour)}}
	b.store.inbox = []store.InboxItem{{RequestID: requestA, Number: 1, Title: "T", Requester: "sam", Stage: pmo.StageReview, Question: b.store.rows[requestA].Questions[0], For: "bo"}}
	b.store.acts = map[string][]string{"petra": {"bo"}}
	row := b.store.rows[requestA]
	row.Rank, row.Score, row.Slot, row.Plan = &rank, &score, &now, &pmo.Plan{Approach: "kanban", Summary: "flow"}
	b.store.rows[requestA] = row

	c, ctx := b.clientOf(t, "petra"), t.Context()
	request, err := c.Request(ctx, "R-1")
	require.Equal(t, []string{"ana", "bo"}, whole(t, request, err).Questions[0].Waiting)
	submitted, err := c.Submit(ctx, wire.Submission{Content: pmo.Content{Title: "T", Kind: "support"}}, "k")
	require.EqualValues(t, 42, whole(t, submitted, err).Number)
	list, err := c.List(ctx, client.Filter{})
	require.Len(t, whole(t, list, err).Items, 2)
	ledger, err := c.Ledger(ctx, "R-1", 0, 0)
	whole(t, ledger, err)
	explanation, err := c.Explain(ctx, "R-1")
	require.Equal(t, "R-1", whole(t, explanation, err).Rank.Ref)
	forecast, err := c.Forecast(ctx, "R-1")
	whole(t, forecast, err)
	plan, err := c.Plan(ctx, "R-1")
	require.Equal(t, "flow", whole(t, plan, err).Plan.Summary)
	inbox, err := c.Inbox(ctx, 0, "")
	require.True(t, whole(t, inbox, err).Items[0].OnBehalf)
	backlog, err := c.Backlog(ctx, client.Filter{})
	require.Equal(t, "R-1", whole(t, backlog, err).Items[0].Ref)
	run, err := c.Prioritization(ctx, b.store.run.ID, 0, "")
	require.Len(t, whole(t, run, err).Lines, 1)
	runs, err := c.Prioritizations(ctx, "", 0, "")
	whole(t, runs, err)
	views, err := c.SavedViews(ctx)
	whole(t, views, err)
	teams, err := c.Teams(ctx)
	require.Equal(t, 2, whole(t, teams, err).Items[0].WIP)
	policy, err := c.Policy(ctx)
	require.NotEmpty(t, whole(t, policy, err).Data.Portfolios)
	report, err := c.Flow(ctx, client.Filter{}, 30, client.AllLines)
	require.Len(t, whole(t, report, err).Items, 1)
}

// TestClientCommandsArrive: what the client sends is what the handlers read.
func TestClientCommandsArrive(t *testing.T) {
	b := setup(t)
	c, ctx := b.clientOf(t, "petra"), t.Context()
	until := now.Add(48 * time.Hour)
	delegation, err := c.SetDelegation(ctx, "kai", time.Time{}, until)
	require.Equal(t, wire.Delegation{Person: "petra", Delegate: "kai", From: now, Until: until}, whole(t, delegation, err))
	delegation, err = c.Delegation(ctx)
	whole(t, delegation, err)
	team, err := c.PutTeam(ctx, pmo.Team{ID: "heron", Name: "Heron", Portfolio: "digital", Leads: []string{"kai"}, Capacity: 2})
	require.Equal(t, 1, whole(t, team, err).Revision)
	split, err := c.Split(ctx, "R-1", "two things", []pmo.Content{{Title: "One", Kind: "support"}, {Title: "Two", Kind: "support"}})
	require.Len(t, whole(t, split, err).Parts, 2)
	run, err := c.Prioritize(ctx, "", "new law", true)
	require.False(t, whole(t, run, err).Done)
	_, err = c.Command(ctx, "R-1", "cancel", wire.Cancellation{Reason: "law changed", Into: []string{"R-2"}})
	require.NoError(t, err)
	require.Equal(t, &pmo.Stop{Reason: "law changed", Into: []string{requestB}}, b.engine.sent[len(b.engine.sent)-1].cmd)
}

// filled is a value in which every field that lists and pages show is set.
func filled[T any](t *testing.T) T {
	t.Helper()
	var v T
	fill(t, reflect.ValueOf(&v).Elem())
	return v
}

func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.String:
		v.SetString("text")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem())
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key)
		fill(t, value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0))
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(now))
			return
		}
		for i := range v.NumField() {
			fill(t, v.Field(i))
		}
	default:
		t.Fatalf("fill a %s", v.Kind())
	}
}

// TestEveryFieldOfTheStoreIsMapped: a field that store and wire both have arrives.
func TestEveryFieldOfTheStoreIsMapped(t *testing.T) {
	item, ranked, run, times := filled[store.Item](t), filled[store.RankedRequest](t), filled[store.Prioritization](t), filled[flow.Record](t)
	team := filled[pmo.Team](t)
	times.Status = pmo.StatusClosed // else what was accepted is delivered
	for _, c := range []struct{ from, to any }{
		{item, itemOf(item)}, {ranked, rankedOf(ranked)}, {run, prioritizationOf(run)}, {times, flowItemOf(new(flow.Measure(times)), now)}, {team, wire.FormOf(team)},
		{wire.FormOf(team), wire.FormOf(team).Team(team.ID)},
	} {
		from, to := reflect.ValueOf(c.from), reflect.ValueOf(c.to)
		for i := range to.NumField() {
			name := to.Type().Field(i).Name
			if source := from.FieldByName(name); source.IsValid() {
				require.Equal(t, fmt.Sprint(source.Interface()), fmt.Sprint(to.Field(i).Interface()), "%s.%s", to.Type(), name)
			}
		}
	}
}
