package store

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"leanpmo/internal/pmo"
)

// What a prioritization could give a request.
const (
	waitsForPull = "pull"
	waitsForTeam = "team"
)

// similarityRunes is how much of the problem is compared to find similar requests: later text is detail and lowers the similarity.
const similarityRunes = 300

// People lists, sorted, who may read a confidential request besides the PMO: everybody who takes part in it.
func People(r *pmo.Request) []string {
	people := append(r.Participants(), r.Watchers...)
	slices.Sort(people)
	people = slices.Compact(people)
	return slices.DeleteFunc(people, func(p string) bool { return p == "" })
}

// waitsFor is what a prioritization could give the request; empty: nothing.
func waitsFor(r *pmo.Request) string {
	switch {
	case r.WaitsForPull():
		return waitsForPull
	case r.Stage == pmo.StageAssignment && r.Status == pmo.StatusOpen && r.Assignment == nil:
		return waitsForTeam
	}
	return ""
}

// classOf is the class of service; standard when none is set.
func classOf(c pmo.Content) string { return string(cmp.Or(c.Class, pmo.ClassStandard)) }

func similarityText(title, problem string) string {
	runes := []rune(problem)
	return clean(strings.ToLower(title + " " + string(runes[:min(len(runes), similarityRunes)])))
}

// requestRow are the values of a request's row, by the parameter names of upsertRequest.
func requestRow(runID string, r *pmo.Request) (pgx.NamedArgs, error) {
	snapshot, err := document(r)
	if err != nil {
		return nil, err
	}
	args := contentColumns(r)
	for name, t := range map[string]time.Time{"pulled_at": r.PulledAt, "started_at": r.StartedAt, "done_at": r.DoneAt,
		"accepted_at": r.AcceptedAt, "closed_at": r.ClosedAt} {
		args[name] = orNull(t)
	}
	args["run_id"], args["seq"], args["snapshot"] = runID, r.Seq, snapshot
	args["told_events"], args["told_at"] = r.ProjectionVersion.Events, r.ProjectionVersion.At
	next, _ := r.NextDue(r.ProjectionVersion.At)
	args["next_due_at"] = orNull(next)
	args["recommended"], args["began"], args["planned_end"] = worked(r)
	args["reworks"], args["remarked"], args["benefit"] = r.Reworks, r.Remarks != "", clean(r.Benefit)
	args["submitted_at"], args["stage_since"], args["due_at"] = r.SubmittedAt, r.StageSince, dueAt(r)
	return args, nil
}

// worked are what was recommended, and the way of working and the end of the plan that was agreed first; empty and null where that is not known.
func worked(r *pmo.Request) (recommended, began string, plannedEnd *time.Time) {
	if r.Approach != nil {
		recommended = clean(r.Approach.Recommended)
	}
	if first := r.FirstPlan; first != nil {
		began, plannedEnd = clean(first.Approach), orNull(first.EndsAt)
	}
	return recommended, began, plannedEnd
}

func contentColumns(r *pmo.Request) pgx.NamedArgs {
	c := r.Content
	team, second := "", ""
	if a := r.Assignment; a != nil {
		team = a.Team
		if a.Second != nil {
			second = a.Second.Team
		}
	}
	return pgx.NamedArgs{
		"id": r.ID, "number": r.Number, "portfolio": clean(r.Portfolio), "stage": string(r.Stage), "status": string(r.Status),
		"outcome": string(r.Outcome), "waits_for": waitsFor(r), "kind": clean(c.Kind), "class": clean(classOf(c)), "lane": string(r.Lane),
		"themes": cleanAll(c.Themes), "team": clean(team), "second_team": clean(second), "approach": clean(r.Approach.Name()), "requester": clean(r.Requester), "submitted_by": clean(r.SubmittedBy),
		"title": clean(c.Title), "likeness": similarityText(c.Title, c.Problem), "search": searchText(r.Number, c.Title, c.Problem, c.Outcome),
		"confidential": c.Confidential, "people": cleanAll(People(r)), "waiting_on": cleanAll(r.WaitingOn()),
		"health": string(r.HealthNow()), "health_reason": clean(r.Health.Reason()), "health_kind": r.Health.Kind(),
		"needs": append([]int64{}, c.NeededNumbers()...),
	}
}

// upsertRequest writes the row unless the stored one is newer. It returns whether it wrote, and whether the row before already waited for
// a pull as an expedite request.
const upsertRequest = `
WITH before AS (SELECT waits_for = 'pull' AND class = 'expedite' AS expedited FROM request WHERE id = @id),
put AS (
    INSERT INTO request AS r (id, number, portfolio, run_id, epoch, told_events, told_at, seq, projected_at, stage, status, outcome, waits_for, kind, class,
        lane, themes, team, second_team, approach, requester, submitted_by, title, likeness, search, confidential, people, waiting_on, due_at, submitted_at,
        stage_since, pulled_at, started_at, done_at, accepted_at, closed_at, next_due_at, needs, health, health_reason, health_kind,
        recommended, began, planned_end, reworks, remarked, benefit, snapshot)
    SELECT @id, nullif(@number::bigint, 0), @portfolio, @run_id, w.epoch, @told_events, @told_at, @seq, now(), @stage, @status, @outcome, @waits_for, @kind, @class,
        @lane, @themes, @team, @second_team, @approach, @requester, @submitted_by, @title, @likeness, @search, @confidential, @people, @waiting_on, @due_at, @submitted_at,
        @stage_since, @pulled_at, @started_at, @done_at, @accepted_at, @closed_at, @next_due_at, @needs, @health, @health_reason, @health_kind,
        @recommended, @began, @planned_end, @reworks, @remarked, @benefit, @snapshot
    FROM workflow_run w WHERE w.request_id = @id AND w.run_id = @run_id
    ON CONFLICT (id) DO UPDATE SET
        number = excluded.number, portfolio = excluded.portfolio, run_id = excluded.run_id, epoch = excluded.epoch,
        told_events = excluded.told_events, told_at = excluded.told_at, seq = excluded.seq,
        projected_at = excluded.projected_at, stage = excluded.stage, status = excluded.status, outcome = excluded.outcome,
        waits_for = excluded.waits_for, kind = excluded.kind, class = excluded.class, lane = excluded.lane, themes = excluded.themes,
        team = excluded.team, second_team = excluded.second_team, approach = excluded.approach, requester = excluded.requester, submitted_by = excluded.submitted_by, title = excluded.title,
        likeness = excluded.likeness, search = excluded.search, confidential = excluded.confidential, people = excluded.people,
        waiting_on = excluded.waiting_on, due_at = excluded.due_at, submitted_at = excluded.submitted_at,
        stage_since = excluded.stage_since, pulled_at = excluded.pulled_at, started_at = excluded.started_at, done_at = excluded.done_at,
        accepted_at = excluded.accepted_at, closed_at = excluded.closed_at, next_due_at = excluded.next_due_at, needs = excluded.needs, health = excluded.health,
        health_reason = excluded.health_reason, health_kind = excluded.health_kind, recommended = excluded.recommended, reworks = excluded.reworks, remarked = excluded.remarked,
        benefit = excluded.benefit, began = CASE excluded.began WHEN '' THEN r.began ELSE excluded.began END,
        planned_end = CASE excluded.began WHEN '' THEN r.planned_end ELSE excluded.planned_end END, snapshot = excluded.snapshot
    WHERE (r.epoch, r.told_events, r.told_at, r.seq) < (excluded.epoch, excluded.told_events, excluded.told_at, excluded.seq)
    RETURNING r.id
)
SELECT EXISTS (SELECT FROM put), coalesce((SELECT expedited FROM before), false)`

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// dueAt is when the first open question is due; infinity when none is.
func dueAt(r *pmo.Request) pgtype.Timestamptz {
	due := r.FirstDue()
	if due.IsZero() {
		return pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true}
	}
	return pgtype.Timestamptz{Time: due, Valid: true}
}

// questionRows are the open questions as the inbox reads them; none while the request is on hold or closed, because nobody may answer then.
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
