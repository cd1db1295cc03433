-- +goose Up

-- What people chose to hear of, on which channel and when; who chose nothing has no row.
CREATE TABLE notification_choice (
    person  text PRIMARY KEY,
    version bigint NOT NULL,
    choices jsonb NOT NULL,
    at      timestamptz NOT NULL
);

-- Requests of which a person hears nothing but what must be heard.
CREATE TABLE notification_mute (
    person     text NOT NULL,
    request_id uuid NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (person, request_id)
);

-- The end of the quiet hours of the recipient, before which the message is not sent.
ALTER TABLE notification ADD COLUMN not_before timestamptz;
