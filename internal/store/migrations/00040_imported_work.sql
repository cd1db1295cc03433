-- +goose Up

-- Finished work of other tools, for forecasts alone: nobody is asked about it, and it is no request.
CREATE TABLE imported_work (
    portfolio   text NOT NULL,
    source      text NOT NULL, -- what an export is called; importing it again replaces its items by id
    id          text NOT NULL,
    kind        text NOT NULL,
    created_at  timestamptz,
    started_at  timestamptz,
    finished_at timestamptz NOT NULL,
    imported_at timestamptz NOT NULL,
    PRIMARY KEY (portfolio, source, id),
    CHECK (started_at <= finished_at AND created_at <= finished_at)
);
CREATE INDEX imported_work_finished ON imported_work (portfolio, finished_at);

ALTER TABLE change_ledger DROP CONSTRAINT change_ledger_object_check;
ALTER TABLE change_ledger ADD CONSTRAINT change_ledger_object_check
    CHECK (object IN ('team', 'delegation', 'policy', 'session', 'token', 'person', 'sign_in', 'right', 'history'));
