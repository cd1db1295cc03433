-- +goose Up

-- At which ranks a run found requests that were not ranked before. Null in the first run of a portfolio, which finds only such, in dry runs, and
-- in those of earlier versions.
ALTER TABLE run ADD COLUMN new_ranks integer[];
