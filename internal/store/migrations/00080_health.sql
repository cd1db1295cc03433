-- +goose Up

-- The health of work follows from a rule and not only from the latest report: the projection writes it, with its first reason.
-- Neither change rewrites the table.
ALTER TABLE request ALTER COLUMN health DROP EXPRESSION;
ALTER TABLE request ALTER COLUMN health SET DEFAULT '', ADD COLUMN health_reason text NOT NULL DEFAULT '';
