-- +goose Up

-- The requests that are about to close as merged: nothing may be merged into them any more. Of two that go on in each other, the first to
-- write its row does. A row goes with the next projection of its request, by which the closing is stored, or did not happen.
CREATE TABLE merge_claim (
    request_id uuid PRIMARY KEY,
    into_ids   text[] NOT NULL,
    seq        bigint NOT NULL          -- of the state that asked
);
