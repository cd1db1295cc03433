-- +goose Up

-- What requests of a portfolio share, whatever their teams. How much is held follows from the capacity holds: it is given back with the place of the team.
CREATE TABLE resource (
    id        text PRIMARY KEY,
    name      text NOT NULL,
    unit      text NOT NULL,
    portfolio text NOT NULL,
    amounts   jsonb NOT NULL,
    revision  int NOT NULL
);
CREATE INDEX resource_portfolio ON resource (portfolio);

ALTER TABLE change_ledger DROP CONSTRAINT change_ledger_object_check;
ALTER TABLE change_ledger ADD CONSTRAINT change_ledger_object_check
    CHECK (object IN ('team', 'delegation', 'policy', 'session', 'token', 'person', 'sign_in', 'right', 'history', 'channel', 'resource'));
