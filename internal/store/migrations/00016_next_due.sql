-- +goose Up
-- When the request does something next by itself, reminders included, as of its last projection: by it `pmo reconcile` finds one whose timer
-- did not fire. Null: nothing, or written by an earlier version.
ALTER TABLE request ADD COLUMN next_due_at timestamptz;
