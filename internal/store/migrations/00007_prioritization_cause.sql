-- +goose Up

-- Why a prioritization is wanted: 'capacity' (a slot or a team's capacity became free) or 'expedite' (a new expedite request waits).
-- It is written together with run_wanted_since. A worker of the version before does not write it, so the cause may then be the one of
-- the prioritization before; it is only shown to people.
ALTER TABLE portfolio ADD COLUMN run_wanted_cause text NOT NULL DEFAULT 'capacity' CHECK (run_wanted_cause IN ('capacity', 'expedite'));
