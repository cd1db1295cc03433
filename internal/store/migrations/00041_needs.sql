-- +goose Up

-- The numbers of the requests that a request needs: see content.needs of its snapshot.
ALTER TABLE request ADD COLUMN needs bigint[] NOT NULL DEFAULT '{}';

-- The numbers of those in the same backlog that had to be done before, when the run ranked; null: none, and in lines of earlier versions.
ALTER TABLE ranking ADD COLUMN needs bigint[];
