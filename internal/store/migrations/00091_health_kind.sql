-- +goose Up

-- What kind of fact the first reason for the health is (blocker, milestone, …, or override), so that pages can say it in the reader's language. The projection
-- writes it; empty: nothing speaks against green, or written by an earlier version.
ALTER TABLE request ADD COLUMN health_kind text NOT NULL DEFAULT '';
