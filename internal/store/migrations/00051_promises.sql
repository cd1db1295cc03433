-- +goose Up

-- What was told about when a request is done: at most one a day for a request. Days are null where a day lies beyond ten years, and in one
-- that says why there is no forecast.
CREATE TABLE promise (
    request_id    uuid NOT NULL,
    day           date NOT NULL, -- in the portfolio's time zone
    told_at       timestamptz NOT NULL,
    portfolio     text NOT NULL,
    occasion      text NOT NULL CHECK (occasion IN ('submission', 'change', 'digest')),
    told_to       text[] NOT NULL,
    finish50      date,
    finish85      date,
    finish95      date,
    start50       date,
    start85       date,
    start95       date,
    cannot        text NOT NULL DEFAULT '',
    wanted_by     date,
    wanted_chance double precision,
    facts         jsonb NOT NULL,
    reasons       jsonb NOT NULL,
    PRIMARY KEY (request_id, day)
);
CREATE INDEX promise_told ON promise (told_at);

-- On which day, and in which stage, an open request was last compared with what had been told about it.
CREATE TABLE promise_check (
    request_id uuid PRIMARY KEY,
    day        date NOT NULL,
    stage      text NOT NULL
);
