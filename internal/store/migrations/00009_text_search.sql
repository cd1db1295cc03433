-- +goose Up

-- The text that a list searches is folded by the worker, so that it does not depend on the locale of the database. Folded text begins
-- with a line break. A worker of the version before writes lower case without it: such rows are found as before, and folded later.
CREATE INDEX request_unfolded ON request (id) WHERE left(search, 1) <> E'\n';
-- Every search reads the whole list of entries that are not yet in their place, so it stays short.
ALTER INDEX request_search SET (gin_pending_list_limit = 256);

-- Similar requests are found in the memory of the worker, which reads what changed since it last looked: text_xid is the transaction that
-- last changed what is compared. Null: before this migration. A worker of the version before searches without an index meanwhile.
DROP INDEX request_title_near;
DROP INDEX request_likeness_near;
ALTER TABLE request ADD COLUMN text_xid xid8;
ALTER TABLE request ALTER COLUMN text_xid SET DEFAULT pg_current_xact_id();
CREATE INDEX request_text_xid ON request (text_xid);

-- +goose StatementBegin
CREATE FUNCTION date_text_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.text_xid := pg_current_xact_id();
    RETURN NEW;
END
$$;
-- +goose StatementEnd
-- A trigger, because a worker of the version before does not set the column.
CREATE TRIGGER date_text_change BEFORE UPDATE ON request FOR EACH ROW
    WHEN (OLD.title IS DISTINCT FROM NEW.title OR OLD.likeness IS DISTINCT FROM NEW.likeness OR OLD.confidential IS DISTINCT FROM NEW.confidential)
    EXECUTE FUNCTION date_text_change();
