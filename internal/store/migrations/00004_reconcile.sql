-- +goose Up

-- How far reconciliation has come: what lies before was compared and found right. The cluster tells a restored database from the
-- one that was compared.
CREATE TABLE reconcile_mark (
    part    text PRIMARY KEY CHECK (part IN ('closed', 'projected')),
    at      timestamptz NOT NULL,
    cluster text NOT NULL
);

-- What reconciliation found and cannot mend by itself, until it is gone. So a second pass knows that it has been told.
CREATE TABLE finding (
    request_id uuid NOT NULL,
    class      text NOT NULL CHECK (class IN ('missing', 'behind', 'ahead', 'ended', 'stuck')),
    since      timestamptz NOT NULL,
    words      text NOT NULL,
    PRIMARY KEY (request_id, class)
);

-- The last state of every closed request. Temporal forgets closed workflows after its retention; a rebuild takes them from here.
CREATE TABLE final_snapshot (
    request_id uuid PRIMARY KEY,
    run_id     text NOT NULL,
    snapshot   jsonb NOT NULL
);
INSERT INTO final_snapshot (request_id, run_id, snapshot) SELECT id, run_id, snapshot FROM request WHERE status = 'closed';

-- +goose StatementBegin
CREATE FUNCTION keep_final_snapshot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'closed' THEN
        INSERT INTO final_snapshot (request_id, run_id, snapshot) VALUES (NEW.id, NEW.run_id, NEW.snapshot)
        ON CONFLICT (request_id) DO UPDATE SET run_id = excluded.run_id, snapshot = excluded.snapshot;
    ELSIF TG_OP = 'UPDATE' AND OLD.status = 'closed' THEN -- its workflow was reset to before its end
        DELETE FROM final_snapshot WHERE request_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER keep_final_insert AFTER INSERT ON request FOR EACH ROW WHEN (NEW.status = 'closed') EXECUTE FUNCTION keep_final_snapshot();
CREATE TRIGGER keep_final_update AFTER UPDATE ON request FOR EACH ROW WHEN (NEW.status = 'closed' OR OLD.status = 'closed') EXECUTE FUNCTION keep_final_snapshot();

-- What changed since the last pass, oldest first.
CREATE INDEX request_projected ON request (projected_at, id);
