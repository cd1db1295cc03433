-- +goose Up

-- Every line of a ledger has its place in a chain and a hash over its content and the hash of the line before: docs/operations.md, Auditing.
-- Null: not chained yet. What a worker or server of the version before writes is chained by the trigger of a later migration too.
ALTER TABLE ledger
    ADD COLUMN line bigint,
    ADD COLUMN hash bytea;
ALTER TABLE change_ledger
    ADD COLUMN line bigint,
    ADD COLUMN hash bytea,
    ADD COLUMN address text NOT NULL DEFAULT ''; -- of the client that asked for it; empty: nobody did, or written by an earlier version
