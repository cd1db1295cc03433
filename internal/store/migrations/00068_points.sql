-- +goose Up

-- The points that stakeholders put on requests in a period; holder is person:<id> or group:<id>. What a request that ended without being delivered
-- has of them is not spent: that follows from the request and is no change here.
CREATE TABLE points (
    portfolio  text NOT NULL,
    period     text NOT NULL, -- such as 2026-Q4
    holder     text NOT NULL,
    request_id uuid NOT NULL,
    points     integer NOT NULL CHECK (points > 0),
    by         text NOT NULL, -- who set them last
    at         timestamptz NOT NULL,
    PRIMARY KEY (portfolio, holder, period, request_id)
);
CREATE INDEX points_request ON points (request_id);

-- What a line of a run counted of them.
ALTER TABLE ranking ADD COLUMN points double precision;
