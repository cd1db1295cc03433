-- +goose Up

-- What the policy says of what the portfolio's teams can hold, as the newest run knew it, and when each part of it changed last: the WIP limit, the load
-- ceiling, and the days that are worked. Only what a team had accepted by then may be proposed to move. Empty until a run under this version: no part has
-- changed since.
ALTER TABLE portfolio
    ADD COLUMN room_rules jsonb,
    ADD COLUMN wip_limit_changed_at timestamptz,
    ADD COLUMN load_ceiling_changed_at timestamptz,
    ADD COLUMN days_changed_at timestamptz;
