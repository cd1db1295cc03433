-- +goose Up

-- The plan of an assignment batch: which team each request that waited for one gets, all considered together. A batch is known by the digest of what it
-- was planned from, and is used while that holds; turn says which was made or used anew last.
CREATE SEQUENCE assignment_turn;
CREATE TABLE assignment_batch (
    no        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    portfolio text NOT NULL,
    digest    text NOT NULL,
    turn      bigint NOT NULL DEFAULT nextval('assignment_turn'),
    at        timestamptz NOT NULL,
    policy    text NOT NULL,
    plan      jsonb NOT NULL,
    UNIQUE (portfolio, digest)
);
CREATE INDEX assignment_batch_turn ON assignment_batch (portfolio, turn);

-- A request of a batch: the digest of what was known of it, the team that it gets (empty: none), and why.
CREATE TABLE assignment_place (
    batch      bigint NOT NULL REFERENCES assignment_batch ON DELETE CASCADE,
    request_id uuid NOT NULL,
    input      text NOT NULL,
    team       text NOT NULL,
    size       double precision NOT NULL,
    decision   jsonb NOT NULL,
    PRIMARY KEY (batch, request_id)
);

-- By which batch capacity is held; null where it is held by none.
ALTER TABLE capacity_hold ADD COLUMN batch bigint;
