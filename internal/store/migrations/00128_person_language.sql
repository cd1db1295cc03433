-- +goose Up

-- The language in which people saw the pages when they last signed in, for what is sent to them.
CREATE TABLE person_language (
    person   text PRIMARY KEY,
    language text NOT NULL
);
