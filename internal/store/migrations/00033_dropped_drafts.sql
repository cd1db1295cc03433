-- +goose Up

-- A draft that was sent or discarded keeps its row for a while, without content: a form that is still being saved at that moment must not
-- bring it back.
ALTER TABLE submission_draft ADD COLUMN dropped_at timestamptz;
