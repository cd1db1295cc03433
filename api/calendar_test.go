package api

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/emersion/go-ical"
	"github.com/mmcdole/gofeed"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/pmo"
	"leanpmo/internal/store"
)

// calendarToken makes a token with scopes and returns the answer.
func (b *bundle) calendarToken(t *testing.T, who, scopes string) map[string]any {
	t.Helper()
	status, made, _ := b.call(t, who, "POST", "/v1/me/tokens", `{"name":"phone of `+who+`","scopes":`+scopes+`,"days":30}`)
	require.Equal(t, 201, status, made)
	return made
}

// fetch reads a calendar as a program does: without any header.
func (b *bundle) fetch(path string) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	b.api.ServeHTTP(rec, httptest.NewRequest("GET", path, nil))
	return rec
}

// TestACalendarIsReadByItsAddress: own requests with the day of 85 in 100, and answers that are due; it ends when the token is revoked.
func TestACalendarIsReadByItsAddress(t *testing.T) {
	b := setup(t)
	b.api.PublicURL = "https://pmo.example/"
	b.finishedEveryThirdDay()
	due := now.Add(50 * time.Hour)
	b.store.inbox = []store.InboxItem{{RequestID: requestA, Number: 1, Title: "A; title, of one", Question: pmo.Question{ID: "clarify/1", Kind: pmo.KindClarify, People: []string{"sam"}, Text: "What is it for?", DueAt: due}, Requester: "sam", For: "sam"}}
	made := b.calendarToken(t, "sam", `["calendar"]`)
	secret := made["token"].(string)
	require.Equal(t, "/calendar/"+secret+".ics", made["calendar"])
	rec := b.fetch(made["calendar"].(string))
	require.Equal(t, 200, rec.Code, rec.Body)
	require.Equal(t, "text/calendar; charset=utf-8", rec.Header().Get("Content-Type"))
	require.Equal(t, "no-referrer", rec.Header().Get("Referrer-Policy"))
	require.Equal(t, "no-store", rec.Header().Get("Cache-Control"))
	text := strings.ReplaceAll(rec.Body.String(), "\r\n ", "")
	for _, line := range []string{"BEGIN:VCALENDAR", "UID:" + requestA + "/p85@lean-pmo", "DTSTART;VALUE=DATE:2027", "done by this day in 85 of 100 cases", "URL:https://pmo.example/requests/" + requestA,
		"UID:" + requestA + "/clarify/1@lean-pmo", "DTSTART:" + due.UTC().Format("20060102T150405Z"), `SUMMARY:Answer due: R-1 A\; title\, of one`, "DESCRIPTION:What is it for?", "END:VCALENDAR"} {
		require.Contains(t, text, line)
	}
	require.Equal(t, "sam", b.store.filter.Requester, "nobody else's requests")
	require.Equal(t, "sam", b.store.filter.Viewer, "and of these what sam may read")
	require.False(t, b.store.filter.SeesAll)

	status, _, _ := b.call(t, "sam", "DELETE", "/v1/me/tokens/"+made["id"].(string), "")
	require.Equal(t, 204, status)
	require.Equal(t, 404, b.fetch(made["calendar"].(string)).Code)
}

// TestOnlyACalendarTokenOpensACalendar, and it opens nothing else.
func TestOnlyACalendarTokenOpensACalendar(t *testing.T) {
	b := setup(t)
	made := b.calendarToken(t, "sam", `["calendar"]`)
	for _, path := range []string{"/v1/requests", "/v1/inbox", "/v1/me/tokens"} {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Authorization", "Bearer "+made["token"].(string))
		rec := httptest.NewRecorder()
		b.api.ServeHTTP(rec, r)
		require.Equal(t, 403, rec.Code, path)
	}
	other := b.calendarToken(t, "ana", `["read","submit","change","answer"]`)
	require.NotContains(t, other, "calendar")
	var first string
	for _, path := range []string{"/calendar/" + other["token"].(string) + ".ics", "/calendar/dev-sam.ics", "/calendar/pmo_NOSUCH.ics", "/calendar/pmo_" + strings.Repeat("A", 200)} {
		rec := b.fetch(path)
		require.Equal(t, 404, rec.Code, path)
		var doc map[string]any
		require.NoError(t, json.Unmarshal(rec.Body.Bytes(), &doc))
		delete(doc, "instance")
		delete(doc, "request_id")
		said, _ := json.Marshal(doc)
		require.True(t, first == "" || first == string(said), "none says more than another")
		first = string(said)
	}
	status, doc, _ := b.call(t, "sam", "POST", "/v1/me/tokens", `{"name":"both","scopes":["read","calendar"],"days":30}`)
	require.Equal(t, 422, status)
	require.Equal(t, "/scopes", doc["errors"].([]any)[0].(map[string]any)["pointer"])
}

// TestTheAddressOfACalendarIsInNoLog.
func TestTheAddressOfACalendarIsInNoLog(t *testing.T) {
	b := setup(t)
	var log bytes.Buffer
	b.api.Log = slog.New(slog.NewTextHandler(&log, nil))
	made := b.calendarToken(t, "sam", `["calendar"]`)
	require.Equal(t, 200, b.fetch(made["calendar"].(string)).Code)
	require.Equal(t, 404, b.fetch("/calendar/pmo_WRONGSECRET.ics").Code)
	b.store.down = true
	require.Equal(t, 503, b.fetch(made["calendar"].(string)).Code)
	require.Contains(t, log.String(), "/calendar/{token}")
	require.NotContains(t, log.String(), "WRONGSECRET")
	require.NotContains(t, log.String(), made["token"])
}

// TestFeedsAreReadByOtherPrograms: three parsers that are not ours read the calendar and the feed.
func TestFeedsAreReadByOtherPrograms(t *testing.T) {
	b := setup(t)
	b.api.PublicURL = "https://pmo.example/"
	b.finishedEveryThirdDay()
	b.store.events = []store.Event{{RequestID: requestA, Number: 1, Title: "A & <B>", LedgerEntry: store.LedgerEntry{Position: 7, Entry: pmo.Entry{At: now.Add(-time.Hour), Text: "It was approved; & <now>"}}}}
	made := b.calendarToken(t, "sam", `["calendar"]`)

	atom := b.fetch(made["feed"].(string))
	require.Equal(t, 200, atom.Code, atom.Body)
	require.Equal(t, "application/atom+xml; charset=utf-8", atom.Header().Get("Content-Type"))
	require.NotContains(t, atom.Body.String(), made["token"], "the feed does not tell its address")
	feed, err := gofeed.NewParser().ParseString(atom.Body.String())
	require.NoError(t, err)
	require.Equal(t, "atom", feed.FeedType)
	require.Equal(t, "R-1 A & <B>", feed.Items[0].Title)
	require.Equal(t, "https://pmo.example/requests/"+requestA, feed.Items[0].Link)
	require.Equal(t, feedID+"ledger/"+requestA+"/7", feed.Items[0].GUID)
	require.NotNil(t, feed.Items[0].UpdatedParsed)

	portfolio := b.fetch(made["feed"].(string) + "?portfolio=digital")
	require.Equal(t, 200, portfolio.Code, portfolio.Body)
	require.Equal(t, "digital", b.store.filter.Portfolio)
	require.Equal(t, "sam", b.store.filter.Viewer)
	_, err = gofeed.NewParser().ParseString(portfolio.Body.String())
	require.NoError(t, err)
	require.Equal(t, 422, b.fetch(made["feed"].(string)+"?portfolio=nothing").Code)

	for _, path := range []string{made["calendar"].(string), made["calendar"].(string) + "?portfolio=digital"} {
		text := b.fetch(path).Body.String()
		one, err := ics.ParseCalendar(strings.NewReader(text))
		require.NoError(t, err)
		other, err := ical.NewDecoder(strings.NewReader(text)).Decode()
		require.NoError(t, err)
		require.NotEmpty(t, one.Events(), path)
		require.Len(t, other.Events(), len(one.Events()))
		for i, e := range other.Events() {
			begins, err := e.DateTimeStart(time.UTC)
			require.NoError(t, err)
			require.False(t, begins.IsZero())
			uid, err := e.Props.Text(ical.PropUID)
			require.NoError(t, err)
			require.Equal(t, one.Events()[i].Id(), uid)
		}
	}
}

// TestReviewsOfPlansAreInTheCalendar of who asked, at the moment at which the question is put, and two parsers that are not ours read it. Once a review is asked about, it
// is an answer that is due.
func TestReviewsOfPlansAreInTheCalendar(t *testing.T) {
	b := setup(t)
	b.api.PublicURL = "https://pmo.example/"
	row := b.store.rows[requestA]
	row.Process, row.Stage, row.Questions = pmo.LatestProcess, pmo.StageExecution, nil
	row.StageSince = now.AddDate(0, 0, -3)
	row.Plan = &pmo.Plan{Approach: "kanban", ReviewDays: 10, AgreedAt: now.AddDate(0, 0, -4)}
	keep := func() { b.store.rows[requestA], b.engine.states[requestA] = row, row.Request }
	keep()
	made := b.calendarToken(t, "sam", `["calendar"]`)
	text := b.fetch(made["calendar"].(string)).Body.String()

	due := row.StageSince.AddDate(0, 0, 10)
	uid := requestA + "/plan-review@lean-pmo"
	one, err := ics.ParseCalendar(strings.NewReader(text))
	require.NoError(t, err)
	found := slices.DeleteFunc(one.Events(), func(e *ics.VEvent) bool { return e.Id() != uid })
	require.Len(t, found, 1, text)
	begins, err := found[0].GetStartAt()
	require.NoError(t, err)
	require.True(t, begins.Equal(due), begins)
	require.Equal(t, "https://pmo.example/requests/"+requestA, found[0].GetProperty(ics.ComponentPropertyUrl).Value)
	other, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	require.NoError(t, err)
	at := slices.IndexFunc(other.Events(), func(e ical.Event) bool { return e.Props.Get(ical.PropUID).Value == uid })
	require.GreaterOrEqual(t, at, 0)
	summary, err := other.Events()[at].Props.Text(ical.PropSummary)
	require.NoError(t, err)
	require.Equal(t, "Review of the plan: R-1 Invoices by e-mail", summary)
	begins, err = other.Events()[at].DateTimeStart(time.UTC)
	require.NoError(t, err)
	require.True(t, begins.Equal(due), begins)

	row.Questions = []pmo.Question{{ID: "plan-review/1", Kind: pmo.KindPlanReview, Status: pmo.QuestionOpen}}
	keep()
	require.NotContains(t, b.fetch(made["calendar"].(string)).Body.String(), uid, "it is asked about")
}

// TestAbsencesAreInTheCalendar of who leads or is in the team, and of nobody else.
func TestAbsencesAreInTheCalendar(t *testing.T) {
	b := setup(t)
	e := b.api.absenceEvent("alpha", "Alpha", pmo.Absence{From: "2027-03-10", Until: "2027-03-12", Who: "kai", Reason: "Training"})
	require.Equal(t, "Away: Kai Tanaka (Alpha)", e.Summary)
	require.Equal(t, pmo.Date("2027-03-12"), e.Until)
	require.Equal(t, "Away: the whole team (Alpha)", b.api.absenceEvent("alpha", "Alpha", pmo.Absence{From: "2027-03-10", Until: "2027-03-12", WholeTeam: true}).Summary)
	alpha := store.TeamLoad{}
	alpha.ID, alpha.Name, alpha.Members = "alpha", "Alpha", []string{"kai"}
	alpha.Absences = []pmo.Absence{{From: "2027-03-10", Until: "2027-03-12", Who: "kai"}, {From: "2027-02-01", Until: "2027-02-03", Who: "kai"}}
	b.store.teams = []store.TeamLoad{alpha}
	for person, n := range map[string]int{"kai": 1, "sam": 0} {
		events, err := b.api.absenceEvents(t.Context(), person)
		require.NoError(t, err)
		require.Len(t, events, n, person)
	}
}
