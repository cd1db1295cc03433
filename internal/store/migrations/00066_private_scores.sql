-- +goose Up

-- Several people score the inputs of a request privately. Nobody reads the scores of another before they are revealed: every statement that
-- reads private_score says so.
CREATE TABLE scoring_round (
    request_id  uuid NOT NULL,
    no          integer NOT NULL,
    opened_by   text NOT NULL,
    opened_at   timestamptz NOT NULL,
    inputs      text[] NOT NULL,
    people      text[] NOT NULL,
    revealed_at timestamptz,
    revealed_by text NOT NULL DEFAULT '', -- empty: everybody had scored
    PRIMARY KEY (request_id, no)
);
CREATE UNIQUE INDEX scoring_round_open ON scoring_round (request_id) WHERE revealed_at IS NULL;
CREATE INDEX scoring_round_people ON scoring_round USING gin (people) WHERE revealed_at IS NULL;

CREATE TABLE private_score (
    request_id uuid NOT NULL,
    no         integer NOT NULL,
    person     text NOT NULL,
    inputs     jsonb NOT NULL,
    sure       text NOT NULL,
    reason     text NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (request_id, no, person),
    FOREIGN KEY (request_id, no) REFERENCES scoring_round (request_id, no)
);
