-- +goose Up

-- The sessions of people at the pages. The cookie's token is kept as its hash only. An ended session keeps its row, without data, until after
-- its expiry: a request that was in flight when it ended must not make it valid again.
CREATE TABLE session (
    hash       text PRIMARY KEY,            -- of the cookie's token
    id         uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    person     text NOT NULL,               -- empty: nobody has signed in yet
    data       bytea NOT NULL,
    address    text NOT NULL,
    user_agent text NOT NULL,
    made_at    timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    ended_at   timestamptz,
    ended_by   text NOT NULL DEFAULT ''
);
CREATE INDEX session_person ON session (person) WHERE ended_at IS NULL AND person <> '';
CREATE INDEX session_expires ON session (expires_at);

-- Tokens for the API, made by people for themselves and by administrators for services. The token itself is shown once and kept as its hash.
CREATE TABLE api_token (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    hash       bytea NOT NULL UNIQUE,
    principal  text NOT NULL,               -- as whom it acts
    name       text NOT NULL,
    scopes     text[] NOT NULL CHECK (cardinality(scopes) > 0),
    made_at    timestamptz NOT NULL,
    made_by    text NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > made_at),
    used_at    timestamptz,
    revoked_at timestamptz,
    revoked_by text NOT NULL DEFAULT ''
);
CREATE INDEX api_token_principal ON api_token (principal, made_at);

-- What an administrator or a person changes of sessions, tokens and people is in the ledger of the office too.
ALTER TABLE change_ledger DROP CONSTRAINT change_ledger_object_check;
ALTER TABLE change_ledger ADD CONSTRAINT change_ledger_object_check
    CHECK (object IN ('team', 'delegation', 'policy', 'session', 'token', 'person', 'sign_in'));
