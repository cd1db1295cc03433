-- +goose Up

-- The day, in the person's time zone, of the latest digest that was made for them, also when there was nothing to say: one a day at most.
CREATE TABLE notification_digest (
    person text PRIMARY KEY,
    day    date NOT NULL,
    at     timestamptz NOT NULL
);
