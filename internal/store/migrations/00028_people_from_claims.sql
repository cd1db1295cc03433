-- +goose Up

-- Who signed in by an OpenID provider, as of the last time. Issuer and subject are the identity; everything else is of the claims.
CREATE TABLE person_identity (
    issuer     text NOT NULL,
    subject    text NOT NULL,
    principal  text NOT NULL,               -- who it was at the last sign-in
    provider   text NOT NULL,               -- id of the settings
    state      text NOT NULL CHECK (state IN ('listed', 'linked', 'admitted', 'refused')),
    link       text NOT NULL DEFAULT '',    -- the person of the directory file whom the first sign-in named by a claim
    cause      text NOT NULL DEFAULT '',    -- why refused
    name       text NOT NULL,
    email      text NOT NULL,
    username   text NOT NULL,
    roles      text[] NOT NULL,
    groups     text[] NOT NULL,
    first_seen timestamptz NOT NULL,
    last_seen  timestamptz NOT NULL,
    PRIMARY KEY (issuer, subject)
);
-- A name that was linked is not given to a second account.
CREATE UNIQUE INDEX person_identity_link ON person_identity (issuer, link) WHERE link <> '';
CREATE INDEX person_identity_principal ON person_identity (principal);

-- Who may do nothing, by an administrator's word.
CREATE TABLE person_block (
    principal text PRIMARY KEY,
    at        timestamptz NOT NULL,
    actor     text NOT NULL,
    reason    text NOT NULL
);

-- Servers and workers compare this number with what they read last. It changes in the transaction of the change.
CREATE TABLE people_version (
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    version bigint NOT NULL
);
INSERT INTO people_version (version) VALUES (1);
