-- +goose Up

-- The second team of a request that needs two at once; empty: it needs one.
ALTER TABLE request ADD COLUMN second_team text NOT NULL DEFAULT '';

-- What a request holds of two teams is one row: both places are held, and given back, together.
ALTER TABLE capacity_hold
    ADD COLUMN second_team text NOT NULL DEFAULT '',
    ADD COLUMN second_size double precision NOT NULL DEFAULT 0 CHECK (second_size >= 0),
    ADD COLUMN second_firm boolean NOT NULL DEFAULT false,
    ADD CHECK (second_team = '' OR second_team <> team),
    ADD CHECK (confirmed OR NOT second_firm);

-- What is held of each team.
CREATE VIEW team_hold AS
SELECT request_id, team, size, at, firm, confirmed, batch, wanted, wanted_until, false AS second FROM capacity_hold
UNION ALL
SELECT request_id, second_team, second_size, at, second_firm, confirmed, batch, wanted, wanted_until, true FROM capacity_hold WHERE second_team <> '';

-- What a batch gives of a second team.
ALTER TABLE assignment_place
    ADD COLUMN second_team text NOT NULL DEFAULT '',
    ADD COLUMN second_size double precision NOT NULL DEFAULT 0;
