-- +goose Up

-- The link in mails of a kind to a person, and since when they get none of that kind; null: they get them. Whoever has the token can end and
-- begin these mails and nothing else. Deleting the row revokes the link, and the next mail has a new one.
CREATE TABLE mail_unsubscribe (
    person          text NOT NULL,
    kind            text NOT NULL,
    token           text NOT NULL UNIQUE,
    unsubscribed_at timestamptz,
    PRIMARY KEY (person, kind)
);
