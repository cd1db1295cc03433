-- +goose Up

-- When Temporal was last asked for the run that is wanted: so that of all who see the wish one asks, and not everybody who writes
-- while it stands.
ALTER TABLE portfolio ADD COLUMN run_asked_at timestamptz;
