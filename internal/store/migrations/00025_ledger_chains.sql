-- +goose Up

-- The encoding of a line: its fields as netstrings, that is length in bytes, colon, text, comma. internal/audit computes the same.
-- +goose StatementBegin
CREATE FUNCTION chain_hash(VARIADIC fields text[]) RETURNS bytea LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    field text;
    encoded text := '';
BEGIN
    FOREACH field IN ARRAY fields LOOP
        encoded := encoded || octet_length(convert_to(field, 'UTF8')) || ':' || field || ',';
    END LOOP;
    RETURN sha256(convert_to(encoded, 'UTF8'));
END
$$;

-- Written out, because every line of a request passes here: half the time of chain_hash. What is not free text is ASCII.
CREATE FUNCTION ledger_hash(before bytea, l ledger) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
DECLARE
    prev text := coalesce(encode(before, 'hex'), '');
    at text := (extract(epoch FROM l.at) * 1000000)::bigint::text;
    body bytea := convert_to(l.body::text, 'UTF8');
BEGIN
    RETURN sha256(convert_to('6:ledger,' || length(prev) || ':' || prev || ',36:' || l.request_id || ',' || length(l.line::text) || ':' || l.line || ','
        || length(l.position::text) || ':' || l.position || ',' || length(l.xid::text) || ':' || l.xid::text || ',' || length(l.seq::text) || ':' || l.seq || ','
        || octet_length(convert_to(l.key, 'UTF8')) || ':' || l.key || ',' || length(at) || ':' || at || ','
        || octet_length(convert_to(l.event, 'UTF8')) || ':' || l.event || ',' || octet_length(body) || ':', 'UTF8') || body || ','::bytea);
END
$$;

CREATE FUNCTION change_ledger_hash(before bytea, l change_ledger) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN chain_hash('office', coalesce(encode(before, 'hex'), ''), l.line::text, l.position::text,
        (extract(epoch FROM l.at) * 1000000)::bigint::text, l.actor, l.object, l.object_id, l.event, l.address, l.body::text);
END
$$;

-- Writers of one request wait for each other, so that each sees the line before its own. While lines from before these migrations are not
-- chained, a new one is left to `pmo migrate` too, which chains them in their order.
CREATE FUNCTION chain_ledger_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('request/' || NEW.request_id, 0));
    SELECT line, hash INTO newest FROM ledger WHERE request_id = NEW.request_id ORDER BY line DESC LIMIT 1; -- null is first
    IF FOUND AND newest.line IS NULL THEN
        NEW.line := NULL;
        NEW.hash := NULL;
        RETURN NEW;
    END IF;
    NEW.line := coalesce(newest.line, 0) + 1;
    NEW.hash := ledger_hash(newest.hash, NEW);
    RETURN NEW;
END
$$;

CREATE FUNCTION chain_change_ledger_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('office ledger', 0));
    SELECT line, hash INTO newest FROM change_ledger ORDER BY line DESC LIMIT 1;
    NEW.line := coalesce(newest.line, 0) + 1;
    NEW.hash := change_ledger_hash(newest.hash, NEW);
    RETURN NEW;
END
$$;

-- Chains the lines of a request from before these migrations.
CREATE FUNCTION chain_request(request uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    l ledger;
    before bytea;
    place bigint;
    chained bigint := 0;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('request/' || request, 0));
    SELECT line, hash INTO place, before FROM ledger WHERE request_id = request AND line IS NOT NULL ORDER BY line DESC LIMIT 1;
    FOR l IN SELECT * FROM ledger WHERE request_id = request AND line IS NULL ORDER BY position LOOP
        place := coalesce(place, 0) + 1;
        l.line := place;
        before := ledger_hash(before, l);
        UPDATE ledger SET line = place, hash = before WHERE position = l.position;
        chained := chained + 1;
    END LOOP;
    RETURN chained;
END
$$;
-- +goose StatementEnd
REVOKE EXECUTE ON FUNCTION chain_request(uuid) FROM PUBLIC;

-- A line may be given its place in the chain once. Nothing else of it changes, ever.
DROP TRIGGER append_only ON ledger;
DROP TRIGGER append_only ON change_ledger;
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON ledger EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON change_ledger EXECUTE FUNCTION refuse_rewriting();
CREATE TRIGGER append_only_row BEFORE UPDATE ON ledger FOR EACH ROW
    WHEN (OLD.hash IS NOT NULL OR NEW.hash IS NULL
        OR (OLD.position, OLD.xid, OLD.request_id, OLD.seq, OLD.key, OLD.at, OLD.event, OLD.body)
        IS DISTINCT FROM (NEW.position, NEW.xid, NEW.request_id, NEW.seq, NEW.key, NEW.at, NEW.event, NEW.body))
    EXECUTE FUNCTION refuse_rewriting();

CREATE TRIGGER chain BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION chain_ledger_line();
CREATE TRIGGER chain BEFORE INSERT ON change_ledger FOR EACH ROW EXECUTE FUNCTION chain_change_ledger_line();

-- The lines of the office are few.
-- +goose StatementBegin
DO $$
DECLARE
    l change_ledger;
    before bytea;
    place bigint := 0;
BEGIN
    FOR l IN SELECT * FROM change_ledger ORDER BY position LOOP
        place := place + 1;
        l.line := place;
        before := change_ledger_hash(before, l);
        UPDATE change_ledger SET line = place, hash = before WHERE position = l.position;
    END LOOP;
END
$$;
-- +goose StatementEnd
ALTER TABLE change_ledger ALTER COLUMN line SET NOT NULL, ALTER COLUMN hash SET NOT NULL, ADD CONSTRAINT change_ledger_line UNIQUE (line);
CREATE TRIGGER append_only_row BEFORE UPDATE ON change_ledger FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting();

-- Refused attempts to use an administrative right are lines of the office too.
ALTER TABLE change_ledger DROP CONSTRAINT change_ledger_object_check;
ALTER TABLE change_ledger ADD CONSTRAINT change_ledger_object_check
    CHECK (object IN ('team', 'delegation', 'policy', 'session', 'token', 'person', 'sign_in', 'right'));

-- What everybody in the directory may do, as it was last written to the ledger: so that a change of the file is written once, by whichever
-- process sees it first, also one that was made while none ran.
CREATE TABLE directory_rights (
    person text PRIMARY KEY,
    rights jsonb NOT NULL
);
