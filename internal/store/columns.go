package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"leanpmo/internal/pmo"
)

// What a prioritization run could give a request.
const (
	waitsForPull = "pull"
	waitsForTeam = "team"
)

// similarityRunes is how much of the problem counts when requests are compared: the rest is detail and only dilutes.
const similarityRunes = 300

// People lists who may read a confidential request besides the PMO: its own people, sorted.
func People(r *pmo.Request) []string {
	people := []string{r.Requester, r.SubmittedBy, r.Content.Sponsor}
	people = append(people, r.Watchers...)
	for i := range r.Questions {
		q := &r.Questions[i]
		people = append(people, q.Seats()...)
		for _, a := range q.Answers {
			people = append(people, a.By, a.For)
		}
	}
	if r.Assignment != nil {
		people = append(people, r.Assignment.Leads...)
	}
	slices.Sort(people)
	people = slices.Compact(people)
	return slices.DeleteFunc(people, func(p string) bool { return p == "" })
}

// waitsFor says what a run could give the request, or nothing.
func waitsFor(r *pmo.Request) string {
	switch {
	case r.WaitsForPull():
		return waitsForPull
	case r.Stage == pmo.StageAssignment && r.Status == pmo.StatusOpen && r.Assignment == nil:
		return waitsForTeam
	}
	return ""
}

// classOf is the class of service; what nobody classified is standard.
func classOf(c pmo.Content) string { return string(cmp.Or(c.Class, pmo.ClassStandard)) }

func similarityText(title, problem string) string {
	runes := []rune(problem)
	return clean(strings.ToLower(title + " " + string(runes[:min(len(runes), similarityRunes)])))
}

// columns are the values of a request's row, by the names the statement uses.
func columns(runID string, r *pmo.Request) (pgx.NamedArgs, error) {
	snapshot, err := document(r)
	if err != nil {
		return nil, err
	}
	args := words(r)
	for name, t := range map[string]time.Time{"pulled_at": r.PulledAt, "started_at": r.StartedAt, "done_at": r.DoneAt,
		"accepted_at": r.AcceptedAt, "closed_at": r.ClosedAt} {
		args[name] = orNull(t)
	}
	args["run_id"], args["seq"], args["snapshot"] = runID, r.Seq, snapshot
	args["told_events"], args["told_at"] = r.ProjectionVersion.Events, r.ProjectionVersion.At
	args["submitted_at"], args["stage_since"], args["due_at"] = r.SubmittedAt, r.StageSince, dueAt(r)
	return args, nil
}

func words(r *pmo.Request) pgx.NamedArgs {
	c := r.Content
	team := ""
	if r.Assignment != nil {
		team = r.Assignment.Team
	}
	search := strings.ToLower(strings.Join([]string{fmt.Sprintf("R-%d", r.Number), c.Title, c.Problem, c.Outcome}, "\n"))
	return pgx.NamedArgs{
		"id": r.ID, "number": r.Number, "portfolio": clean(r.Portfolio), "stage": string(r.Stage), "status": string(r.Status),
		"outcome": string(r.Outcome), "waits_for": waitsFor(r), "kind": clean(c.Kind), "class": clean(classOf(c)), "lane": string(r.Lane),
		"themes": cleanAll(c.Themes), "team": clean(team), "approach": clean(r.Approach.Name()), "requester": clean(r.Requester), "submitted_by": clean(r.SubmittedBy),
		"title": clean(c.Title), "likeness": similarityText(c.Title, c.Problem), "search": clean(search),
		"confidential": c.Confidential, "people": cleanAll(People(r)), "waiting_on": cleanAll(r.WaitingOn()),
	}
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// dueAt is the earliest moment an open question is due; infinity when nothing is, or when the clocks stand still.
func dueAt(r *pmo.Request) pgtype.Timestamptz {
	due := pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
	if r.Status == pmo.StatusOnHold {
		return due
	}
	for _, q := range r.OpenQuestions() {
		if q.DueAt.IsZero() || due.InfinityModifier == pgtype.Finite && !q.DueAt.Before(due.Time) {
			continue
		}
		due = pgtype.Timestamptz{Time: q.DueAt, Valid: true}
	}
	return due
}

// questionRows are the open questions as the inbox needs them: none while the request rests, for then nobody may answer.
func questionRows(r *pmo.Request) (json.RawMessage, error) {
	type row struct {
		ID       string       `json:"id"`
		Kind     pmo.Kind     `json:"kind"`
		Asked    []string     `json:"asked"`
		Waiting  []string     `json:"waiting"`
		Voted    []string     `json:"voted"`
		DueAt    time.Time    `json:"due_at"`
		OpenedAt time.Time    `json:"opened_at"`
		Body     pmo.Question `json:"body"`
	}
	rows := []row{}
	for _, q := range r.OpenQuestions() {
		if r.Status == pmo.StatusOnHold || r.Closed() {
			break
		}
		voted := []string{}
		for _, a := range q.Answers {
			voted = append(voted, a.By)
		}
		rows = append(rows, row{q.ID, q.Kind, cleanAll(q.Seats()), cleanAll(q.Waiting()), voted, q.DueAt, q.OpenedAt, *q})
	}
	return document(rows)
}
