-- +goose Up

-- Filters of lists that somebody keeps under a name. One of a person's may be what a list shows when nothing is asked for.
CREATE TABLE saved_view (
    id         uuid NOT NULL,
    person     text NOT NULL,
    name       text NOT NULL,
    filter     jsonb NOT NULL,
    is_default boolean NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (person, id),
    UNIQUE (person, name)
);
CREATE UNIQUE INDEX saved_view_default ON saved_view (person) WHERE is_default;

-- When a team has less capacity than it says; a list of {from, until, amount or whole_team, who, reason}.
ALTER TABLE team ADD COLUMN absences jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(absences) = 'array');
