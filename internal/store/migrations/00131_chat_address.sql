-- +goose Up

-- The incoming address of a chat that a person, or the office for a group or portfolio, has set. It is a secret and sealed with a key that is not in the database.
CREATE TABLE chat_address (
    endpoint text PRIMARY KEY, -- person:ID, group:ID or portfolio:ID
    format   text NOT NULL CHECK (format IN ('slack', 'mattermost', 'teams', 'matrix')),
    sealed   bytea NOT NULL,
    set_at   timestamptz NOT NULL,
    set_by   text NOT NULL
);

-- Raised with every change, so that the worker that sends notifications reads the addresses only when one of them changed.
CREATE TABLE chat_address_version (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL
);
INSERT INTO chat_address_version (version) VALUES (1);
