-- +goose Up

-- What a team finished lately, from which its capacity follows where capacity_measured is set: measured once a week by a prioritization, so that no page counts it. Every present team states its capacity.
ALTER TABLE team
    ADD COLUMN capacity_measured boolean NOT NULL DEFAULT false,
    ADD COLUMN finished jsonb,
    ADD COLUMN measured_at timestamptz;
