-- +goose NO TRANSACTION
-- +goose Up

-- Built while others write. Which requests go on in one is found by it: who needs them needs it.
DROP INDEX CONCURRENTLY IF EXISTS request_merged_into;
CREATE INDEX CONCURRENTLY request_merged_into ON request USING gin ((snapshot -> 'merged_into')) WHERE outcome = 'merged';
