-- +goose Up

-- When the team changed last in what it can hold: capacity, people, absences or limits. Only what it had accepted by then may be proposed to move.
-- Empty for every present team: it has not changed since.
ALTER TABLE team ADD COLUMN room_changed_at timestamptz;
