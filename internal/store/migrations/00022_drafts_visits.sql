-- +goose Up

-- Submissions that somebody has begun and not sent, as the form holds them.
CREATE TABLE submission_draft (
    id     uuid NOT NULL,
    person text NOT NULL,
    kind   text NOT NULL,
    fields jsonb NOT NULL,
    at     timestamptz NOT NULL,
    PRIMARY KEY (person, id)
);

-- When somebody was last here: since is what they have not seen when a visit begins. Pages within half an hour are one visit.
CREATE TABLE visit (
    person text PRIMARY KEY,
    since  timestamptz NOT NULL,
    last   timestamptz NOT NULL CHECK (last >= since)
);
