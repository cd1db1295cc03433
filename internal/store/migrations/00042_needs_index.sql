-- +goose NO TRANSACTION
-- +goose Up

-- Built while others write. Who needs a request is found by it, and which requests need any.
DROP INDEX CONCURRENTLY IF EXISTS request_needs;
CREATE INDEX CONCURRENTLY request_needs ON request USING gin (needs) WHERE needs <> '{}';
