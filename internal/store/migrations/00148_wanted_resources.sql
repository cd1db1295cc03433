-- +goose Up

-- What a request that has its place comes to need of shared resources, from the check of the change until the snapshot has it, or until it is clear that the
-- change was refused: two changes that are checked at once cannot take the same. All needs of the request are in it, in the form of the content's resources.
ALTER TABLE capacity_hold
    ADD COLUMN wanted jsonb,
    ADD COLUMN wanted_until timestamptz;
