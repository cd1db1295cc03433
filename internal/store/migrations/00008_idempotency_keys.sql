-- +goose Up

-- The Idempotency-Keys of commands that no workflow answers: prioritization runs, teams, delegations, and the body of a split. A request's
-- own commands keep their keys in its workflow. Rows are written in the transaction of the change and are never deleted, so that a late
-- repetition changes nothing. A worker or server of the version before does not write here.
CREATE TABLE idempotency_key (
    id      text PRIMARY KEY,           -- digest of person, scope and key
    command text NOT NULL,
    digest  text NOT NULL,              -- of the body
    answer  jsonb NOT NULL DEFAULT 'null',
    at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
