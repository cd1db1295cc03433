-- +goose NO TRANSACTION
-- +goose Up

-- Built while others write. Few of all requests have a second team.
DROP INDEX CONCURRENTLY IF EXISTS request_second_team;
CREATE INDEX CONCURRENTLY request_second_team ON request (second_team) WHERE second_team <> '';
DROP INDEX CONCURRENTLY IF EXISTS capacity_hold_second_team;
CREATE INDEX CONCURRENTLY capacity_hold_second_team ON capacity_hold (second_team) WHERE second_team <> '';
