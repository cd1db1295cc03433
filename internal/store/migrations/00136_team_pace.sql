-- +goose Up

-- Sizes differ by team: a size is divided by the pace of a team. 0 is no pace of its own, which counts as 1.
ALTER TABLE team ADD COLUMN pace double precision NOT NULL DEFAULT 0;
