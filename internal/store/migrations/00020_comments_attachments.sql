-- +goose Up

-- What people say about a request besides the process. It steers nothing, so it is kept here alone and not in the workflow. No foreign key:
-- it outlives a rebuild of the projection.
CREATE TABLE comment (
    id           uuid PRIMARY KEY,
    request_id   uuid NOT NULL,
    question     text NOT NULL,          -- the question it is about; empty: the request
    author       text NOT NULL,
    at           timestamptz NOT NULL,
    body         text NOT NULL CHECK (body <> ''),
    mentions     text[] NOT NULL,
    version      integer NOT NULL DEFAULT 1 CHECK (version > 0),
    edited_at    timestamptz,
    withdrawn_at timestamptz,
    CHECK ((version = 1) = (edited_at IS NULL))
);
CREATE INDEX comment_request ON comment (request_id, at DESC, id DESC);

-- What a comment said before it was edited.
CREATE TABLE comment_version (
    comment_id uuid NOT NULL REFERENCES comment,
    version    integer NOT NULL,
    at         timestamptz NOT NULL,     -- since when it said so
    body       text NOT NULL,
    PRIMARY KEY (comment_id, version)
);

-- Attachments are links: nothing is uploaded. A removed one stays, with who removed it.
CREATE TABLE attachment (
    id         uuid PRIMARY KEY,
    request_id uuid NOT NULL,
    url        text NOT NULL CHECK (url ~ '^https?://'),
    title      text NOT NULL CHECK (title <> ''),
    added_by   text NOT NULL,
    at         timestamptz NOT NULL,
    removed_by text,
    removed_at timestamptz,
    CHECK ((removed_by IS NULL) = (removed_at IS NULL))
);
CREATE INDEX attachment_request ON attachment (request_id, at, id);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON comment_version EXECUTE FUNCTION refuse_rewriting();

-- The entries that no workflow wrote have the seq 0. They are found by time, for what changed since somebody was last here.
CREATE INDEX ledger_unprocessed ON ledger (at) WHERE seq = 0;
