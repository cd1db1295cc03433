package store

// upsertRequest writes the row unless what is on file is newer. It answers whether it was written, and whether the row it replaced
// already waited for a pull as an expedite request.
const upsertRequest = `
WITH before AS (SELECT waits_for = 'pull' AND class = 'expedite' AS expedited FROM request WHERE id = @id),
put AS (
    INSERT INTO request AS r (id, number, portfolio, run_id, epoch, told_events, told_at, seq, projected_at, stage, status, outcome, waits_for, kind, class,
        lane, themes, team, approach, requester, submitted_by, title, likeness, search, confidential, people, waiting_on, due_at, submitted_at,
        stage_since, pulled_at, started_at, done_at, accepted_at, closed_at, snapshot)
    SELECT @id, nullif(@number::bigint, 0), @portfolio, @run_id, w.epoch, @told_events, @told_at, @seq, now(), @stage, @status, @outcome, @waits_for, @kind, @class,
        @lane, @themes, @team, @approach, @requester, @submitted_by, @title, @likeness, @search, @confidential, @people, @waiting_on, @due_at, @submitted_at,
        @stage_since, @pulled_at, @started_at, @done_at, @accepted_at, @closed_at, @snapshot
    FROM workflow_run w WHERE w.request_id = @id AND w.run_id = @run_id
    ON CONFLICT (id) DO UPDATE SET
        number = excluded.number, portfolio = excluded.portfolio, run_id = excluded.run_id, epoch = excluded.epoch,
        told_events = excluded.told_events, told_at = excluded.told_at, seq = excluded.seq,
        projected_at = excluded.projected_at, stage = excluded.stage, status = excluded.status, outcome = excluded.outcome,
        waits_for = excluded.waits_for, kind = excluded.kind, class = excluded.class, lane = excluded.lane, themes = excluded.themes,
        team = excluded.team, approach = excluded.approach, requester = excluded.requester, submitted_by = excluded.submitted_by, title = excluded.title,
        likeness = excluded.likeness, search = excluded.search, confidential = excluded.confidential, people = excluded.people,
        waiting_on = excluded.waiting_on, due_at = excluded.due_at, submitted_at = excluded.submitted_at,
        stage_since = excluded.stage_since, pulled_at = excluded.pulled_at, started_at = excluded.started_at, done_at = excluded.done_at,
        accepted_at = excluded.accepted_at, closed_at = excluded.closed_at, snapshot = excluded.snapshot
    WHERE (r.epoch, r.told_events, r.told_at, r.seq) < (excluded.epoch, excluded.told_events, excluded.told_at, excluded.seq)
    RETURNING r.id
)
SELECT EXISTS (SELECT FROM put), coalesce((SELECT expedited FROM before), false)`
