-- +goose Up

-- What a team can hold follows from its people where their part of the week is known: capacity_per_person is 0 where the capacity is stated. Every present team states it.
ALTER TABLE team
    ADD COLUMN shares jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN capacity_per_person double precision NOT NULL DEFAULT 0,
    ADD COLUMN other_work double precision NOT NULL DEFAULT 0,
    ADD COLUMN wip_per_person double precision NOT NULL DEFAULT 0;
