-- +goose Up

-- Policies that somebody proposed, and what became of them. One that is accepted takes force as a policy_version.
CREATE TABLE policy_proposal (
    id           uuid PRIMARY KEY,
    version      integer NOT NULL CHECK (version > base),
    base         integer NOT NULL, -- the version in force when it was made: only on that can it take force
    body         text NOT NULL CHECK (octet_length(body) BETWEEN 1 AND 1048576),
    proposer     text NOT NULL,
    at           timestamptz NOT NULL,
    reason       text NOT NULL,
    returns_to   integer NOT NULL, -- the earlier version whose rules it brings back; 0: none
    difference   jsonb NOT NULL,
    effect       jsonb NOT NULL, -- on the backlogs as they were when it was made
    state        text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'rejected', 'withdrawn')),
    decided_by   text NOT NULL DEFAULT '',
    decided_at   timestamptz,
    words        text NOT NULL DEFAULT '', -- the reason of who decided
    scheduled_at timestamptz, -- when the schedules were brought to it
    CHECK ((state = 'open') = (decided_at IS NULL)),
    CHECK (state = 'withdrawn' OR decided_by <> proposer)
);
CREATE INDEX policy_proposal_at ON policy_proposal (at DESC, id DESC);
CREATE INDEX policy_proposal_open ON policy_proposal (state) WHERE state = 'open';
CREATE INDEX policy_proposal_unscheduled ON policy_proposal (version) WHERE state = 'accepted' AND scheduled_at IS NULL;

ALTER TABLE policy_version ADD COLUMN proposal uuid REFERENCES policy_proposal (id);
