-- +goose NO TRANSACTION
-- +goose Up

-- Built while others write. It is nearly empty: an entry is retracted only after a worker died between its write and the end of its task.
DROP INDEX CONCURRENTLY IF EXISTS ledger_retracted;
CREATE INDEX CONCURRENTLY ledger_retracted ON ledger (request_id, key) WHERE event = 'retracted';
