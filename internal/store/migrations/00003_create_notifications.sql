-- +goose Up

-- Where telling people has come to in the feed, and which leader may write: every new leader raises the term, so that one who lost
-- the lock without noticing writes nothing more. A null cursor: nobody has led yet.
CREATE TABLE notify_state (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    term   bigint NOT NULL,
    cursor text
);
INSERT INTO notify_state (term) VALUES (0);

-- One message to one address. The body is kept as sent, for a repetition carries the same bytes.
-- Messages of one request to one recipient form a lane; only its first unsent one is pending, the others are queued behind it.
-- No foreign key: what is on its way outlives a rebuild of the projection.
CREATE TABLE notification (
    position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id         text NOT NULL UNIQUE, -- made from the entry and the recipient: the same however often it is made
    request_id uuid NOT NULL,
    endpoint   text NOT NULL,
    event      text NOT NULL,
    at         timestamptz NOT NULL,
    body       text NOT NULL,
    state      text NOT NULL CHECK (state IN ('queued', 'pending', 'delivered', 'dead')),
    attempts   integer NOT NULL DEFAULT 0,
    next_at    timestamptz,
    done_at    timestamptz,
    reason     text NOT NULL DEFAULT '',
    CHECK ((state = 'pending') = (next_at IS NOT NULL)),
    CHECK ((state IN ('delivered', 'dead')) = (done_at IS NOT NULL))
);
CREATE UNIQUE INDEX notification_first ON notification (request_id, endpoint) WHERE state = 'pending';
CREATE INDEX notification_due ON notification (endpoint, next_at, position) WHERE state = 'pending';
CREATE INDEX notification_lane ON notification (request_id, endpoint, position) WHERE state IN ('queued', 'pending');
CREATE INDEX notification_open ON notification (at) WHERE state IN ('queued', 'pending');
CREATE INDEX notification_dead ON notification (position) WHERE state = 'dead';
CREATE INDEX notification_done ON notification (done_at) WHERE state IN ('delivered', 'dead');

-- Addresses that said they want nothing more. The digest is of the address: a new one under the same name is tried again.
CREATE TABLE notify_endpoint (
    id          text PRIMARY KEY,
    digest      text NOT NULL,
    disabled_at timestamptz NOT NULL,
    reason      text NOT NULL
);
