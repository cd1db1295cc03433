-- +goose Up

-- Similar requests and text search compare trigrams. It is a trusted extension: the owner of the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Numbers are given once and never again, so that they survive a rebuild of the projected tables.
CREATE TABLE request_number (
    id     uuid PRIMARY KEY,
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    at     timestamptz NOT NULL
);

-- Every run of a request's workflow gets a growing epoch when it first writes. A reset starts a new run whose seq begins lower
-- than what is on file; its higher epoch lets it win, and drops what a zombie of the old run still writes.
CREATE TABLE workflow_run (
    request_id uuid NOT NULL,
    run_id     text NOT NULL,
    epoch      bigint NOT NULL,
    PRIMARY KEY (request_id, run_id),
    UNIQUE (request_id, epoch)
);

-- The newest snapshot of every request. The columns repeat what lists filter and sort by; the snapshot is the truth of the row.
CREATE TABLE request (
    id           uuid PRIMARY KEY,
    number       bigint UNIQUE, -- null until intake gave one
    portfolio    text NOT NULL,
    run_id       text NOT NULL,
    epoch        bigint NOT NULL,
    told_events  bigint NOT NULL,      -- the workflow task that told this: a task done again after a crash tells the same seq
    told_at      timestamptz NOT NULL, -- otherwise, and the later telling is the true one
    seq          bigint NOT NULL,
    projected_at timestamptz NOT NULL,
    stage        text NOT NULL CHECK (stage IN ('intake', 'review', 'prioritization', 'approach', 'assignment', 'execution', 'closure')),
    status       text NOT NULL CHECK (status IN ('open', 'on_hold', 'deferred', 'closed')),
    outcome      text NOT NULL,
    waits_for    text NOT NULL CHECK (waits_for IN ('', 'pull', 'team')), -- what a prioritization run could give it
    kind         text NOT NULL,
    class        text NOT NULL,
    lane         text NOT NULL,
    themes       text[] NOT NULL,
    team         text NOT NULL,
    approach     text NOT NULL,
    requester    text NOT NULL,
    submitted_by text NOT NULL,
    title        text NOT NULL,
    likeness     text NOT NULL, -- title and the beginning of the problem: what similar requests are found by
    search       text NOT NULL, -- lower case: what a text filter looks into
    confidential boolean NOT NULL,
    people       text[] NOT NULL, -- who may read it when it is confidential
    waiting_on   text[] NOT NULL,
    due_at       timestamptz NOT NULL, -- infinity when nothing is due, so that the order by it is total
    submitted_at timestamptz NOT NULL,
    stage_since  timestamptz NOT NULL,
    pulled_at    timestamptz,
    started_at   timestamptz,
    done_at      timestamptz,
    accepted_at  timestamptz,
    closed_at    timestamptz,
    snapshot     jsonb NOT NULL,
    -- A closed request says when and how it ended, and nothing that moves has an end.
    CHECK (status <> 'closed' OR (closed_at IS NOT NULL AND outcome <> '')),
    CHECK (status = 'closed' OR closed_at IS NULL),
    CHECK (waits_for = '' OR status = 'open'),
    CHECK (waits_for <> 'pull' OR stage = 'prioritization'),
    CHECK (waits_for <> 'team' OR stage = 'assignment')
);

-- Lists are short and sorted, so every common filter has an index that is already in the order of the list.
CREATE INDEX request_newest ON request (submitted_at DESC, id DESC);
CREATE INDEX request_open ON request (submitted_at, id) WHERE status <> 'closed';
CREATE INDEX request_due ON request (due_at, id) WHERE status <> 'closed';
CREATE INDEX request_stage ON request (stage, submitted_at, id) WHERE status <> 'closed';
CREATE INDEX request_kind ON request (kind, submitted_at, id);
CREATE INDEX request_requester ON request (requester, submitted_at, id);
CREATE INDEX request_team ON request (team, submitted_at, id) WHERE team <> '';
CREATE INDEX request_portfolio ON request (portfolio, submitted_at, id);
CREATE INDEX request_status ON request (status, submitted_at, id) WHERE status IN ('on_hold', 'deferred');
CREATE INDEX request_themes ON request USING gin (themes);
CREATE INDEX request_waiting_on ON request USING gin (waiting_on);
CREATE INDEX request_search ON request USING gin (search gin_trgm_ops);
-- Similar requests are the nearest neighbours, which GiST walks to directly; GIN would compare with all that share a few trigrams.
CREATE INDEX request_title_near ON request USING gist (lower(title) gist_trgm_ops (siglen = 64));
CREATE INDEX request_likeness_near ON request USING gist (likeness gist_trgm_ops (siglen = 256));
-- What runs and forecasts ask for.
CREATE INDEX request_waits ON request (portfolio, waits_for) WHERE waits_for <> '';
CREATE INDEX request_queue ON request (portfolio) WHERE status = 'open' AND accepted_at IS NULL;
CREATE INDEX request_accepted ON request (portfolio, accepted_at) WHERE accepted_at IS NOT NULL;

-- The open questions, so that an inbox is one lookup by person.
CREATE TABLE question (
    request_id uuid NOT NULL REFERENCES request ON DELETE CASCADE,
    id         text NOT NULL,
    kind       text NOT NULL,
    asked      text[] NOT NULL,
    waiting    text[] NOT NULL,
    voted      text[] NOT NULL, -- who acted already: nobody answers twice, not even in another's seat
    due_at     timestamptz NOT NULL,
    opened_at  timestamptz NOT NULL,
    body       jsonb NOT NULL,
    PRIMARY KEY (request_id, id)
);
CREATE INDEX question_waiting ON question USING gin (waiting);

-- What happened and why. The key makes a repeated delivery harmless. No foreign key: the ledger outlives a rebuild of the projection.
-- The feed is read in the order (xid, position): positions alone become visible out of order, and a reader would skip late ones.
CREATE TABLE ledger (
    position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xid        xid8 NOT NULL DEFAULT pg_current_xact_id(),
    request_id uuid NOT NULL,
    seq        bigint NOT NULL,
    key        text NOT NULL,
    at         timestamptz NOT NULL,
    event      text NOT NULL,
    body       jsonb NOT NULL,
    UNIQUE (request_id, key)
);
CREATE INDEX ledger_feed ON ledger (xid, position);
CREATE INDEX ledger_request ON ledger (request_id, position);
CREATE INDEX ledger_seq ON ledger (request_id, seq);

-- A portfolio: its newest run, and since when freed capacity or an expedite request asks for another one.
CREATE TABLE portfolio (
    id               text PRIMARY KEY,
    current_run      bigint,
    run_wanted_since timestamptz
);

-- A slot is a place among the work in progress. A run gives it, the request's own snapshot confirms it.
CREATE TABLE slot (
    request_id uuid PRIMARY KEY,
    portfolio  text NOT NULL,
    class      text NOT NULL,
    run        text NOT NULL,
    at         timestamptz NOT NULL,
    confirmed  boolean NOT NULL
);
CREATE INDEX slot_portfolio ON slot (portfolio);

-- Capacity of a team taken by a request: held while the lead is asked, firm once accepted. Confirmed when a snapshot has named it.
CREATE TABLE capacity_hold (
    request_id uuid PRIMARY KEY,
    team       text NOT NULL,
    size       double precision NOT NULL CHECK (size >= 0),
    at         timestamptz NOT NULL,
    firm       boolean NOT NULL,
    confirmed  boolean NOT NULL,
    CHECK (confirmed OR NOT firm)
);
CREATE INDEX capacity_hold_team ON capacity_hold (team);

-- Prioritization runs. A short number stands for the workflow id in the many lines of a run.
CREATE TABLE run (
    no        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id        text NOT NULL UNIQUE,
    portfolio text NOT NULL,
    at        timestamptz NOT NULL,
    cause     text NOT NULL,
    actor     text NOT NULL,
    reason    text NOT NULL,
    dry       boolean NOT NULL,
    policy    text NOT NULL,
    count     integer NOT NULL,
    moves     integer NOT NULL,
    pulled    text[] NOT NULL,
    words     text NOT NULL
);
CREATE INDEX run_portfolio ON run (portfolio, at DESC, no DESC);
ALTER TABLE portfolio ADD FOREIGN KEY (current_run) REFERENCES run (no);

-- The lines of a run: numbers, and words only where somebody will look (the store renders the rest on reading).
CREATE TABLE ranking (
    run_no           bigint NOT NULL,
    rank             integer NOT NULL,
    request_id       uuid NOT NULL,
    prev             integer NOT NULL,
    class            text NOT NULL,
    score            double precision NOT NULL,
    scored           boolean NOT NULL,
    cod              double precision NOT NULL,
    size             double precision NOT NULL,
    ageing           double precision NOT NULL,
    pulled           boolean NOT NULL,
    business_value   double precision,
    time_criticality double precision,
    risk_reduction   double precision,
    job_size         double precision,
    bound            text,
    cause            text,
    why              text,
    flip             text,
    missing          text[],
    PRIMARY KEY (run_no, rank),
    UNIQUE (run_no, request_id)
);

-- Teams, delegations and policies are changed through the API, each change with its line in change_ledger.
CREATE TABLE team (
    id           text PRIMARY KEY,
    name         text NOT NULL,
    portfolio    text NOT NULL,
    leads        text[] NOT NULL CHECK (cardinality(leads) > 0), -- somebody must answer for it
    members      text[] NOT NULL,
    skills       text[] NOT NULL,
    capacity     double precision NOT NULL CHECK (capacity >= 0),
    load_ceiling double precision NOT NULL CHECK (load_ceiling BETWEEN 0 AND 1),
    wip_limit    integer NOT NULL CHECK (wip_limit >= 0),
    approaches   text[] NOT NULL,
    revision     integer NOT NULL
);
CREATE INDEX team_portfolio ON team (portfolio);

CREATE TABLE delegation (
    person   text PRIMARY KEY,
    delegate text NOT NULL CHECK (delegate <> person),
    from_at  timestamptz NOT NULL,
    until_at timestamptz NOT NULL CHECK (until_at > from_at)
);
CREATE INDEX delegation_delegate ON delegation (delegate);

CREATE TABLE policy_version (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version  text NOT NULL UNIQUE,
    body     text NOT NULL,
    at       timestamptz NOT NULL,
    actor    text NOT NULL
);

CREATE TABLE change_ledger (
    position  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL,
    actor     text NOT NULL,
    object    text NOT NULL CHECK (object IN ('team', 'delegation', 'policy')),
    object_id text NOT NULL,
    event     text NOT NULL,
    body      jsonb NOT NULL
);
CREATE INDEX change_ledger_object ON change_ledger (object, object_id, position);

-- A ledger that could be rewritten would prove nothing.
-- +goose StatementBegin
CREATE FUNCTION refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
-- +goose StatementEnd
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON change_ledger EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON request_number EXECUTE FUNCTION refuse_rewriting();
