-- +goose Up

-- What became of the attempts to send to an endpoint, since it was first sent to. Messages are deleted some days after they were delivered; this stays. Counts are of
-- attempts, dead of messages that were given up.
CREATE TABLE notify_outcome (
    endpoint     text PRIMARY KEY,
    delivered    bigint NOT NULL DEFAULT 0,
    failed       bigint NOT NULL DEFAULT 0,
    dead         bigint NOT NULL DEFAULT 0,
    delivered_at timestamptz,
    failed_at    timestamptz,
    reason       text NOT NULL DEFAULT '' -- of the latest failure: no address and no content
);

-- The office ledger has a line when dead messages are sent again, an endpoint is enabled or the address of a chat changes.
ALTER TABLE change_ledger DROP CONSTRAINT change_ledger_object_check;
ALTER TABLE change_ledger ADD CONSTRAINT change_ledger_object_check
    CHECK (object IN ('team', 'delegation', 'policy', 'session', 'token', 'person', 'sign_in', 'right', 'history', 'channel'));
