-- +goose Up

-- The link in mails of a kind to a person. Whoever has the token can end and begin these mails, which changes the person's own choices, and nothing
-- else. Deleting the row revokes the link, and the next mail has a new one.
CREATE TABLE mail_unsubscribe (
    person text NOT NULL,
    kind   text NOT NULL,
    token  text NOT NULL UNIQUE,
    PRIMARY KEY (person, kind)
);
