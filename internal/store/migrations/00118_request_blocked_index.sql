-- +goose NO TRANSACTION
-- +goose Up

-- Built while others write. What is blocked is on the home page of everybody it concerns, and is found without reading the snapshots of all work under way.
DROP INDEX CONCURRENTLY IF EXISTS request_blocked;
CREATE INDEX CONCURRENTLY request_blocked ON request (id) WHERE status = 'open' AND stage = 'execution' AND done_at IS NULL AND (snapshot #>> '{progress,blocked}' <> ''
    OR jsonb_path_exists(snapshot, '$.raid[*] ? (@.kind == "blocker" && !exists(@.cleared_at))'));
