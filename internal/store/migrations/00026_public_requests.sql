-- +goose Up

-- Requests of people without an account: who they are, and the link that shows them its status. This is private data, kept here alone: the
-- workflow has the id of the service that the request belongs to. The row is written before the request is submitted, so that nothing is
-- submitted that nobody can be answered; request_id is then unknown for a moment. No foreign key: the request's row may come later.
CREATE TABLE public_request (
    link_hash  bytea PRIMARY KEY CHECK (octet_length(link_hash) = 32), -- of the link's token, which is not kept
    request_id uuid UNIQUE,
    name       text NOT NULL,          -- empty: erased
    contact    text NOT NULL,
    at         timestamptz NOT NULL,
    revoked_at timestamptz,
    revoked_by text NOT NULL DEFAULT '',
    CHECK ((revoked_at IS NULL) = (revoked_by = ''))
);
CREATE INDEX public_request_at ON public_request (at);

-- What the form's own marks are signed with, by every server: when a form was handed out is not to be made up. The links do not depend on it.
CREATE TABLE public_form (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    secret bytea NOT NULL CHECK (octet_length(secret) = 32)
);
INSERT INTO public_form (secret) VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

-- The members of the desks of services, as the directory has them: they act for the service as delegates do, without an end.
CREATE TABLE desk_member (
    service text NOT NULL,
    member  text NOT NULL,
    PRIMARY KEY (service, member)
);
CREATE INDEX desk_member_member ON desk_member (member);

-- Who acts for whom.
CREATE VIEW acting AS
    SELECT person, delegate, from_at, until_at FROM delegation
    UNION ALL
    SELECT service, member, '-infinity', 'infinity' FROM desk_member;
