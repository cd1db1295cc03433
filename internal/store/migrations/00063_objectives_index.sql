-- +goose NO TRANSACTION
-- +goose Up

-- Built while others write. Which requests serve objectives: few of all.
DROP INDEX CONCURRENTLY IF EXISTS request_objectives;
CREATE INDEX CONCURRENTLY request_objectives ON request (portfolio, number) WHERE snapshot #> '{content,objectives}' IS NOT NULL;
