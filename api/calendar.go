package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"leanpmo/internal/access"
	"leanpmo/internal/ical"
	"leanpmo/internal/pmo"
	"leanpmo/internal/policy"
	"leanpmo/internal/problem"
	"leanpmo/internal/store"
	"leanpmo/internal/version"
)

const (
	// calendarPath is where calendars are. What follows is a token with the scope calendar, which is a secret.
	calendarPath = "/calendar/"
	calendarEnd  = ".ics"
	feedEnd      = ".atom"
	// calendarEvery is how often programs look again.
	calendarEvery = "PT6H"
	// calendarQuestions is how many questions a calendar has, the most urgent.
	calendarQuestions = 200
	// calendarsInFlight is how many calendars are made at once: programs fetch them again and again, and people wait for other answers.
	calendarsInFlight = 10
)

// errNoCalendar is the answer to every address that shows nothing, so that none says more than another.
var errNoCalendar = problem.New(problem.NotFound, "this address shows no calendar, or none any more: it was cut short, has expired or was revoked")

// loggedPath is the path of a call for the log, without the token of a calendar.
func loggedPath(r *http.Request) string {
	if strings.HasPrefix(r.URL.Path, calendarPath) {
		return calendarPath + "{token}"
	}
	return r.URL.Path
}

// calendarAddress is the path of the calendar of a token.
func calendarAddress(secret string) string { return calendarPath + secret + calendarEnd }

// feedAddress is the path of the Atom feed of a token.
func feedAddress(secret string) string { return calendarPath + secret + feedEnd }

// calendarRoutes registers the feed. Calendar programs send no header with a token: it stands in the address.
func (a *API) calendarRoutes(r chi.Router) {
	r.With(limitConcurrency(calendarsInFlight, 1, inFlightWait), a.timed).Get(calendarPath+"{token}", a.calendar)
}

// calendar is the feed of who made the address: the days of their requests, and what waits on them; or the days of a portfolio, as they may read
// it; or, as an Atom feed, what changed.
func (a *API) calendar(w http.ResponseWriter, r *http.Request) {
	ctx, err := a.calendarOf(r)
	if err != nil {
		writeProblem(w, r, err)
		return
	}
	portfolio := r.URL.Query().Get("portfolio")
	if portfolio != "" && !slices.ContainsFunc(a.Policy.Now().Document().Portfolios, func(p policy.PortfolioDoc) bool { return p.ID == portfolio }) {
		writeProblem(w, r, problem.InvalidField("query/portfolio", "is no portfolio of the policy"))
		return
	}
	if strings.HasSuffix(chi.URLParam(r, "token"), feedEnd) {
		a.atom(w, r.WithContext(ctx), portfolio)
		return
	}
	events, err := a.calendarEvents(ctx, portfolio)
	if err != nil {
		writeProblem(w, r, a.answerProblem(ctx, calendarPath+"{token}", err))
		return
	}
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Content-Disposition", `inline; filename="lean-pmo.ics"`)
	w.Header().Set("Referrer-Policy", "no-referrer")
	c := ical.Calendar{Name: "Lean PMO", Product: "-//Lean PMO//" + version.Number + "//EN", Made: a.moment(), Every: calendarEvery, Events: events}
	_ = c.Write(w) // nobody is left to tell when the reader has gone
}

// calendarOf is the context of who made the address. A token that may do anything else opens no calendar: it does not belong in an address.
func (a *API) calendarOf(r *http.Request) (context.Context, error) {
	token := strings.TrimSuffix(strings.TrimSuffix(chi.URLParam(r, "token"), calendarEnd), feedEnd)
	if !strings.HasPrefix(token, tokenPrefix) || len(token) > maxTokenLength {
		return nil, a.unknownCaller(r, errNoCalendar)
	}
	actor, err := a.byMadeToken(r.Context(), token)
	if problem.Is(err, problem.Unauthenticated) || err == nil && !access.Can(actor, access.ReadCalendar, access.Object{}).Allowed {
		return nil, a.unknownCaller(r, errNoCalendar)
	}
	if err != nil {
		return nil, err
	}
	noteActor(r.Context(), actor)
	actor.Limited, actor.Scopes = false, nil // the calendar reads as its owner does, and does nothing else
	return context.WithValue(r.Context(), actorKey{}, actor), nil
}

// calendarEvents are the days on which open requests are done with 85 percent: one's own, or those of a portfolio. To one's own belong the moments
// until which one's answers are due, the reviews of plans, and the absences of one's teams.
func (a *API) calendarEvents(ctx context.Context, portfolio string) ([]ical.Event, error) {
	actor := actorOf(ctx)
	v := viewOf(ctx)
	requester := actor.ID
	if portfolio != "" {
		requester = ""
	}
	mine, err := a.Store.List(ctx, store.Filter{Requester: requester, Portfolio: portfolio, Viewer: v.Viewer, ActsFor: v.ActsFor, SeesAll: v.SeesAll, Sort: store.SortNewest, Limit: mostForecastRows})
	if err != nil {
		return nil, err
	}
	var events []ical.Event
	for i := range mine.Items {
		if e, known := a.forecastEvent(ctx, &mine.Items[i]); known {
			events = append(events, e)
		}
	}
	if portfolio != "" {
		return events, nil
	}
	events = append(events, a.reviewEvents(ctx, mine.Items)...)
	away, err := a.absenceEvents(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	events = append(events, away...)
	standing, err := a.Store.Standing(ctx, actor.ID, nil, a.Now())
	if err != nil {
		return nil, err
	}
	asked, err := a.answerable(ctx, actor, standing.ActsFor, &inboxInput{Limit: calendarQuestions})
	if err != nil {
		return nil, err
	}
	for i := range asked.Items {
		events = append(events, a.questionEvent(&asked.Items[i]))
	}
	return events, nil
}

// forecastEvent is the day of a request of one's own; false where none can be told.
func (a *API) forecastEvent(ctx context.Context, item *store.Item) (ical.Event, bool) {
	row := rowOf(item)
	f := a.forecastOf(ctx, &row.Request, &row, 1)
	if f.P85 == "" {
		return ical.Event{}, false
	}
	return ical.Event{UID: item.ID + "/p85@lean-pmo", Day: f.P85, Summary: fmt.Sprintf("%s %s: done by this day in 85 of 100 cases", cmp.Or(pmo.Ref(item.Number), "New"), item.Title),
		Description: f.Words + " Stage: " + string(item.Stage) + ".", URL: a.pageOf(item.ID)}, true
}

// mostReviews is how many requests of one's own are looked at for the review of their plan.
const mostReviews = 20

// reviewEvents are when the plans of requests are reviewed next.
func (a *API) reviewEvents(ctx context.Context, items []store.Item) []ical.Event {
	var events []ical.Event
	for looked := 0; len(items) > 0 && looked < mostReviews; items = items[1:] {
		i := &items[0]
		if i.Stage != pmo.StageExecution {
			continue
		}
		looked++
		t, err := a.find(ctx, i.ID)
		if err != nil || t.Request.PlanReviewDue().IsZero() {
			continue
		}
		events = append(events, ical.Event{UID: i.ID + "/plan-review@lean-pmo", At: t.Request.PlanReviewDue(), URL: a.pageOf(i.ID),
			Summary: fmt.Sprintf("Review of the plan: %s %s", pmo.Ref(i.Number), i.Title)})
	}
	return events
}

// absenceEvents are the absences that are not over, of the teams that somebody leads or is in.
func (a *API) absenceEvents(ctx context.Context, person string) ([]ical.Event, error) {
	teams, err := a.Store.Teams(ctx)
	if err != nil {
		return nil, err
	}
	today := pmo.Date(a.Now().UTC().Format(time.DateOnly))
	var events []ical.Event
	for i := range teams {
		team := &teams[i]
		if !slices.Contains(team.Leads, person) && !slices.Contains(team.Members, person) {
			continue
		}
		for _, absence := range team.Absences {
			if absence.Until >= today {
				events = append(events, a.absenceEvent(team.ID, team.Name, absence))
			}
		}
	}
	return events, nil
}

func (a *API) absenceEvent(id, team string, absence pmo.Absence) ical.Event {
	who := fmt.Sprintf("%g of the capacity", absence.Amount)
	if absence.WholeTeam {
		who = "the whole team"
	}
	if absence.Who != "" {
		name, _ := a.Directory.Name(absence.Who)
		who = cmp.Or(name, absence.Who)
	}
	return ical.Event{UID: fmt.Sprintf("%s/%s/%s/%s@lean-pmo", id, absence.From, absence.Until, digestOf(absence)[:12]), Day: absence.From, Until: absence.Until,
		Summary: fmt.Sprintf("Away: %s (%s)", who, team), Description: absence.Reason}
}

// questionEvent is when an answer is due.
func (a *API) questionEvent(i *store.InboxItem) ical.Event {
	return ical.Event{UID: i.RequestID + "/" + i.Question.ID + "@lean-pmo", At: i.Question.DueAt, Summary: fmt.Sprintf("Answer due: %s %s", pmo.Ref(i.Number), i.Title),
		Description: i.Question.Text, URL: a.pageOf(i.RequestID)}
}

// pageOf is the address of a request's page; empty where the server was not told where the pages are.
func (a *API) pageOf(id string) string {
	if a.PublicURL == "" {
		return ""
	}
	return strings.TrimSuffix(a.PublicURL, "/") + "/requests/" + id
}
