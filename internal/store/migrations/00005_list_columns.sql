-- +goose Up

-- What a list shows and only the snapshot knew: reading fifty snapshots for fifty lines cost more than finding them. Generated, so that
-- a worker of the version before keeps them right as well.
ALTER TABLE request
    ADD COLUMN wanted_by text NOT NULL GENERATED ALWAYS AS (coalesce(snapshot #>> '{content,wanted_by}', '')) STORED,
    ADD COLUMN health text NOT NULL GENERATED ALWAYS AS (coalesce(snapshot #>> '{progress,health}', '')) STORED,
    ADD COLUMN revision integer NOT NULL GENERATED ALWAYS AS (coalesce((snapshot ->> 'revision')::integer, 0)) STORED;
