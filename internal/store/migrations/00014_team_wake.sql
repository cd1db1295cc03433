-- +goose Up

-- The requests that wait for a team and would get one, as the latest prioritization run of the portfolio found them, and for what each was woken
-- last. A run wakes only those for whom something changed since. Each run replaces the rows of its portfolio.
CREATE TABLE team_wake (
    portfolio  text NOT NULL,
    request_id uuid NOT NULL,
    run        text NOT NULL,               -- that woke it last
    basis      text NOT NULL,               -- the team it would get, and what its own search depends on
    load       double precision NOT NULL,   -- of that team, at the latest run
    wip        integer NOT NULL,
    PRIMARY KEY (portfolio, request_id)
);
