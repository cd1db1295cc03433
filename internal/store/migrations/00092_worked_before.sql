-- +goose Up

-- Apart from the migration that adds the columns, whose lock would stop every read meanwhile.
-- Requests of before have the first plan in their ledger. Its days end in UTC: the calendar is not known here.
WITH first AS (
    SELECT r.id, l.plan, greatest((l.plan ->> 'due')::date, (SELECT max((m ->> 'due')::date) FROM jsonb_array_elements(coalesce(nullif(l.plan -> 'milestones', 'null'), '[]')) m)) AS last_day
    FROM request r LEFT JOIN LATERAL (
        SELECT body -> 'plan' AS plan FROM ledger WHERE request_id = r.id AND event = 'planned' AND body ? 'plan' ORDER BY position LIMIT 1) l ON true
    WHERE r.pulled_at IS NOT NULL)
UPDATE request r SET
    recommended = coalesce(r.snapshot #>> '{approach,recommended}', ''),
    began = coalesce(f.plan ->> 'approach', ''),
    planned_end = CASE
        WHEN f.last_day IS NOT NULL THEN (f.last_day + 1)::timestamp AT TIME ZONE 'UTC'
        WHEN (f.plan ->> 'iterations')::int > 0 AND (f.plan ->> 'weeks_each')::int > 0 THEN r.started_at + make_interval(weeks => (f.plan ->> 'iterations')::int * (f.plan ->> 'weeks_each')::int)
        WHEN (f.plan #>> '{expectation,days}')::int > 0 THEN r.pulled_at + make_interval(days => (f.plan #>> '{expectation,days}')::int) END,
    reworks = coalesce((r.snapshot ->> 'reworks')::int, 0),
    remarked = coalesce(r.snapshot ->> 'remarks', '') <> '',
    benefit = coalesce(r.snapshot ->> 'benefit', '')
FROM first f WHERE f.id = r.id;
