-- +goose Up

-- Work items of teams without a tool of their own. The key they were opened under names them; progress is the request's own.
CREATE TABLE work_item (
    id         uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key        text NOT NULL UNIQUE,
    request_id uuid NOT NULL,
    ref        text NOT NULL,
    title      text NOT NULL,
    summary    text NOT NULL,
    team       text NOT NULL,
    approach   text NOT NULL,
    milestones jsonb NOT NULL,
    link       text NOT NULL,
    status     text NOT NULL CHECK (status IN ('open', 'on_hold', 'closed', 'cancelled')),
    reason     text NOT NULL,
    opened_at  timestamptz NOT NULL,
    changed_at timestamptz NOT NULL
);
CREATE INDEX work_item_request ON work_item (request_id);
CREATE INDEX work_item_team ON work_item (team, opened_at) WHERE status IN ('open', 'on_hold');
