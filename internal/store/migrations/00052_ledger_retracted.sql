-- +goose Up

-- After which entry an execution began to write: what earlier ones wrote has happened, also when a reset went back behind it.
-- Null for executions that began before: nothing of theirs is retracted.
ALTER TABLE workflow_run ADD COLUMN after_position bigint;
