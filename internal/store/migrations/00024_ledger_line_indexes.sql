-- +goose NO TRANSACTION
-- +goose Up

-- Built while others write: the ledger may have millions of lines. One that was not finished is built again.
DROP INDEX CONCURRENTLY IF EXISTS ledger_line;
-- A fork is two lines of one number. Lines that are not chained yet come last.
CREATE UNIQUE INDEX CONCURRENTLY ledger_line ON ledger (request_id, line);
DROP INDEX CONCURRENTLY IF EXISTS ledger_unchained;
CREATE INDEX CONCURRENTLY ledger_unchained ON ledger (request_id, position) WHERE line IS NULL;
