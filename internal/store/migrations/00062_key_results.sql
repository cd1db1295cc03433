-- +goose Up

-- What was said of key results. Rows are only added; the newest of a key result counts.
CREATE TABLE key_result_value (
    no         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    portfolio  text NOT NULL,
    objective  text NOT NULL,
    key_result text NOT NULL,
    value      double precision NOT NULL,
    note       text NOT NULL DEFAULT '',
    request_id uuid, -- the request that brought it
    by         text NOT NULL,
    at         timestamptz NOT NULL
);
CREATE INDEX key_result_newest ON key_result_value (portfolio, objective, key_result, no DESC);
CREATE INDEX key_result_request ON key_result_value (request_id) WHERE request_id IS NOT NULL;
